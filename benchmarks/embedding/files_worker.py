"""Files to embeddings: `python -m clnet.benchmarks.embedding.files_worker FOLDER`."""

import sys
from collections import deque
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.backend import Backend
from ...runtime.backends import BackendName, RunPrecision, open_backend
from ...runtime.bundle import Bundle
from ...runtime.embedder import BATCHES_AHEAD, embed_every
from ...runtime.images import read_image
from ...runtime.item import Item
from ...runtime.preprocess import View
from ...runtime.read_ahead import read_ahead
from ..latency.embed_worker import RAN
from ..latency.ran import ran_of
from ..measuring.worker import Part, serve

BACKEND, FILES, DECODE = "backend", "files", "decode"
"""The parts: the backend alone on images in memory, all from files, files to images alone."""


class EmbeddingJob(Artifact):
    """Which backend shall embed which files."""

    bundle: str
    """The bundle's folder."""

    view: View
    """The branch."""

    backend: BackendName
    """What executes it."""

    precision: RunPrecision
    """Of the graph or engine; bf16 is a hint to openvino."""

    batch: PositiveInt
    """B, images in a run of the backend."""

    threads: PositiveInt
    """That decode and resize, beside those of the backend."""

    photographs: str
    """A folder of images."""


def prepare(stack: ExitStack, outputs: Path, line: str) -> dict[str, Part]:
    """
    Open the branch and read all images once; each part then takes the same ones.

    Args:
        stack: closes the backend in the end.
        outputs: folder that takes `RAN`.
        line: the job.

    Raises:
        ClnetError: as `open_backend`, or an image cannot be read.

    """
    job = EmbeddingJob.model_validate_json(line)
    bundle = Bundle.open(Path(job.bundle))
    branch = open_backend(bundle, job.view, job.backend, job.precision)
    backend = stack.enter_context(branch)
    items = [Item(path.stem, path) for path in sorted(Path(job.photographs).iterdir())]
    fitted = np.stack([_fit(backend, item) for item in items])

    def alone() -> NDArray[np.float32]:
        starts = range(0, len(fitted), job.batch)
        return np.concatenate([backend.embed(fitted[n : n + job.batch]) for n in starts])

    def files() -> NDArray[np.float32]:
        return embed_every(backend, items, batch_size=job.batch, decode_threads=job.threads)

    def decode() -> None:
        ahead = BATCHES_AHEAD * job.batch
        work = partial(_fit, backend)
        deque(read_ahead(work, items, threads=job.threads, ahead=ahead), maxlen=0)

    ran_of(bundle, {job.view: branch}, job.precision).write(outputs / RAN)
    return {BACKEND: alone, FILES: files, DECODE: decode}


def _fit(backend: Backend, item: Item) -> NDArray[np.uint8]:
    return backend.preprocess.fit(read_image(item.path))


def main(outputs: Path) -> int:
    """Serve until standard input ends; return the process's exit status."""
    with ExitStack() as stack:
        return serve(partial(prepare, stack, outputs), outputs)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
