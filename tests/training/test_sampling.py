import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.runtime import ConfigError
from clnet.training.sampling import batch_rows


@given(places=st.integers(4, 60), batch=st.integers(2, 4), seed=st.integers(0, 9))
def test_no_place_occurs_twice_in_an_epoch(places: int, batch: int, seed: int) -> None:
    steps = places // batch
    rows = np.concatenate([batch_rows(places, batch, seed, step) for step in range(steps)])

    assert len(set(rows.tolist())) == steps * batch


def test_epochs_differ_in_order() -> None:
    first, second = batch_rows(64, 32, 0, 0), batch_rows(64, 32, 0, 2)

    assert first.tolist() != second.tolist()


def test_a_batch_depends_on_seed_and_step_alone() -> None:
    np.testing.assert_array_equal(batch_rows(100, 8, 3, 50), batch_rows(100, 8, 3, 50))
    assert batch_rows(100, 8, 3, 50).tolist() != batch_rows(100, 8, 4, 50).tolist()


def test_a_batch_larger_than_the_data_is_refused() -> None:
    with pytest.raises(ConfigError, match="batch_size 8 exceeds the 7 training places"):
        batch_rows(7, 8, 0, 0)
