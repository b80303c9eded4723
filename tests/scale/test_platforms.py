"""Slack and Teams while a part dies: what was taken in is answered once, of its own case, by whatever comes back."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from channels.deliveries import WAITS, deliveries
from knowledge.document.common import say
from storage.database import open_database
from tests.channels.slack.block_kit import words
from tests.scale.clinicians import LEVELS
from tests.scale.conftest import PARTS, Scaled

AT_ONCE = 4
WITHIN = 120.0
"""Seconds in which everything is answered, whatever died meanwhile and however busy the machine."""
RATED = "Usually appropriate"


@pytest.mark.parametrize("part", PARTS)
def test_what_was_taken_in_is_answered_once_whatever_dies(scaled: Scaled, part: str) -> None:
    """Everybody writes, a part is killed while they are answered, and everybody has their answer in the end."""
    people = [scaled.person() for _ in range(AT_ONCE)]
    chats = [scaled.chat() for _ in range(AT_ONCE)]
    threads = [person.mention(case(number)) for number, person in enumerate(people)]
    sent = [chat.activity(text=case(number)) for number, chat in enumerate(chats)]
    if part == "worker":
        # Teams cannot be asked what it has: a worker that dies between a post and the note of it leaves a card that
        # comes twice (docs/teams.md). So Teams takes nothing until the worker is dead.
        scaled.teams.fail = lambda: (503, {})
    for chat, activity in zip(chats, sent, strict=True):
        assert chat.post(activity).status_code == 202
    scaled.outage(part)
    scaled.teams.fail = None
    all_answered(scaled)
    for number, (person, thread) in enumerate(zip(people, threads, strict=True)):
        only_own([words(one["blocks"]) for one in person.seen(thread)], number)
    for number, activity in enumerate(sent):
        only_own([shown(reply.activity) for reply in scaled.teams.replies(activity["id"])], number)
    assert not scaled.slack.complaints and not scaled.teams.complaints


def case(number: int) -> str:
    """A patient whose level no other here has."""
    return (
        f"{70 + number}F, new {LEVELS[number]} compression fracture on x-ray after a minor fall, back pain, never had "
        "cancer, neuro exam normal. Which imaging next?"
    )


def all_answered(scaled: Scaled) -> None:
    """Wait until no message waits for an answer any more, so that nothing more will be posted."""
    engine, until = open_database(scaled.postgres.url, "test"), time.monotonic() + WITHIN
    try:
        while waiting := _waiting(engine):
            assert time.monotonic() < until, f"not answered: {waiting}"
            time.sleep(0.2)
    finally:
        engine.dispose()


def shown(activity: dict[str, Any]) -> str:
    """All that an activity in Teams shows."""
    return json.dumps([activity.get("text"), activity.get("attachments")], ensure_ascii=False)


def only_own(messages: Sequence[str], number: int) -> None:
    """Fails unless the recommendation is among the messages once, none came twice, and none is about another's patient.

    That the answer takes longer may have been said before.
    """
    answers = [message for message in messages if say("delayed") not in message]
    rated = sum(RATED in answer for answer in answers)
    assert rated == 1, f"answered {rated} times: {answers}"
    assert len(answers) == len(set(answers)), f"something came twice: {answers}"
    levels = {level for level in LEVELS[:AT_ONCE] for answer in answers if f"level of the fracture {level}" in answer}
    assert levels <= {LEVELS[number]}


def _waiting(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select(deliveries.c.key).where(WAITS)).scalars())
