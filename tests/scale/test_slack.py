"""Slack with two workers: each message answered once, in its order, also when the worker that has it dies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.channels.slack.block_kit import words
from tests.channels.slack.person import BOT
from tests.channels.slack.test_conversation import CASE
from tests.scale.conftest import Scaled

PEOPLE = 5


def test_an_event_that_both_workers_get_is_answered_once(scaled: Scaled) -> None:
    """Slack repeats what it thinks was not heard; the repetition may reach another worker at the same moment."""
    person = scaled.person()
    ts = scaled.slack.new_ts()
    event = person.envelope(f"<@{BOT}> {CASE}", ts, type="app_mention")
    with ThreadPoolExecutor(4) as pool:
        assert {reply.status_code for reply in pool.map(lambda _: person.send(event), range(4))} == {200}
    seen = [words(one["blocks"]) for one in person.settled(ts)]
    assert seen and len(seen) == len(set(seen))


def test_what_a_killed_worker_had_in_hand_is_answered_once_by_the_other(scaled: Scaled) -> None:
    """Everybody gets every answer, in order, and nobody gets one twice."""
    people = [scaled.person() for _ in range(PEOPLE)]
    threads = [person.mention(CASE) for person in people]
    for person, thread in zip(people, threads, strict=True):
        person.write("why", thread)
    scaled.kill_worker()
    for person, thread in zip(people, threads, strict=True):
        seen = [words(one["blocks"]) for one in person.settled(thread)]
        assert len(seen) == len(set(seen)), "something was posted twice"
        because = next(place for place, text in enumerate(seen) if "Because" in text)
        assert any("Usually appropriate" in text for text in seen[:because])
