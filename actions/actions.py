"""The actions that Rasa calls: read a turn, answer, tell more, reply."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.conversation import FORM, Conversation, buttons, case_events, engine
from knowledge.answer import Payload, answer
from knowledge.case import Case
from knowledge.engine import Question
from knowledge.flags import red_flags

Events = list[dict[str, Any]]
logger = logging.getLogger(__name__)

ANSWERS = frozenset({"describe_case", "inform", "affirm", "deny", "dont_know", "nlu_fallback", ""})
"""Intents that in the middle of a question can only be meant as its answer."""


COURTESIES = frozenset({"greet", "goodbye", "thank", "help", "patient_advice"})


class Safe:
    """Lets the failure of an action reach the clinician as a sentence, and the log without patient text.

    Left to itself, the action server would log and return the whole conversation.
    """

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Run `act`; returns its events, or none after a failure, which loses nothing said before."""
        try:
            return self.act(dispatcher, tracker)
        except Exception as error:
            frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            logger.error("%s failed: %s at %s", self.name(), type(error).__name__, " > ".join(frames[-4:]))
            dispatcher.utter_message(text=wording.say("failed"), json_message={"type": "social"})
            return []

    def name(self) -> str:
        """The name by which Rasa calls the action."""
        raise NotImplementedError

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """What the action does; returns its events."""
        raise NotImplementedError


class ReadTurn(Safe, Action):  # type: ignore[misc]
    """validate_case_form: takes in what the message states, then asks the next question or ends the form."""

    def name(self) -> str:
        return f"validate_{FORM}"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        if _returns_from_digression(tracker):
            return self._next(dispatcher, conversation, conversation.case, retry="")
        turn = conversation.turn
        if conversation.asked and not turn.readings and turn.intent not in ANSWERS:
            return [ActionExecutionRejected(FORM)]
        if turn.read_up_to:
            dispatcher.utter_message(text=wording.say("truncated", limit=turn.read_up_to))
        case = conversation.advanced()
        decides = any(engine().guideline.fact[reading.fact].decides for reading in turn.readings)
        retry = _retry(conversation) if (conversation.asked and not decides) or turn.refused else ""
        events = self._next(dispatcher, conversation, case, retry)
        return [*events, SlotSet("attempts", conversation.attempts + 1 if retry else 0)]

    @staticmethod
    def _next(dispatcher: CollectingDispatcher, conversation: Conversation, case: Case, retry: str) -> Events:
        step = engine().next_step(case)
        events = case_events(conversation.case, case)
        if not isinstance(step, Question):
            if conversation.turn.refused:
                dispatcher.utter_message(text=retry)
            return [*events, SlotSet("requested_slot", None)]
        payload = answer(engine(), case)
        dispatcher.utter_message(text=wording.question(payload, retry), buttons=buttons(payload), json_message=payload)
        return [*events, SlotSet("requested_slot", step.fact), *_notice(dispatcher, conversation)]


class Answer(Safe, Action):  # type: ignore[misc]
    """action_answer: the answer to a case that needs no further question."""

    def name(self) -> str:
        return "action_answer"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        payload = answer(engine(), conversation.case)
        dispatcher.utter_message(text=wording.as_text(payload), json_message=payload)
        return _notice(dispatcher, conversation)


class TellMore(Safe, Action):  # type: ignore[misc]
    """action_tell_more: a part of the last answer, or of the open question, on request."""

    def name(self) -> str:
        return "action_tell_more"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        case = conversation.advanced()
        if not case.readings and conversation.turn.intent != "ask_escalation":
            dispatcher.utter_message(text=wording.say("nothing_yet"), json_message={"type": "social"})
            return _notice(dispatcher, conversation)
        payload = answer(engine(), case)
        text, kind = _part(conversation.turn.intent, payload)
        more = {**payload, "type": kind, "about": payload["type"]}
        dispatcher.utter_message(text=text, json_message=more)
        return [*case_events(conversation.case, case), *_notice(dispatcher, conversation)]


