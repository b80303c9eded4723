"""The page: whole, by itself, safe with any content, and usable by everybody in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from content.__main__ import main
from content.check.project import EDITIONS, Project
from content.report.confusions import Confusions
from content.report.coverage import coverage
from content.report.differences import Differences
from content.report.page import Report, write
from content.report.states import opened
from knowledge.content import read_content
from tests.content.report.conftest import EDITION
from tests.content.report.test_cases import SURGERY, V6
from tests.widget.browser import OPTIONS, chromium

Change = Callable[[str, str, str], None]
VOID = {"meta", "rect", "path", "line"}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 400, "height": 800}},
}


class Outline(HTMLParser):
    """Fails where a tag is not closed; keeps headings, addresses and the tables without a caption."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.uncaptioned = 0
        self.feed(page)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.open and self.open[-1] == "table" and self.tags[-1] == "table" and tag != "caption":
            self.uncaptioned += 1
        self.tags.append(tag)
        self.addresses += [str(value) for name, value in attrs if name in ("href", "src", "action", "data")]
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, tag
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> in line {self.getpos()[0]}"


@pytest.fixture
def page(copy: Path, change: Change, judged: Confusions) -> Path:
    """The page of a copy in which something changed, with everything that the report can show."""
    change(V6, SURGERY, SURGERY.replace("May be", "Usually"))
    change(f"{EDITION}/decisions.yml", "{mechanism: high_energy}", "{mechanism: high_energy, symptoms: symptomatic}")
    change(f"{EDITION}/facts.yml", "label: Neurologic status", 'label: "Neurologic <script>alert(1)</script> & status"')
    change("data/nlu.yml", "    - and treatment?\n", "    - and <img src=x> treatment?\n")
    project, guideline = Project(copy), read_content(copy / EDITIONS / "acr-vcf-2022")
    with opened(copy) as states:
        report = Report(guideline, coverage(project, guideline), Differences(*states), "", judged, "")
        return write(report, copy / "report")


def test_the_page_is_whole(page: Path) -> None:
    """Every tag is closed, headings go down one step at a time, every table says what it shows."""
    outline = Outline(page.read_text(encoding="utf-8"))
    assert outline.headings[0] == 1
    assert all(lower - higher <= 1 for higher, lower in zip(outline.headings, outline.headings[1:], strict=False))
    assert outline.tags.count("table") >= 6 and outline.uncaptioned == 0


def test_the_page_needs_nothing_else(page: Path) -> None:
    """No script, no address but places in the page and the files beside it."""
    text = page.read_text(encoding="utf-8")
    outline = Outline(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(outline.tags)
    assert "url(" not in text and "@import" not in text
    beside = {address for address in outline.addresses if not address.startswith("#")}
    assert beside == {"changed-cases.csv", "mistakes.csv"}
    assert all((page.parent / name).exists() for name in beside)
    for address in outline.addresses:
        assert not address.startswith("#") or f'id="{address[1:]}"' in text


def test_content_is_shown_as_it_is_written(page: Path) -> None:
    """What looks like HTML in the content is text on the page."""
    text = page.read_text(encoding="utf-8")
    assert "Neurologic &lt;script&gt;alert(1)&lt;/script&gt; &amp; status" in text
    assert "and &lt;img src=x&gt; treatment?" in text and "&lt;b&gt;" in text


def test_what_cannot_be_compared_is_told(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A report without an earlier state says so in its place; files of an earlier report do not stay."""
    folder = copy / "report"
    folder.mkdir()
    (folder / "changed-cases.csv").write_text("outdated", encoding="utf-8")
    options = ["--project", str(copy), "--output", str(folder), "--without-intents"]
    assert main(["report", *options]) == 0
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert "Not compared: This is the first commit" in text
    assert not (folder / "changed-cases.csv").exists()
    assert str(folder / "index.html") in capsys.readouterr().out
    assert main(["report", "--against", "no-such-commit", *options]) == 1


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(OPTIONS))
        yield started
        started.close()


@pytest.mark.parametrize("look", LOOKS)
def test_everybody_can_use_it(page: Path, browser: Browser, look: str) -> None:
    """From the disk: nothing is fetched, nothing sticks out sideways, and axe-core finds no violation."""
    # axe-core adds styles and a script of its own, which the page's policy would not let it.
    context = browser.new_context(bypass_csp=True, **LOOKS[look])
    tab = context.new_page()
    fetched: list[str] = []
    tab.on("request", lambda request: fetched.append(request.url))
    tab.goto(page.as_uri())
    assert fetched == [page.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    violations = Axe().run(tab).response["violations"]
    assert not violations, [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in violations]
    context.close()


def test_it_is_used_with_the_keyboard(page: Path, browser: Browser) -> None:
    """Tab leads to the sections, and Enter folds and unfolds what they hold."""
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "To the content"
    first = tab.locator(".tree summary").first
    first.focus()
    tab.keyboard.press("Enter")
    assert first.evaluate("summary => !summary.parentElement.open")
    context.close()
