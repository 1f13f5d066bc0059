"""From blocks to rows."""

import statistics
from collections.abc import Sequence
from datetime import datetime, timezone

from ...runtime.bundle import Bundle
from ...runtime.errors import MeasurementFailed
from ...runtime.preprocess import VIEWS
from ..machine.machine import Machine, versions_of
from ..records.ratio_result import RatioResult
from .block import Block, Clocked
from .cost import ratio_of
from .material import Material
from .methods import EDITION, METHODS, Method, ratio_name

_PACKAGES = ("clnet", "numpy", "onnx", "onnxruntime", "openvino", "opencv-python-headless", "torch")
_DIGITS = 3
"""Microseconds: the least of these runs takes some 3,000 of them."""


def ratio_rows(
    blocks: Sequence[Block], material: Material, machine: Machine
) -> tuple[RatioResult, ...]:
    """
    Make one row a method.

    Args:
        blocks: of one run.
        material: what it worked on.
        machine: where.

    Raises:
        MeasurementFailed: fewer than two blocks, which have no interval.
        ArtifactError: the bundle is gone.

    """
    run = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return tuple(
        _row(blocks, method, run, Bundle.open(material.bundle), machine)
        for method in METHODS
        if method in blocks[0].methods
    )


def others_cores(blocks: Sequence[Block]) -> float | None:
    """Tell how many cores others used on average; None where the system does not tell."""
    known = [one.others_cores for one in blocks if one.others_cores is not None]
    return statistics.fmean(known) if known else None


def _row(
    blocks: Sequence[Block], method: Method, run: str, bundle: Bundle, machine: Machine
) -> RatioResult:
    ours = [block.methods[method] for block in blocks]
    yardsticks = [block.yardsticks[method] for block in blocks]
    interval = ratio_of(blocks, method)
    if interval.low is None or interval.high is None:
        raise MeasurementFailed(f"{method}: expected two processes or more, got {len(blocks)}")
    files = bundle.manifest.files
    return RatioResult(
        versions=versions_of(_PACKAGES),
        machine=machine,
        artifacts={f"{view} graph": files[f"{view}/model.fp32.onnx"].sha256 for view in VIEWS},
        configuration=bundle.manifest.network,
        samples=sum(len(one.wall_s) for one in ours),
        rounds=len(blocks),
        samples_ms=_wall_ms(ours),
        stationary=all(one.stationary for one in (*ours, *yardsticks)),
        others_cores=others_cores(blocks),
        threads=1,
        tf32=False,
        name=ratio_name(method),
        edition=EDITION,
        run=run,
        ratio=interval.ratio,
        low=interval.low,
        high=interval.high,
        cpu_ms=_cpu_ms(ours),
        yardstick_ms=_wall_ms(yardsticks),
        yardstick_cpu_ms=_cpu_ms(yardsticks),
    )


def _wall_ms(parts: Sequence[Clocked]) -> tuple[float, ...]:
    return tuple(round(1e3 * second, _DIGITS) for one in parts for second in one.wall_s)


def _cpu_ms(parts: Sequence[Clocked]) -> tuple[float, ...]:
    return tuple(round(1e3 * second, _DIGITS) for one in parts for second in one.cpu_s)
