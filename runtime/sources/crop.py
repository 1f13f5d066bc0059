"""Heading and field of view that a command names for every photograph."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..errors import ConfigError, DataError
from ..item import Item
from ..panorama import NO_NORTH, Projection
from ..preprocess import Preprocess
from .items import MadeItems


def with_crop(
    items: Sequence[Item],
    preprocess: Preprocess,
    *,
    heading_deg: float | None = None,
    fov_deg: float | None = None,
    projection: Projection = "equirectangular",
) -> Sequence[Item]:
    """
    Complete what items know of their photographs, as a view needs it.

    An item's own heading and field of view come first. Of a satellite view they are taken away:
    a table of places tells them of its photographs, and a tile has neither.

    Args:
        items: what a source holds.
        preprocess: of the branch that will embed them.
        heading_deg: of each photograph that has none of its own, clockwise from north.
        fov_deg: of each photograph that has none of its own.
        projection: of each photograph.

    Returns:
        As many items, in their order.

    Raises:
        ConfigError: angles for a satellite view, or for a network that does not know where its
            panoramas look.
        DataError: angles that no photograph has; or an item that has one of the two after all.

    """
    asked = heading_deg is not None or fov_deg is not None or projection != "equirectangular"
    if preprocess.view == "satellite":
        if asked:
            raise ConfigError("heading, fov and projection are for --view ground; leave them out")
        return _Changed(items, _without_angles)

    def completed(item: Item) -> Item:
        return replace(
            item,
            heading_deg=heading_deg if item.heading_deg is None else item.heading_deg,
            fov_deg=fov_deg if item.fov_deg is None else item.fov_deg,
            projection=projection,
        )

    if asked:
        items = _Changed(items, completed)
        _refuse_half_an_answer(items)
    panorama = preprocess.panorama
    blind = panorama is None or panorama.centre_heading_deg is None
    if blind and any(item.crop for item in items):
        raise ConfigError(NO_NORTH)
    return items


def _without_angles(item: Item) -> Item:
    return replace(item, heading_deg=None, fov_deg=None)


def _refuse_half_an_answer(items: Sequence[Item]) -> None:
    for item in items:
        if item.crop is None:
            raise DataError(
                f"{item.id}: a photograph is placed by its heading and its field of view, got "
                f"heading {item.heading_deg}, fov {item.fov_deg}; give --heading and --fov, or "
                "columns of these names"
            )


class _Changed(MadeItems):
    """The items of another sequence, changed when they are asked for."""

    def __init__(self, items: Sequence[Item], change: Callable[[Item], Item]) -> None:
        self._items = items
        self._change = change

    def __len__(self) -> int:
        return len(self._items)

    def _item(self, row: int) -> Item:
        return self._change(self._items[row])
