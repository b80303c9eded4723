"""The actions that Rasa calls: read a turn, answer, reply, undo; and those of the modules beside."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, Restarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.alarm import alarm_stands, alarms, denied_in_vain, how_to_end, may_alarm, repeat_alarm
from actions.conversation import APPLIES, FORM, Conversation, buttons, case_events, stored
from actions.lookup import LOOKS, LookUp, asks_a_rating, found_for, looked_up, show
from actions.requests import SURE_OF_PART, TELLS, TellMore
from actions.safe import Events, Safe, notice
from actions.speak import utter
from actions.suppose import WhatIf
from actions.texts import reply, say
from actions.topic import SLOT as TOPIC
from actions.unclear import ask_back, may_mean
from knowledge.answer import Payload, answer
from knowledge.case import Case
from knowledge.case import alarms as alarms_alone
from knowledge.changes import changes
from knowledge.current import engine
from knowledge.engine import Question
from knowledge.step_back import stepped_back

__all__ = ["Answer", "LookUp", "ReadTurn", "Reply", "Restart", "TellMore", "Undo", "WhatIf"]

ANSWERS = frozenset({"describe_case", "inform", "affirm", "deny", "dont_know", "nlu_fallback", APPLIES, ""})
"""Intents that in the middle of a question can only be meant as its answer."""
COURTESIES = frozenset({"greet", "goodbye", "thank", "help", "chitchat", "patient_advice"})
ASIDES = frozenset({"action_tell_more", "action_reply", "action_look_up", "action_what_if", "action_undo"})
"""Actions that answer a message themselves before an open question is asked again."""
LEAST_GUESS, SURE_GUESS = 0.1, 0.3
"""Confidence that the classifier needs in a request: where a procedure is named, and where not."""
SURE_OF_STATEMENT = 0.5
"""Confidence from which what reads like a description and asks nothing makes no request: "still no MRI, due Friday"."""
SURE_OF_LOOK_UP = 0.8
"""Confidence from which a general question that names a deficit is answered before it is asked back."""
SURE_OF_ASIDE = 0.6
"""Confidence below which a message in the middle of a question is an answer that could not be read."""
FEW_FACTS = 2
"""Facts of a message that is no description of a case."""
BARE = 4
"""Words of a message that is little more than the name of a procedure."""


class ReadTurn(Safe, Action):  # type: ignore[misc]
    """validate_case_form: takes in what the message states, then asks the next question or ends the form."""

    def name(self) -> str:
        return f"validate_{FORM}"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        if _returns_from_digression(tracker):
            return self._next(dispatcher, conversation, conversation.case, retry="")
        turn = conversation.turn
        sure = turn.names_a_procedure or not turn.guesses or turn.guesses[0][1] >= SURE_OF_ASIDE
        if conversation.asked and not turn.readings and turn.intent not in ANSWERS and sure:
            return [ActionExecutionRejected(FORM)]
        if conversation.asked and turn.intent in ("", "nlu_fallback") and turn.general:
            if found := found_for(turn.text, conversation.case):
                show(dispatcher, found)
                return self._next(dispatcher, conversation, conversation.case, retry="")
        request, supposed = _request(conversation), conversation.only_supposed()
        if supposed and not alarm_stands(conversation.case) and (not request or _is_guessed(conversation)):
            return [*WhatIf.suppose(dispatcher, conversation, supposed), *self._aside(dispatcher, conversation)]
        if request and (turn.general or not conversation.adds()):
            handler = TellMore.tell if request in TELLS else LookUp.look_up
            events = handler(dispatcher, conversation, conversation.case, request)
            return [*events, *self._aside(dispatcher, conversation)]
        if turn.read_up_to:
            dispatcher.utter_message(text=say("truncated", limit=turn.read_up_to))
        if known := _known_of_a_deficit(conversation):
            # Answered, and asked about as well: it may be this patient's.
            show(dispatcher, known)
            conversation = conversation.with_doubts_only()
            turn = conversation.turn
        case = conversation.advanced()
        decides = any(engine().guideline.fact[reading.fact].decides for reading in turn.readings)
        unread = conversation.asked and not decides and turn.intent != APPLIES
        retry = _retry(conversation) if unread or turn.refused else ""
        events = self._next(dispatcher, conversation, case, retry)
        return [*events, SlotSet("attempts", conversation.attempts + 1 if retry else 0), SlotSet("supposed", None)]

    def unchanged(self, tracker: Tracker) -> Events:
        # Without an event of its own Rasa would take the form to have refused the message, and ask everybody else for
        # an answer until it gives the conversation up.
        asked = tracker.get_slot("requested_slot")
        if asked is None or (tracker.active_loop or {}).get("name") != FORM:
            return [SlotSet("requested_slot", None), SlotSet("aside", True)]
        return [SlotSet("attempts", tracker.get_slot("attempts")), SlotSet("requested_slot", asked)]

    def _aside(self, dispatcher: CollectingDispatcher, conversation: Conversation) -> Events:
        """After a request that was answered on the way: the open question again, or no further answer."""
        if conversation.asked:
            return self._next(dispatcher, conversation, conversation.case, retry="")
        return [SlotSet("requested_slot", None), SlotSet("aside", True)]

    @staticmethod
    def _next(dispatcher: CollectingDispatcher, conversation: Conversation, case: Case, retry: str) -> Events:
        step = engine().next_step(case)
        new = conversation.turn.new_patient
        changed = [] if new else changes(conversation.case, case, engine().guideline)
        events = [*case_events(conversation, case), SlotSet("changes", changed)]
        events += [SlotSet("shown", None), SlotSet("sins", None)] if new else []
        if not isinstance(step, Question):
            if conversation.turn.refused:
                dispatcher.utter_message(text=retry)
            return [*events, SlotSet("requested_slot", None)]
        payload = answer(engine(), case) | {"changes": changed, "retry": retry}
        utter(dispatcher, payload, buttons(payload))
        return [*events, SlotSet("requested_slot", step.fact), *notice(dispatcher, conversation)]


class Answer(Safe, Action):  # type: ignore[misc]
    """action_answer: the answer to a case that needs no further question."""

    def name(self) -> str:
        return "action_answer"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        if tracker.get_slot("aside"):
            return [SlotSet("aside", None)]
        conversation = Conversation.of(tracker)
        payload = answer(engine(), conversation.case)
        outcome = payload.get("outcome")
        before = engine().guideline.outcome.get(conversation.shown or "")
        previous = {"previous_outcome": conversation.shown, "previous_title": before.title if before else None}
        ending = how_to_end(conversation.case) if denied_in_vain(conversation) else {}
        utter(dispatcher, payload | {"changes": list(conversation.changes)} | previous | ending)
        return [SlotSet("shown", outcome), *notice(dispatcher, conversation)]


class Undo(Safe, Action):  # type: ignore[misc]
    """action_undo: the case as it was before the last message that changed it; never without an alarm it raised."""

    def name(self) -> str:
        return "action_undo"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        if not conversation.steps_back:
            dispatcher.utter_message(text=say("nothing_to_undo"), json_message={"type": "social"})
            return notice(dispatcher, conversation)
        before = stepped_back(conversation.case, conversation.steps_back[-1])
        if alarms(conversation.case) - alarms(before):
            return repeat_alarm(dispatcher, conversation)
        gone = changes(conversation.case, before, engine().guideline)
        utter(dispatcher, {"type": "explanation", "about": "undo", "changes": gone})
        steps = list(conversation.steps_back[:-1])
        return [*stored(conversation.case, before), SlotSet("steps_back", steps), SlotSet("shown", None)]


class Restart(Safe, Action):  # type: ignore[misc]
    """action_restart, in place of Rasa's own: a clean start, recorded like every answer."""

    def name(self) -> str:
        return "action_restart"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        dispatcher.utter_message(text=say("restarted"), json_message={"type": "social"})
        return [Restarted()]


