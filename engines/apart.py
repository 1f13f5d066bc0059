"""Run a module of ours in a process of its own, because foreign input may crash what it calls."""

import signal
import subprocess
import sys
from pathlib import Path

from .process import child_environment


def run_apart(module: str, arguments: list[str], folder: Path, timeout_s: float) -> str | None:
    """
    Run `python -m module arguments` and wait.

    Args:
        module: its dotted name.
        arguments: what follows it on the command line.
        folder: where it runs.
        timeout_s: seconds after which it is killed.

    Returns:
        How it died, with the end of its log, or None if it ended well.

    """
    try:
        process = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=folder,
            env=child_environment(),
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"did not end in {timeout_s:g} s"
    if process.returncode == 0:
        return None
    lines = process.stderr.decode(errors="replace").strip().splitlines()
    said = f"; its log ends: {' | '.join(lines[-3:])}" if lines else ""
    return f"died ({_status(process.returncode)}){said}"


def _status(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
