"""Ranges of a real branch on real images, and which images those are."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

for module in ("torch", "onnx", "onnxscript", "onnxslim", "onnxruntime"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx
import onnxruntime

from clnet.export.calibration import BATCH, calibrate
from clnet.export.calibration_images import ENOUGH, own_images, split_folders, training_images
from clnet.export.export_run import ImageChoice
from clnet.export.gate.images import held_out_images
from clnet.export.graph_certificate import Certificate
from clnet.runtime import Bundle
from clnet.runtime.errors import DataError, EmbeddingError
from clnet.runtime.images import read_image
from clnet.runtime.preprocess import Preprocess


@pytest.fixture(scope="module")
def branch(bundle: Path) -> tuple[onnx.ModelProto, Preprocess]:
    opened = Bundle.open(bundle)
    return onnx.load(opened.graph("ground", "fp32")), opened.preprocess("ground")


@pytest.fixture(scope="module")
def files(town: Path) -> tuple[Path, ...]:
    return training_images(town, "cvusa", BATCH + 1).ground


def every_tensor(
    model: onnx.ModelProto, preprocess: Preprocess, files: tuple[Path, ...]
) -> dict[str, np.ndarray]:
    exposed = onnx.ModelProto()
    exposed.CopyFrom(model)
    names = [name for node in model.graph.node for name in node.output]
    exposed.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names[:-1])
    session = onnxruntime.InferenceSession(
        exposed.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    images = np.stack([preprocess.fit(read_image(path)) for path in files])
    return dict(zip(names, session.run(names, {"images": preprocess.tensor(images)}), strict=True))


def test_peaks_are_the_largest_absolute_values_over_all_batches(
    branch: tuple[onnx.ModelProto, Preprocess], files: tuple[Path, ...]
) -> None:
    model, preprocess = branch
    expected = {
        name: float(np.abs(tensor).max())
        for name, tensor in every_tensor(model, preprocess, files).items()
    }

    peaks = calibrate(model, preprocess, files)

    assert set(peaks) == {"images", *expected}
    for name, peak in expected.items():
        assert peaks[name] == pytest.approx(peak, rel=1e-4), name


def test_calibration_leaves_the_graph_as_it_was(
    branch: tuple[onnx.ModelProto, Preprocess], files: tuple[Path, ...]
) -> None:
    before = branch[0].SerializeToString()
    calibrate(*branch, files[:1])

    assert branch[0].SerializeToString() == before


def test_a_tensor_that_is_not_finite_in_fp32_is_named(
    branch: tuple[onnx.ModelProto, Preprocess], files: tuple[Path, ...]
) -> None:
    broken = onnx.ModelProto()
    broken.CopyFrom(branch[0])
    stem = next(node for node in broken.graph.node if node.op_type == "Conv")
    weight = next(one for one in broken.graph.initializer if one.name == stem.input[1])
    values = onnx.numpy_helper.to_array(weight) * np.float32(np.inf)
    weight.CopyFrom(onnx.numpy_helper.from_array(values, weight.name))

    with pytest.raises(EmbeddingError, match=f"tensor {stem.output[0]} is not finite in FP32"):
        calibrate(broken, branch[1], files[:2])


def test_an_unreadable_image_is_named(
    branch: tuple[onnx.ModelProto, Preprocess], tmp_path: Path
) -> None:
    (tmp_path / "torn.png").write_bytes(b"no image")

    with pytest.raises(DataError, match=r"torn\.png"):
        calibrate(*branch, (tmp_path / "torn.png",))


def test_training_places_are_thinned_evenly_and_none_is_held_out(town: Path) -> None:
    images = training_images(town, "cvusa", 16)
    numbers = [int(path.stem) for path in images.satellite]

    assert len(images.ground) == len(images.satellite) == 16
    assert max(np.diff(numbers)) <= 2 * min(np.diff(numbers))
    assert not set(images.ground) & set(held_out_images(town, "cvusa").ground)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str, int], Path]:
    def write(name: str, count: int) -> Path:
        (tmp_path / name).mkdir()
        for index in range(count):
            picture = np.full((8, 8, 3), index, np.uint8)
            assert cv2.imwrite(str(tmp_path / name / f"{index:03}.png"), picture)
        return tmp_path / name

    return write


def test_a_large_enough_folder_is_divided_between_gate_and_calibration(
    folder: Callable[[str, int], Path],
) -> None:
    gate, apart = split_folders(folder("ground", ENOUGH), folder("satellite", 40))

    assert apart.source == "folders"
    assert (len(apart.ground), len(gate.ground)) == (4, 12)
    assert (len(apart.satellite), len(gate.satellite)) == (10, 30)
    assert not set(apart.satellite) & set(gate.satellite)


@pytest.mark.parametrize("gate_places", [5, 1100])
def test_the_gate_looks_at_as_many_images_as_it_was_told(tmp_path: Path, gate_places: int) -> None:
    for view in ("ground", "satellite"):
        (tmp_path / view).mkdir()
        for index in range(1200):
            (tmp_path / view / f"{index:04}.png").touch()

    gate, apart = split_folders(tmp_path / "ground", tmp_path / "satellite", gate_places)

    assert (len(gate.ground), len(gate.satellite)) == (gate_places, gate_places)
    assert apart.ground[-1].name == "1199.png"  # from the whole folder


def test_a_small_folder_serves_both_and_that_is_said(folder: Callable[[str, int], Path]) -> None:
    gate, same = split_folders(folder("ground", ENOUGH - 1), folder("satellite", 40))

    assert same.source == "the gate's own images"
    assert same.ground == gate.ground


@pytest.mark.parametrize(("precision", "calibrates"), [("fp32", False), ("fp16", True)])
def test_only_half_is_calibrated(town: Path, precision: str, calibrates: bool) -> None:
    gate, calibration = ImageChoice(data=town).load(precision)  # type: ignore[arg-type]

    assert gate is not None
    assert (calibration is not None) == calibrates


def test_the_certificate_holds_images_limits_and_the_nearest_ranges(
    bundle: Path, town: Path
) -> None:
    certificate = Certificate.read(bundle / "certificate.json")
    halves = [one for one in certificate.graphs if one.graph.endswith("fp16.onnx")]
    own = own_images(held_out_images(town, "cvusa"))

    assert len(halves) == 2
    for one in halves:
        assert one.calibration is not None
        assert one.calibration.source == "the gate's own images"
        assert one.calibration.images == len(own.ground)
        largest = list(one.calibration.largest.values())
        assert len(largest) == 5
        assert largest == sorted(largest, reverse=True)
        assert largest[0] < one.calibration.overflow_limit == 65504 / 8
    assert halves[0].calibration != halves[1].calibration
