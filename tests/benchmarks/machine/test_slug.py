"""A machine's rows lie in a folder whose name tells it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clnet.benchmarks.machine.gpu import Gpu
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.machine.slug import machine_slug

MACHINE = Machine(
    processor="AMD EPYC (family 25, model 17)",
    board=None,
    architecture="x86_64",
    cores=2,
    os="Linux",
    gpu=None,
    jetson_linux=None,
    power_mode=None,
)


@pytest.mark.parametrize(
    ("differs", "expected"),
    [
        ({}, "amd-epyc-family-25-model-17-2-cores"),
        (
            {"processor": "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz (family 6, model 143)"},
            "intel-xeon-platinum-8481c-2-cores",
        ),
        (
            {"processor": "Intel(R) Xeon(R) Processor @ 2.60GHz (family 6, model 106)"},
            "intel-xeon-family-6-model-106-2-cores",
        ),
        (
            {"board": "NVIDIA Jetson AGX Orin Developer Kit", "power_mode": "0 MAXN"},
            "jetson-agx-orin-maxn",
        ),
        ({"board": "NVIDIA Jetson Orin NX", "power_mode": "7"}, "jetson-orin-nx-mode-7"),
        (
            {"gpu": Gpu(name="NVIDIA H100 80GB HBM3", compute_capability="9.0"), "cores": 16},
            "amd-epyc-family-25-model-17-16-cores-nvidia-h100-80gb-hbm3",
        ),
    ],
)
def test_board_or_processor_size_and_gpu_make_the_name(
    differs: dict[str, object], expected: str
) -> None:
    assert machine_slug(MACHINE.model_copy(update=differs)) == expected


@example("", None, " :")
@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_every_machine_has_a_name_for_a_folder(
    processor: str, board: str | None, power_mode: str | None
) -> None:
    differs = {"processor": processor, "board": board, "power_mode": power_mode}

    slug = machine_slug(MACHINE.model_copy(update=differs))

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
