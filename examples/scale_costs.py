"""
What a region costs: tiles, disk, core-hours, search. Prints the figures of docs/scale.md.

    python examples/scale_costs.py
    python examples/scale_costs.py --images-per-s-core 12 --tile-m 100 --overlap 0.25

When a rate was measured anew, change it here and paste the output into docs/scale.md; a test
compares the two.
"""

import argparse
from dataclasses import dataclass, field, fields

QUERIES = 1024
FLOAT32_BYTES = 4

LAND_KM2 = {
    "10 km around a guess": 314.2,
    "a city of 200 km²": 200.0,
    "Finland": 303_815.0,
    "Germany": 348_672.0,
    "the planet": 148_940_000.0,
}
"""Land areas; of the countries and the planet as in the CIA's World Factbook."""


def _rate(value: float, what: str) -> float:
    return field(default=value, metadata={"what": what})


@dataclass(frozen=True)
class Rates:
    """What was chosen, and what was measured."""

    tile_m: float = _rate(70.0, "chosen: side of a tile on the ground, metres")
    overlap: float = _rate(0.5, "chosen: share of a tile that the next one shows, too")
    embedding_dim: float = _rate(1024, "chosen: numbers of an embedding")
    row_bytes: float = _rate(2123, "measured: a place on disk, float16, with id, path, position")
    images_per_s_core: float = _rate(
        2.6, "measured: ConvNeXt-Tiny, 384x384, ONNX Runtime FP32, 5.2 on 2 cores (performance.md)"
    )
    commit_rows_per_s: float = _rate(35_000, "measured: rows into one gallery, 1,024 a commit")
    read_gb_per_s: float = _rate(
        20, "measured: one query, 2 cores, gallery in memory as float32: bound by reading it"
    )
    search_gflop_per_s: float = _rate(
        228.1, "measured: 1,024 queries at once, 2 cores, OpenVINO, proved scan (performance.md)"
    )

    def __post_init__(self) -> None:
        """Refuse tiles that never end."""
        if not (self.tile_m > 0 and 0 <= self.overlap < 1):
            raise ValueError("expected tile_m above 0 and overlap from 0 to below 1")

    @property
    def step_m(self) -> float:
        """Metres from one tile's centre to the next one's."""
        return self.tile_m * (1 - self.overlap)


def tiles_of(rates: Rates, land_km2: float) -> float:
    """Count the tiles that cover an area."""
    return land_km2 * 1e6 / rates.step_m**2


def inputs(rates: Rates) -> list[str]:
    """List the rates as a table."""
    rows = [(f.name, f"{getattr(rates, f.name):,g}", f.metadata["what"]) for f in fields(rates)]
    return _table(("input", "value", "what it is"), rows)


def embedding(rates: Rates) -> list[str]:
    """Table what it takes to make the gallery of each region."""
    rows = []
    for region, land_km2 in LAND_KM2.items():
        tiles = tiles_of(rates, land_km2)
        rows.append(
            (
                region,
                f"{land_km2:,.0f}",
                _count(tiles),
                _bytes(tiles * rates.row_bytes),
                _hours(tiles / rates.images_per_s_core),
                _hours(tiles / rates.commit_rows_per_s),
            )
        )
    return _table(
        ("region", "land km²", "tiles", "gallery", "embedding, core-hours", "commits, hours"), rows
    )


def searching(rates: Rates) -> list[str]:
    """Table what exact search of each region takes."""
    rows = []
    for region, land_km2 in LAND_KM2.items():
        numbers = tiles_of(rates, land_km2) * rates.embedding_dim
        one_s = numbers * FLOAT32_BYTES / (rates.read_gb_per_s * 1e9)
        many_s = 2 * numbers * QUERIES / (rates.search_gflop_per_s * 1e9)
        rows.append((region, _bytes(numbers * FLOAT32_BYTES), _time(one_s), _time(many_s)))
    return _table(("region", "float32 in memory", "one query", f"{QUERIES:,} queries"), rows)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    ruler = ["---", *(["---:"] * (len(head) - 1))]
    return [f"| {' | '.join(cells)} |" for cells in (head, ruler, *rows)]


def _count(number: float) -> str:
    return _scaled(number, ((1e9, " billion"), (1e6, " million"), (1e3, " thousand"), (1, "")))


def _bytes(number: float) -> str:
    return _scaled(number, ((1e12, " TB"), (1e9, " GB"), (1e6, " MB")))


def _hours(seconds: float) -> str:
    hours = seconds / 3600
    return _count(hours) if hours >= 1 else f"{hours:.2g}"


def _time(seconds: float) -> str:
    return _scaled(seconds, ((86400, " d"), (3600, " h"), (60, " min"), (1, " s"), (1e-3, " ms")))


def _scaled(number: float, units: tuple[tuple[float, str], ...]) -> str:
    size, name = next((unit for unit in units if number >= unit[0]), units[-1])
    value = number / size
    return f"{value:,.0f}{name}" if value >= 10 else f"{value:.1f}{name}"


def main() -> None:
    """Print the three tables for the rates that are given."""
    parser = argparse.ArgumentParser(description="What a region costs.")
    for rate in fields(Rates):
        option = f"--{rate.name.replace('_', '-')}"
        parser.add_argument(option, type=float, default=rate.default, help=rate.metadata["what"])
    rates = Rates(**vars(parser.parse_args()))
    for table in (inputs, embedding, searching):
        print("\n".join(table(rates)), end="\n\n")


if __name__ == "__main__":
    main()
