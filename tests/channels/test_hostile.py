"""Words of content and of patients are shown, never acted on: every part of every answer, in every channel."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest

from channels.slack.messages import messages
from channels.teams.cards import activities
from knowledge.document.data import to_data
from tests.channels.documents import DOCUMENTS
from tests.channels.slack.block_kit import problems
from tests.channels.teams.contract import card_of, check_activity, elements

HOSTILE = '<script>alert(1)</script> <!channel> <@U1> <https://evil.test|x> [x](javascript:alert(1)) {{DATE(1)}} & "q"'
KEPT = frozenset(("kind", "tone", "name", "send", "category"))
"""Fields of a document that are the project's own words for programs."""


def poisoned(value: Any, field: str = "") -> Any:
    """A document with every word for people replaced."""
    if isinstance(value, str):
        return value if field in KEPT else HOSTILE
    if isinstance(value, tuple):
        return tuple(poisoned(item, field) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {item.name: poisoned(getattr(value, item.name), item.name) for item in dataclasses.fields(value)}
        return dataclasses.replace(value, **changed)
    return value


def within(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a message."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from within(item)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_slack_shows_the_words_as_they_are(kind: str) -> None:
    """No mention, link or entity gets through; Slack turns what is escaped back into the words."""
    for message in messages(poisoned(DOCUMENTS[kind]), "0" * 24):
        assert not problems(message["blocks"])
        texts = [item["text"] for item in within(message["blocks"]) if item.get("type") == "mrkdwn"]
        assert any("evil" in text for text in texts)
        for text in [message["text"], *texts]:
            assert not re.search(r"<[!@#]|<https?:|<script", text)
            assert not re.search(r"&(?!amp;|lt;|gt;)", text)
        assert not [item for item in within(message["blocks"]) if "evil" in str(item.get("url", ""))]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_teams_shows_the_words_as_they_are(kind: str) -> None:
    """They stand in text runs and in the titles of controls, which no client reads as Markdown; no link opens."""
    for activity in activities(poisoned(DOCUMENTS[kind]), "mark"):
        check_activity(activity)
        for element in elements(card_of(activity)):
            if element.get("type") in ("TextBlock", "FactSet"):
                assert "evil" not in str(element) and "{{" not in str(element)
            assert "javascript" not in str(element.get("url", "")) and "evil" not in str(element.get("url", ""))
        assert "{{DATE" not in str(activity)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_widget_gets_the_words_as_data(kind: str) -> None:
    """They arrive unchanged as strings of JSON; tests/widget shows that the browser runs none of them."""

    def strings(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [text for item in value.values() for text in strings(item)]
        return [text for item in value for text in strings(item)] if isinstance(value, list) else [str(value)]

    drawn = to_data(poisoned(DOCUMENTS[kind]))
    assert HOSTILE in strings(drawn)
