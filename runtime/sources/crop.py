"""Heading and field of view that a command names for every photograph."""

from collections.abc import Sequence
from dataclasses import replace

from ..errors import ConfigError, DataError
from ..item import Item
from ..panorama import Projection
from ..preprocess import View
from .items import MadeItems


def with_crop(
    items: Sequence[Item],
    view: View,
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
        view: the branch that will embed them.
        heading_deg: of each photograph that has none of its own, clockwise from north.
        fov_deg: of each photograph that has none of its own.
        projection: of each photograph.

    Returns:
        As many items, in their order.

    Raises:
        ConfigError: angles for a satellite view.
        DataError: angles that no photograph has; or an item that has one of the two after all.

    """
    asked = heading_deg is not None or fov_deg is not None or projection != "equirectangular"
    if view == "satellite":
        if asked:
            raise ConfigError("heading, fov and projection are for --view ground; leave them out")
        return _Completed(items, None, None, projection, keep=False)
    if not asked:
        return items
    completed = _Completed(items, heading_deg, fov_deg, projection, keep=True)
    for item in completed:
        if item.crop is None:
            raise DataError(
                f"{item.id}: a photograph is placed by its heading and its field of view, got "
                f"heading {item.heading_deg}, fov {item.fov_deg}; give --heading and --fov, or "
                "columns of these names"
            )
    return completed


class _Completed(MadeItems):
    """The items of another sequence, with angles."""

    def __init__(
        self,
        items: Sequence[Item],
        heading_deg: float | None,
        fov_deg: float | None,
        projection: Projection,
        *,
        keep: bool,
    ) -> None:
        self._items = items
        self._heading_deg = heading_deg
        self._fov_deg = fov_deg
        self._projection = projection
        self._keep = keep

    def __len__(self) -> int:
        return len(self._items)

    def _item(self, row: int) -> Item:
        item = self._items[row]
        heading_deg, fov_deg = item.heading_deg, item.fov_deg
        return replace(
            item,
            heading_deg=self._heading_deg if heading_deg is None or not self._keep else heading_deg,
            fov_deg=self._fov_deg if fov_deg is None or not self._keep else fov_deg,
            projection=self._projection,
        )
