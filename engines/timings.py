"""
Kernel timings of earlier builds, so that the next build of like layers measures less.

Only `tensorrt` times kernels while it builds; RTX chooses them when it runs, and its timing cache
does nothing. The timings are no part of an engine's key: they say how fast kernels are, not what
they compute, and a build without them measures anew and may choose otherwise, too.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from ..runtime.engine.identity import EngineIdentity
from .log import Log

if TYPE_CHECKING:
    import tensorrt as trt


def timings_path(folder: Path, identity: EngineIdentity) -> Path:
    """Locate the timings of a flavour, version and GPU."""
    capability = "-".join(identity.asked_capabilities)
    return folder / f"{identity.flavour}-{identity.version}-{capability}.timings"


class Timings:
    """TensorRT's timing cache: read from one file before a build, written to another after it."""

    def __init__(self, stored: Path, fresh: Path, log: Log) -> None:
        self._stored = stored
        self._fresh = fresh
        self._log = log
        self._cache: trt.ITimingCache | None = None

    def attach(self, options: "trt.IBuilderConfig") -> None:
        """Give a builder config what is stored; timings that do not fit are left out, and said."""
        self._cache = self._usable(options)
        if self._cache is None:
            self._cache = options.create_timing_cache(b"")
            options.set_timing_cache(self._cache, False)

    def keep(self) -> None:
        """Write what is known after the build; a full disk costs the timings, not the engine."""
        if self._cache is None:
            return
        try:
            self._fresh.write_bytes(memoryview(self._cache.serialize()))
        except OSError as error:
            self._fresh.unlink(missing_ok=True)
            self._log.take("WARNING", f"timings are not kept: {error.strerror}")

    def _usable(self, options: "trt.IBuilderConfig") -> "trt.ITimingCache | None":
        try:
            stored = self._stored.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._log.take("WARNING", f"{self._stored} cannot be read: {error.strerror}")
            return None
        cache = options.create_timing_cache(stored)
        if cache is not None and options.set_timing_cache(cache, False):
            return cache
        self._log.take("WARNING", f"{self._stored} is damaged, or of another GPU: measuring anew")
        return None
