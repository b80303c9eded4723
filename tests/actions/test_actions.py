"""The actions themselves: failures reach the clinician as a sentence and the log without patient text."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.actions import ReadTurn, Reply, Safe, TellMore

if TYPE_CHECKING:
    from tests.assistant import Conversation

SECRET = "Zephyrina Quackenbush"


class Broken(Safe, Action):  # type: ignore[misc]
    """An action that fails on the patient's text."""

    def name(self) -> str:
        return "action_broken"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        raise ValueError(tracker.latest_message["text"])


def tracker(text: str, intent: str = "nlu_fallback", slots: dict[str, Any] | None = None) -> Tracker:
    """A tracker whose latest message is `text`."""
    message = {"text": text, "intent": {"name": intent}, "entities": []}
    return Tracker("tester", slots or {}, message, [], False, None, {}, "action_listen")


def test_a_failure_is_told_and_logged_without_patient_text(caplog: pytest.LogCaptureFixture) -> None:
    """The clinician gets a sentence; the log names the error and its place, not the text."""
    dispatcher = CollectingDispatcher()
    with caplog.at_level(logging.DEBUG):
        assert asyncio.run(Broken().run(dispatcher, tracker(SECRET), {})) == []
    assert "nothing you said was lost" in dispatcher.messages[0]["text"]
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_an_empty_message_is_answered() -> None:
    """Nothing typed gets a reply that says so."""
    dispatcher = CollectingDispatcher()
    asyncio.run(Reply().run(dispatcher, tracker("  "), {}))
    assert "empty" in dispatcher.messages[0]["text"]


def test_reasons_without_a_case_ask_for_one() -> None:
    """Asking why before any case is described leads to describing one."""
    dispatcher = CollectingDispatcher()
    asyncio.run(TellMore().run(dispatcher, tracker("why", "ask_why"), {}))
    assert "Describe the case" in dispatcher.messages[0]["text"]


def test_an_alarm_is_repeated_until_it_is_taken_back() -> None:
    """A remark that states nothing new does not end an emergency."""
    reading = {"fact": "neuro_status", "value": "deficit", "evidence": "weak legs"}
    dispatcher = CollectingDispatcher()
    slots = {"case": {"readings": {"neuro_status": reading}}, "notice_shown": True}
    asyncio.run(Reply().run(dispatcher, tracker("she says it is nothing", slots=slots), {}))
    assert "The alarm stands" in dispatcher.messages[0]["text"]
    assert dispatcher.messages[0]["custom"]["type"] == "escalation"


@pytest.mark.parametrize("before", [(), ("78F, new T11 fracture, pain. Which treatment?",)], ids=["at once", "asked"])
def test_after_a_failure_an_alarm_is_heard(
    conversation: Callable[[], Conversation], monkeypatch: pytest.MonkeyPatch, before: tuple[str, ...]
) -> None:
    """A message that could not be worked out gets one sentence, and the next is answered as if it had not been."""
    talk = conversation()
    for text in before:
        talk.say(text)
    with monkeypatch.context() as broken:
        broken.setattr(ReadTurn, "_next", None)
        assert [text[:20] for text in talk.say("72F, never had cancer").texts] == ["Something went wrong"]
    assert talk.say("legs weak since this morning").payload("escalation")
