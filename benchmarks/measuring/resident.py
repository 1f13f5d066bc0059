"""How much memory this process has held."""

from pathlib import Path

from ..machine.system_file import text_of

STATUS = Path("/proc/self/status")


def peak_mib(status: Path = STATUS) -> float | None:
    """
    Read the most that was resident so far, in MiB; None where the system does not tell.

    Not getrusage, whose peak counts the memory of the parent in.
    """
    for line in text_of(status).splitlines():
        name, _, value = line.partition(":")
        if name == "VmHWM":
            return int(value.split()[0]) / 1024
    return None
