"""`clnet-verify --backend`: a bundle runs in all that the backend computes in."""

from pathlib import Path

import pytest

pytest.importorskip("openvino", reason="pip install '.[openvino]'")

from clnet.export.verify_run import describe_verify, verify_run
from clnet.runtime.openvino_core import has_bf16, open_core


def test_openvino_is_verified_in_bf16_where_the_processor_has_it(bundle: Path) -> None:
    report = verify_run(bundle, backend="openvino")

    assert report.faults == ()
    assert report.min_cosine_fp16 is None
    if not has_bf16(open_core()):
        assert report.min_cosine_bf16 is None
        return
    assert report.min_cosine_bf16 is not None
    assert report.min_cosine_bf16 > 0.9999
    assert "bf16 against fp32 on noise: min cosine 0.9999" in describe_verify(report)
