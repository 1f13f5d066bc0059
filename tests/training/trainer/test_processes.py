"""Two processes with half a batch each do what one does with the whole."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")
pytest.importorskip("accelerate", reason="accelerate is not installed: pip install 'clnet[train]'")

import parallel_run
from safetensors.torch import load_file

from clnet.runtime import ConfigError
from clnet.training.train_config import TrainConfig
from clnet.training.trainer.processes import Processes

TOLERANCE = 1e-5
"""
Of all numbers, absolute and relative. The two halves of a gradient are summed in another order
(float32 rounding, 6e-8 of a number), and six steps carry it on. AdamW's first moments are
compared, too: they are linear in the gradients, so that a wrong factor would be seen.
"""

TIME_LIMIT_S = 240


def launch(count: int, *arguments: object) -> list[subprocess.CompletedProcess[str]]:
    """Start processes as `accelerate launch` does, on the loopback; none outlives the limit."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    common = {"WORLD_SIZE": count, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    started = []
    for rank in range(count):
        own = {**common, "RANK": rank, "LOCAL_RANK": rank, "ACCELERATE_USE_CPU": "true"}
        environment = {**os.environ, **{name: str(value) for name, value in own.items()}}
        words = [sys.executable, parallel_run.__file__, *map(str, arguments)]
        started.append(
            subprocess.Popen(words, env=environment, stdout=-1, stderr=subprocess.STDOUT, text=True)
        )
    try:
        said = [one.communicate(timeout=TIME_LIMIT_S)[0] for one in started]
    finally:
        for one in started:
            one.kill()
    return [
        subprocess.CompletedProcess(one.args, one.returncode, text)
        for one, text in zip(started, said, strict=True)
    ]


def written(config: TrainConfig, path: Path) -> Path:
    path.write_text(config.model_dump_json())
    return path


VARIANTS: dict[str, dict[str, Any]] = {
    "all at once": {
        "ema_decay": 0.9,
        "label_smoothing": 0.1,
        "clip": {"kind": "norm", "at": 1.0},
        "negatives": {
            "kind": "gps-then-similarity",
            "table": 8,
            "neighbours": 4,
            "nearest": 2,
            "refresh_every_epochs": 1,
        },
    },
    "features computed again": {"gradient_checkpointing": True},
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variant", "levels"),
    [
        pytest.param("all at once", (3,), id="everything-that-reads-the-batch"),
        pytest.param("features computed again", (1, 2), id="stages-left-out-and-computed-again"),
    ],
)
def test_two_processes_learn_what_one_does(
    variant: str, levels: tuple[int, ...], small: Any, tmp_path: Path
) -> None:
    options = {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 16, 24, 32]}
    network = small(
        backbone_options={**options, "ls_init_value": 1.0},  # else blocks hardly have gradients
        batch_norm=True,
        levels=levels,
        maps={"converter": {"width": 8}},
    )
    config = TrainConfig(network=network, steps=6, batch_size=8, warmup_steps=2, precision="fp32")
    path = written(config.changed(**VARIANTS[variant]), tmp_path / "config.json")
    pictures = tmp_path / "pictures"
    parallel_run.run(tmp_path / "one", pictures, path)

    for done in launch(2, tmp_path / "two", pictures, path):
        assert done.returncode == 0, done.stdout

    expected = load_file(tmp_path / "one" / "process-0.safetensors")
    first, second = (load_file(tmp_path / "two" / f"process-{r}.safetensors") for r in range(2))
    for name, one in expected.items():
        assert torch.equal(first[name], second[name]), name
        torch.testing.assert_close(
            first[name], one, atol=TOLERANCE, rtol=TOLERANCE, msg=lambda m, n=name: f"{n}: {m}"
        )
    assert losses(tmp_path / "two") == pytest.approx(losses(tmp_path / "one"), abs=TOLERANCE)


def losses(folder: Path) -> list[float]:
    rows = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [row["loss"] for row in rows if "loss" in row]


@pytest.mark.slow
def test_a_process_that_fails_ends_the_others_with_a_reason(
    config: TrainConfig, tmp_path: Path
) -> None:
    path = written(config, tmp_path / "config.json")

    waiting, failing = launch(2, tmp_path / "run", tmp_path / "pictures", path, "failing")

    assert "DataError: no image" in failing.stdout
    assert waiting.returncode != 0
    assert "ProcessesFailed: another training process failed" in waiting.stdout


def test_a_batch_that_cannot_be_shared_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Processes()
    monkeypatch.setattr(alone, "count", 3)

    with pytest.raises(ConfigError, match="expected a multiple of 3"):
        alone.share_of(8)
