"""What points to a person is gone before a message is kept or read, and its sender is told so after the answer."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from channels.courier import Courier
from channels.deliveries import Deliveries
from channels.locks import Locks
from channels.redaction import redacted
from channels.turns import Turns, history

if TYPE_CHECKING:
    from rasa.core.agent import Agent

NAMED = "Mrs. Quackenbush, MRN 4471102, 71F new T12 compression fracture on x-ray, back pain. Which imaging next?"
WARNING = "Removed from your message before it was kept: a name, a record number."


def said(agent: Agent, *messages: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """The turns as they were answered, as they are read back, and all that is kept of the conversation."""
    turns, store, conversation = Turns("test", agent.handle_message, Locks()), agent.tracker_store, uuid4().hex

    async def hold() -> tuple[list[Any], list[Any], str]:
        answered = [await turns.answered(store, conversation, uuid4().hex, redacted(text)) for text in messages]
        tracker = await store.retrieve(conversation)
        kept = json.dumps([event.as_dict() for event in tracker.events]) if tracker else ""
        return answered, await history(store, conversation), kept

    return asyncio.run(hold())


def test_the_sender_is_told_after_the_answer_and_again_when_the_page_is_loaded_anew(agent: Agent) -> None:
    """The answer comes first, then what was removed; neither name nor number is kept."""
    (answered,), told, kept = said(agent, NAMED)
    assert answered["answers"][-1]["text"].startswith(WARNING)
    assert answered["answers"][0]["payload"]["type"] == "question"
    assert told == [answered]
    assert "[name], MRN [number], 71F" in answered["text"]
    assert "Quackenbush" not in kept and "4471102" not in kept


def test_the_words_behind_a_fact_are_those_of_the_text_that_is_shown(agent: Agent) -> None:
    """The characters of each fact are counted in the text without identifiers."""
    (answered,), _, kept = said(agent, NAMED)
    (user,) = [event for event in json.loads(kept) if event["event"] == "user"]
    entities = [entity for entity in user["parse_data"]["entities"] if entity.get("words")]
    assert entities
    for entity in entities:
        assert entity["words"] in answered["text"][entity["start"] : entity["end"]]


def test_an_alarm_comes_before_the_warning(agent: Agent) -> None:
    """Nothing stands before an emergency."""
    (answered,), _, _ = said(agent, "Mr Smith, 70M, L1 fracture, legs weak since this morning")
    assert answered["answers"][0]["payload"]["type"] == "escalation"
    assert "a name" in answered["answers"][-1]["text"]


def test_a_message_that_begins_a_conversation_anew_is_warned_of_too(agent: Agent) -> None:
    """Where Rasa forgets what was said before, the answer still tells what was removed."""
    _, begun = said(agent, NAMED, "new patient: Mrs. Quackenbush")[0]
    assert begun["number"] == 0 or begun["text"] == "new patient: Mrs. [name]"
    assert "a name" in begun["answers"][-1]["text"]


def test_nothing_is_said_of_a_message_without_identifiers(agent: Agent) -> None:
    """An ordinary message is answered as ever."""
    (answered,), _, _ = said(agent, "71F new T12 compression fracture on x-ray, back pain. Which imaging next?")
    assert not any("Removed" in answer["text"] for answer in answered["answers"])


def test_what_waits_for_its_answer_is_kept_without_identifiers(tmp_path: Path) -> None:
    """The deliveries database never holds the name, neither in its file nor beside it."""

    class Asked:
        def __init__(self) -> None:
            self.messages: list[Any] = []

        async def answered(self, _store: Any, _conversation: str, _number: str, message: Any, _mark: Any) -> Any:
            self.messages.append(message)
            return {"answers": []}

    async def post(*_: Any) -> None:
        """There is no answer to post."""

    async def scenario() -> None:
        file, turns = tmp_path / "deliveries.sqlite", Asked()
        courier = Courier(Deliveries(f"sqlite:///{file}", "test", "worker"), turns, post)  # type: ignore[arg-type]
        assert await courier.take(None, "1", {"conversation": "one", "text": NAMED})  # type: ignore[arg-type]
        assert any(b"[name]" in kept.read_bytes() for kept in tmp_path.iterdir())
        while await courier.is_busy("one"):
            await asyncio.sleep(0.01)
        assert turns.messages == [redacted(NAMED)]
        assert all(b"Quackenbush" not in kept.read_bytes() for kept in tmp_path.iterdir())

    asyncio.run(scenario())


def test_characters_that_no_database_takes_are_blanks() -> None:
    """NUL and halves of characters; nothing moves."""
    assert redacted("78F\x00new \ud800T12 fx").text == "78F new  T12 fx"