class Reply(Safe, Action):  # type: ignore[misc]
    """action_reply: courtesies, help, out of scope, and whatever could not be understood."""

    def name(self) -> str:
        return "action_reply"

    def yields(self, tracker: Tracker) -> bool:
        return True

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        turn = conversation.turn
        if turn.intent not in COURTESIES and alarm_stands(conversation.case):
            return repeat_alarm(dispatcher, conversation)
        intent = turn.intent if turn.text.strip() else "empty"
        looks = turn.names_a_procedure or intent in ("nlu_fallback", "out_of_scope")
        if looks and (found := found_for(turn.text, conversation.case)):
            show(dispatcher, found)
            return notice(dispatcher, conversation)
        if intent == "nlu_fallback" and (meant := may_mean(conversation, conversation.case)):
            ask_back(dispatcher, meant)
            return notice(dispatcher, conversation)
        kind = "out_of_scope" if intent in ("out_of_scope", "nlu_fallback", "patient_advice") else "social"
        dispatcher.utter_message(text=reply(intent), json_message={"type": kind})
        return notice(dispatcher, conversation)


def _request(conversation: Conversation) -> str | None:
    """The request that a message makes which reads like a description, where a case has been described.

    "BKP?" tells nothing new of the patient; what it asks for is the classifier's best guess among the
    requests, unless it only changes what is to be decided ("and the treatment?").
    """
    turn, guideline = conversation.turn, engine().guideline
    if turn.intent != "describe_case" or not conversation.case.readings or turn.new_patient:
        return None
    if alarm_stands(conversation.case) or any(r.value is None and may_alarm(r.fact) for r in turn.readings):
        return None
    if any(alarms_alone(reading, guideline) for reading in turn.readings):
        return None
    names = turn.names_a_procedure
    decision = next((r.value for r in turn.readings if guideline.fact[r.fact].may_change), None)
    decided = conversation.case.known(guideline).get("decision")
    if decision is not None and (decided is None or (decision != decided and not names)):
        return None
    likeliest, sure = turn.guesses[0] if turn.guesses else ("", 0.0)
    if likeliest == turn.intent and sure >= SURE_OF_STATEMENT and not asks_a_rating(turn.text):
        return None
    if likeliest in TELLS and sure >= SURE_OF_PART:
        return likeliest
    kinds = LOOKS if names else {*LOOKS, *TELLS}
    guess = next(((name, sure) for name, sure in turn.guesses if name in kinds), ("ask_rating", 0.0))
    if guess[1] >= (LEAST_GUESS if names else SURE_GUESS):
        return guess[0]
    return "ask_rating" if names and (turn.general or len(turn.text.split()) <= BARE) else None


