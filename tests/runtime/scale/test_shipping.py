"""A branch that was shipped embeds as the bundle does, and nothing else of it travels."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clnet.runtime.backends import open_backend
from clnet.runtime.bundle import Bundle
from clnet.runtime.embedder import embed_images
from clnet.runtime.errors import ArtifactError
from clnet.runtime.scale.shipping import pack

pytest.importorskip("onnxruntime", reason="a branch runs in ONNX Runtime: clnet[cpu]")


def test_a_shipped_branch_embeds_the_same(tiny_bundle: Bundle, tmp_path: Path) -> None:
    images = list(np.random.default_rng(0).integers(0, 256, (3, 20, 20, 3), dtype=np.uint8))
    shipped = pickle.loads(pickle.dumps(pack(tiny_bundle, "satellite")))

    with (
        open_backend(tiny_bundle, "satellite") as here,
        open_backend(shipped.unpack(tmp_path), "satellite") as there,
    ):
        assert np.array_equal(embed_images(here, images), embed_images(there, images))


def test_the_other_branch_stays_at_home(tiny_bundle: Bundle) -> None:
    shipped = pack(tiny_bundle, "satellite")

    assert {name.partition("/")[0] for name in shipped.files} == {"satellite"}
    assert shipped.size_bytes == sum(
        path.stat().st_size for path in (tiny_bundle.path / "satellite").rglob("*")
    )


def test_engines_travel_with_their_branch(
    write_bundle: Callable[..., Path], tmp_path: Path
) -> None:
    bundle = Bundle.open(write_bundle(tmp_path / "bundle"))
    bundle.engines("ground").mkdir()
    (bundle.engines("ground") / "key.engine").write_bytes(b"plan")

    there = pack(bundle, "ground").unpack(tmp_path / "there")

    assert (there.engines("ground") / "key.engine").read_bytes() == b"plan"


def test_a_file_that_changed_on_its_way_is_refused(tiny_bundle: Bundle, tmp_path: Path) -> None:
    shipped = pack(tiny_bundle, "satellite")
    graph = "satellite/model.fp32.onnx"
    damaged = replace(shipped, files={**shipped.files, graph: b"other"})

    with pytest.raises(ArtifactError, match="is not the file that was exported"):
        damaged.unpack(tmp_path)
