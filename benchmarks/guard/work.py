"""The runs of methods and yardsticks; everything on one thread."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from ...runtime.backend import Backend
from ...runtime.backends import open_backend, open_matcher
from ...runtime.bundle import Bundle
from ...runtime.embedder import embed_every
from ...runtime.images import read_image
from ...runtime.item import Item
from ...runtime.preprocess import VIEWS, View
from ..matching.vectors import unit_vectors
from ..subjects.images import noise_images
from .frozen_graph import frozen_images
from .material import FILES, Material
from .methods import Method

Run = Callable[[], object]

Engine = Literal["onnxruntime", "openvino"]

_IMAGES = 2
_QUERIES = 64
_GALLERY = 8192
_K = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """A method and what it is divided by."""

    method: Run
    """One run of ours."""

    yardstick: Run
    """One run of what no change of ours can touch."""


class Work:
    """Opens what a method needs."""

    def __init__(self, stack: ExitStack, material: Material) -> None:
        """
        Read the bundle.

        Args:
            stack: closes backends and matchers in the end.
            material: files to work on.

        Raises:
            ArtifactError: the bundle is not usable.

        """
        self._stack = stack
        self._material = material
        self._bundle = Bundle.open(material.bundle)

    def pair(self, method: Method) -> Pair:
        """
        Prepare one method.

        Raises:
            ClnetError: as `open_backend`; nothing else takes its place.

        """
        makers: Mapping[Method, Callable[[], Pair]] = {
            "embed onnxruntime": lambda: Pair(self._embed("onnxruntime"), self._frozen()),
            "embed openvino": lambda: Pair(self._embed("openvino"), self._frozen_openvino()),
            "embed files": self._embed_files,
            "fit": self._fit,
            "match onnxruntime": lambda: self._match("onnxruntime"),
            "match openvino": lambda: self._match("openvino"),
        }
        return makers[method]()

    def _embed(self, name: Engine) -> Run:
        backends = {view: self._backend(view, name) for view in VIEWS}
        images = {view: noise_images(self._bundle.preprocess(view), _IMAGES) for view in VIEWS}

        def run() -> None:
            for view, backend in backends.items():
                backend.embed(images[view])

        return run

    def _backend(self, view: View, name: Engine) -> Backend:
        backend = open_backend(self._bundle, view, name, "fp32", threads=1)
        return self._stack.enter_context(backend)

    def _frozen(self) -> Run:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(self._material.frozen_graph), options, providers=["CPUExecutionProvider"]
        )
        feed = {"images": frozen_images()}
        return lambda: session.run(None, feed)

    def _frozen_openvino(self) -> Run:
        from ...runtime.openvino_core import open_core

        properties = {
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": 1,
            "NUM_STREAMS": 1,
            "ENABLE_CPU_PINNING": False,
        }
        graph = str(self._material.frozen_graph)
        request = open_core().compile_model(graph, "CPU", properties).create_infer_request()
        feed = {"images": frozen_images()}
        return lambda: request.infer(feed, share_inputs=True)

    def _embed_files(self) -> Pair:
        paths = self._material.tiles()
        items = [Item(path.stem, path) for path in paths]
        backend = self._backend("satellite", "onnxruntime")
        decode = self._bare([("satellite", path) for path in paths])
        frozen = self._frozen()

        def yardstick() -> None:
            decode()
            frozen()

        def run() -> None:
            embed_every(backend, items, batch_size=FILES, decode_threads=1)

        return Pair(run, yardstick)

    def _fit(self) -> Pair:
        files = [(view, self._material.photograph(view)) for view in VIEWS]
        sizes = {view: self._bundle.preprocess(view) for view in VIEWS}

        def run() -> None:
            for view, path in files:
                sizes[view].fit(read_image(path))

        return Pair(run, self._bare(files))

    def _bare(self, files: list[tuple[View, Path]]) -> Run:
        """Decode and resize by OpenCV alone, from bytes in memory."""
        found = [(self._bundle.preprocess(view), path.read_bytes()) for view, path in files]
        jobs = [((size.width, size.height), np.frombuffer(data, np.uint8)) for size, data in found]

        def run() -> None:
            for size, data in jobs:
                image = cv2.imdecode(data, cv2.IMREAD_COLOR)
                assert image is not None
                cv2.resize(image, size)

        return run

    def _match(self, name: Engine) -> Pair:
        matcher = self._stack.enter_context(open_matcher(self._bundle, name, threads=1))
        queries = unit_vectors(_QUERIES, matcher.embedding_dim, seed=1)
        gallery = unit_vectors(_GALLERY, matcher.embedding_dim, seed=0)
        out = np.empty((_QUERIES, _GALLERY), np.float32)
        return Pair(
            lambda: matcher.top_k(queries, gallery, _K),
            lambda: np.matmul(queries, gallery.T, out=out),
        )
