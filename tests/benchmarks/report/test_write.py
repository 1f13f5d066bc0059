"""One page, whole in itself, and its Markdown."""

import re
import time
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="plots are drawn with matplotlib: clnet[bench]")
pytest.importorskip("jinja2", reason="the page is a Jinja2 template: clnet[bench]")

from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.result import Result
from clnet.benchmarks.report.write import report_of, write_report

Make = Callable[..., Result]

WICKED = "<script>alert(1)</script> $x_{ | --> <!-- 東京"


class Page(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [value for _, found in self.tags if (value := found.get(name)) is not None]


@pytest.fixture
def html(all_kinds: Sequence[Result], tmp_path: Path) -> str:
    write_report(all_kinds, tmp_path / "report.html")
    return (tmp_path / "report.html").read_text()


def test_the_page_asks_nothing_of_a_network(html: str) -> None:
    page = Page(html)

    addresses = [*page.values("src"), *page.values("href"), *page.values("xlink:href")]
    assert addresses
    assert all(one.startswith(("#", "data:")) for one in addresses)
    assert all(one.startswith("#") for one in re.findall(r"url\(([^)]*)\)", html))
    assert not {"script", "link", "iframe", "img"} & {tag for tag, _ in page.tags}
    assert "default-src 'none'" in html


def test_summary_and_doubts_come_before_every_section(latency_row: Make, tmp_path: Path) -> None:
    write_report([latency_row(stationary=False)], tmp_path / "report.html")

    html = (tmp_path / "report.html").read_text()
    assert html.index('class="cards"') < html.index('class="doubts"') < html.index("<section")


def test_every_id_is_one_of_a_kind(html: str) -> None:
    ids = Page(html).values("id")

    assert len(ids) == len(set(ids)) > 10


def test_every_plot_says_in_words_what_it_shows(html: str) -> None:
    plots = [found for tag, found in Page(html).tags if found.get("role") == "img"]

    assert len(plots) == html.count("<svg ") > 5
    assert all(re.search(r"\d", plot["aria-label"] or "") for plot in plots)


def test_column_heads_have_a_scope(html: str) -> None:
    heads = [found for tag, found in Page(html).tags if tag == "th"]

    assert heads
    assert {found.get("scope") for found in heads} == {"col", "row"}


def test_colours_follow_the_readers_scheme(html: str) -> None:
    plots = "".join(re.findall(r"<svg .*?</svg>", html, re.DOTALL))

    assert "prefers-color-scheme: dark" in html
    assert re.findall(r"(?<!,)#[0-9a-f]{6}\b", plots) == []


def test_names_are_text_wherever_they_stand(latency_row: Make, tmp_path: Path) -> None:
    page, markdown = tmp_path / "report.html", tmp_path / "report.md"

    write_report([latency_row(network=WICKED, backend=WICKED)], page, markdown=markdown)

    assert "script" not in {tag for tag, _ in Page(page.read_text()).tags}
    assert "&lt;script&gt;" in page.read_text()
    assert "<" not in markdown.read_text()


def test_what_has_no_row_is_named_and_has_no_section(latency_row: Make) -> None:
    report = report_of([latency_row()])

    assert [one.title for one in report.sections] == [
        "Latency",
        "Throughput by batch",
        "Environment",
    ]
    assert any("clnet-bench flops" in one for one in report.absent)
    assert any("parity" in one for one in report.absent)


def test_each_machine_has_its_own_sections(latency_row: Make, machine: Machine) -> None:
    other = machine.model_copy(update={"processor": "slide rule"})

    report = report_of([latency_row(1.0), latency_row(2.0, machine=other)])

    assert report.machines == ("machine 1: abacus, 2 cores", "machine 2: slide rule, 2 cores")
    assert [card.value for card in report.cards] == ["1.00 ms", "2.00 ms"]
    latencies = [one for one in report.sections if one.title.endswith(": Latency")]
    assert [len(one.tables[0].lines) for one in latencies] == [1, 1]


def test_the_same_rows_give_the_same_page(
    all_kinds: Sequence[Result], html: str, tmp_path: Path
) -> None:
    write_report(all_kinds, tmp_path / "again.html")

    assert (tmp_path / "again.html").read_text() == html


def test_markdown_holds_the_summary_and_the_tables(
    all_kinds: Sequence[Result], tmp_path: Path
) -> None:
    write_report(all_kinds, tmp_path / "report.html", markdown=tmp_path / "report.md")

    text = (tmp_path / "report.md").read_text()
    assert "- From file to position: onnxruntime fp32: **8.00 ms**" in text
    assert "| clnet-tiny | cvusa | onnx | - | - | 22.000 | 44.000 |" in text
    assert "svg" not in text


def test_matplotlib_is_left_as_it_was(latency_row: Make, tmp_path: Path) -> None:
    from matplotlib import rcParams

    before = dict(rcParams)
    write_report([latency_row()], tmp_path / "report.html")

    assert dict(rcParams) == before


@pytest.mark.slow
def test_four_hundred_rows_take_less_than_five_seconds(latency_row: Make, tmp_path: Path) -> None:
    rows = [
        latency_row(5.0 + n, backend=f"backend {n % 10}", batch=1 + n // 40) for n in range(400)
    ]

    began = time.process_time()
    write_report(rows, tmp_path / "report.html")

    assert time.process_time() - began < 5
