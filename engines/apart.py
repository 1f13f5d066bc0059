"""Run a module of ours in a process of its own, because foreign input may crash what it calls."""

import subprocess
import sys
from pathlib import Path

from .process import child_environment, signal_name


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
    status = process.returncode
    how = signal_name(-status) if status < 0 else f"status {status}"
    lines = process.stderr.decode(errors="replace").strip().splitlines()
    said = f"; its log ends: {' | '.join(lines[-3:])}" if lines else ""
    return f"died ({how}){said}"
