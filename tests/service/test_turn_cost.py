"""What a turn costs does not creep up: counted, and late turns beside early ones, so that no slow machine matters."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from rasa.core.agent import Agent

from tests.assistant import Conversation
from tests.bench.talk import REPLIES, messages

TURNS, CYCLE = 200, 10
MOST_CALLS = 2
"""Action calls of a turn: the form's validation and the answer."""
MOST_BYTES = 40_000
"""That Rasa posts for one action call."""
SLOWEST = 1.35
"""Times that late turns may take as long as early ones, of ten of each; they take as long within a few percent."""
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


def test_a_turn_costs_as_much_late_as_early(agent: Agent, posted: list[int]) -> None:
    talk = Conversation(agent)
    taken, calls, sizes = [], [], []
    for number, text in enumerate([*messages(0, 3), *(REPLIES[2 + turn % CYCLE] for turn in range(TURNS - 3))]):
        posted.clear()
        begun = time.process_time()
        assert talk.say(text).text, f"no answer to turn {number}: {text}"
        taken.append(1000 * (time.process_time() - begun))
        calls.append(len(posted))
        sizes.append(max(posted, default=0))
    early, late = (sorted(each)[CYCLE // 2] for each in (taken[CYCLE : 2 * CYCLE], taken[-CYCLE:]))
    assert max(calls) <= MOST_CALLS
    assert max(sizes) <= MOST_BYTES
    assert late <= SLOWEST * early, f"{early:.0f} ms around turn 15, {late:.0f} ms at turn {TURNS}"
    assert early <= CEILING
