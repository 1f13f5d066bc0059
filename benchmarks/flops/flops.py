"""MACs, FLOPs, weights and activations of networks, counted by two independent means."""

from collections.abc import Sequence
from pathlib import Path

from ...runtime.artifact import sha256_of
from ...runtime.bundle import Bundle
from ...runtime.errors import ConfigError
from ...runtime.extras import need_extra
from ...runtime.preprocess import VIEWS
from ...runtime.progress import Progress, silent
from ..machine.machine import this_machine, versions_of
from .networks import PUBLISHED, BenchmarkName, NetworkName, at_benchmark, choose_networks
from .notes import notes_of
from .rows import Counted, FlopsReport, rows_of

_PACKAGES = ("clnet", "onnx", "onnxscript", "onnxslim", "timm", "torch")


def measure_flops(
    *,
    bundle: Path | None = None,
    networks: Sequence[NetworkName] = (),
    config_path: Path | None = None,
    baselines: Sequence[str] = (),
    benchmarks: Sequence[BenchmarkName] = (),
    progress: Progress = silent,
) -> FlopsReport:
    """
    Count a bundle's graphs, or networks by torch's counter and over the graphs of their export.

    Args:
        bundle: its FP32 graphs are counted, at its own sizes; torch is not needed.
        networks: by name. With neither bundle, networks nor configuration: clnet-tiny, against
            sample4geo unless `baselines` say otherwise.
        config_path: a YAML file of clnet-train, of which `network` is taken.
        baselines: further networks, to compare the first one with: names, YAML files, or timm
            models, which are counted as Sample4Geo would use them.
        benchmarks: whose image sizes; `own` are the first network's. None: `own` with
            `config_path`, else the three published ones.
        progress: told about each exported graph.

    Raises:
        ConfigError: a bundle and networks together, an unknown name, or an unusable file.
        ExtraMissing: the extra `export` for networks, onnx for a bundle.
        ArtifactError: no usable bundle, or a graph that cannot be counted.
        MeasurementFailed: an export died.

    """
    if bundle is not None:
        if networks or config_path or baselines or benchmarks:
            raise ConfigError(
                "a bundle is counted alone, at its own sizes: give BUNDLE without --network, "
                "--config, --baseline and --benchmark"
            )
        counted = [_of_bundle(bundle)]
    else:
        need_extra("export")
        counted = _of_networks(networks, config_path, baselines, benchmarks, progress)
    rows = rows_of(counted, this_machine(), versions_of(_PACKAGES))
    return FlopsReport(rows, notes_of(counted))


def _of_bundle(path: Path) -> Counted:
    need_extra("export", "onnx")
    from .graph_counter import count_file

    bundle = Bundle.open(path)
    graphs = {view: bundle.graph(view, "fp32") for view in VIEWS}
    return Counted(
        network=bundle.path.resolve().name,
        benchmark="own",
        configuration=bundle.manifest.network,
        artifacts={f"{view} graph": sha256_of(graph) for view, graph in graphs.items()},
        counts={"onnx": {view: count_file(graph) for view, graph in graphs.items()}},
    )


def _of_networks(
    networks: Sequence[NetworkName],
    config_path: Path | None,
    baselines: Sequence[str],
    benchmarks: Sequence[BenchmarkName],
    progress: Progress,
) -> list[Counted]:
    from .exported import count_exports
    from .torch_counter import count_network

    chosen = choose_networks(networks, config_path, baselines)
    asked = benchmarks or (PUBLISHED if config_path is None else ("own",))
    sized = [
        (one, benchmark, at_benchmark(one.config, benchmark, chosen[0].config))
        for one in chosen
        for benchmark in dict.fromkeys(asked)
    ]
    on_networks = [count_network(config) for _, _, config in sized]
    on_graphs = count_exports([config for _, _, config in sized], progress)
    return [
        Counted(
            network=one.name,
            benchmark=benchmark,
            configuration=config.model_dump(mode="json"),
            artifacts=one.files,
            counts={"torch": by_torch, "onnx": by_graph},
        )
        for (one, benchmark, config), by_torch, by_graph in zip(
            sized, on_networks, on_graphs, strict=True
        )
    ]
