"""Text in a plot."""

import pytest

pytest.importorskip("hypothesis", reason="hypothesis is not installed: clnet[dev]")

from hypothesis import given
from hypothesis import strategies as st

from clnet.benchmarks.report.canvas import label
from clnet.benchmarks.report.palette import COLOURS, colour_of


@given(st.text(max_size=200), st.text(max_size=60))
def test_a_label_is_one_printable_line_that_fits(text: str, beside: str) -> None:
    found = label(text, beside)

    assert found.isprintable()
    assert len(found) <= max(51 - len(beside), 12)


def test_a_backend_has_one_colour_in_every_section() -> None:
    assert colour_of("onnxruntime") == colour_of("clnet")
    assert colour_of("openvino") == colour_of("clnet_openvino_bf16")
    assert colour_of("onnxruntime-tensorrt") != colour_of("onnxruntime")


def test_no_two_colours_are_drawn_alike() -> None:
    assert len({one.light for one in COLOURS}) == len(COLOURS)
    assert len({one.name for one in COLOURS}) == len(COLOURS)
