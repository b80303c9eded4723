"""What a turn costs does not creep up: counted, and late turns beside early ones, so that no slow machine matters."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import pytest
from rasa.core.agent import Agent

from tests.assistant import Conversation
from tests.bench.talk import REPLIES, messages

TURNS, CYCLE = 200, 10
BESIDE = 20
"""Late turns that are measured, each beside an early one that answers the same message."""
MOST_CALLS = 2
"""Action calls of a turn: the form's validation and the answer."""
MOST_BYTES = 40_000
"""That Rasa posts for one action call."""
SLOWEST = 1.35
"""Times that late turns may take as long as early ones; they take as long within a few percent."""
CEILING = 400.0
"""Milliseconds of the median turn, generous: it takes some fifteen."""


@pytest.fixture
def posted(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of each action call from here on."""
    sizes: list[int] = []
    endpoint: Any = agent.action_endpoint
    call = endpoint.request

    async def counted(*arguments: Any, **more: Any) -> Any:
        sizes.append(len(json.dumps(more["json"])))
        return await call(*arguments, **more)

    monkeypatch.setattr(endpoint, "request", counted)
    return sizes


def held(agent: Agent) -> Iterator[float]:
    """A conversation of which each step is a turn: the milliseconds of work that it took."""
    talk = Conversation(agent)
    for number, text in enumerate([*messages(0, 3), *(REPLIES[2 + turn % CYCLE] for turn in range(TURNS - 3))]):
        begun = time.process_time()
        assert talk.say(text).text, f"no answer to turn {number}: {text}"
        yield 1000 * (time.process_time() - begun)


def turns(conversation: Iterator[float], number: int) -> list[float]:
    """So many turns of it."""
    return [next(conversation) for _ in range(number)]


def test_no_turn_calls_or_posts_more_than_any_other(agent: Agent, posted: list[int]) -> None:
    for number, _ in enumerate(held(agent)):
        assert len(posted) <= MOST_CALLS, number
        assert max(posted, default=0) <= MOST_BYTES, number
        posted.clear()


def test_a_turn_costs_as_much_late_as_early(agent: Agent) -> None:
    """The two are measured in turn: a machine that is slower for minutes is as slow for both."""
    long, short = held(agent), held(agent)
    turns(long, TURNS - BESIDE)
    turns(short, CYCLE)
    early, late = zip(*((next(short), next(long)) for _ in range(BESIDE)), strict=True)
    times = median(after / before for before, after in zip(early, late, strict=True))
    assert times <= SLOWEST, f"late turns take {times:.2f} times as long, {median(late):.0f} ms"
    assert median(early) <= CEILING
