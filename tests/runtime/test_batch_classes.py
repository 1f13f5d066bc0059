"""A batch is cut into parts that an engine takes, and none is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.runtime.batch_classes import BatchClass, classes_of, cut
from clnet.runtime.engine import Profile, Range


def profile(low: int, middle: int, high: int) -> Profile:
    return Profile(shapes={"images": Range(min=(low, 3), opt=(middle, 3), max=(high, 3))})


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([(1, 1, 1), (1, 8, 8), (1, 32, 32)], [(1, 0), (8, 1), (32, 2)]),
        ([(1, 8, 32)], [(1, 0), (8, 0), (32, 0)]),
        ([(4, 4, 4)], [(4, 0)]),
        ([(1, 8, 8), (1, 8, 32)], [(1, 0), (8, 0), (32, 1)]),
    ],
)
def test_classes_are_where_profiles_begin_are_tuned_and_end(
    ranges: list[tuple[int, int, int]], expected: list[tuple[int, int]]
) -> None:
    found = classes_of([profile(*triple) for triple in ranges], "images")

    assert found == tuple(BatchClass(size, index) for size, index in expected)


@given(st.integers(1, 300), st.sets(st.integers(1, 40), min_size=1))
def test_parts_cover_a_batch_once_and_each_fits_its_class(rows: int, sizes: set[int]) -> None:
    classes = [BatchClass(size, 0) for size in sorted(sizes)]

    parts = list(cut(rows, classes))

    covered = [row for part in parts for row in range(part.start, part.stop)]
    assert covered == list(range(rows))
    assert all(0 < part.rows <= part.batch_class.size for part in parts)
    assert all(part.rows == max(sizes) for part in parts[:-1])


def test_a_tail_runs_in_the_smallest_class_that_holds_it() -> None:
    classes = [BatchClass(1, 0), BatchClass(8, 1), BatchClass(32, 2)]

    assert [part.batch_class.size for part in cut(70, classes)] == [32, 32, 8]
    assert [part.batch_class.size for part in cut(9, classes)] == [32]
    assert [part.batch_class.size for part in cut(1, classes)] == [1]
