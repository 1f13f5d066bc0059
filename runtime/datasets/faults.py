"""What happens to rows and images that cannot be used: an error at the first, or a list of all."""

from dataclasses import dataclass, field

from ..errors import DataError

SKIP_REMEDY = "mend it, or leave such rows out with --skip-broken"


@dataclass(slots=True)
class Faults:
    """Refuses, or with `skip` counts and lists."""

    skip: bool = False
    """Whether to go on without what is broken."""

    broken: list[str] = field(default_factory=list)
    """What was left out, one line each: file, row and what is wrong."""

    absent: dict[str, int] = field(default_factory=dict)
    """Pairs that the benchmark itself leaves out as an image is absent (CVACT), by split."""

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
        self.broken.append(what)
