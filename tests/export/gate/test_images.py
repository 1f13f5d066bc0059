"""The gate's pairs: no tile stands in its gallery twice."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the gate holds graphs to torch: clnet[export]")
pytest.importorskip("scipy", reason="the gate's interval needs scipy: clnet[export]")

from clnet.export.gate.images import held_out_images


def test_a_tile_that_several_queries_share_is_taken_once(tmp_path: Path) -> None:
    for building in ("0001", "0002", "0003"):
        for side in ("query", "gallery"):
            for view, names in (("drone", ("a.jpg", "b.jpg")), ("satellite", ("tile.jpg",))):
                folder = tmp_path / "test" / f"{side}_{view}" / building
                folder.mkdir(parents=True)
                for name in names:
                    (folder / name).touch()

    images = held_out_images(tmp_path, "university1652")

    assert images.paired
    assert [path.parent.name for path in images.satellite] == ["0001", "0002", "0003"]
    assert [path.parent.name for path in images.ground] == ["0001", "0002", "0003"]
