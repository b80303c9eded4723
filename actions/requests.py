"""action_tell_more: parts of the case's own answer, or of the open question, on request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import wording, wording_lookup
from actions.alarm import interrupts
from actions.conversation import Conversation, case_events
from actions.lookup import LookUp
from actions.safe import Events, Safe, notice
from actions.texts import say
from knowledge.answer import Payload, answer, values_of
from knowledge.case import Case
from knowledge.consult_note import consult_note
from knowledge.current import engine
from knowledge.engine import Question
from knowledge.exclusion import why_not_in_full, why_not_so_far
from knowledge.fhir import fhir_bundle
from knowledge.flags import red_flags
from knowledge.model import Outcome
from knowledge.names import variants_named
from knowledge.sins import components_in, components_of_case, sins

WITHOUT_A_CASE = frozenset({"ask_escalation", "ask_sins", "ask_sources"})
"""Requests that are answered before any case is described."""
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
        if turn.intent in LISTS and interrupts(dispatcher, conversation):
            return []
        if turn.names_a_procedure and turn.guesses and turn.guesses[0][1] < SURE_OF_PART:
            return LookUp.look_up(dispatcher, conversation, conversation.advanced(), "ask_knowledge")
        return self.tell(dispatcher, conversation, conversation.advanced(), turn.intent)

    @staticmethod
    def tell(dispatcher: CollectingDispatcher, conversation: Conversation, case: Case, intent: str) -> Events:
        """Answer the request `intent` about `case`; returns the events that store it."""
        if not case.readings and intent not in WITHOUT_A_CASE:
            dispatcher.utter_message(text=say("nothing_yet"), json_message={"type": "social"})
            return notice(dispatcher, conversation)
        payload = answer(engine(), case)
        text, kind, more = _part(intent, payload, case, conversation)
        about = {**payload, "type": kind, "about": payload["type"], **more}
        dispatcher.utter_message(text=text, json_message=about)
        told = dict(conversation.sins) | components_in(conversation.turn.text, engine().guideline)
        kept = [SlotSet("sins", told)] if intent == "ask_sins" else []
        return [*case_events(conversation, case), *kept, *notice(dispatcher, conversation)]


Part = tuple[str, str, Payload]
"""Text, payload type, and what the payload has beside the answer's."""


def _part(intent: str, payload: Payload, case: Case, conversation: Conversation) -> Part:
    return PARTS[intent](payload, case, conversation) if intent in PARTS else _statements(intent, payload)


def _statements(intent: str, payload: Payload) -> Part:
    items = [item for key in LISTS.get(intent, ()) for item in payload.get(key, ())]
    if intent == "ask_escalation" and not items:
        return "\n".join(wording.flags(red_flags(engine().guideline))), "answer", {}
    if not items and payload["type"] == "question":
        return say("open_question_first"), "answer", {"statements": []}
    return wording.statements(items), "answer", {"statements": items}


def _sources(payload: Payload, case: Case, conversation: Conversation) -> Part:
    guideline = payload["guideline"]
    edition = say("edition", edition=guideline["edition"], version=guideline["knowledge_version"])
    return f"{edition}\n{wording.sources(payload)}", "sources", {}


def _summary(payload: Payload, case: Case, conversation: Conversation) -> Part:
    return wording.understood(payload), "explanation", {}


def _repeat(payload: Payload, case: Case, conversation: Conversation) -> Part:
    return wording.as_text(payload), payload["type"], {}


def _assumptions(payload: Payload, case: Case, conversation: Conversation) -> Part:
    assumed = [fact for fact in payload["facts"] if fact["basis"] == "assumed"]
    facts = engine().guideline.fact
    lines = [f"- {fact['phrase']}. {facts[fact['slot']].why or ''}".rstrip() for fact in assumed]
    text = "\n".join([say("assumptions"), *lines]) if lines else say("no_assumptions")
    return text, "explanation", {"assumed": assumed}


