from typing import Any

import pytest

from clnet.runtime.panorama import NORTH_CENTRED
from clnet.training.recipes import RECIPES, Architecture, RecipeName, baseline

SIZES = {
    "sample4geo-cvusa": ((140, 768), (384, 384)),
    "sample4geo-cvact": ((140, 768), (384, 384)),
    "sample4geo-vigor": ((384, 768), (384, 384)),
    "sample4geo-university1652": ((384, 384), (384, 384)),
}


def network(recipe: RecipeName = "sample4geo-cvusa", **changes: Any) -> Any:
    return baseline(recipe, Architecture("convnext_base", last_level=3, **changes))


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_has_the_sizes_of_its_benchmark(recipe: RecipeName) -> None:
    configured = network(recipe)

    ground, satellite = configured.ground, configured.satellite
    sizes = (ground.height, ground.width), (satellite.height, satellite.width)
    assert sizes == SIZES[recipe]


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_pins_kernel_and_statistics(recipe: RecipeName) -> None:
    for preprocess in (network(recipe).ground, network(recipe).satellite):
        assert preprocess.resize == "linear_exact"
        assert preprocess.mean == (0.485, 0.456, 0.406)
        assert preprocess.std == (0.229, 0.224, 0.225)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_says_where_its_panoramas_look(recipe: RecipeName) -> None:
    expected = None if recipe == "sample4geo-university1652" else NORTH_CENTRED

    assert network(recipe).ground.panorama == expected


def test_a_recipe_is_the_baseline() -> None:
    configured = network()

    assert configured.shared
    assert configured.levels == (3,)
    assert configured.maps is None
    assert configured.head == "pooled"
    assert configured.embedding_dim is None
    assert not configured.batch_norm


def test_other_pretraining_brings_its_own_statistics() -> None:
    half = (0.5, 0.5, 0.5)

    assert network(statistics=(half, half)).satellite.mean == half
