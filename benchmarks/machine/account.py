"""What rows from this machine will hold, said before anything is measured."""

from .conditions import Conditions, ConditionsWatch
from .energy import EnergyMeter, open_energy_meter
from .machine import Machine, this_machine
from .slug import machine_slug

ABSENT = "-"


def account() -> str:
    """Ask the machine, its GPU where there is one, and its energy counters; a line each."""
    machine = this_machine()
    conditions = ConditionsWatch(on_gpu=True).worst()
    told = {
        **_machine(machine),
        **_conditions(conditions),
        "energy on the GPU": _energy(open_energy_meter(on_gpu=True)),
        "energy on the CPU": _energy(open_energy_meter(on_gpu=False)),
        "rows go to": f"benchmarks/results/{machine_slug(machine)}/",
    }
    width = max(map(len, told)) + 2
    return "\n".join(f"{name:<{width}}{value}" for name, value in told.items())


def _machine(machine: Machine) -> dict[str, str]:
    return {
        "processor": machine.processor,
        "board": machine.board or ABSENT,
        "cores": str(machine.cores),
        "memory": _quantity(machine.memory_gib, "GiB"),
        "virtual machine": {True: "yes", False: "no", None: ABSENT}[machine.virtual],
        "GPU": ABSENT if machine.gpu is None else machine.gpu.name,
        "Jetson Linux": machine.jetson_linux or ABSENT,
        "power mode": machine.power_mode or ABSENT,
    }


def _conditions(now: Conditions) -> dict[str, str]:
    idle = now.gpu_mhz is None and now.gpu_temperature_c is not None
    throttling = ABSENT if now.throttling is None else ", ".join(now.throttling) or "none"
    return {
        "CPU clock": _quantity(now.cpu_mhz, "MHz"),
        "CPU temperature": _quantity(now.cpu_temperature_c, "°C"),
        "GPU clock": "idle" if idle else _quantity(now.gpu_mhz, "MHz"),
        "GPU temperature": _quantity(now.gpu_temperature_c, "°C"),
        "GPU power limit": _quantity(now.gpu_power_limit_w, "W"),
        "throttling": throttling,
    }


def _quantity(value: float | None, unit: str) -> str:
    return ABSENT if value is None else f"{value:.4g} {unit}"


def _energy(meter: EnergyMeter) -> str:
    return meter.source or f"{ABSENT} ({meter.reason})"
