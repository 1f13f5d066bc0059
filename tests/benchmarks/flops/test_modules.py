"""Names tell modules, in the network and in its graphs alike."""

import pytest

from clnet.benchmarks.flops.modules import module_of, place_of


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("backbones.shared.model.stem.0.weight", "backbone.stem"),
        ("backbones.ground.model.stages.0.blocks.1.mlp.fc1.bias", "backbone.stage1"),
        ("backbone.model.stages.3.downsample.0.weight", "backbone.stage4"),
        ("backbone.model.layer2.0.conv1.weight", "backbone.stage2"),
        ("backbone.model.head.norm.weight", "head"),
        ("heads.satellite.projections.0.weight", "head"),
        ("maps.0.converter.layers.2.bias", "nec"),
        ("maps.1.ground_map", "gfr"),
        ("map_layers.0.weight", "gfr"),
        ("gain_0", "gfr"),
        ("val_190", None),
    ],
)
def test_a_weight_belongs_to_the_module_that_its_name_says(name: str, module: str | None) -> None:
    assert module_of(name) == module


def test_modules_stand_in_the_order_in_which_images_pass_them() -> None:
    shuffled = [
        "total", "head", "backbone.stage10", "gfr", "backbone.stage2", "nec", "backbone.stem",
        "input",
    ]  # fmt: skip

    assert sorted(shuffled, key=place_of) == [
        "input", "backbone.stem", "backbone.stage2", "backbone.stage10", "nec", "gfr", "head",
        "total",
    ]  # fmt: skip
