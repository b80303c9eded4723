"""Messages that may mean several things are asked back with buttons, or refused where nothing fits."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.actions import LookUp, Reply, TellMore

CASE = {"readings": {"symptoms": {"fact": "symptoms", "value": "symptomatic", "evidence": "painful"}}}


def tracker(text: str, intent: str, guesses: dict[str, float], case: dict[str, Any] | None) -> Tracker:
    """A tracker whose latest message is `text`, classified with these guesses."""
    ranking = [{"name": name, "confidence": sure} for name, sure in guesses.items()]
    message = {"text": text, "intent": {"name": intent}, "entities": [], "intent_ranking": ranking}
    return Tracker("tester", {"case": case, "notice_shown": True}, message, [], False, None, {}, "action_listen")


def said(action: Any, tracked: Tracker) -> dict[str, Any]:
    """The only message that `action` sends."""
    dispatcher = CollectingDispatcher()
    asyncio.run(action.run(dispatcher, tracked, {}))
    (message,) = dispatcher.messages
    return dict(message)


GUESSES = {"nlu_fallback": 0.45, "ask_why": 0.39, "ask_sources": 0.24, "ask_pitfalls": 0.05}


def test_an_unclear_message_is_asked_back_with_what_it_may_mean() -> None:
    """The likely requests are offered as buttons, the unlikely ones are not."""
    message = said(Reply(), tracker("xylophone quartz", "nlu_fallback", GUESSES, CASE))
    assert [button["payload"] for button in message["buttons"]] == ["/ask_why", "/ask_sources"]
    assert "why this answer" in message["text"]
    assert "sources" in message["text"]


def test_without_a_case_nothing_is_offered() -> None:
    """Why and sources of an answer need one."""
    message = said(Reply(), tracker("xylophone quartz", "nlu_fallback", GUESSES, None))
    assert not message["buttons"]


def test_a_look_up_that_finds_nothing_offers_what_else_may_be_meant() -> None:
    """A rating was guessed, but nothing is named that is rated."""
    guesses = {"ask_rating": 0.5, "ask_why": 0.3}
    message = said(LookUp(), tracker("xylophone quartz", "ask_rating", guesses, CASE))
    assert [button["payload"] for button in message["buttons"]] == ["/ask_why"]


def test_why_without_a_procedure_explains_the_whole_answer() -> None:
    """Reasons of a rating were guessed, but no rating is named."""
    message = said(TellMore(), tracker("four at the top, how so", "ask_why_rating", {"ask_why_rating": 0.9}, CASE))
    assert message["custom"]["type"] == "explanation"