class Reply(Safe, Action):  # type: ignore[misc]
    """action_reply: courtesies, help, out of scope, and whatever could not be understood."""

    def name(self) -> str:
        return "action_reply"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        if conversation.turn.intent not in COURTESIES and _alarm_stands(conversation):
            payload = answer(engine(), conversation.case)
            stands = wording.say("alarm_stands", phrase=_phrase_without_alarm(conversation))
            dispatcher.utter_message(text=f"{stands} {wording.as_text(payload)}", json_message=payload)
            return []
        intent = conversation.turn.intent if conversation.turn.text.strip() else "empty"
        kind = "out_of_scope" if intent in ("out_of_scope", "nlu_fallback", "patient_advice") else "social"
        dispatcher.utter_message(text=wording.reply(intent), json_message={"type": kind})
        return _notice(dispatcher, conversation)


def _part(intent: str, payload: Payload) -> tuple[str, str]:
    """Text and payload type of the part of an answer that `intent` asks for."""
    if intent == "ask_sources":
        return wording.sources(payload), "sources"
    if intent == "ask_summary":
        return wording.understood(payload), "explanation"
    if intent == "ask_repeat":
        return wording.as_text(payload), payload["type"]
    if intent == "ask_why":
        return _why(payload), "explanation"
    lists = {
        "ask_next_steps": ("actions", "next_steps", "follow_up"),
        "ask_pitfalls": ("pitfalls",),
        "ask_escalation": ("escalate_when",),
    }
    if intent == "ask_escalation" and not payload.get("escalate_when"):
        return "\n".join(wording.flags(red_flags(engine().guideline))), "answer"
    return wording.statements([item for key in lists.get(intent, ()) for item in payload.get(key, ())]), "answer"


def _why(payload: Payload) -> str:
    if payload["type"] == "question":
        return wording.say("question_why", why=payload["why"])
    if payload["type"] == "conditional":
        return "\n".join([wording.say("explanation_conditional"), wording.understood(payload)])
    lines = [wording.say("explanation_variant", because=" ".join(payload["because"]))]
    for item in payload.get("excluded", ()):
        number = item["outcome"].removeprefix("v")
        lines.append(wording.say("explanation_excluded", number=number, because=item["because"]))
    return "\n".join([*lines, wording.understood(payload)])


def _alarm_stands(conversation: Conversation) -> bool:
    """Whether an emergency was raised and not taken back; a remark that says nothing new does not end it."""
    return any(conversation.case.raises_alarm(name, engine().guideline) for name in conversation.case.readings)


def _phrase_without_alarm(conversation: Conversation) -> str:
    """How to say that the fact behind the alarm is not so ("no new neurologic deficit")."""
    guideline = engine().guideline
    name = next(name for name in conversation.case.readings if conversation.case.raises_alarm(name, guideline))
    raised = conversation.case.readings[name].value
    return next(value.phrase for value in guideline.fact[name].values if value.value != raised)


def _retry(conversation: Conversation) -> str:
    """What to say before a question is asked again; the second time it says what would be an answer."""
    if conversation.turn.refused:
        return wording.say("not_a_value", fact=conversation.turn.refused[0])
    if not conversation.attempts:
        return wording.say("retry_first")
    labels = [value.label for value in engine().guideline.fact[str(conversation.asked)].values]
    return wording.say("retry_again", choices=", ".join(f'"{label}"' for label in labels))


def _notice(dispatcher: CollectingDispatcher, conversation: Conversation) -> Events:
    """The opening notice, once a conversation, after the first answer so that an alarm comes first."""
    if conversation.notice_shown:
        return []
    dispatcher.utter_message(text=wording.say("notice"))
    return [SlotSet("notice_shown", True)]


def _returns_from_digression(tracker: Tracker) -> bool:
    """Whether another action has already answered the latest message and the form only asks again."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") in ("action_tell_more", "action_reply"):
            return True
    return False
