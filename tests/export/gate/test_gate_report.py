"""What a user gets to see of a gate that says no, at export and at verification."""

import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

for module in ("torch", "onnx", "onnxscript", "onnxslim", "onnxruntime", "scipy"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx
from click.testing import CliRunner
from onnx import numpy_helper

from clnet.export import cli, export_run
from clnet.export.bundle_writer import ExportRefused
from clnet.export.gate.node_blame import NodeBlame
from clnet.export.gate.parity_report import ParityReport
from clnet.export.gate.trusted_graphs import trusted_graphs
from clnet.export.graph_certificate import Certificate
from clnet.export.report import ExportSummary
from clnet.export.verify_run import verify_run
from clnet.runtime import Bundle
from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import MANIFEST, FileRecord, Manifest
from clnet.training.checkpoint import load_checkpoint

GRAPH = "satellite/model.fp32.onnx"


def report(*faults: str, blamed: int = 0) -> ParityReport:
    blame = tuple(
        NodeBlame(
            graph=GRAPH, node=f"n{row}", op_type="Mul", error_in=0.0, error_out=0.5,
            sentence=f"{GRAPH}: n{row} (Mul): wrong",
        )
        for row in range(blamed)
    )  # fmt: skip
    return ParityReport(
        images="folders",
        images_sha256="0",
        trusted="a fresh export of the checkpoint",
        tensors=(),
        embeddings=(),
        retrieval=(),
        faults=(*faults, *(one.sentence for one in blame)),
        blame=blame,
    )


def test_the_headline_names_the_first_fault_and_the_first_node_and_counts_the_rest() -> None:
    found = report("embedding level: min cosine 0.5 < 0.9", "weights: w", blamed=2)

    assert found.headline() == (
        f"embedding level: min cosine 0.5 < 0.9; {GRAPH}: n0 (Mul): wrong; "
        "2 more faults in the report (--json FILE)"
    )


def test_a_headline_of_one_fault_is_that_fault() -> None:
    assert report("retrieval level: 3 lost").headline() == "retrieval level: 3 lost"


def test_a_refused_export_writes_its_report_and_exits_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parity = report("embedding level: min cosine 0.5 < 0.9", blamed=1)

    def refuse(*arguments: Any, **options: Any) -> None:
        raise ExportRefused(parity, Certificate(graphs=()))

    monkeypatch.setattr(export_run, "export_run", refuse)
    out, figures = tmp_path / "bundle", tmp_path / "figures.json"
    words = ["--checkpoint", tmp_path, "--out", out, "--engine", "none", "--json", figures]
    outcome = CliRunner().invoke(cli.export, [str(word) for word in words])

    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("error: the export is not the network: embedding level")
    assert len(outcome.stderr.splitlines()) == 1
    assert ExportSummary.read(figures).parity == parity
    assert not out.exists()


def record_anew(bundle: Path, **changes: Any) -> None:
    """Make the manifest agree with the files, as whoever changed them could."""
    manifest = Manifest.read(bundle / MANIFEST)
    files = {
        name: FileRecord(sha256=sha256_of(bundle / name), size_bytes=(bundle / name).stat().st_size)
        for name in manifest.files
    }
    manifest.model_copy(update={"files": files, **changes}).write(bundle / MANIFEST)


@pytest.mark.slow
def test_verifying_with_the_checkpoint_finds_the_node_in_a_bundle_whose_hashes_agree(
    bundle: Path, run: Path, town: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    model = onnx.load(copy / GRAPH)
    stem = next(node for node in model.graph.node if node.op_type == "Conv")
    held = next(one for one in model.graph.initializer if one.name == stem.input[1])
    held.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(held) * 2, held.name))
    onnx.save(model, copy / GRAPH)
    record_anew(copy)

    found = verify_run(copy, checkpoint=run, data=town, max_places=8)

    assert found.places == 8
    assert found.parity is not None
    assert (found.parity.blame[0].graph, found.parity.blame[0].node) == (GRAPH, stem.name)
    assert set(found.parity.faults) <= set(found.faults)


@pytest.mark.slow
def test_a_bundle_of_other_packages_is_not_compared_with_a_fresh_export(
    bundle: Path, run: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    record_anew(copy, versions={**Manifest.read(copy / MANIFEST).versions, "torch": "2.7.0"})

    found = trusted_graphs(Bundle.open(copy), load_checkpoint(run).network)

    assert found.origin == (
        "the bundle's own FP32 graph (torch 2.7.0 wrote it, here is " + version("torch") + ")"
    )
    assert found.graphs["ground"] == onnx.load(copy / "ground" / "model.fp32.onnx")
