"""Which methods can run here, and why the others cannot."""

from ...runtime.extras import is_installed
from ...runtime.openvino_core import has_bf16, open_core
from ..machine.gpu import this_gpu
from .job import PRODUCTS, Method


def methods_here() -> tuple[tuple[Method, ...], tuple[str, ...]]:
    """
    Find out what is installed and what the processor and the GPU can do.

    Returns:
        The methods, searches first, and a sentence about each one that is absent.

    """
    methods: list[Method] = ["clnet"]
    notes: list[str] = []
    if not is_installed("openvino"):
        notes.append("openvino is not installed (pip install '.[openvino]'): no row of it")
    else:
        methods.append("clnet_openvino")
        if has_bf16(open_core()):
            methods.append("clnet_openvino_bf16")
        else:
            notes.append("this processor has no bf16: no row of the scan in bf16")
    if is_installed("faiss"):
        methods.append("faiss_flat")
    else:
        notes.append("faiss is not installed (pip install '.[bench]'): no row and no ratio of it")
    absent = _why_no_cuvs()
    if absent is None:
        methods.append("cuvs_flat")
    else:
        notes.append(absent)
    return (*methods, *PRODUCTS, "read"), tuple(notes)


def _why_no_cuvs() -> str | None:
    if this_gpu() is None:
        return "there is no GPU: no row of cuVS"
    if not is_installed("cuvs"):
        return "cuvs is not installed (pip install cuvs-cu12 or cuvs-cu13): no row of it"
    return None
