"""The base alone, as on a device: it embeds and matches, and imports nothing heavy."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.runtime.bundle import Bundle

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

HEAVY = ("torch", "torchvision", "timm", "onnx", "onnxscript", "onnxslim", "accelerate", "yaml")
OURS = tuple(f"clnet.{folder}" for folder in ("training", "export", "engines", "benchmarks"))

CODE = f"""
import json, sys
sys.modules.update(dict.fromkeys({(*HEAVY, *OURS)!r}))  # importing one of them now raises
from clnet.runtime.cli import embed, match
arguments = json.loads(sys.argv[1])
embed.main(arguments["embed"], standalone_mode=False)
match.main(arguments["match"], standalone_mode=False)
"""


def test_the_base_embeds_and_matches_where_nothing_heavy_can_be_imported(
    tiny_bundle: Bundle, picture: Callable[..., Path], tmp_path: Path
) -> None:
    for seed in range(3):
        picture(f"tiles/{seed}.png", seed=seed)
    bundle, gallery, answers = str(tiny_bundle.path), str(tmp_path / "g"), tmp_path / "out.json"
    tiles = str(tmp_path / "tiles")
    arguments = {
        "embed": [bundle, tiles, "--view", "satellite", "--gallery", gallery],
        "match": [bundle, f"{tiles}/1.png", "--view", "satellite", "--gallery", gallery,
                  "--top-k", "1", "--format", "json", "--out", str(answers)],
    }  # fmt: skip

    done = subprocess.run(
        [sys.executable, "-c", CODE, json.dumps(arguments)],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    (answer,) = json.loads(answers.read_text())["answers"]
    assert answer["query"] == answer["matches"][0]["id"] == "1"
