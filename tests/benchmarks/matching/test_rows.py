"""Ratios are taken round by round, at the K they belong to."""

import pytest

from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.matching.job import MatchingJob, Method
from clnet.benchmarks.matching.rows import Key, Timed, matching_rows
from clnet.benchmarks.measuring.messages import Reply

GIB_OF_VECTORS = 2**18
"""Rows of 1,024 float32."""


def timed(*rounds_s: float, peak_mib: float | None = None, device: float | None = None) -> Timed:
    """Each round has two runs about its figure."""
    replies = [
        Reply(times={"part": (0.5 * one, 1.5 * one)}, peak_mib=peak_mib, peak_device_mib=device)
        for one in rounds_s
    ]
    return Timed(kernel="unset", stationary=True, replies=replies, identical=None)


@pytest.fixture
def job() -> MatchingJob:
    return MatchingJob(
        method="clnet", queries=1, gallery=GIB_OF_VECTORS - 1, dim=1024, ks=(1, 10), seed=0,
        threads=2, matcher="matcher.onnx",
    )  # fmt: skip


@pytest.fixture
def turns() -> dict[Key, Timed]:
    limits: dict[Method, Timed] = {
        "product_blocks": timed(1.0, 1.0, 8.0),
        "product_whole": timed(9.0, 9.0, 9.0),
        "read": timed(0.5, 0.5, 4.0),
    }
    found: dict[Key, Timed] = {}
    for k, clnet_s in ((1, 2.0), (10, 4.0)):
        found["clnet", k] = timed(clnet_s, clnet_s, 8 * clnet_s, peak_mib=1124.0)
        found["faiss_flat", k] = timed(6.0, 6.0, 48.0)
        found["cuvs_flat", k] = timed(0.25, 0.25, 0.25, device=2048.0)
        found.update({(method, k): one for method, one in limits.items()})
    return found


def test_a_disturbed_round_spoils_no_ratio(
    job: MatchingJob, turns: dict[Key, Timed], machine: Machine
) -> None:
    rows = {(row.method, row.k): row for row in matching_rows(job, turns, machine)}

    assert list(rows) == list(turns)
    for k, ratio in ((1, 3.0), (10, 1.5)):
        row = rows["clnet", k]
        assert row.ratio_to_faiss_flat == pytest.approx(ratio)
        assert row.ratio_to_product == pytest.approx(ratio / 6)
        assert row.ratio_to_read == pytest.approx(12 / ratio)


def test_every_run_is_kept_and_the_median_is_theirs(
    job: MatchingJob, turns: dict[Key, Timed], machine: Machine
) -> None:
    row = matching_rows(job, turns, machine)[0]

    assert (row.samples, row.rounds) == (6, 3)
    assert row.samples_ms == (1000, 3000, 1000, 3000, 8000, 24000)
    assert row.median_ms == 3000
    assert row.gflops == pytest.approx(2 * (GIB_OF_VECTORS - 1) * 1024 / 3e9)


def test_memory_is_the_peak_above_the_vectors_and_a_gpus_own(
    job: MatchingJob, turns: dict[Key, Timed], machine: Machine
) -> None:
    rows = {row.method: row for row in matching_rows(job, turns, machine)}

    assert rows["clnet"].peak_above_inputs_mib == pytest.approx(100)
    assert rows["clnet"].peak_device_mib is None
    assert rows["cuvs_flat"].peak_above_inputs_mib is None
    assert rows["cuvs_flat"].peak_device_mib == 2048


def test_without_faiss_there_is_no_ratio_to_it(
    job: MatchingJob, turns: dict[Key, Timed], machine: Machine
) -> None:
    absent = {key: one for key, one in turns.items() if key[0] != "faiss_flat"}

    assert {row.ratio_to_faiss_flat for row in matching_rows(job, absent, machine)} == {None}
