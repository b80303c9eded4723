"""What each type of answer looks like in Slack, kept in snapshots/ so that a change of it is seen in review.

After a change that is meant, run this file with UPDATE_SNAPSHOTS=1 and look at the difference before you commit it:
`UPDATE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/channels/slack/test_snapshots.py`. Block Kit Builder
(app.slack.com/block-kit-builder) draws the blocks. What differs from run to run (identifiers, versions) is masked.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from knowledge.document.build import CASES, FOUND
from knowledge.document.explanations import REQUESTS
from tests.channels.slack.block_kit import words
from tests.channels.slack.person import Person
from tests.channels.slack.test_conversation import CASE, OPEN
from tests.contract import SCHEMA

SNAPSHOTS = Path(__file__).with_name("snapshots")
CHILD = "14-year-old girl, new painful T8 compression fracture on x-ray, neuro intact, no cancer. Which imaging?"
TALKS = {
    "question": [OPEN],
    "recommendation": [CASE],
    "escalation": [CASE, "her legs feel weak since this morning"],
    "not_covered": [CHILD],
    "conditional": [OPEN, "not known"],
    "rating": [CASE, "is a bone scan reasonable here?"],
    "what_if": [CASE, "and without cancer?"],
    "note": [CASE, "summarize for the chart"],
    "correction": [CASE, "correction: she never had cancer"],
    "ask_why": [CASE, "why"],
    "ask_why_question": [OPEN, "why do you ask"],
    "ask_why_not": [CASE, "why not variant 6"],
    "ask_summary": [CASE, "what have you understood"],
    "ask_assumptions": [CASE, "what did you assume"],
    "ask_next_steps": [CASE, "next steps"],
    "ask_follow_up": [CASE, "follow-up"],
    "ask_pitfalls": [CASE, "pitfalls"],
    "ask_escalation": [CASE, "when to escalate"],
    "ask_sources": [CASE, "sources"],
    "ask_sins": [CASE, "what is the SINS? lytic, no subluxation"],
    "ask_other_guidelines": [CASE, "what do other guidelines say"],
    "undo": [CASE, "correction: she never had cancer", "undo"],
    "variants": ["list all variants"],
    "variants_by_rating": ["which variants rate vertebroplasty usually appropriate"],
    "other_guidelines": ["what do other guidelines say about vertebroplasty"],
    "variant": ["show variant 6"],
    "radiation": ["radiation of two lumbar CTs and a bone scan"],
    "knowledge": ["how fast does radiation work"],
    "social": [CASE, "thanks"],
    "out_of_scope": [CASE, "hm"],
}
"""By type of answer, what is said until it comes."""
BY_REQUEST = {"explanation", "answer", "sources"}
"""Types that look like what was asked for, which has its own snapshot."""


def types() -> set[str]:
    """Every type of payload, and all that answers are about or asked for."""
    contract = json.loads(SCHEMA.read_text(encoding="utf-8"))
    given = [one["properties"]["type"] for one in contract["$defs"].values() if "type" in one.get("properties", {})]
    named = {name for one in given for name in one.get("enum", [one.get("const")]) if name}
    return named - BY_REQUEST | CASES.keys() | FOUND.keys() | REQUESTS.keys()


def turn(person: Person, texts: list[str]) -> list[dict[str, Any]]:
    """The messages that the last of these texts is answered with, in a thread of their own."""
    thread, count = person.mention(texts[0]), 0
    for text in texts[1:]:
        count = len(person.settled(thread))
        person.write(text, thread)
    return person.settled(thread)[count:]


def masked(messages: list[dict[str, Any]]) -> str:
    """Messages as they are kept."""
    kept = [{"text": message["text"], "blocks": message["blocks"]} for message in messages]
    text = json.dumps(kept, indent=2, ensure_ascii=False) + "\n"
    return re.sub(r"\b([0-9a-f]{32}|[0-9a-f]{24}|[0-9a-f]{12}|20\d\d-\d\d-\d\dT[\d:+]+)\b", "…", text)


@pytest.mark.parametrize("name", TALKS)
def test_an_answer_looks_as_it_did(name: str, person: Person) -> None:
    """The messages are those of the snapshot."""
    answer = turn(person, TALKS[name])
    assert answer and words(answer[0]["blocks"])
    shown, path = masked(answer), SNAPSHOTS / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert path.exists(), f"there is no {path.name} yet: see the top of this file"
    assert shown == path.read_text(encoding="utf-8")


def test_every_type_has_its_snapshot() -> None:
    """No type of answer is left out, and no snapshot is left over."""
    assert types() <= TALKS.keys()
    assert {path.stem for path in SNAPSHOTS.glob("*.json")} == TALKS.keys()
