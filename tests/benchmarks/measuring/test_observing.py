"""The worst of several turns is what a row tells."""

from clnet.benchmarks.machine.conditions import Conditions
from clnet.benchmarks.measuring.observing import Observer, worst_of

COOL = Conditions(
    cpu_mhz=3000.0,
    cpu_temperature_c=40.0,
    gpu_mhz=None,
    gpu_temperature_c=None,
    gpu_power_limit_w=None,
    throttling=(),
)
HOT = COOL.model_copy(
    update={"cpu_mhz": 1000.0, "cpu_temperature_c": 90.0, "throttling": ("power cap",)}
)


def test_the_worst_of_several_turns_is_kept_in_any_order() -> None:
    assert worst_of([COOL, HOT]) == worst_of([HOT, COOL]) == HOT


def test_where_nobody_looked_there_is_nothing() -> None:
    assert worst_of([]) is None


def test_on_a_processor_no_driver_of_a_gpu_is_asked() -> None:
    assert Observer(on_gpu=False).seen()["peak_device_mib"] is None
