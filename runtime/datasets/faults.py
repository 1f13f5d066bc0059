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

    def lines(self, most: int = 10) -> list[str]:
        """Say what was left out: a count and the first `most` of what is broken, a line each."""
        said = [
            f"{count} pairs of {split} left out: an image is absent, as is usual for CVACT"
            for split, count in self.absent.items()
            if count
        ]
        if self.broken:
            said += [f"{len(self.broken)} broken rows or images left out:", *self.broken[:most]]
        if len(self.broken) > most:
            said.append(f"and {len(self.broken) - most} more")
        return said
