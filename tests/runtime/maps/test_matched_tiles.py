"""`clnet-match` in a gallery that was cut from a map."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from clnet.runtime.answers.sheet_style import CELL, GAP, HEADER, LABEL, MARGIN, QUERY_WIDTH
from clnet.runtime.bundle import Bundle
from clnet.runtime.cli import embed, match
from clnet.runtime.images import read_image
from clnet.runtime.maps import read_map

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")


def run(command: Any, *words: object) -> str:
    result = CliRunner().invoke(command, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_picture_of_a_tile_finds_it_and_the_sheet_cuts_it_again(
    tiny_bundle: Bundle, tile_folder: Callable[..., Path], tmp_path: Path
) -> None:
    source, gallery, sheet = tile_folder(), tmp_path / "g", tmp_path / "sheet.png"
    run(
        embed, tiny_bundle.path, source, "--tile-m", 60, "--view", "satellite", "--gallery", gallery
    )
    tile = read_map(source, ground_size_m=60)[3]
    cv2.imwrite(str(tmp_path / "photo.png"), tile.read()[..., ::-1])
    near = f"{tile.latitude},{tile.longitude},45m"

    out = run(
        match,
        tiny_bundle.path,
        tmp_path / "photo.png",
        "--view",
        "satellite",
        "--gallery",
        gallery,
        "--near",
        near,
        "--format",
        "json",
        "--sheet",
        sheet,
    )

    best = json.loads(out)["answers"][0]["matches"][0]
    assert (best["id"], best["path"]) == (tile.id, tile.locator)
    assert (best["latitude"], best["longitude"]) == (tile.latitude, tile.longitude)
    top, left = MARGIN + HEADER + LABEL, MARGIN + QUERY_WIDTH + 2 * GAP
    drawn = read_image(sheet)[top : top + CELL, left : left + CELL]
    scaled = cv2.resize(tile.read(), (CELL, CELL), interpolation=cv2.INTER_CUBIC)
    np.testing.assert_allclose(drawn, scaled, atol=1)
