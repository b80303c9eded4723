"""What the widget draws of each type of answer, kept in snapshots/: the documents are those that the web is sent
(tests/knowledge/document/snapshots). After a change that is meant, look at it first:
`UPDATE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/widget/test_snapshots.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.channels.payloads import TALKS
from tests.served import Served
from tests.snapshots import check_snapshot

SENT = Path(__file__).parent.parent / "knowledge" / "document" / "snapshots"
SNAPSHOTS = Path(__file__).with_name("snapshots")
DRAW = """
async (sent) => {
  const { drawAnswer } = await import("./answer.js");
  return sent.flatMap((document) => drawAnswer({ text: "", document })).map((part) => part.outerHTML);
}
"""


@pytest.fixture(scope="module")
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The page, whose own modules draw."""
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(served.web_url)
    yield opened
    context.close()


@pytest.mark.parametrize("name", TALKS)
def test_every_type_of_answer_looks_as_it_did(page: Page, name: str) -> None:
    """The elements of each type are those of its snapshot."""
    sent = json.loads((SENT / f"{name}.json").read_text(encoding="utf-8"))
    drawn = page.evaluate(DRAW, sent)
    assert drawn
    check_snapshot(SNAPSHOTS / f"{name}.html", "\n".join(drawn).replace("><", ">\n<") + "\n")


def test_every_type_has_its_snapshot() -> None:
    """No type of answer is left out, and no snapshot is left over."""
    assert {path.name for path in SNAPSHOTS.iterdir()} == {f"{name}.html" for name in TALKS}
