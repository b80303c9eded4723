"""What each type of answer looks like in Slack, kept in snapshots/ so that a change of it is seen in review.

After a change that is meant, run this file with UPDATE_SNAPSHOTS=1 and look at the difference before you commit it:
`UPDATE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/channels/slack/test_snapshots.py`. Block Kit Builder
(app.slack.com/block-kit-builder) draws the blocks. What differs from run to run (identifiers, versions) is masked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.channels import payloads
from tests.channels.slack.block_kit import words
from tests.channels.slack.person import Person
from tests.snapshots import as_json, check_snapshot

SNAPSHOTS = Path(__file__).with_name("snapshots")
TALKS = {**payloads.TALKS, "correction": [payloads.CASE, "correction: she never had cancer"]}
"""By type of answer, what is said until it comes."""


def turn(person: Person, texts: list[str]) -> list[dict[str, Any]]:
    """The messages that the last of these texts is answered with, in a thread of their own."""
    thread, count = person.mention(texts[0]), 0
    for text in texts[1:]:
        count = len(person.settled(thread))
        person.write(text, thread)
    return person.settled(thread)[count:]


@pytest.mark.parametrize("name", TALKS)
def test_an_answer_looks_as_it_did(name: str, person: Person) -> None:
    """The messages are those of the snapshot."""
    answer = turn(person, TALKS[name])
    assert answer and words(answer[0]["blocks"])
    kept = [{"text": message["text"], "blocks": message["blocks"]} for message in answer]
    check_snapshot(SNAPSHOTS / f"{name}.json", as_json(kept))


def test_every_type_has_its_snapshot() -> None:
    """No type of answer is left out, and no snapshot is left over."""
    assert payloads.types() <= TALKS.keys()
    assert {path.stem for path in SNAPSHOTS.glob("*.json")} == TALKS.keys()
