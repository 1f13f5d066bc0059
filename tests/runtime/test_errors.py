"""Errors cross processes whole: workers send them to whoever waits."""

import pickle

import pytest

from clnet.runtime.errors import (
    BuildFailed,
    ClnetError,
    DataError,
    DeviceFailed,
    ExtraMissing,
    ShapeError,
)


@pytest.mark.parametrize(
    "error",
    [
        DataError("a.jpg: corrupt"),
        ShapeError("images", "uint8", "float32"),
        ExtraMissing("ray", "scale"),
        DeviceFailed("launch", "cudaErrorUnknown", "no words"),
        BuildFailed("refused", log="line"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_the_same_after_pickling(error: ClnetError) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is type(error)
    assert (str(copy), vars(copy)) == (str(error), vars(error))
