"""
The whole road, by the commands a user would type: town, train, export, embed, match, verify.

Run it with `make demo`. It writes build/demo/ and prints one screen. Every figure is measured
in this run; summary.json holds them all.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from clnet.engines.target import installed_flavours

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = Path(sys.executable).parent
LOG = "demo.log"
OURS = {"town", "run", "bundle", "gallery", "matches.geojson", "sheet.png", "tiles.csv", LOG}
OURS |= {"queries.csv"} | {f"{name}.json" for name in ("train", "uniform", "export", "verify")}
OURS |= {"summary.json"}


class Road:
    """Runs commands one after the other and keeps their seconds."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.seconds: dict[str, float] = {}
        self.cpu_seconds: dict[str, float] = {}
        self._console = Console()

    def run(self, stage: str, command: str, *arguments: object) -> None:
        """
        Run one command; its seconds are added to `stage`.

        What it prints goes to demo.log, its progress to the terminal. Stops if it fails.
        """
        words = [str(word) for word in (command, *arguments)]
        self._console.print("$ " + " ".join(words), style="cyan", highlight=False, soft_wrap=True)
        started, cpu_before = time.perf_counter(), _children_cpu_s()
        with (self.out / LOG).open("a") as log:
            print("$", *words, file=log, flush=True)
            command_line = [COMMANDS / words[0], *words[1:]]
            done = subprocess.run(command_line, cwd=self.out, stdout=log, check=False)
        self.seconds[stage] = self.seconds.get(stage, 0) + time.perf_counter() - started
        self.cpu_seconds[stage] = self.cpu_seconds.get(stage, 0) + _children_cpu_s() - cpu_before
        if done.returncode:
            sys.exit(f"demo: {stage} failed with exit status {done.returncode}; see {LOG}")

    def read(self, name: str) -> Any:  # noqa: ANN401
        """Read a JSON file that a command wrote."""
        return json.loads((self.out / name).read_text())


def main() -> None:
    """Parse the options, walk the road, print the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "demo")
    parser.add_argument("--places", type=int, default=4200)
    parser.add_argument("--test-places", type=int, default=520)
    parser.add_argument("--config", type=Path, default=ROOT / "configs" / "demo.yaml")
    options = parser.parse_args()
    road = Road(_fresh(options.out.resolve()))
    _walk(road, options)
    summary = _summary(road)
    (road.out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    _print(summary, road.out)


def _walk(road: Road, options: argparse.Namespace) -> None:
    engine = "tensorrt-rtx" if "tensorrt-rtx" in installed_flavours() else "none"
    places = ("--places", options.places, "--test-places", options.test_places)
    road.run("town", "clnet-data", "town", "--out", "town", *places, "--seed", 1)
    training = ("--config", options.config.resolve(), "--data", "town", "--out", "run")
    road.run("train", "clnet-train", *training, "--json", "train.json")
    network = ("--checkpoint", "run", "--data", "town")
    road.run("evaluate", "clnet-eval", *network, "--maps", "uniform", "--json", "uniform.json")
    bundle = ("--precision", "fp16", "--out", "bundle", "--engine", engine)
    road.run("export", "clnet-export", *network, *bundle, "--json", "export.json")
    for view, name in (("satellite", "tiles.csv"), ("ground", "queries.csv")):
        road.run("list", "clnet-data", "list", "town", "--view", view, "--out", name)
    gallery = ("--gallery", "gallery")
    road.run("embed", "clnet-embed", "bundle", "tiles.csv", "--view", "satellite", *gallery)
    answers = ("--format", "geojson", "--out", "matches.geojson", "--sheet", "sheet.png")
    road.run("match", "clnet-match", "bundle", "queries.csv", *gallery, "--top-k", 5, *answers)
    road.run("verify", "clnet-verify", "bundle", *network, "--json", "verify.json")


def _summary(road: Road) -> dict[str, Any]:
    train, exported = road.read("train.json"), road.read("export.json")
    parity = exported["parity"]
    cosine = {
        precision: min(
            one["min_cosine"] for one in parity["embeddings"] if one["precision"] == precision
        )
        for precision in ("fp32", "fp16")
    }
    half = next(
        one
        for one in parity["retrieval"]
        if one["query_precision"] == one["gallery_precision"] == "fp16"
    )
    recall = train["scores"][0]
    return {
        "places_test": recall["queries"],
        "recall_at_1": recall["recall_at_1"],
        "recall_at_5": recall["recall_at_5"],
        "recall_at_10": recall["recall_at_10"],
        "linear_floor_at_1": train["linear_floor_at_1"],
        "recall_at_1_maps_uniform": road.read("uniform.json")["scores"][0]["recall_at_1"],
        "recall_at_1_fp16": half["recall_at_1"],
        "min_cosine_fp32": cosine["fp32"],
        "min_cosine_fp16": cosine["fp16"],
        "lost_queries": half["lost"] - half["gained"],
        "top10_overlap": half["top10_overlap"],
        "engines": exported["engines"],
        "half_share": min(
            one["half_share"]
            for one in exported["certificate"]["graphs"]
            if one["graph"].endswith("fp16.onnx")
        ),
        "seconds": {stage: round(s, 1) for stage, s in road.seconds.items()},
        "cpu_seconds": {stage: round(s, 1) for stage, s in road.cpu_seconds.items()},
    }


def _print(summary: dict[str, Any], out: Path) -> None:
    table = Table(title=f"CLNet on {summary['places_test']} places it never saw", show_header=False)
    recalls = " / ".join(f"{summary[f'recall_at_{k}']:.1f}" for k in (1, 5, 10))
    rows = {
        "R@1 / 5 / 10": recalls,
        "linear floor R@1": f"{summary['linear_floor_at_1']:.1f}",
        "R@1, neural maps made uniform": f"{summary['recall_at_1_maps_uniform']:.1f}",
        "R@1, FP16 graphs": f"{summary['recall_at_1_fp16']:.1f}",
        "queries lost by FP16 (net)": str(summary["lost_queries"]),
        "min cosine to PyTorch, FP32": f"{summary['min_cosine_fp32']:.7f}",
        "min cosine to PyTorch, FP16": f"{summary['min_cosine_fp16']:.7f}",
        "top-10 overlap, FP16": f"{summary['top10_overlap']:.4f}",
        "tensors in half": f"{summary['half_share']:.1%}",
        "engines": str(len(summary["engines"])) + (" (TensorRT-RTX)" if summary["engines"] else ""),
        "seconds": f"{sum(summary['seconds'].values()):.0f} "
        + str(summary["seconds"]).replace("'", "").strip("{}"),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    console = Console()
    console.print(table)
    console.print(
        f"{out}: town/ run/ bundle/ gallery/ matches.geojson sheet.png summary.json demo.log"
    )


def _fresh(out: Path) -> Path:
    """Clear an earlier demo; refuse to clear a folder that holds anything else."""
    if out.exists() and any(out.iterdir()):
        foreign = sorted(path.name for path in out.iterdir() if path.name not in OURS)
        if foreign or not (out / LOG).is_file():
            what = foreign[0] if foreign else "no " + LOG
            sys.exit(f"demo: {out} is no earlier demo (it holds {what}); choose another --out")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / LOG).touch()
    return out


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
