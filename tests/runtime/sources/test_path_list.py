"""A list of paths on standard input gives items, or one clear line."""

import io
import os
import sys
from pathlib import Path, PurePath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clnet.runtime.errors import DataError
from clnet.runtime.sources import path_list, read_source
from clnet.runtime.sources.path_list import read_path_list


def items_of(data: bytes) -> list[tuple[str, str]]:
    return [(item.id, str(item.path)) for item in read_path_list(io.BytesIO(data))]


def test_each_line_is_a_path(tmp_path: Path) -> None:
    absolute = f"{tmp_path}/c.webp"

    assert items_of(f"in/a.jpg\nb c.png\n{absolute}".encode()) == [
        ("in/a", "in/a.jpg"),
        ("b c", "b c.png"),
        (f"{tmp_path}/c", absolute),
    ]


def test_paths_may_end_in_nul_instead() -> None:
    assert items_of(b"in/a\nb.jpg\0c.jpg\0") == [("in/a\nb", "in/a\nb.jpg"), ("c", "c.jpg")]


def test_empty_lines_and_carriage_returns_are_no_part_of_a_path() -> None:
    assert items_of(b"\r\na.jpg\r\n\n  \nb.jpg\n\n") == [("a", "a.jpg"), ("b", "b.jpg")]


def test_an_address_in_an_object_store_stays_one() -> None:
    (item,) = read_path_list(io.BytesIO(b"s3://bucket/tiles/a.jpg\n"))

    assert item.locator == "s3://bucket/tiles/a.jpg"


def test_a_doubled_name_keeps_its_suffix() -> None:
    assert [label for label, _ in items_of(b"1.jpg\n./1.png\n2.png\n")] == ["1.jpg", "1.png", "2"]


def test_a_dash_stands_for_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a.jpg\n")))

    assert [item.id for item in read_source("-")] == ["a"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "standard input names no images; expected one path a line"),
        (b"\n\n", "standard input names no images"),
        (b"a.jpg\n/\n", "standard input line 2: expected a path, got '/'"),
        (b"a.jpg\na.jpg\n", "standard input: 1 ids occur more than once, the first is 'a.jpg'"),
        (b"caf\xe9.jpg\n", "standard input line 1: expected a file name in UTF-8"),
    ],
)
def test_a_list_at_fault_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        items_of(data)


def test_a_list_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_list, "MAX_LIST_BYTES", 100)

    with pytest.raises(DataError, match="expected at most 100 bytes"):
        items_of(b"a.jpg\n" * 100)


names = st.lists(
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0/\r\n"), min_size=1)
    .map(lambda text: str(PurePath(text)))
    .filter(lambda text: text.strip() and PurePath(text).name and text.encode().strip()),
    min_size=1,
    unique=True,
)


@given(names, st.sampled_from([b"\n", b"\0", b"\r\n"]))
@example(["a\x0b", "b\x1c", "c\x85"], b"\n")
def test_every_name_comes_back_from_a_list(names: list[str], end: bytes) -> None:
    data = b"".join(os.fsencode(name) + end for name in names)

    assert [path for _, path in items_of(data)] == names


@given(st.binary(max_size=60))
def test_any_bytes_give_items_or_a_data_error(data: bytes) -> None:
    try:
        said = str(len(items_of(data)))
    except DataError as error:
        said = str(error)
    assert said.isdigit() or said.startswith("standard input")
