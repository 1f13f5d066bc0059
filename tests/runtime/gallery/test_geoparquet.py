"""A gallery goes to GeoParquet and comes back the same; other files are refused."""

import json
import struct
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyarrow import parquet

from clnet.runtime.errors import (
    ArtifactError,
    ConfigError,
    DataError,
    EmbeddingError,
    SpaceMismatch,
)
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.gallery.exchange import export_geoparquet, import_geoparquet
from clnet.runtime.gallery.geoparquet import points_of, positions_of
from clnet.runtime.item import Item

Rows = Callable[..., NDArray[np.float32]]


@pytest.fixture
def gallery(
    fill: Callable[..., Path], tmp_path: Path, info: GalleryInfo, unit_rows: Rows
) -> Gallery:
    """Thirty places and one without coordinates."""
    path = fill(tmp_path / "gallery", 30, commit=9)
    with gallery_writer(path, info) as writer:
        writer.append([Item("lost", Path("lost.png"))], unit_rows(1, seed=9))
    return Gallery.open(path)


@pytest.fixture
def exported(gallery: Gallery, tmp_path: Path) -> Path:
    assert export_geoparquet(gallery, tmp_path / "gallery.parquet") == 31
    return tmp_path / "gallery.parquet"


def rewritten(path: Path, change: Callable[[pa.Table], pa.Table], **metadata: str) -> Path:
    """Change a file's columns, and some of its metadata."""
    table = change(parquet.read_table(path))
    kept = dict(parquet.ParquetFile(path).metadata.metadata)
    kept.pop(b"ARROW:schema")
    changed = {key.encode(): value.encode() for key, value in metadata.items()}
    table = table.replace_schema_metadata({**kept, **changed})
    parquet.write_table(table, path)
    return path


def replaced(name: str, values: list[Any]) -> Callable[[pa.Table], pa.Table]:
    """Put other values into a column, from its first row on."""

    def change(table: pa.Table) -> pa.Table:
        at, kind = table.schema.get_field_index(name), table.schema.field(name)
        column = pa.array([*values, *table[name].to_pylist()[len(values) :]], kind.type)
        return table.set_column(at, kind, column)

    return change


def same(table: pa.Table) -> pa.Table:
    return table


@pytest.mark.parametrize("number_format", ["float32", "float16"])
def test_a_gallery_comes_back_the_same(
    fill: Callable[..., Path], tmp_path: Path, info: GalleryInfo, number_format: Any
) -> None:
    kind = replace(info, number_format=number_format)
    old = Gallery.open(fill(tmp_path / "old", 25, info=kind))
    export_geoparquet(old, tmp_path / "g.parquet")

    figures = import_geoparquet(tmp_path / "g.parquet", tmp_path / "new")

    new = Gallery.open(tmp_path / "new")
    assert (figures.added, figures.skipped, new.info) == (25, 0, kind)
    before, after = old.read(), new.read()
    assert (after.ids, after.paths) == (before.ids, before.paths)
    np.testing.assert_array_equal(after.embeddings, before.embeddings)
    np.testing.assert_array_equal(after.latitudes, before.latitudes)
    np.testing.assert_array_equal(after.longitudes, before.longitudes)


def test_an_unknown_position_stays_unknown(exported: Path, tmp_path: Path) -> None:
    import_geoparquet(exported, tmp_path / "new")

    place = Gallery.open(tmp_path / "new").places(np.array([30]))

    assert place.ids == ("lost",)
    assert np.isnan([place.latitudes[0], place.longitudes[0]]).all()


def test_an_import_goes_on_where_it_stopped(
    exported: Path, tmp_path: Path, fill: Callable[..., Path]
) -> None:
    fill(tmp_path / "new", 12)

    assert import_geoparquet(exported, tmp_path / "new").added == 19
    assert import_geoparquet(exported, tmp_path / "new").skipped == 31
    assert len(Gallery.open(tmp_path / "new")) == 31


def test_the_metadata_follow_geoparquet(exported: Path) -> None:
    metadata = parquet.ParquetFile(exported).metadata.metadata
    geo = json.loads(metadata[b"geo"])

    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert geo["columns"] == {
        "geometry": {"encoding": "WKB", "geometry_types": ["Point"], "bbox": [-2.9, 0, 0, 2.9]}
    }
    assert metadata[b"embedding_space_id"] == b"a" * 32
    assert metadata[b"view"] == b"satellite"


def test_points_are_standard_wkb(exported: Path) -> None:
    points = parquet.read_table(exported)["geometry"].to_pylist()

    assert points[7] == struct.pack("<BIdd", 1, 1, -0.7, 0.7)
    assert points[30] is None


def test_geopandas_reads_the_file(exported: Path) -> None:
    geopandas = pytest.importorskip("geopandas", reason="geopandas is not installed")

    frame = geopandas.read_parquet(exported)

    assert frame.crs == "OGC:CRS84"
    assert (frame.geometry[4].x, frame.geometry[4].y) == (-0.4, 0.4)


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=9), st.booleans())
def test_points_of_either_byte_order_are_read(
    positions: list[tuple[float, float]], big: bool
) -> None:
    latitudes, longitudes = np.array(positions, float).reshape(-1, 2).T
    points = points_of(latitudes, longitudes)
    if big:
        points = pa.array([struct.pack(">BIdd", 0, 1, x, y) for y, x in positions], pa.binary())

    found = positions_of("file", points)

    np.testing.assert_array_equal(found[0], latitudes)
    np.testing.assert_array_equal(found[1], longitudes)


