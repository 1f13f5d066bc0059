"""Student's t is SciPy's, to a per cent."""

import pytest

stats = pytest.importorskip("scipy.stats", reason="the quantiles are compared with scipy's")

from clnet.benchmarks.comparing.students_t import students_t


@pytest.mark.parametrize("freedom", [4, 5, 6, 10, 30, 1000])
def test_quantiles_are_those_of_scipy_within_a_per_cent(freedom: int) -> None:
    assert students_t(0.95, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=0.01)
