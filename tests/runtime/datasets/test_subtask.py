"""A task that loses pictures is the task that was never given them."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clnet.runtime.datasets import GalleryRows, Picture, Protocol, Task
from clnet.runtime.datasets.subtask import subtask

GALLERY = 8

some_rows = st.sets(st.integers(0, GALLERY - 1))
queries = st.lists(st.tuples(some_rows.filter(bool), some_rows, st.booleans()), max_size=6)


def a_task(each: list[tuple[set[int], set[int], bool]], kept: list[int]) -> Task:
    right = GalleryRows.of(right for right, _, _ in each)
    ignored = GalleryRows.of(ignored for _, ignored, _ in each)
    return Task(
        name="made",
        query_view="ground",
        queries=tuple(Picture(f"q{row}", Path(f"q{row}")) for row in range(len(each))),
        gallery=tuple(Picture(f"g{row}", Path(f"g{row}")) for row in range(GALLERY)),
        protocols=(
            Protocol("one", right, ignored, np.array(kept, np.int64)),
            Protocol("two", right),
        ),
    )


def named(task: Task, rows: GalleryRows | None) -> list[set[str]]:
    assert rows is not None
    assert len(rows) == len(task.queries)
    return [{task.gallery[row].id for row in rows.of_query(q)} for q in range(len(rows))]


@given(each=queries, gone=some_rows)
def test_what_is_left_is_named_as_before(
    each: list[tuple[set[int], set[int], bool]], gone: set[int]
) -> None:
    task = a_task(each, list(range(GALLERY)))
    gallery = np.array([row not in gone for row in range(GALLERY)])

    left = subtask(task, np.array([stays for *_, stays in each], bool), gallery)

    expected = {
        f"q{row}": (right - gone, ignored - gone)
        for row, (right, ignored, stays) in enumerate(each)
        if stays and right - gone
    }
    assert [query.id for query in left.queries] == list(expected)
    assert {picture.id for picture in left.gallery} == {
        f"g{row}" for row in range(GALLERY) if row not in gone
    }
    one, two = left.protocols
    assert named(left, one.right) == [{f"g{row}" for row in rows} for rows, _ in expected.values()]
    assert named(left, one.ignored) == [
        {f"g{row}" for row in rows} for _, rows in expected.values()
    ]
    assert named(left, two.right) == named(left, one.right)
    assert two.ignored is None
    assert two.kept is None


@given(kept=some_rows, gone=some_rows)
def test_the_rows_that_take_part_are_counted_anew(kept: set[int], gone: set[int]) -> None:
    task = a_task([({row}, set(), True) for row in range(GALLERY)], sorted(kept))
    gallery = np.array([row not in gone for row in range(GALLERY)])

    left = subtask(task, np.ones(GALLERY, bool), gallery)

    rows = left.protocols[0].kept
    assert rows is not None
    assert [left.gallery[row].id for row in rows] == [f"g{row}" for row in sorted(kept - gone)]
