"""What the ablation leaves out, and nothing else."""

import pytest

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("timm", reason="timm is not installed")

from clnet.benchmarks.experiments.variants import run_name, variant_of, with_converter
from clnet.benchmarks.records.ablation_result import Variant
from clnet.runtime.errors import ConfigError
from clnet.training.config import ConverterConfig
from clnet.training.train_config import TrainConfig

WHOLE = TrainConfig(steps=3)


@pytest.mark.parametrize("variant", ["baseline", "maps", "nec", "image"])
def test_variants_differ_in_maps_and_seed_alone(variant: Variant) -> None:
    one = variant_of(WHOLE, variant, 4)

    assert one.seed == 4
    assert one.changed(seed=0, network=WHOLE.network) == WHOLE
    assert one.network.model_copy(update={"maps": WHOLE.network.maps}) == WHOLE.network


def test_each_step_adds_one_part() -> None:
    baseline, maps, nec = (
        variant_of(WHOLE, v, 0).network.maps for v in ("baseline", "maps", "nec")
    )

    assert baseline is None
    assert maps is not None
    assert maps.converter is None
    assert nec == WHOLE.network.maps


def test_a_configuration_without_nec_has_nothing_to_leave_out() -> None:
    with pytest.raises(ConfigError, match="converter"):
        variant_of(variant_of(WHOLE, "maps", 0), "nec", 0)


def test_runs_have_names_of_their_own() -> None:
    deep = with_converter(WHOLE, ConverterConfig(depth=3, width=16, activation="tanh"), 1)
    linear = with_converter(WHOLE, ConverterConfig(depth=1), 0)
    named = [run_name(variant_of(WHOLE, v, 0)) for v in ("baseline", "maps", "nec", "image")]

    assert named == ["baseline-seed0", "maps-seed0", "nec-2x64-gelu-seed0", "image-seed0"]
    assert [run_name(deep), run_name(linear)] == ["nec-3x16-tanh-seed1", "nec-1-seed0"]
