"""Sample4Geo's weights mean here what they mean there, or are refused by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")
timm = pytest.importorskip("timm", reason="timm is not installed: pip install 'clnet[train]'")

from clnet.runtime import ArtifactError, ConfigError
from clnet.runtime.images import read_image
from clnet.training.checkpoint import load_checkpoint
from clnet.training.foreign_weights import CONVNEXTS, import_weights, open_checkpoint
from clnet.training.recipes import IMAGENET

RECIPE = "sample4geo-cvusa"

Save = Callable[..., Path]


@pytest.fixture
def save(published: Any, tmp_path: Path) -> Save:
    """Save the published weights with some of them changed; None leaves one out."""

    def saved(**changes: Any) -> Path:
        weights = {**published.weights, **{k.replace("__", "."): v for k, v in changes.items()}}
        torch.save({k: v for k, v in weights.items() if v is not None}, tmp_path / "changed.pth")
        return tmp_path / "changed.pth"

    return saved


def refused(file: Path, tmp_path: Path, backbone: str | None = None) -> str:
    with pytest.raises((ArtifactError, ConfigError)) as caught:
        import_weights(file, RECIPE, tmp_path / "run", backbone)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "run"))] == []
    return str(caught.value)


@pytest.mark.parametrize("view", ["ground", "satellite"])
def test_an_embedding_is_the_plain_timm_models(
    published: Any, photographs: list[Path], tmp_path: Path, view: Any
) -> None:
    import_weights(published.path, RECIPE, tmp_path / "run")
    network = load_checkpoint(tmp_path / "run").network
    preprocess = network.config.preprocess(view)

    fitted = np.stack([preprocess.fit(read_image(path)) for path in photographs])
    found = network(torch.from_numpy(preprocess.tensor(fitted)), view).numpy()

    size = (140, 768) if view == "ground" else (384, 384)
    plain = np.stack([published.embed(path, *size) for path in photographs])
    assert (found * plain).sum(axis=1).min() >= 1 - 1e-6
    assert (plain @ plain.T).min() < 0.99, "the pictures must be told apart"


def test_the_temperature_comes_along(save: Save, tmp_path: Path) -> None:
    import_weights(save(logit_scale=torch.tensor(3.5)), RECIPE, tmp_path / "run")

    assert load_checkpoint(tmp_path / "run").network.logit_scale.item() == 3.5


def test_the_checkpoint_says_where_it_came_from(published: Any, tmp_path: Path) -> None:
    from clnet.runtime.artifact import sha256_of

    import_weights(published.path, RECIPE, tmp_path / "run")
    source = load_checkpoint(tmp_path / "run").source

    assert source is not None
    assert (source.recipe, source.file_sha256) == (RECIPE, sha256_of(published.path))


def test_what_data_parallel_puts_before_names_is_taken_off(published: Any, tmp_path: Path) -> None:
    weights = {f"module.{name}": tensor for name, tensor in published.weights.items()}
    torch.save(weights, tmp_path / "parallel.pth")

    import_weights(tmp_path / "parallel.pth", RECIPE, tmp_path / "run")
    import_weights(published.path, RECIPE, tmp_path / "plain")

    hashes = {load_checkpoint(tmp_path / name).weights_sha256 for name in ("run", "plain")}
    assert len(hashes) == 1


def test_a_classifier_is_dropped_and_named(save: Save, tmp_path: Path) -> None:
    file = save(model__head__fc__weight=torch.ones(9, 320), model__head__fc__bias=torch.ones(9))

    source = import_weights(file, RECIPE, tmp_path / "run")

    assert source.dropped == ("model.head.fc.bias", "model.head.fc.weight")
    assert "dropped the classifier: model.head.fc.bias" in source.line()


def test_half_weights_become_float(save: Save, published: Any, tmp_path: Path) -> None:
    name = "model.stem.0.weight"
    import_weights(
        save(model__stem__0__weight=published.weights[name].half()), RECIPE, tmp_path / "r"
    )

    loaded = load_checkpoint(tmp_path / "r").network.state_dict()[f"backbones.shared.{name}"]
    assert loaded.dtype == torch.float32
    assert torch.equal(loaded, published.weights[name].half().float())


def test_a_run_and_its_file_have_one_hash(published: Any, tmp_path: Path) -> None:
    import_weights(published.path, RECIPE, tmp_path / "run")

    direct, imported = open_checkpoint(published.path, RECIPE), open_checkpoint(tmp_path / "run")

    assert direct.weights_sha256 == imported.weights_sha256
    assert direct.network.config == imported.network.config


@pytest.mark.parametrize(("signature", "name"), CONVNEXTS.items(), ids=CONVNEXTS.values())
def test_a_convnext_is_told_by_what_timm_makes_of_its_name(
    signature: tuple[int, tuple[int, ...]], name: str
) -> None:
    with torch.device("meta"):
        model = timm.create_model(name, pretrained=False)

    assert (len(model.stem[0].weight), tuple(len(s.blocks) for s in model.stages)) == signature
    assert (model.pretrained_cfg["mean"], model.pretrained_cfg["std"]) == IMAGENET


def test_another_timm_model_is_named(tmp_path: Path) -> None:
    model = timm.create_model("resnet18", pretrained=False, num_classes=0)
    weights = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    torch.save({**weights, "logit_scale": torch.tensor(2.6)}, tmp_path / "resnet.pth")

    import_weights(tmp_path / "resnet.pth", RECIPE, tmp_path / "run", "resnet18")

    assert load_checkpoint(tmp_path / "run").network.config.levels == (4,)


def test_the_tag_of_the_pretraining_changes_no_network(published: Any, tmp_path: Path) -> None:
    import_weights(published.path, RECIPE, tmp_path / "tagged", "convnext_atto.d2_in1k")
    import_weights(published.path, RECIPE, tmp_path / "plain")

    tagged, plain = (load_checkpoint(tmp_path / name).network for name in ("tagged", "plain"))
    assert tagged.config == plain.config


def test_a_models_own_statistics_are_taken_as_sample4geo_takes_them(tmp_path: Path) -> None:
    name = "test_convnext"
    model = timm.create_model(name, pretrained=False, num_classes=0)
    weights = {f"model.{key}": tensor for key, tensor in model.state_dict().items()}
    torch.save({**weights, "logit_scale": torch.tensor(2.6)}, tmp_path / "w.pth")

    import_weights(tmp_path / "w.pth", RECIPE, tmp_path / "run", name)

    asked = timm.data.resolve_model_data_config(model)
    ground = load_checkpoint(tmp_path / "run").network.config.ground
    assert (ground.mean, ground.std) == (asked["mean"], asked["std"]) != IMAGENET


def test_missing_names_are_listed_up_to_three(save: Save, tmp_path: Path) -> None:
    missing = {f"model__stages__{stage}__blocks__1__gamma": None for stage in range(4)}
    message = refused(save(**missing), tmp_path)

    assert "lacks model.stages.0.blocks.1.gamma, " in message
    assert "and 1 more" in message
    assert "model.stages.3" not in message


def test_a_missing_temperature_is_named(save: Save, tmp_path: Path) -> None:
    assert "lacks logit_scale" in refused(save(logit_scale=None), tmp_path)


def test_unknown_names_are_listed(save: Save, tmp_path: Path) -> None:
    message = refused(save(model__projector__weight=torch.ones(1)), tmp_path)

    assert "has unknown model.projector.weight" in message


def test_other_shapes_are_listed(save: Save, tmp_path: Path) -> None:
    message = refused(save(model__head__norm__weight=torch.ones(7)), tmp_path)

    assert "has other shapes for model.head.norm.weight" in message


def test_numbers_of_another_kind_are_listed(save: Save, tmp_path: Path) -> None:
    strange = torch.ones(320, dtype=torch.complex64)

    assert "other types for model.head" in refused(
        save(model__head__norm__weight=strange), tmp_path
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused(save: Save, tmp_path: Path, value: float) -> None:
    message = refused(save(model__head__norm__bias=torch.full((320,), value)), tmp_path)

    assert "model.head.norm.bias holds numbers that are not finite" in message


def test_a_network_that_is_no_known_convnext_must_be_named(tmp_path: Path) -> None:
    torch.save({"model.conv1.weight": torch.ones(1)}, tmp_path / "w.pth")

    message = refused(tmp_path / "w.pth", tmp_path)

    assert "model.conv1.weight" in message
    assert "--backbone" in message


def test_a_backbone_that_the_weights_are_not_of_is_refused(published: Any, tmp_path: Path) -> None:
    message = refused(published.path, tmp_path, "convnext_femto")

    assert "does not hold the weights of convnext_femto: it has other shapes" in message


@pytest.mark.parametrize("name", ["no_such_model", "hf-hub:someone/model", "local-dir:/tmp"])
def test_a_backbone_that_timm_lacks_is_refused(published: Any, tmp_path: Path, name: str) -> None:
    assert f"has no backbone '{name}'" in refused(published.path, tmp_path, name)


def test_a_model_that_pools_in_another_way_is_refused(tmp_path: Path) -> None:
    model = timm.create_model("mobilenetv3_small_050", pretrained=False, num_classes=0)
    weights = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    torch.save({**weights, "logit_scale": torch.tensor(2.6)}, tmp_path / "mobile.pth")

    message = refused(tmp_path / "mobile.pth", tmp_path, "mobilenetv3_small_050")

    assert "pools in another way" in message


def test_a_folder_that_holds_something_is_left_alone(published: Any, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(ArtifactError, match="exists already"):
        import_weights(published.path, RECIPE, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_without_its_recipe_is_refused(published: Any) -> None:
    with pytest.raises(ConfigError, match=r"--recipe sample4geo-cvusa\|sample4geo-cvact"):
        open_checkpoint(published.path)


def test_a_run_with_a_recipe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a run and knows its network"):
        open_checkpoint(tmp_path, RECIPE)
