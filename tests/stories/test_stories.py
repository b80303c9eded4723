"""Test stories: conversations as content staff write them, held with the real model and the real actions.

Each file in this folder is YAML: a list of stories; a story has a name and steps. A step sends `user`
and says what must come back: `type` of the payload, `outcome`, the `slot` asked, words that the text
must or must not contain (`says`, `never_says`), facts as understood (`facts`), or only that an answer
comes (`answers: true`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.assistant import Conversation, Turn
from tests.contract import check_payload

FOLDER = Path(__file__).parent
KEYS = {"user", "type", "outcome", "slot", "says", "never_says", "facts", "answers"}


def stories() -> Iterator[Any]:
    """Every story of the folder, named by file and title."""
    for path in sorted(FOLDER.glob("*.yml")):
        for story in YAML(typ="safe").load(path):
            yield pytest.param(story["steps"], id=f"{path.stem}: {story['story']}")


@pytest.mark.parametrize("steps", stories())
def test_story(steps: list[dict[str, Any]], conversation: Callable[[], Conversation]) -> None:
    """Every step of the story gets the answer that it says."""
    talk = conversation()
    for step in steps:
        assert not set(step) - KEYS, f"unknown keys {set(step) - KEYS} in a step"
        turn = talk.say(step["user"])
        for payload in turn.payloads:
            check_payload(payload)
        _check(step, turn)


def _check(step: dict[str, Any], turn: Turn) -> None:
    assert turn.text.strip(), f"no answer to {step['user']!r}"
    if "type" in step:
        payload = turn.payload(step["type"])
        for key in ("outcome", "slot"):
            if key in step:
                assert payload[key] == step[key], (
                    f"{step['user']!r}: {key} {payload[key]!r}, not {step[key]!r}\n{turn.text}"
                )
        understood = {fact["slot"]: fact["value"] for fact in payload.get("facts", ())}
        for slot, value in step.get("facts", {}).items():
            assert understood.get(slot) == str(value), (
                f"{step['user']!r}: {slot} understood as {understood.get(slot)!r}"
            )
    for words in step.get("says", ()):
        assert words.casefold() in turn.text.casefold(), f"{step['user']!r}: {words!r} missing in\n{turn.text}"
    for words in step.get("never_says", ()):
        assert words.casefold() not in turn.text.casefold(), f"{step['user']!r}: {words!r} stands in\n{turn.text}"
