"""One method of inference: `python -m clnet.benchmarks.latency.network_worker FOLDER`."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.backends import RunPrecision
from ...runtime.onnxruntime_session import open_session
from ...runtime.preprocess import Preprocess, View
from ..measuring.worker import Part, serve
from ..subjects.images import noise_images

Floats = NDArray[np.float32]


class LatencyJob(Artifact):
    """What a method shall run."""

    backend: str
    """What executes the branches: torch_eager, torch_eager_channels_last, onnxruntime, openvino."""

    precision: RunPrecision
    """bf16 is PyTorch's autocast, or OpenVINO's hint."""

    batch: PositiveInt
    """B, images of each view in a run."""

    threads: PositiveInt
    """Threads of one run."""

    preprocess: dict[View, Preprocess]
    """The views to run, their sizes and statistics."""

    graphs: dict[View, str]
    """ONNX files, for ONNX Runtime and OpenVINO."""

    checkpoint: str | None
    """Folder of the checkpoint, for PyTorch."""

    def images(self, view: View) -> Floats:
        """Draw noise and normalise it: [B, 3, H, W] float32, the same in every process."""
        size = self.preprocess[view]
        return size.tensor(noise_images(size, self.batch))


def prepare(line: str) -> dict[str, Part]:
    """Load the method; a part then takes a normalised batch in memory to its embeddings."""
    job = LatencyJob.model_validate_json(line)
    makers: dict[str, Callable[[LatencyJob], dict[str, Part]]] = {
        "torch_eager": _torch,
        "torch_eager_channels_last": _torch,
        "onnxruntime": _onnxruntime,
        "openvino": _openvino,
    }
    return makers[job.backend](job)


def _onnxruntime(job: LatencyJob) -> dict[str, Part]:
    def part(view: View) -> Part:
        providers = ["CPUExecutionProvider"]
        session = open_session(Path(job.graphs[view]), threads=job.threads, providers=providers)
        feed = {"images": job.images(view)}

        def run() -> Floats:
            embeddings: Floats = session.run(["embeddings"], feed)[0]
            return embeddings

        return run

    return {view: part(view) for view in job.preprocess}


def _openvino(job: LatencyJob) -> dict[str, Part]:
    from ...runtime.openvino_core import compile_for_cpu, open_core, read_graph

    assert job.precision != "fp16"
    core, precision = open_core(), job.precision

    def part(view: View) -> Part:
        graph = read_graph(Path(job.graphs[view]))
        model = compile_for_cpu(core, graph, precision, threads=job.threads)
        request = model.create_infer_request()
        images = job.images(view)

        def run() -> Floats:
            embeddings: Floats = request.infer({"images": images}, share_inputs=True)["embeddings"]
            return embeddings

        return run

    return {view: part(view) for view in job.preprocess}


def _torch(job: LatencyJob) -> dict[str, Part]:
    import torch

    from ...training.checkpoint import load_checkpoint

    torch.set_num_threads(job.threads)
    assert job.checkpoint is not None
    network = load_checkpoint(Path(job.checkpoint)).network
    layout = torch.contiguous_format
    if job.backend == "torch_eager_channels_last":
        layout = torch.channels_last
        network = network.to(memory_format=layout)
    half = job.precision == "bf16"

    def part(view: View) -> Part:
        images = torch.from_numpy(job.images(view)).contiguous(memory_format=layout)

        def run() -> Floats:
            autocast = torch.autocast("cpu", torch.bfloat16) if half else nullcontext()
            with torch.inference_mode(), autocast:
                embeddings: Floats = network(images, view).numpy()
            return embeddings

        return run

    return {view: part(view) for view in job.preprocess}


if __name__ == "__main__":
    sys.exit(serve(prepare, Path(sys.argv[1])))
