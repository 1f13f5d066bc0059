"""Documents show what rows say."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from clnet.benchmarks.cli import bench
from clnet.benchmarks.records.flops_result import FlopsResult
from clnet.benchmarks.records.lines import write_lines
from clnet.benchmarks.tables.documents import documents_of, renew, renewed, stale_documents
from clnet.runtime.errors import ArtifactError

ROOT = Path(__file__).parents[3]

PAGE = """# A page

<!-- table: rows.jsonl network=a columns="sizes of,ground GMACs" -->
<!-- end of table -->

The end.
"""


@pytest.fixture
def page(tmp_path: Path, machine: object) -> Path:
    rows = [
        FlopsResult.model_validate(
            {
                "versions": {},
                "machine": machine,
                "network": network,
                "benchmark": "cvusa",
                "view": "ground",
                "module": "total",
                "counter": "torch",
                "macs": macs,
                "flops": 2 * macs,
                "params": 1,
                "activation_bytes": None,
            }
        )
        for network, macs in (("a", 1_234_000_000), ("b", 5_000_000_000))
    ]
    write_lines(rows, tmp_path / "rows.jsonl")
    path = tmp_path / "page.md"
    path.write_text(PAGE)
    return path


def test_a_table_shows_the_rows_and_columns_it_names(page: Path) -> None:
    lines = renewed(page, page.parent).splitlines()

    assert lines[3:6] == ["| sizes of | ground GMACs |", "| --- | ---: |", "| cvusa | 1.234 |"]
    assert lines[6:] == ["<!-- end of table -->", "", "The end."]


def test_a_page_is_stale_until_it_is_renewed(page: Path) -> None:
    before = stale_documents([page], page.parent)
    written = renew([page], page.parent)

    assert before == written == (page,)
    assert stale_documents([page], page.parent) == ()


def test_a_figure_typed_by_hand_is_stale(page: Path) -> None:
    renew([page], page.parent)
    page.write_text(page.read_text().replace("1.234", "1.243"))

    assert stale_documents([page], page.parent) == (page,)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("network=a", "network=c", r"page\.md: table .*no row of 2 has"),
        ("network=a", "netwerk=a", r"no row of 2 has"),
        ("GMACs", "Gmacs", r"no column 'ground Gmacs'; there are network, sizes of"),
        ("rows.jsonl", "lines.jsonl", r"cannot read .*lines\.jsonl"),
        ("<!-- end of table -->", "", r"has no end"),
    ],
)
def test_a_table_that_cannot_be_made_is_named(page: Path, old: str, new: str, message: str) -> None:
    page.write_text(PAGE.replace(old, new))

    with pytest.raises(ArtifactError, match=message):
        renewed(page, page.parent)


def test_the_command_tells_a_stale_page_by_its_exit_status(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(page.parent)
    statuses = [
        CliRunner().invoke(bench, ["tables", page.name, *options]).exit_code
        for options in (["--check"], [], ["--check"])
    ]

    assert statuses == [1, 0, 0]


@pytest.mark.parametrize("document", documents_of(ROOT), ids=lambda path: path.name)
def test_the_projects_own_tables_are_those_of_the_committed_rows(document: Path) -> None:
    assert stale_documents([document], ROOT) == (), "run clnet-bench tables"
