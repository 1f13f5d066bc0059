"""One process of the guard measures everything in turns."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.benchmarks.guard.material import write_material
from clnet.benchmarks.guard.measure import measure_blocks
from clnet.benchmarks.guard.methods import METHODS, YARDSTICKS, methods_here
from clnet.benchmarks.guard.rows import ratio_rows
from clnet.benchmarks.guard.work import Pair
from clnet.benchmarks.guard.worker import measure
from clnet.benchmarks.machine.machine import Machine

CONFIG = Path(__file__).parents[3] / "configs" / "demo.yaml"


def test_yardstick_and_method_take_turns_run_by_run() -> None:
    order: list[str] = []

    def work(name: str) -> Callable[[], None]:
        return lambda: order.append(name)

    block = measure(
        {"fit": Pair(work("A"), work("a")), "embed files": Pair(work("B"), work("b"))}, 3
    )

    assert "".join(order).endswith("aAbB" * 3)
    assert {name: len(one.cpu_s) for name, one in block.methods.items()} == {
        "fit": 3, "embed files": 3,
    }  # fmt: skip
    assert set(block.yardsticks) == {"fit", "embed files"}


def test_every_method_has_a_yardstick() -> None:
    assert set(YARDSTICKS) == set(METHODS)


@pytest.mark.slow
def test_a_run_of_two_processes_gives_a_row_a_method(tmp_path: Path, machine: Machine) -> None:
    for module in ("torch", "onnxscript", "onnxslim"):
        pytest.importorskip(module, reason="the demo network is exported: clnet[export]")
    material = write_material(tmp_path, CONFIG)

    blocks = measure_blocks(material, processes=2, runs=2, planted={"fit": 3.0})
    rows = {row.name.partition(" / ")[0]: row for row in ratio_rows(blocks, material, machine)}

    assert set(rows) == set(methods_here())
    assert all((row.samples, row.rounds, row.threads) == (4, 2, 1) for row in rows.values())
    assert rows["fit"].ratio > 2