def _why(payload: Payload, case: Case, conversation: Conversation) -> Part:
    if payload["type"] == "question":
        return say("question_why", why=payload["why"]), "explanation", {}
    if payload["type"] == "conditional":
        return "\n".join([say("explanation_conditional"), wording.understood(payload)]), "explanation", {}
    lines = [say("explanation_variant", because=" ".join(payload["because"]))]
    lines += [_excluded(item["outcome"], item["because"]) for item in payload.get("excluded", ())]
    return "\n".join([*lines, wording.understood(payload)]), "explanation", {}


def _why_question(payload: Payload, case: Case, conversation: Conversation) -> Part:
    if payload["type"] != "question":
        return _why(payload, case, conversation)
    titles = engine().guideline.outcome
    step = engine().next_step(case)
    open_outcomes = [titles[outcome].title for outcome in step.outcomes] if isinstance(step, Question) else []
    depends = say("question_depends", count=len(open_outcomes))
    return f"{say('question_why', why=payload['why'])} {depends}", "explanation", {"open": open_outcomes}


def _why_not(payload: Payload, case: Case, conversation: Conversation) -> Part:
    guideline = engine().guideline
    named = variants_named(conversation.turn.text, guideline, bare=True)
    chosen = guideline.outcome.get(payload.get("outcome", ""))
    if named and payload["type"] == "question":
        return _why_not_yet(payload, case, named)
    if not named or chosen is None:
        return _why(payload, case, conversation)
    lines, excluded = [], []
    for variant in named:
        if variant.id == chosen.id:
            lines.append(say("explanation_variant", because=" ".join(payload["because"])))
            continue
        if chosen.kind == "variant":
            because = why_not_in_full(engine(), case.known(guideline), variant, chosen)
        else:
            because = " ".join((say("explanation_comes_first", title=chosen.title), *payload["because"]))
        excluded.append({"outcome": variant.id, "because": because})
        lines.append(_excluded(variant.id, because))
    return "\n".join(lines), "explanation", {"excluded": excluded}


def _why_not_yet(payload: Payload, case: Case, named: list[Outcome]) -> Part:
    """Of variants named while the case is open: what rules them out, or that nothing does so far."""
    guideline = engine().guideline
    known, step = case.known(guideline), engine().next_step(case)
    left = step.outcomes if isinstance(step, Question) else ()
    lines, excluded = [], []
    for variant in named:
        if variant.id in left:
            lines.append(say("variant_open", number=variant.number))
            continue
        remaining = ", ".join(map(wording_lookup.short, left, (guideline.outcome[outcome].title for outcome in left)))
        because = why_not_so_far(engine(), known, variant) or say("variant_behind", remaining=remaining)
        excluded.append({"outcome": variant.id, "because": because})
        lines.append(_excluded(variant.id, because))
    return "\n".join(lines), "explanation", {"excluded": excluded}


def _excluded(outcome: str, because: str) -> str:
    return say("explanation_excluded", number=outcome.removeprefix("v"), because=because.rstrip("."))


def _note(payload: Payload, case: Case, conversation: Conversation) -> Part:
    text = consult_note(payload, datetime.now(UTC))
    return text, "note", {"text": text}


def _fhir(payload: Payload, case: Case, conversation: Conversation) -> Part:
    bundle = fhir_bundle(payload, datetime.now(UTC))
    return say("fhir", count=len(bundle["entry"])), "note", {"fhir": bundle}


def _sins(payload: Payload, case: Case, conversation: Conversation) -> Part:
    guideline = engine().guideline
    known = components_of_case(values_of(case, guideline), guideline)
    score = sins(known | dict(conversation.sins) | components_in(conversation.turn.text, guideline), guideline)
    return wording_lookup.sins(score), "answer", {"score": score}


PARTS: dict[str, Callable[[Payload, Case, Conversation], Part]] = {
    "ask_sources": _sources,
    "ask_summary": _summary,
    "ask_repeat": _repeat,
    "ask_assumptions": _assumptions,
    "ask_why": _why,
    "ask_why_question": _why_question,
    "ask_why_not": _why_not,
    "ask_note": _note,
    "ask_fhir": _fhir,
    "ask_sins": _sins,
}
"""Who answers which request; the others are lists of statements."""

TELLS = frozenset((*PARTS, *LISTS))
"""All requests that are answered here."""
