"""Parts of a branch, and how the name of a weight or of a torch module tells its part."""

import re

BACKBONE, STEM = "backbone", "backbone.stem"
INPUT, NEC, GFR, HEAD, TOTAL = "input", "nec", "gfr", "head", "total"

_BACKBONE = re.compile(r"backbones?\.(?:(?:shared|ground|satellite)\.)?(?:model\.)?(.*)")
_FROM_ZERO = re.compile(r"(?:stages|layers|blocks|features)\.(\d+)")
_FROM_ONE = re.compile(r"layer(\d+)")
_LAST = (NEC, GFR, HEAD, TOTAL)


def module_of(name: str) -> str | None:
    """
    Tell the part of a branch.

    Args:
        name: dotted, as in the network (`maps.0.converter.layers.0.weight`) or in an exported
            graph (`backbone.model.stem.0.bias`, `gain_0`).

    Returns:
        `backbone.stem` (and all else before or between the backbone's stages),
        `backbone.stage1` and on, `nec`, `gfr` or `head`; None for another name.

    """
    if found := _BACKBONE.fullmatch(name):
        return _backbone_module(found[1])
    if name.startswith("maps.") and ".converter" in name:
        return NEC
    if name.startswith(("maps.", "map_layers.", "gain_")):
        return GFR
    return HEAD if name.startswith(("head.", "heads.")) else None


def place_of(module: str) -> tuple[int, int, str]:
    """Sort key: the order in which images pass the modules, `total` last."""
    if module in _LAST:
        return 2 + _LAST.index(module), 0, module
    return int(module != INPUT), stage_of(module), module


def stage_of(module: str) -> int:
    """Return N of `backbone.stageN`; 0 for other parts of the backbone."""
    number = module.removeprefix("backbone.stage")
    return int(number) if number.isdigit() else 0


def _backbone_module(inner: str) -> str:
    if inner.startswith("head."):  # timm's norm after pooling
        return HEAD
    if found := _FROM_ZERO.match(inner):
        return f"backbone.stage{int(found[1]) + 1}"
    if found := _FROM_ONE.match(inner):
        return f"backbone.stage{int(found[1])}"
    return STEM
