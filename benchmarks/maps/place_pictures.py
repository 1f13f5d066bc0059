"""What GFR does to the features of held-out places, laid over both images of the pair."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...runtime.preprocess import VIEWS, View
from ...training.network import CLNet
from ..experiments.scoring import HeldOut
from .drawing import Floats, figure, overlay, picture, save, scale_of
from .studied import Studied

_WIDE_IN = 12.0
_PLACE_IN = 1.2


def draw_places(run: Studied, held_out: HeldOut, places: int, out: Path) -> Path:
    """
    Draw held-out places, spread evenly over their list, one a row.

    Shown is the features' size, the root mean square over channels at each position of the last
    recalibrated stage, before GFR (F) and after it (F'), each pair on one scale.

    Args:
        run: with learned maps.
        held_out: the places.
        places: how many; fewer where there are not so many.
        out: a folder.

    """
    rows = np.unique(np.linspace(0, len(held_out) - 1, places).astype(np.int64))
    wide, square = (
        run.network.config.preprocess(view).width / run.network.config.preprocess(view).height
        for view in VIEWS
    )
    drawn = figure(_WIDE_IN, _PLACE_IN * len(rows) + 0.6)
    stage = run.network.config.levels[-1]
    drawn.suptitle(
        f"{run.name}, stage {stage}: size of the features before GFR (F) and after it (F')",
        fontsize=10,
    )
    grid = drawn.subplots(len(rows), 6, squeeze=False, width_ratios=[wide] * 3 + [square * 1.5] * 3)
    for view, columns in zip(VIEWS, (slice(0, 3), slice(3, 6)), strict=True):
        images = held_out.images(run.network.config.preprocess(view), rows)
        sizes = recalibrated(run.network, view, images)
        for axes, place, image, before, after in zip(grid, rows, images, *sizes, strict=True):
            _draw(axes[columns], run.network, view, int(place), image, (before, after))
    return save(drawn, out / f"{run.name}-places.png")


@torch.no_grad()
def recalibrated(network: CLNet, view: View, images: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """
    Measure the features of the last recalibrated level, without and with GFR.

    Args:
        network: with maps.
        view: the branch.
        images: [B, H, W, 3] uint8, at the network's size.

    Returns:
        Two [B, h, w]: root mean square over channels of F and of F'.

    """
    tensor = torch.from_numpy(network.config.preprocess(view).tensor(images))
    levels = network.config.levels
    features = network.backbone(view)(tensor.to(network.logit_scale.device), levels)[-1].float()
    gain = network.gain(len(levels) - 1, view, features)
    before, after = (
        one.square().mean(dim=1).sqrt().cpu().numpy() for one in (features, features * gain)
    )
    return before, after


def _draw(
    axes: "NDArray[np.object_]",
    network: CLNet,
    view: View,
    place: int,
    image: NDArray[np.uint8],
    sizes: tuple[Floats, Floats],
) -> None:
    size = network.config.preprocess(view)
    limits = float(min(one.min() for one in sizes)), float(max(one.max() for one in sizes))
    picture(axes[0], image, size, f"place {place}" if view == "ground" else "its tile")
    for one, values, name in zip(axes[1:], sizes, ("F", "F'"), strict=True):
        drawn = overlay(one, image, values, size, limits, name)
    scale_of(axes[-1], drawn)
