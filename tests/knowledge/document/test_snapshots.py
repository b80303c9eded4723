"""What each type of answer is as plain text and as the web is sent it; after a change that is meant, look at it first:
`UPDATE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/knowledge/document/test_snapshots.py`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge.document.data import to_data
from knowledge.document.text import plain_text
from tests.channels.payloads import TALKS, drawn, types
from tests.snapshots import as_json, check_snapshot

if TYPE_CHECKING:
    from rasa.core.agent import Agent

FOLDER = Path(__file__).with_name("snapshots")


@pytest.mark.parametrize("name", TALKS)
def test_an_answer_is_what_it_was(agent: Agent, name: str) -> None:
    """As text and as data."""
    documents = drawn(agent, name)
    check_snapshot(FOLDER / f"{name}.txt", "\n\n".join(map(plain_text, documents)) + "\n")
    check_snapshot(FOLDER / f"{name}.json", as_json([to_data(document) for document in documents]))


def test_every_type_has_its_snapshot() -> None:
    """No type of answer is left out, and no snapshot is left over."""
    assert types() == TALKS.keys()
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.{form}" for name in TALKS for form in ("txt", "json")}
