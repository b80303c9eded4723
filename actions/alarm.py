"""An emergency that was raised stands until it is taken back, whatever else is said."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Conversation
from actions.speak import utter
from actions.texts import say
from knowledge.answer import answer
from knowledge.case import UNKNOWN, Case, Reading
from knowledge.case import alarms as alarms_alone
from knowledge.current import engine

SURE_OF_REQUEST = 0.6
"""Confidence below which a message during an emergency gets nothing but the emergency."""


def repeat_alarm(dispatcher: CollectingDispatcher, conversation: Conversation) -> list[dict[str, object]]:
    """Say the emergency again, and how to take it back; returns no events."""
    utter(dispatcher, answer(engine(), conversation.case) | how_to_end(conversation.case))
    return []


def how_to_end(case: Case) -> dict[str, object]:
    """What an answer says beside the emergency of `case`: how to take it back."""
    return {"stands": say("alarm_stands", phrase=_phrase_without_alarm(case))}


def denied_in_vain(conversation: Conversation) -> bool:
    """Whether the latest message says otherwise of what raised the emergency, and did not take it back."""
    raised = alarms(conversation.case)
    return any(
        reading.fact in raised and reading.value not in (None, UNKNOWN, conversation.case.readings[reading.fact].value)
        for reading in conversation.turn.readings
    )


def alarm_stands(case: Case) -> bool:
    """Whether an emergency was raised and not taken back; a remark that says nothing new does not end it."""
    return bool(alarms(case))


def alarms(case: Case) -> set[str]:
    """The facts of `case` that raise an emergency by themselves."""
    return {name for name in case.readings if case.raises_alarm(name, engine().guideline)}


def may_alarm(name: str) -> bool:
    """Whether some value of the fact `name` raises an emergency by itself."""
    guideline = engine().guideline
    return any(alarms_alone(Reading(name, value.value), guideline) for value in guideline.fact[name].values)


def _phrase_without_alarm(case: Case) -> str:
    """How to say that the fact behind the alarm is not so ("no new neurologic deficit")."""
    guideline = engine().guideline
    name = next(name for name in case.readings if case.raises_alarm(name, guideline))
    raised = case.readings[name].value
    return next(value.phrase for value in guideline.fact[name].values if value.value != raised)


def interrupts(dispatcher: CollectingDispatcher, conversation: Conversation) -> bool:
    """Whether an emergency is said first; and if the message is no sure request, instead of any answer."""
    if not alarm_stands(conversation.case):
        return False
    repeat_alarm(dispatcher, conversation)
    guesses = conversation.turn.guesses
    return not guesses or guesses[0][1] < SURE_OF_REQUEST
