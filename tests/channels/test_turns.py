"""Turns as they are answered, sent again, and read back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

from channels.locks import Locks
from channels.redaction import redacted
from channels.turns import Turn, Turns, history
from tests.bench.talk import messages

if TYPE_CHECKING:
    from rasa.core.agent import Agent


def test_a_turn_is_the_same_when_it_is_answered_sent_again_and_read_back(agent: Agent) -> None:
    """Wherever it stands in the conversation; a choice is told in its words."""
    store, conversation = agent.tracker_store, uuid4().hex
    turns = Turns("test", agent.handle_message, Locks())
    said = [*messages(3, 8), "start over", "72F, new L1 fracture on x-ray, back pain", "no", "undo"]

    async def answered(text: str, number: str) -> Turn:
        turn = await turns.answered(store, conversation, number, redacted(text))
        assert turn
        return turn

    async def talk() -> tuple[list[Turn], list[Turn]]:
        first = []
        for place, text in enumerate(said):
            first.append(await answered(text, f"{conversation}-{place}"))
            choices = first[-1]["answers"][0]["choices"]
            if choices:
                first.append(await answered(choices[0]["send"], f"{conversation}-{place}-choice"))
        kept = await history(store, conversation)
        again = [await answered(turn["text"], turn["id"]) for turn in kept]
        assert again == kept
        return first, kept

    first, kept = asyncio.run(talk())
    by_number = {turn["id"]: turn for turn in first if turn["number"]}
    assert len(kept) > 4
    assert all(by_number[turn["id"]] == turn for turn in kept if turn["id"] in by_number)
    assert any(turn["id"].endswith("-choice") and not turn["text"].startswith("/") for turn in kept)
