"""Neural maps as a bundle runs them: folded into its graphs, one constant a level."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...runtime.bundle import Bundle
from ...runtime.extras import is_installed
from ...runtime.preprocess import VIEWS, View
from .content import Picture, Section
from .heat_maps import Heat, heat_maps

if TYPE_CHECKING:
    import onnx

_FOLDED = "gain_"
"""How the export names the constant of a level; see `export.branch.Branch`."""

_CHANNELS_SHOWN = 2

_SYMBOLS: Mapping[View, str] = {"ground": "N^g", "satellite": "N^s"}

_WORDS = (
    "What GFR multiplies features by: 1 + norm(N^g) for the ground view and 1 + norm(N^s) for the "
    "satellite view, or norm(N) alone where the configuration has no residual. Export folds NEC "
    "and the normalisation into these constants, so a bundle holds them and not N itself.",
    "Each row of pictures: the mean over channels, then the channels whose places differ most.",
)

Maps = NDArray[np.float32]


def neural_maps(bundle: Bundle) -> Section:
    """
    Make the section of a bundle; without maps it says why.

    Reading a graph needs onnx, of the extra `bench`.
    """
    if not is_installed("onnx"):
        return Section("Neural maps", ("Not shown: onnx is not installed (extra bench).",))
    levels = {view: _folded(bundle, view) for view in VIEWS}
    names = sorted(set[str]().union(*levels.values()), key=lambda name: int(name))
    if not names:
        return Section("Neural maps", (_why_none(bundle),))
    stages = _stages(bundle, len(names))
    pictures = tuple(
        _picture(stage, {view: levels[view][name] for view in VIEWS if name in levels[view]})
        for name, stage in zip(names, stages, strict=True)
    )
    return Section("Neural maps", _WORDS, pictures)


def _folded(bundle: Bundle, view: View) -> dict[str, Maps]:
    """Read the constants of a graph, [C, H, W] by the level's number."""
    import onnx

    graph = onnx.load(bundle.graph(view, "fp32")).graph
    return {
        one.name.removeprefix(_FOLDED): _array(one)
        for one in graph.initializer
        if one.name.removeprefix(_FOLDED).isdecimal() and len(one.dims) == 4
    }


def _array(constant: "onnx.TensorProto") -> Maps:
    from onnx import numpy_helper

    return np.asarray(numpy_helper.to_array(constant)[0], np.float32)


def _why_none(bundle: Bundle) -> str:
    maps = bundle.manifest.network.get("maps")
    if isinstance(maps, dict) and maps.get("source") == "image":
        return "Not shown: this network computes its maps from each image."
    return "None: the graphs of this bundle hold no folded maps."


def _stages(bundle: Bundle, count: int) -> Sequence[str]:
    levels = bundle.manifest.network.get("levels")
    if isinstance(levels, list) and len(levels) == count:
        return [f"stage {level}" for level in levels]
    return [f"level {level}" for level in range(count)]


def _picture(stage: str, maps: Mapping[View, Maps]) -> Picture:
    heats = [heat for view, found in maps.items() for heat in _heats(view, found)]
    sizes = [f"{view} {' x '.join(map(str, found.shape))}" for view, found in maps.items()]
    ranges = [f"{view} {found.min():.3f} to {found.max():.3f}" for view, found in maps.items()]
    return Picture(
        title=f"{stage}, C x H x W: {', '.join(sizes)}",
        alt=f"Values: {'; '.join(ranges)}.",
        svg=heat_maps(heats),
    )


def _heats(view: View, maps: Maps) -> list[Heat]:
    spread = maps.std(axis=(1, 2))
    most = np.argsort(-spread, kind="stable")[:_CHANNELS_SHOWN]
    symbol = _SYMBOLS[view]
    return [
        Heat(f"{symbol}, mean", maps.mean(axis=0)),
        *(Heat(f"{symbol}, channel {channel}", maps[channel]) for channel in most),
    ]
