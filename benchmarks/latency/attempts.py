"""Methods that cannot do what is asked of them: an error, or a note where others go on."""

from collections.abc import Callable, Mapping

from ...runtime.errors import MeasurementFailed
from .rows import Method


def attempt(
    actions: Mapping[Method, Callable[[], object]], *, skip_absent: bool
) -> dict[Method, MeasurementFailed]:
    """
    Do something with each method.

    Args:
        actions: by method, what raises where it cannot be done.
        skip_absent: go on with the others then.

    Returns:
        By method that cannot, why.

    Raises:
        MeasurementFailed: a method cannot; with `skip_absent`, none can.

    """
    absent: dict[Method, MeasurementFailed] = {}
    for method, action in actions.items():
        try:
            action()
        except MeasurementFailed as error:
            if not skip_absent:
                raise
            absent[method] = error
    if len(absent) == len(actions):
        reasons = "; ".join(str(error) for error in absent.values())
        raise MeasurementFailed(f"no backend can run here: {reasons}")
    return absent
