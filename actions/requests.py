"""action_tell_more: parts of the case's own answer, or of the open question, on request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.alarm import interrupts
from actions.conversation import Conversation, case_events
from actions.lookup import LookUp
from actions.safe import Events, Safe, notice
from actions.speak import utter
from actions.texts import say
from knowledge.answer import Payload, answer, values_of
from knowledge.case import Case
from knowledge.consult_note import consult_note
from knowledge.current import engine
from knowledge.document.common import short
from knowledge.engine import Question
from knowledge.exclusion import why_not_in_full, why_not_so_far
from knowledge.fhir import fhir_bundle
from knowledge.flags import red_flags
from knowledge.model import Outcome
from knowledge.names import variants_named
from knowledge.sins import components_in, components_of_case, sins

WITHOUT_A_CASE = frozenset({"ask_escalation", "ask_sins", "ask_sources"})
"""Requests that are answered before any case is described."""
WHY_RATING = "ask_why_rating"
"""Asks for the reasons of a rating, or, where none is named, of the whole answer."""
REASONED = dict.fromkeys(("ask_why", "ask_why_not"), WHY_RATING)
"""Requests for reasons that are about a rating where a message names a procedure."""
SURE_OF_PART = 0.7
"""Confidence below which a message that names a procedure asks for its rating: "refer her to a surgeon?"; from
it on, for the part: "what comes after the cement?"."""
LISTS = {
    "ask_next_steps": ("actions", "next_steps"),
    "ask_follow_up": ("follow_up",),
    "ask_pitfalls": ("pitfalls",),
    "ask_escalation": ("escalate_when",),
}
"""The statements of an answer that a request is about."""


class TellMore(Safe, Action):  # type: ignore[misc]
    """action_tell_more: a part of the last answer, or of the open question, on request."""

    def name(self) -> str:
        return "action_tell_more"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        turn = conversation.turn
        if (turn.intent in LISTS or turn.intent == WHY_RATING) and interrupts(dispatcher, conversation):
            return []
        rated = turn.names_a_procedure and turn.intent != WHY_RATING
        if rated and turn.guesses and turn.guesses[0][1] < SURE_OF_PART:
            request = REASONED.get(turn.intent, "ask_knowledge")
            return LookUp.look_up(dispatcher, conversation, conversation.advanced(), request)
        return self.tell(dispatcher, conversation, conversation.advanced(), turn.intent)

    @staticmethod
    def tell(dispatcher: CollectingDispatcher, conversation: Conversation, case: Case, intent: str) -> Events:
        """Answer the request `intent` about `case`; returns the events that store it."""
        if intent == WHY_RATING:
            if conversation.turn.names_a_procedure or not case.readings:
                return LookUp.look_up(dispatcher, conversation, case, intent)
            intent = "ask_why_not" if variants_named(conversation.turn.text, engine().guideline) else "ask_why"
        if not case.readings and intent not in WITHOUT_A_CASE:
            dispatcher.utter_message(text=say("nothing_yet"), json_message={"type": "social"})
            return notice(dispatcher, conversation)
        payload = answer(engine(), case)
        utter(dispatcher, payload if intent == "ask_repeat" else _part(intent, payload, case, conversation))
        told = dict(conversation.sins) | components_in(conversation.turn.text, engine().guideline)
        kept = [SlotSet("sins", told)] if intent == "ask_sins" else []
        return [*case_events(conversation, case), *kept, *notice(dispatcher, conversation)]


def _part(intent: str, payload: Payload, case: Case, conversation: Conversation) -> Payload:
    """The payload of a request: that of the case's answer, with what was asked for."""
    about = {**payload, "type": KINDS[intent], "about": payload["type"], "request": intent}
    more = MORE[intent](payload, case, conversation) if intent in MORE else {}
    if intent in LISTS:
        more = {"statements": [item for key in LISTS[intent] for item in payload.get(key, ())]}
        if intent == "ask_escalation" and not more["statements"]:
            more["flags"] = red_flags(engine().guideline)
    return about | more


def _assumed(payload: Payload, case: Case, conversation: Conversation) -> Payload:
    facts = engine().guideline.fact
    assumed = [fact for fact in payload["facts"] if fact["basis"] == "assumed"]
    return {"assumed": [fact | {"why": facts[fact["slot"]].why or ""} for fact in assumed]}


def _open_outcomes(payload: Payload, case: Case, conversation: Conversation) -> Payload:
    titles = engine().guideline.outcome
    return {"open": [titles[outcome].title for outcome in _possible(case)]}


def _why_not(payload: Payload, case: Case, conversation: Conversation) -> Payload:
    """Of the variants that the message names: which applies, which are open, and why the others do not apply."""
    guideline = engine().guideline
    named = variants_named(conversation.turn.text, guideline, bare=True)
    chosen = guideline.outcome.get(payload.get("outcome", ""))
    if not named or (chosen is None and payload["type"] != "question"):
        return {}
    left = _possible(case) if chosen is None else (chosen.id,)
    because = {item.id: _because_not(payload, case, item, chosen, left) for item in named if item.id not in left}
    return {
        "excluded": [{"outcome": outcome, "because": reason} for outcome, reason in because.items()],
        "named": {
            "applies": chosen in named,
            "open": [variant.number for variant in named if variant.id in left] if chosen is None else [],
        },
    }


def _because_not(payload: Payload, case: Case, variant: Outcome, chosen: Outcome | None, left: tuple[str, ...]) -> str:
    guideline = engine().guideline
    known = case.known(guideline)
    if chosen is None:
        remaining = ", ".join(short(outcome, guideline.outcome[outcome].title) for outcome in left)
        return why_not_so_far(engine(), known, variant) or say("variant_behind", remaining=remaining)
    if chosen.kind == "variant":
        return why_not_in_full(engine(), known, variant, chosen)
    return " ".join((say("explanation_comes_first", title=chosen.title), *payload["because"]))


def _possible(case: Case) -> tuple[str, ...]:
    step = engine().next_step(case)
    return tuple(step.outcomes) if isinstance(step, Question) else ()


def _note(payload: Payload, case: Case, conversation: Conversation) -> Payload:
    return {"text": consult_note(payload, datetime.now(UTC))}


def _fhir(payload: Payload, case: Case, conversation: Conversation) -> Payload:
    return {"fhir": fhir_bundle(payload, datetime.now(UTC))}


def _score(payload: Payload, case: Case, conversation: Conversation) -> Payload:
    guideline = engine().guideline
    known = components_of_case(values_of(case, guideline), guideline)
    told = dict(conversation.sins) | components_in(conversation.turn.text, guideline)
    return {"score": sins(known | told, guideline)}


KINDS = {
    "ask_next_steps": "answer",
    "ask_follow_up": "answer",
    "ask_pitfalls": "answer",
    "ask_escalation": "answer",
    "ask_sins": "answer",
    "ask_sources": "sources",
    "ask_summary": "explanation",
    "ask_assumptions": "explanation",
    "ask_why": "explanation",
    "ask_why_question": "explanation",
    "ask_why_not": "explanation",
    "ask_note": "note",
    "ask_fhir": "note",
}
"""The payload type of the answer to each request."""
MORE: dict[str, Callable[[Payload, Case, Conversation], Payload]] = {
    "ask_assumptions": _assumed,
    "ask_why_question": _open_outcomes,
    "ask_why_not": _why_not,
    "ask_note": _note,
    "ask_fhir": _fhir,
    "ask_sins": _score,
}
"""What the payload of a request has beside the answer's."""

TELLS = frozenset((*KINDS, "ask_repeat", WHY_RATING))
"""All requests that are answered here."""
