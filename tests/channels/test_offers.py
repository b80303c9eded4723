"""Clicks and messages that come late: what an answer offered counts while the conversation has its case, and a case
ends after twelve hours."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from actions.texts import WORDING
from channels.locks import Locks
from channels.redaction import Redacted, redacted
from channels.turns import Turns
from knowledge.document.common import say
from service.tracker_store import ConversationStore
from tests.channels.payloads import CASE, OPEN

if TYPE_CHECKING:
    from rasa.core.agent import Agent

HOUR = 3600.0
ENDED = WORDING.say("case_ended")


class Talk:
    """A conversation of a channel with the assistant itself."""

    def __init__(self, agent: Agent) -> None:
        self._store = agent.tracker_store
        self._turns = Turns("test", agent.handle_message, Locks())
        self._conversation = uuid4().hex

    def say(self, text: str, mark: str | None = None) -> list[dict[str, Any]]:
        """Send a message, or click what bears a mark; returns the answers."""
        turn = asyncio.run(self._turns.answered(self._store, self._conversation, uuid4().hex, redacted(text), mark))
        assert turn
        answers: list[dict[str, Any]] = turn["answers"]
        return answers

    def click(self, label: str, answer: dict[str, Any]) -> list[dict[str, Any]]:
        """Choose a reply of an answer by its label."""
        (send,) = [choice["send"] for choice in answer["choices"] if choice["label"] == label]
        return self.say(send, answer["mark"])

    def pause(self, hours: float) -> None:
        """Let time pass: everything that was said, was said so much earlier."""

        async def pass_by() -> None:
            tracker = await self._store.retrieve(self._conversation)
            assert tracker
            for event in tracker.events:
                event.timestamp -= hours * HOUR
            await self._store.save(tracker)

        asyncio.run(pass_by())


@pytest.fixture
def talk(agent: Agent) -> Talk:
    """A new conversation."""
    return Talk(agent)


def is_outdated(answers: list[dict[str, Any]]) -> bool:
    """Whether a click was not taken, and its author told so."""
    return [answer["text"] for answer in answers] == [say("outdated")]


def kinds(answers: list[dict[str, Any]]) -> list[str]:
    """The types of answers."""
    return [answer["payload"]["type"] for answer in answers if answer["payload"]]


def test_a_question_is_answered_by_one_click(talk: Talk) -> None:
    """The same click again changes nothing, nor does another choice of the same question."""
    question, *_ = talk.say(OPEN)
    assert kinds(talk.click("No", question)) == ["recommendation"]
    assert is_outdated(talk.click("No", question)) and is_outdated(talk.click("Yes", question))
    assert "no cancer history" in talk.say("what did you understand?")[0]["text"]


@pytest.mark.parametrize("other", ["never had cancer", "not known", "actually she is 14 years old", "new patient"])
def test_a_question_that_was_answered_otherwise_takes_no_click(talk: Talk, other: str) -> None:
    """In words, as not known, by a case that became another, by another patient."""
    question, *_ = talk.say(OPEN)
    talk.say(other)
    assert is_outdated(talk.click("Yes", question))


def test_the_next_patient_is_another_even_in_the_same_words(talk: Talk) -> None:
    """The case reads the same, and the click was not meant for it."""
    question, *_ = talk.say(OPEN)
    talk.say("new patient")
    again, *_ = talk.say(OPEN)
    assert again["payload"]["slot"] == question["payload"]["slot"]
    assert is_outdated(talk.click("Yes", question))
    assert kinds(talk.click("Yes", again)) == ["recommendation"]


def test_a_question_that_is_only_repeated_takes_the_click(talk: Talk) -> None:
    """After a remark the same question stands, so its first buttons still mean what they say."""
    question, *_ = talk.say(OPEN)
    talk.say("thanks")
    assert kinds(talk.click("No", question)) == ["recommendation"]


def test_a_follow_up_is_answered_for_the_case_that_it_was_shown_for(talk: Talk) -> None:
    """As often as it is asked, also beside a supposition; once the case has changed, it says so."""
    answer, *_ = talk.say(CASE)
    for _ in range(2):
        assert kinds(talk.say("/ask_why", answer["mark"])) == ["explanation"]
    talk.say("and without cancer?")
    assert kinds(talk.say("/ask_why", answer["mark"])) == ["explanation"]
    talk.say("the pain is 9/10")
    assert is_outdated(talk.say("/ask_why", answer["mark"]))


def test_what_was_supposed_is_applied_once_and_only_while_it_is_supposed(talk: Talk) -> None:
    """An earlier supposition cannot be applied after a later one, nor the same twice."""
    talk.say(CASE)
    first, *_ = talk.say("and without cancer?")
    second, *_ = talk.say("and if the pain had been there for months?")
    assert is_outdated(talk.click("Apply to the case", first))
    assert not is_outdated(talk.click("Apply to the case", second))
    assert is_outdated(talk.click("Apply to the case", second))


def test_a_case_that_has_ended_takes_no_click(talk: Talk) -> None:
    """Until twelve hours without a message have passed; then it would be the first fact of a new case."""
    question, *_ = talk.say(OPEN)
    talk.pause(hours=11)
    assert kinds(talk.say("/ask_why_question", question["mark"]))[0] == "explanation"
    talk.pause(hours=13)
    assert is_outdated(talk.click("No", question))


@pytest.mark.parametrize("text", ["she is afebrile, fever was excluded", "why", "hello", CASE])
def test_the_first_answer_after_a_case_has_ended_says_so(talk: Talk, text: str) -> None:
    """Before what it answers; the next does not say it again, nor does one after a shorter pause."""
    talk.say(OPEN)
    talk.pause(hours=11)
    assert ENDED not in [answer["text"] for answer in talk.say("thanks")]
    talk.pause(hours=13)
    assert talk.say(text)[0]["text"] == ENDED
    assert ENDED not in [answer["text"] for answer in talk.say("what did you understand?")]


def test_nothing_is_said_of_a_case_that_somebody_ended_or_that_never_was(talk: Talk, agent: Agent) -> None:
    """A new patient was asked for before the pause; or there had only been a greeting."""
    talk.say(CASE)
    talk.say("new patient")
    greeted = Talk(agent)
    greeted.say("hello")
    for one in (talk, greeted):
        one.pause(hours=13)
        assert ENDED not in [answer["text"] for answer in one.say(CASE)]


def test_an_alarm_comes_before_the_word_that_a_case_has_ended(talk: Talk) -> None:
    """Nothing stands before an emergency."""
    talk.say(CASE)
    talk.pause(hours=13)
    alarm, ended, *_ = talk.say("her legs are weak since this morning, new T8 fracture on x-ray")
    assert alarm["payload"]["type"] == "escalation" and ended["text"] == ENDED


def test_a_click_that_is_tried_again_is_not_late_for_what_it_did_itself() -> None:
    """Where the case was stored and the answer failed, the second attempt answers it."""
    store, attempts = ConversationStore(Domain.empty(), "sqlite://"), count()

    async def handled(message: UserMessage) -> None:
        tracker = await store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        tracker.update(SlotSet("case", {"readings": [message.text]}))
        if next(attempts) != 1:
            tracker.update(BotUttered(f"Answer to {message.text}", {}))
        await store.save(tracker)

    async def scenario() -> None:
        turns = Turns("test", handled, Locks())
        first = await turns.answered(store, "one", "1", Redacted("question"))
        assert first
        click = ("one", "2", Redacted("choice"), first["answers"][0]["mark"])
        assert await turns.answered(store, *click) is None
        again = await turns.answered(store, *click)
        assert again and [answer["text"] for answer in again["answers"]] == ["Answer to choice"]

    asyncio.run(scenario())
