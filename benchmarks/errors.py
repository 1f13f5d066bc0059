"""What can go wrong while something is being measured."""

from ..runtime.errors import ClnetError


class MeasurementFailed(ClnetError):
    """A method's process failed or died; its figures do not exist."""
