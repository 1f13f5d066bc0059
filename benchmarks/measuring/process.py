"""The measuring side of a method's process: start it, ask it, end it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

from pydantic import ValidationError
from typing_extensions import Self

from ...runtime.artifact import Artifact
from ...runtime.errors import MeasurementFailed
from .messages import Job, Reply, Times, Turn

_TAIL_LINES = 3
_LEAST_S = 0.1


class Process:
    """One method in a process of its own. A context manager: leaving it ends the process."""

    def __init__(
        self,
        name: str,
        module: str,
        job: Artifact,
        outputs: Path,
        environment: Mapping[str, str | None] | None = None,
    ) -> None:
        """
        Describe the process; entering the context starts it.

        Args:
            name: the method, for messages.
            module: dotted name of the worker to run.
            job: what it shall prepare.
            outputs: folder for the first results, made if need be.
            environment: variables to set, or (None) to remove, for this process alone.

        """
        self.name = name
        self.outputs = outputs
        self._module = module
        self._job = job
        self._others: list[tuple[float, float]] = []
        self.peak_mib: float | None = None
        """The most memory that the process held until its last turn, in MiB."""
        self.parts: tuple[str, ...] = ()
        """What it can run; known once it is ready."""
        self._environment = _environment(environment or {})
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        """
        Start the process and wait until it is ready.

        Raises:
            MeasurementFailed: it cannot do the job; the reason is quoted.

        """
        try:
            self.start()
            self.ready()
        except BaseException:
            self.end()
            raise
        return self

    def start(self) -> None:
        """Start the process and give it its job; `end` must follow, whatever happens."""
        self.outputs.mkdir(parents=True, exist_ok=True)
        self._log = tempfile.TemporaryFile("w+", errors="replace")
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._module, str(self.outputs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=self._environment,
        )
        self._send(self._job)

    def ready(self) -> None:
        """
        Wait until a process that was started is ready.

        Raises:
            MeasurementFailed: it cannot do the job; the reason is quoted.

        """
        self.parts = self._receive().parts

    def prepare(self, job: Artifact) -> None:
        """
        Give the running process another job of its kind: nothing has to be imported again.

        Raises:
            MeasurementFailed: it cannot do the job; the process has ended.

        """
        self.parts = self._ask(Job(job=job.model_dump_json())).parts

    def reply(self, turn: Turn) -> Reply:
        """
        Let the method run, and tell all that was seen meanwhile.

        Raises:
            MeasurementFailed: it failed or died; the reason or the end of its log is quoted.

        """
        reply = self._ask(turn)
        if reply.others_cores is not None:
            timed_s = sum(sum(seconds) for seconds in reply.times.values())
            self._others.append((reply.others_cores * timed_s, timed_s))
        self.peak_mib = reply.peak_mib
        return reply

    def turn(self, turn: Turn) -> Times:
        """Let the method run, as `reply` does; return the times alone."""
        return self.reply(turn).times

    @property
    def others_cores(self) -> float | None:
        """
        Cores that others used during this process's turns, by the turns' lengths.

        None where nobody knows, or all turns were too short for the system's clock of 10 ms.
        """
        used_s = sum(used for used, _ in self._others)
        timed_s = sum(timed for _, timed in self._others)
        return used_s / timed_s if timed_s >= _LEAST_S else None

    def once_s(self) -> float:
        """Run every part once; return the sum of their seconds."""
        return sum(sum(seconds) for seconds in self.turn(Turn()).values())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def _ask(self, message: Artifact) -> Reply:
        self._send(message)
        return self._receive()

    def _send(self, message: Artifact) -> None:
        assert self._process is not None
        stdin = self._process.stdin
        assert stdin is not None
        with suppress(BrokenPipeError):  # the reply that does not come tells why
            stdin.write(message.model_dump_json() + "\n")
            stdin.flush()

    def _receive(self) -> Reply:
        assert self._process is not None
        stdout = self._process.stdout
        assert stdout is not None
        try:
            reply = Reply.model_validate_json(stdout.readline())
        except ValidationError as error:
            raise MeasurementFailed(self._died()) from error
        if reply.failure is not None:
            raise MeasurementFailed(f"{self.name}: {reply.failure}")
        return reply

    def _died(self) -> str:
        assert self._process is not None
        status = self._process.wait()
        self._log.seek(0)
        tail = " | ".join(self._log.read().strip().splitlines()[-_TAIL_LINES:]) or "nothing"
        return f"{self.name}: the process ended with status {status}; its log ends: {tail}"

    def end(self) -> None:
        """End the process, if it runs."""
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
        self._log.close()
        self._process = None


def start_all(stack: ExitStack, processes: Iterable[Process]) -> None:
    """Start processes beside each other, none waiting for another; the stack ends them."""
    for process in processes:
        stack.callback(process.end)
        process.start()


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    # The child imports what its parent imports, wherever the parent found it.
    places = [str(Path(place).resolve()) for place in sys.path]
    merged = {**os.environ, "PYTHONPATH": os.pathsep.join(places), **changes}
    return {name: value for name, value in merged.items() if value is not None}
