from pathlib import Path

import pytest

from clnet.engines import target
from clnet.engines.target import (
    Flavour,
    capability_of,
    choose_capabilities,
    enum_name_of,
    parse_capabilities,
    require_engine,
    resolve_engine,
)
from clnet.runtime.errors import BackendUnavailable, ConfigError

RTX = ("7.5", "8.6", "12.0")


def install(monkeypatch: pytest.MonkeyPatch, *flavours: Flavour) -> None:
    monkeypatch.setattr(target, "installed_flavours", lambda: flavours)


@pytest.mark.parametrize("flavour", ["tensorrt", "tensorrt-rtx"])
def test_auto_takes_the_flavour_that_is_installed(
    monkeypatch: pytest.MonkeyPatch, flavour: Flavour
) -> None:
    install(monkeypatch, flavour)

    assert resolve_engine("auto") == flavour


def test_auto_with_none_installed_names_the_extras_and_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(monkeypatch)

    with pytest.raises(BackendUnavailable) as caught:
        resolve_engine("auto")

    for remedy in (".[rtx]", ".[tensorrt]", "--engine none"):
        assert remedy in str(caught.value)


def test_auto_with_both_installed_asks_for_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "tensorrt", "tensorrt-rtx")

    with pytest.raises(ConfigError, match="name one: --engine tensorrt or --engine tensorrt-rtx"):
        resolve_engine("auto")


def test_none_builds_nothing_even_where_tensorrt_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(monkeypatch, "tensorrt")

    assert resolve_engine("none") is None


def test_a_flavour_asked_for_by_name_never_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "tensorrt-rtx")

    with pytest.raises(BackendUnavailable, match=r"tensorrt is not installed.*JetPack"):
        resolve_engine("tensorrt")


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="auto, none, tensorrt, tensorrt-rtx; got 'cuda'"):
        resolve_engine("cuda")  # type: ignore[arg-type]


def test_a_command_that_only_builds_refuses_none() -> None:
    with pytest.raises(ConfigError, match="nothing to build"):
        require_engine("none")


def test_a_stray_folder_is_not_an_installed_module(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stray = "a_stray_folder"
    (tmp_path / stray).mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(target, "MODULE", {"tensorrt": stray, "tensorrt-rtx": "no_such_module"})

    assert target.installed_flavours() == ()


@pytest.mark.parametrize(("name", "capability"), [("SM75", "7.5"), ("SM120", "12.0")])
def test_capabilities_translate_both_ways(name: str, capability: str) -> None:
    assert capability_of(name) == capability
    assert enum_name_of(capability) == name


def test_a_list_of_capabilities_is_read() -> None:
    assert parse_capabilities("8.6, 12.0") == ("8.6", "12.0")


@pytest.mark.parametrize("text", ["", "86", "8.6,", "sm_86", "8.6;8.9"])
def test_a_list_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"expected e\.g\. 8\.6,8\.9"):
        parse_capabilities(text)


def test_an_unknown_capability_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"capability 8\.7: .* 7\.5, 8\.6, 12\.0"):
        choose_capabilities(("8.6", "8.7"), RTX)


def test_the_order_and_number_of_asked_capabilities_does_not_matter() -> None:
    assert choose_capabilities(("12.0", "8.6", "8.6"), RTX) == ("8.6", "12.0")