def _is_guessed(conversation: Conversation) -> bool:
    """Whether the classifier takes the latest message for a supposition."""
    return conversation.turn.guesses[:1] != () and conversation.turn.guesses[0][0] == "what_if"


def _known_of_a_deficit(conversation: Conversation) -> list[Payload]:
    """What answers a question that only names what would be an emergency: "MRI in suspected MSCC?"."""
    turn, case = conversation.turn, conversation.case
    doubts = any(reading.value is None and may_alarm(reading.fact) for reading in turn.readings)
    brief = turn.general or len(turn.readings) <= FEW_FACTS
    if not (brief and doubts) or conversation.asked:
        return []
    guess, sure = turn.guesses[0] if turn.guesses else ("", 0.0)
    if guess in LOOKS and sure >= SURE_OF_LOOK_UP:
        return looked_up(guess, turn.text, case)
    return found_for(turn.text, case) if turn.general else []


def _retry(conversation: Conversation) -> str:
    """What to say before a question is asked again; the second time it says what would be an answer."""
    if conversation.turn.refused:
        return say("not_a_value", fact=conversation.turn.refused[0])
    if not conversation.attempts:
        return say("retry_first")
    labels = [value.label for value in engine().guideline.fact[str(conversation.asked)].values]
    return say("retry_again", choices=", ".join(f'"{label}"' for label in labels))


def _returns_from_digression(tracker: Tracker) -> bool:
    """Whether another action has already answered the latest message and the form only asks again."""
    for event in reversed(tracker.events):
        if event.get("event") == "user" or (event.get("event") == "slot" and event.get("name") == TOPIC):
            # An action that finds the message to be about another topic leaves it to the form.
            return False
        if event.get("event") == "action" and event.get("name") in ASIDES:
            return True
    return False
