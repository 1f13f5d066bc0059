"""The rate rises, falls as a cosine, and means the same in steps and in epochs."""

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from hypothesis import given
from hypothesis import strategies as st

from clnet.training.train_config import TrainConfig
from clnet.training.trainer.schedule import Position, Schedule


def shares(config: TrainConfig, batches: int) -> list[float]:
    schedule, at, found = Schedule(config, batches), Position(), []
    while not schedule.over(at):
        found.append(schedule.share(at, batches))
        at = at.after(batches)
    return found


def test_the_warm_up_is_linear_and_ends_at_the_peak() -> None:
    found = shares(TrainConfig(steps=20, warmup_steps=4), 5)

    assert found[:5] == pytest.approx([0.25, 0.5, 0.75, 1.0, 1.0])


def test_half_a_cosine_follows() -> None:
    found = shares(TrainConfig(steps=20, warmup_steps=0), 5)

    assert found[0] == 1.0
    assert found[10] == pytest.approx(0.5)
    assert found[-1] == pytest.approx(0.5 * (1 - 0.98768834), abs=1e-6)


@given(st.integers(1, 6), st.integers(1, 9), st.integers(0, 20))
def test_epochs_and_as_many_steps_have_the_same_rates(
    epochs: int, batches: int, warmup: int
) -> None:
    by_epochs = shares(TrainConfig(epochs=epochs, warmup_steps=warmup), batches)
    by_steps = shares(TrainConfig(steps=epochs * batches, warmup_steps=warmup), batches)

    assert by_epochs == pytest.approx(by_steps)


def test_a_warm_up_in_epochs_takes_the_place_of_steps() -> None:
    found = shares(TrainConfig(epochs=2, warmup_epochs=0.5, warmup_steps=3), 4)

    assert found[:3] == pytest.approx([0.5, 1.0, 1.0])
