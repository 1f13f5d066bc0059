"""A bundle whose graphs are a few bytes: a repository copies them and never looks inside."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.engines import BranchConfig, Certificate, Flavour, Sidecar
from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import Bundle, FileRecord, InputType, Manifest, Precision
from clnet.runtime.engine.contract import TensorRecord
from clnet.runtime.engine.identity import EngineIdentity
from clnet.runtime.engine.profile import Profile, Range
from clnet.runtime.engine.sidecar import engine_path, sidecar_path
from clnet.runtime.preprocess import VIEWS, Preprocess, View

SIZES: dict[View, tuple[int, int]] = {"ground": (32, 128), "satellite": (64, 64)}
DIM = 16


def record_of(path: Path) -> FileRecord:
    return FileRecord(sha256=sha256_of(path), size_bytes=path.stat().st_size)


@pytest.fixture
def write_bundle(tmp_path: Path) -> Callable[..., Bundle]:
    def write(
        name: str = "bundle", precision: Precision = "fp16", takes: InputType = "float32"
    ) -> Bundle:
        folder = tmp_path / name
        for view, (height, width) in SIZES.items():
            preprocess = Preprocess(view=view, height=height, width=width)
            preprocess.write(folder / view / "preprocess.json")
            (folder / view / "model.fp32.onnx").write_bytes(f"{view} fp32".encode())
            (folder / view / "model.fp16.onnx").write_bytes(f"{view} fp16".encode())
        Manifest(
            embedding_space_id="ab" * 16,
            embedding_dim=DIM,
            precision=precision,
            input=takes,
            network={},
            source_checkpoint_sha256="0" * 64,
            opset=20,
            retrieval="measured",
            versions={},
            files={
                path.relative_to(folder).as_posix(): record_of(path)
                for path in folder.rglob("*")
                if path.is_file()
            },
        ).write(folder / "manifest.json")
        return Bundle.open(folder)

    return write


@pytest.fixture
def bundle(write_bundle: Callable[..., Bundle]) -> Bundle:
    return write_bundle()


@pytest.fixture
def build(bundle: Bundle) -> Callable[..., list[Sidecar]]:
    """Lay engines of both branches into the bundle: real records beside a few bytes."""

    def lay(flavour: Flavour = "tensorrt", *batches: int) -> list[Sidecar]:
        config = BranchConfig(batches=batches or (1, 8, 32))
        return [_lay(bundle, view, flavour, config) for view in VIEWS]

    return lay


def _lay(bundle: Bundle, view: View, flavour: Flavour, config: BranchConfig) -> Sidecar:
    identity = EngineIdentity(
        onnx_sha256=sha256_of(bundle.graph(view)),
        part=view,
        precision="fp16",
        flavour=flavour,
        version="10.3.0",
        asked_capabilities=("8.7",),
        config=config,
        machine="Linux aarch64",
    )
    folder, key = bundle.engines(view), identity.key()
    folder.mkdir(exist_ok=True)
    engine_path(folder, key).write_bytes(f"{view} plan".encode())
    shape = (3, *SIZES[view])
    record = Sidecar(
        key=key,
        identity=identity,
        engine=record_of(engine_path(folder, key)),
        capabilities=("8.7",),
        left_out={},
        profiles=tuple(
            Profile(
                shapes={"images": Range(min=(1, *shape), opt=(batch, *shape), max=(batch, *shape))}
            )
            for batch in config.batches
        ),
        inputs=(TensorRecord(name="images", dtype="float", shape=(-1, *shape)),),
        outputs=(TensorRecord(name="embeddings", dtype="float", shape=(-1, DIM)),),
        tf32=False,
        certificate=Certificate(
            layers=1,
            tensors={"half": 1},
            bytes_at_batch_1={"half": 2},
            products={"half": 1},
            float_layers=(),
            half_share_of_tensors=1,
            half_share_of_bytes=1,
            half_share_of_products=1,
        ),
        build_s=1.0,
        peak_memory_mib=None,
    )
    record.write(sidecar_path(folder, key))
    return record
