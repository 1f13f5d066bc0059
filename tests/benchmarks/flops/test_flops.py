"""`clnet-bench flops`, and what it refuses."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from clnet.benchmarks.cli import bench
from clnet.benchmarks.flops.flops import measure_flops
from clnet.benchmarks.flops.networks import PUBLISHED, at_benchmark, choose_networks
from clnet.benchmarks.records.flops_result import FlopsResult
from clnet.benchmarks.records.lines import read_lines
from clnet.runtime import extras
from clnet.runtime.errors import ConfigError, ExtraMissing
from clnet.training.config import NetworkConfig

_WITHOUT_TORCH = """
import sys
sys.modules["torch"] = sys.modules["timm"] = None
from pathlib import Path
from clnet.benchmarks.flops.flops import measure_flops
print(*(row.macs for row in measure_flops(bundle=Path(sys.argv[1])).rows if row.module == "total"))
"""

SMALL = """
network:
  backbone: convnext_atto
  backbone_options: {kernel_sizes: 3, depths: [1, 1, 1, 1], dims: [8, 16, 24, 32]}
  ground: {view: ground, height: 64, width: 96}
  satellite: {view: satellite, height: 64, width: 64}
steps: 1
"""


def test_a_bundles_graphs_are_counted_without_torch(toy_bundle: Path) -> None:
    command = [sys.executable, "-c", _WITHOUT_TORCH, str(toy_bundle)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["9", "9", "18"], done.stderr


def test_a_bundles_rows_say_which_graphs_were_counted(toy_bundle: Path) -> None:
    rows = measure_flops(bundle=toy_bundle).rows

    assert {(row.network, row.benchmark, row.counter) for row in rows} == {("toy", "own", "onnx")}
    assert set(rows[0].artifacts) == {"ground graph", "satellite graph"}


def test_a_bundle_and_networks_are_not_counted_together(toy_bundle: Path) -> None:
    with pytest.raises(ConfigError, match="alone, at its own sizes"):
        measure_flops(bundle=toy_bundle, networks=("clnet-tiny",))


def test_a_network_needs_the_extra_export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda module: module != "torch")

    with pytest.raises(ExtraMissing, match=r"torch is not installed: pip install '\.\[export\]'"):
        measure_flops()


def test_a_bundle_needs_onnx(toy_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda module: module != "onnx")

    with pytest.raises(ExtraMissing, match="onnx is not installed"):
        measure_flops(bundle=toy_bundle)


def test_clnet_tiny_is_set_against_sample4geo_unless_told_otherwise() -> None:
    chosen = choose_networks((), None, ())

    assert [one.name for one in chosen] == ["clnet-tiny", "sample4geo"]
    assert chosen[1].config.backbone == "convnext_base"
    assert chosen[1].config.maps is None


def test_a_network_that_is_named_is_counted_alone() -> None:
    assert [one.name for one in choose_networks(("sample4geo",), None, ())] == ["sample4geo"]


def test_the_same_network_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="networks of different names, got clnet-tiny"):
        choose_networks(("clnet-tiny",), None, ("clnet-tiny",))


def test_a_file_cannot_take_a_built_in_networks_name(tmp_path: Path) -> None:
    pytest.importorskip("yaml", reason="configurations are YAML: clnet[train]")
    path = tmp_path / "sample4geo.yaml"
    path.write_text(SMALL)

    with pytest.raises(ConfigError, match=r"sample4geo\.yaml: .* rename the file"):
        choose_networks((), None, (str(path),))


def test_a_backbone_alone_keeps_its_own_name() -> None:
    pytest.importorskip("timm", reason="timm is not installed: clnet[train]")

    _, small = choose_networks((), None, ("convnext_small",))

    assert (small.name, small.config.backbone) == ("convnext_small", "convnext_small")
    assert small.config.maps is None


def test_an_unknown_baseline_is_refused_with_what_there_is() -> None:
    pytest.importorskip("timm", reason="timm is not installed: clnet[train]")

    with pytest.raises(ConfigError, match=r"baseline 'resnext': expected clnet-tiny, sample4geo"):
        choose_networks((), None, ("resnext",))


def test_benchmarks_have_their_published_image_sizes() -> None:
    sizes = {}
    for benchmark in PUBLISHED:
        config = at_benchmark(NetworkConfig(), benchmark, NetworkConfig())
        images = (config.ground, config.satellite)
        sizes[benchmark] = [(one.height, one.width) for one in images]

    assert sizes == {
        "cvusa": [(140, 768), (384, 384)],
        "university1652": [(384, 384), (384, 384)],
        "vigor": [(384, 768), (384, 384)],
    }


def test_own_sizes_are_the_first_networks() -> None:
    own = at_benchmark(NetworkConfig(), "vigor", NetworkConfig())

    assert at_benchmark(NetworkConfig(), "own", own).ground.height == 384


def test_an_unusable_configuration_is_one_line_and_exit_2(tmp_path: Path) -> None:
    for module in ("torch", "yaml", "onnxscript", "onnxslim", "scipy"):
        pytest.importorskip(module, reason=f"{module} is not installed: clnet[export]")

    result = CliRunner().invoke(bench, ["flops", "--config", str(tmp_path / "none.yaml")])

    assert result.exit_code == 2
    assert result.stderr.startswith("error: cannot read ")
    assert result.stderr.count("\n") == 1


@pytest.mark.slow
def test_two_configurations_are_counted_and_compared(tmp_path: Path) -> None:
    for module in ("torch", "yaml", "onnxscript", "onnxslim", "scipy"):
        pytest.importorskip(module, reason=f"{module} is not installed: clnet[export]")
    ours, theirs, out = tmp_path / "ours.yaml", tmp_path / "theirs.yaml", tmp_path / "rows.jsonl"
    ours.write_text(SMALL)
    theirs.write_text(SMALL.replace("  ground", "  maps: null\n  ground"))

    command = ["flops", "--config", str(ours), "--baseline", str(theirs), "--json", str(out)]
    result = CliRunner().invoke(bench, command)

    assert result.exit_code == 0, result.output
    rows = read_lines(out, FlopsResult)
    totals = [(row.network, row.view, row.counter) for row in rows if row.module == "total"]
    assert len(totals) == len(set(totals)) == 2 * 3 * 2
    assert "both counters agree to the MAC" in result.stdout
    assert "ours against theirs at own, pair: 0.00% fewer" in result.stdout
