"""A worker answers whatever happens to it."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.runtime.errors import BackendUnavailable, ClusterFailed
from clnet.runtime.item import Item
from clnet.runtime.scale import worker
from clnet.runtime.scale.worker import EmbeddingWorker, WorkerSettings

SETTINGS = WorkerSettings(
    branch=None,
    view="satellite",
    backend="onnxruntime",
    precision=None,
    batch_size=8,
    threads=1,
    decode_threads=1,
)


def answer_when_opening_raises(
    error: Exception, monkeypatch: pytest.MonkeyPatch, picture: Callable[..., Path]
) -> object:
    def fail(settings: WorkerSettings) -> None:
        raise error

    monkeypatch.setattr(worker, "_open", fail)
    row = {"items": pickle.dumps((Item("a", picture()),))}
    return pickle.loads(EmbeddingWorker(SETTINGS)(row)["block"])


def test_an_error_of_ours_is_sent_as_it_is(
    monkeypatch: pytest.MonkeyPatch, picture: Callable[..., Path]
) -> None:
    answer = answer_when_opening_raises(BackendUnavailable("no GPU"), monkeypatch, picture)

    assert isinstance(answer, BackendUnavailable)
    assert str(answer) == "no GPU"


def test_any_other_error_is_named(
    monkeypatch: pytest.MonkeyPatch,
    picture: Callable[..., Path],
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = answer_when_opening_raises(MemoryError("4 GiB"), monkeypatch, picture)

    assert isinstance(answer, ClusterFailed)
    assert "a worker failed: MemoryError('4 GiB')" in str(answer)
    assert "Traceback" in caplog.text
