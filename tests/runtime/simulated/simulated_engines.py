"""Engines for the simulated TensorRT, with the records that a builder would write beside them."""

import hashlib
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from simulated_cuda import SimulatedDevice
from simulated_tensorrt import VERSION, module_on, plan_of

from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import Bundle, FileRecord, Part
from clnet.runtime.engine import (
    BranchConfig,
    Certificate,
    EngineIdentity,
    MatcherConfig,
    Profile,
    Range,
    Sidecar,
    TensorRecord,
)
from clnet.runtime.engine.selection import Chosen
from clnet.runtime.engine.sidecar import engine_path, sidecar_path
from clnet.runtime.preprocess import VIEWS
from clnet.runtime.scanning.tensorrt_scanner import TensorRTScanner

CAPABILITY = "8.7"
CLASSES = ((1, 1, 1), (1, 4, 4), (1, 8, 8))
QUERIES, ROWS, MAX_K = 5, 64, 200


def add_engines(
    bundle: Bundle, *, classes: Sequence[tuple[int, int, int]] = CLASSES, rows: int = ROWS
) -> None:
    """Add an engine of each part, FP32."""
    for view in VIEWS:
        add_branch(bundle, view, classes=classes)
    add_matcher(bundle, rows=rows)


def add_branch(
    bundle: Bundle,
    part: Part,
    *,
    classes: Sequence[tuple[int, int, int]] = CLASSES,
    graph: Path | None = None,
    uint8: bool = False,
    **changes: Any,
) -> Sidecar:
    """Add a branch's engine; `changes` go to its record."""
    graph = graph or bundle.graph(part, "fp32")  # type: ignore[arg-type]
    size = bundle.preprocess(part)  # type: ignore[arg-type]
    shape = (size.height, size.width, 3) if uint8 else (3, size.height, size.width)
    profiles = [
        Profile(
            shapes={"images": Range(min=(low, *shape), opt=(middle, *shape), max=(high, *shape))}
        )
        for low, middle, high in classes
    ]
    dtype = "uint8" if uint8 else "float"
    inputs = [TensorRecord(name="images", dtype=dtype, shape=(-1, *shape))]
    dim = bundle.manifest.embedding_dim
    outputs = [TensorRecord(name="embeddings", dtype="float", shape=(-1, dim))]
    config = BranchConfig(batches=tuple(sorted({high for *_, high in classes})))
    return _install(bundle, part, graph, profiles, inputs, outputs, config, changes)


def add_matcher(
    bundle: Bundle, *, rows: int = ROWS, graph: Path | None = None, **changes: Any
) -> Sidecar:
    """Add the matcher's engine."""
    dim = bundle.manifest.embedding_dim
    profile = Profile(
        shapes={
            "queries": Range(min=(1, dim), opt=(QUERIES, dim), max=(QUERIES, dim)),
            "gallery": Range(min=(1, dim), opt=(rows, dim), max=(rows, dim)),
        },
        values={"k": Range(min=(1,), opt=(10,), max=(MAX_K,))},
    )
    inputs = [
        TensorRecord(name="queries", dtype="float", shape=(-1, dim)),
        TensorRecord(name="gallery", dtype="float", shape=(-1, dim)),
        TensorRecord(name="k", dtype="int64", shape=(1,)),
    ]
    outputs = [
        TensorRecord(name="scores", dtype="float", shape=(-1, -1)),
        TensorRecord(name="rows", dtype="int64", shape=(-1, -1)),
        TensorRecord(name="probe", dtype="float", shape=(1,)),
    ]
    config = MatcherConfig(queries=(1, QUERIES), gallery_rows=rows)
    return _install(
        bundle, "matcher", graph or bundle.matcher, [profile], inputs, outputs, config, changes
    )


def simulated_scanner(graph: Path) -> TensorRTScanner:
    """Scan with a matcher's engine on a simulated GPU of its own."""
    dim = 16
    bundle = SimpleNamespace(
        matcher=graph,
        manifest=SimpleNamespace(embedding_dim=dim),
        engines=lambda _: graph.parent / "engines",
    )
    record = add_matcher(bundle)  # type: ignore[arg-type]
    device = SimulatedDevice()
    engine = Chosen(engine_path(graph.parent / "engines", record.key), record)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "tensorrt", module_on(device))
        return TensorRTScanner(engine, dim, device=device)


def _install(
    bundle: Bundle,
    part: Part,
    graph: Path,
    profiles: list[Profile],
    inputs: list[TensorRecord],
    outputs: list[TensorRecord],
    config: Any,
    changes: dict[str, Any],
) -> Sidecar:
    plan = plan_of(graph, profiles)
    identity: dict[str, Any] = {
        "onnx_sha256": sha256_of(graph),
        "part": part,
        "precision": "fp32",
        "flavour": "tensorrt",
        "version": VERSION,
        "asked_capabilities": (CAPABILITY,),
        "config": config,
        "machine": f"{platform.system()} {platform.machine()}",
    }
    asked = EngineIdentity(**{key: changes.pop(key, value) for key, value in identity.items()})
    built: dict[str, Any] = {
        "capabilities": (CAPABILITY,),
        "left_out": {},
        "profiles": tuple(profiles),
        "inputs": tuple(inputs),
        "outputs": tuple(outputs),
        "tf32": False,
        "certificate": _certificate(asked.precision),
        "build_s": 1.0,
        "peak_memory_mib": None,
    }
    record = Sidecar(
        key=asked.key(),
        identity=asked,
        engine=FileRecord(sha256=hashlib.sha256(plan).hexdigest(), size_bytes=len(plan)),
        **{**built, **changes},
    )
    folder = bundle.engines(part)
    folder.mkdir(parents=True, exist_ok=True)
    engine_path(folder, record.key).write_bytes(plan)
    record.write(sidecar_path(folder, record.key))
    return record


def _certificate(precision: str) -> Certificate:
    dtype, share = ("half", 1.0) if precision == "fp16" else ("float", 0.0)
    return Certificate(
        layers=4,
        tensors={dtype: 4},
        bytes_at_batch_1={dtype: 64},
        products={dtype: 1},
        float_layers=(),
        half_share_of_tensors=share,
        half_share_of_bytes=share,
        half_share_of_products=share,
    )
