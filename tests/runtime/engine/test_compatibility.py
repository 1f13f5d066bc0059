"""Every reason against an engine is told at once, and the best of those that fit is taken."""

import re
import sys
from typing import Any

import pytest
from simulated_cuda import SimulatedDevice
from simulated_engines import CAPABILITY, add_branch, add_matcher
from simulated_tensorrt import VERSION

from clnet.runtime.backends import open_backend
from clnet.runtime.bundle import Bundle
from clnet.runtime.engine.compatibility import reasons_against, wanted_of
from clnet.runtime.engine.contract import TensorRecord
from clnet.runtime.engine.machine import Machine, this_machine
from clnet.runtime.engine.selection import choose_engine, judge_engines
from clnet.runtime.engine.sidecar import engine_path, sidecar_path
from clnet.runtime.errors import BackendUnavailable

pytestmark = pytest.mark.usefixtures("gpu")


@pytest.fixture
def bundle(engine_bundle: Bundle) -> Bundle:
    """A bundle without engines as yet."""
    for path in engine_bundle.path.rglob("engines/*"):
        path.unlink()
    return engine_bundle


def reasons(bundle: Bundle, **changes: Any) -> list[str]:
    record = add_branch(bundle, "ground", **changes)
    return reasons_against(record, wanted_of(bundle, "ground"), this_machine({"tensorrt"}))


def test_an_engine_of_this_machine_and_this_bundle_fits(bundle: Bundle) -> None:
    assert reasons(bundle) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": "10.7.0"}, f"it was built by tensorrt 10.7.0; here is {VERSION}"),
        (
            {"capabilities": ("8.6", "8.9")},
            f"it was built for compute capability 8.6, 8.9; this GPU has {CAPABILITY}",
        ),
        ({"machine": "Windows AMD64"}, "it was built for Windows AMD64; this is "),
        ({"onnx_sha256": "0" * 64}, "its weights are not this bundle's"),
        ({"precision": "fp16"}, "it computes in fp16; wanted is fp32"),
        ({"flavour": "tensorrt-rtx"}, "tensorrt-rtx is not installed"),
        (
            {"inputs": (TensorRecord(name="images", dtype="float", shape=(-1, 3, 9, 9)),)},
            "expected one, float ['B', 3, 16, 32] or uint8",
        ),
    ],
)
def test_each_difference_is_a_reason(bundle: Bundle, changes: dict[str, Any], reason: str) -> None:
    found = reasons(bundle, **changes)

    assert len(found) == 1
    assert reason in found[0]


def test_the_other_branch_is_refused_by_name_weights_and_shape(bundle: Bundle) -> None:
    record = add_branch(bundle, "satellite")

    found = reasons_against(record, wanted_of(bundle, "ground"), this_machine({"tensorrt"}))

    assert [reason[:25] for reason in found] == [
        "it runs the satellite; wa",
        "its weights are not this ",
        "the graph's input: expect",
    ]


def test_without_a_gpu_the_reason_says_which_the_engine_needs(bundle: Bundle) -> None:
    machine = Machine(this_machine(set()).system, None, {"tensorrt": VERSION})

    found = reasons_against(add_branch(bundle, "ground"), wanted_of(bundle, "ground"), machine)

    assert found == [f"it needs a GPU of compute capability {CAPABILITY}; the driver finds none"]


def test_a_matcher_in_tf32_is_not_exact(bundle: Bundle) -> None:
    record = add_matcher(bundle, tf32=True)

    found = reasons_against(record, wanted_of(bundle, "matcher"), this_machine({"tensorrt"}))

    assert found == ["it rounds products to TF32; an exact search needs FP32"]


def test_all_reasons_of_all_engines_come_at_once_with_the_remedy(bundle: Bundle) -> None:
    old = add_branch(bundle, "ground", version="10.7.0", capabilities=("8.9",))
    torn = add_branch(bundle, "ground", version="10.8.0")
    engine_path(bundle.engines("ground"), torn.key).write_bytes(b"torn")
    sidecar_path(bundle.engines("ground"), "f" * 32).write_text("{}")

    with pytest.raises(BackendUnavailable) as refusal:
        open_backend(bundle, "ground", "tensorrt")

    lines = {line.split(":")[0].strip(): line for line in str(refusal.value).splitlines()}
    assert "built by tensorrt 10.7.0" in lines[old.key]
    assert "capability 8.9" in lines[old.key]
    assert "built by tensorrt 10.8.0" in lines[torn.key]
    assert re.search(r"expected \d+ bytes, got 4", lines[torn.key])
    assert "Field required" in lines["f" * 32]
    assert f"clnet-build {bundle.path};" in lines["build one on this machine"]


def test_an_engine_whose_bytes_changed_is_never_loaded(bundle: Bundle) -> None:
    record = add_branch(bundle, "ground")
    path = engine_path(bundle.engines("ground"), record.key)
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)

    with pytest.raises(BackendUnavailable, match="is not the engine that was built"):
        choose_engine(bundle, "ground")


def test_of_two_that_fit_the_one_with_the_largest_batch_is_taken(bundle: Bundle) -> None:
    add_branch(bundle, "ground", classes=[(1, 8, 8)])
    large = add_branch(bundle, "ground", classes=[(1, 16, 16)])
    add_branch(bundle, "ground", classes=[(1, 64, 64)], version="9.0")

    assert choose_engine(bundle, "ground").record == large


def test_the_choice_does_not_depend_on_the_order_of_files(bundle: Bundle) -> None:
    records = [add_branch(bundle, "ground", asked_capabilities=(str(n),)) for n in range(4)]

    assert choose_engine(bundle, "ground").record.key == min(record.key for record in records)


def test_a_precision_without_an_engine_is_refused(bundle: Bundle) -> None:
    add_branch(bundle, "ground")

    with pytest.raises(BackendUnavailable, match="it computes in fp32; wanted is fp16"):
        choose_engine(bundle, "ground", "fp16")


def test_judging_opens_nothing_on_the_gpu(bundle: Bundle, gpu: SimulatedDevice) -> None:
    add_branch(bundle, "ground")

    (candidate,) = judge_engines(bundle, "ground")

    assert candidate.reasons == ()
    assert gpu.counts.allocations == 0


def test_a_flavour_that_is_not_installed_is_named_with_its_remedy(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tensorrt", None)
    add_branch(bundle, "ground")

    with pytest.raises(BackendUnavailable, match=r"pip install '\.\[tensorrt\]'.*--system-site"):
        choose_engine(bundle, "ground")


def test_a_folder_without_engines_says_how_to_build_one(bundle: Bundle) -> None:
    with pytest.raises(BackendUnavailable, match="holds no engine of the matcher; build one"):
        choose_engine(bundle, "matcher")