HEADED = st.binary(min_size=16, max_size=16).map(b"\1\1\0\0\0".__add__)


@given(st.lists(st.none() | st.binary(max_size=30) | HEADED, min_size=1, max_size=5))
def test_any_bytes_are_positions_or_a_clear_error(values: list[bytes | None]) -> None:
    points = pa.array(values, pa.binary())
    sound = all(value is None or is_point(value) for value in values)
    with nullcontext() if sound else pytest.raises(DataError, match="expected WKB points"):
        latitudes, longitudes = positions_of("file", points)
        assert len(latitudes) == len(longitudes) == len(values)


def is_point(value: bytes) -> bool:
    return len(value) == 21 and value[:5] in (b"\x01\x01\0\0\0", b"\0\0\0\0\x01")


UTM = {"id": {"authority": "EPSG", "code": 3067}}
GEOMETRY = {"encoding": "WKB", "geometry_types": ["Point"]}


def geo(**column: object) -> str:
    columns = {"geometry": {**GEOMETRY, **column}}
    return json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": columns})


@pytest.mark.parametrize(
    ("change", "metadata", "message"),
    [
        (same, {"embedding_space_id": ""}, "expected GeoParquet of clnet-gallery export"),
        (same, {"view": "sideways"}, "expected GeoParquet of clnet-gallery export"),
        (same, {"geo": "{"}, "metadata geo: .*Invalid JSON"),
        (same, {"geo": geo(encoding="point")}, "encoded as WKB"),
        (same, {"geo": geo(crs=UTM)}, r"expected longitude and latitude .* got .*3067"),
        (same, {"geo": geo(crs=None)}, "got no CRS"),
        (lambda table: table.drop_columns(["path"]), {}, "got id: string, geometry: binary"),
        (replaced("geometry", [b"\x01" * 21]), {}, "expected WKB points in two dimensions"),
        (replaced("geometry", [struct.pack("<BIdd", 1, 1, 0, 95)]), {}, "place p0: latitude 95"),
        (replaced("id", ["x", "x"]), {}, "the id x occurs twice"),
    ],
)
def test_a_file_that_cannot_be_a_gallery_is_refused(
    exported: Path, tmp_path: Path, change: Any, metadata: dict[str, str], message: str
) -> None:
    rewritten(exported, change, **metadata)

    with pytest.raises(DataError, match=message):
        import_geoparquet(exported, tmp_path / "new")


def test_wgs84_may_be_named(exported: Path, tmp_path: Path) -> None:
    code = {"id": {"authority": "OGC", "code": "CRS84"}}
    rewritten(exported, same, geo=geo(crs=code))

    assert import_geoparquet(exported, tmp_path / "new").added == 31


@pytest.mark.parametrize("first", [[np.nan] * 16, [1.0] * 16])
def test_embeddings_that_are_no_unit_vectors_are_refused(
    exported: Path, tmp_path: Path, first: list[float]
) -> None:
    rewritten(exported, replaced("embedding", [first]))

    with pytest.raises(EmbeddingError, match="row 0"):
        import_geoparquet(exported, tmp_path / "new")
    assert len(Gallery.open(tmp_path / "new")) == 0


def test_a_gallery_of_another_kind_takes_no_import(
    exported: Path, tmp_path: Path, info: GalleryInfo, fill: Callable[..., Path]
) -> None:
    fill(tmp_path / "space", 3, info=replace(info, embedding_space_id="b" * 32))
    fill(tmp_path / "half", 3, info=replace(info, number_format="float16"))

    with pytest.raises(SpaceMismatch):
        import_geoparquet(exported, tmp_path / "space")
    with pytest.raises(ConfigError, match=r"16 x float16, asked for was .* 16 x float32"):
        import_geoparquet(exported, tmp_path / "half")


@pytest.mark.parametrize("content", [b"", b"no parquet", b"PAR1" + b"\0" * 20 + b"PAR1"])
def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.parquet").write_bytes(content)

    with pytest.raises(DataError, match=r"cannot read .*x\.parquet: .*expected GeoParquet"):
        import_geoparquet(tmp_path / "x.parquet", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_file_with_a_damaged_page_is_refused(exported: Path, tmp_path: Path) -> None:
    content = bytearray(exported.read_bytes())
    content[4:200] = b"\xff" * 196
    exported.write_bytes(content)

    with pytest.raises(DataError, match="cannot read"):
        import_geoparquet(exported, tmp_path / "new")


def test_an_export_that_fails_keeps_the_old_file(gallery: Gallery, tmp_path: Path) -> None:
    (tmp_path / "old.parquet").write_text("years of work")
    len(gallery)
    gallery.table.delete("true")

    with pytest.raises(ArtifactError, match="lost rows"):
        export_geoparquet(gallery, tmp_path / "old.parquet")

    assert (tmp_path / "old.parquet").read_text() == "years of work"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gallery", "old.parquet"]
