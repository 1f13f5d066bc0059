"""What happens to rows and images that cannot be used: an error at the first, or a list of all."""

from dataclasses import dataclass, field

from ..errors import DataError

SKIP_REMEDY = "mend it, or leave such rows out with --skip-broken"


@dataclass(slots=True)
class Faults:
    """Refuses, or with `skip` counts and lists."""

    skip: bool = False
    """Whether to go on without what is broken."""

    absent: dict[str, int] = field(default_factory=dict)
    """Pairs that the benchmark itself leaves out as an image is absent (CVACT), by split."""

    _met: dict[str, None] = field(default_factory=dict)

    @property
    def broken(self) -> tuple[str, ...]:
        """What was left out, a line each: file, row, what is wrong; once, however often met."""
        return tuple(self._met)

    def meet(self, what: str) -> None:
        """
        Meet something broken; the caller leaves it out if this returns.

        Args:
            what: names file, row, what was expected and what came.

        Raises:
            DataError: unless `skip`.

        """
        if not self.skip:
            raise DataError(f"{what}; {SKIP_REMEDY}")
        self._met[what] = None
