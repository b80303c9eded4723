"""The clinical reader as a component of a Rasa pipeline.

The one place in `nlu` that knows Rasa. Each fact of the message becomes an entity named after the fact,
with its character span; what a short reply would answer becomes one entity named `reply`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.answers import ReplyReader
from nlu.entities import fact_entities, is_asked_back, remarks, told_apart
from nlu.ignorance import unknown_facts
from nlu.note import FactMention
from nlu.reader import ClinicalReader, Reading, default_reader
from nlu.suppositions import (
    alarms,
    asks_throughout,
    supposed_facts,
    supposes,
    supposes_plainly,
    supposing_part,
    urgent,
)

ASKS = ("which_imaging", "which_treatment", "ask_imaging", "ask_treatment")
"""Labels of words that ask without a question mark: "if T6 did hurt, what would you order"."""
RATES_DOWN = "rates_down"
"""Label of words about the answer before: the "no" of "no, not helpful" answers no question."""
CLAUSES = frozenset((",", ":", ";", "-", "–", "—"))
"""Marks after which a clause begins."""
OPEN_QUESTIONS = frozenset(("what", "which", "how", "why", "when", "where"))
"""Words that ask at the beginning of a clause: "once the cement is in, what comes afterwards"."""
BRIEF = 2
"""Sentences of a message that may tell a case and yet only ask for reasons; a longer one is a note."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClinicalExtractor(GraphComponent):
    """Adds the facts of the case to a message, and lets them decide the intent.

    A message that states a fact is a description of the case, whatever its words look like to the
    classifier. Where that is `sure` of an intent in `keep_intents` and little is stated (`fairly_sure` if
    nothing that counts is), the message stays a request: `weak_facts` count for nothing, up to `most_facts`
    others (any number if it is `certain` that one of the `reasons` is asked for) are taken in with it if one of
    the `patient_words`, but of the `others_words`, says that they are the patient's, and one of the
    `describing_facts` makes it a description.
    What is `certain` to be one of the `general` requests stays one, whatever it names, if it names no patient.
    Beside that a message makes the request whose finding is among its words, by the `names`, and asks for `advice` if
    the classifier is `quite_sure` of that and it has one of the `own_words` of those who speak of themselves.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Intents given to messages that state and that suppose facts, what keeps a request a request, and
        the finding without which an intent is not believed."""
        return {
            "intent": "describe_case",
            "supposing_intent": "what_if",
            "keep_intents": [],
            "courtesies": [],
            "weak_facts": [],
            "describing_facts": [],
            "most_facts": 2,
            "patient_words": [],
            "others_words": [],
            "question_words": [],
            "needs": {},
            "names": {},
            "reasons": [],
            "advice": None,
            "own_words": [],
            "general": [],
            "certain": 0.85,
            "quite_sure": 0.75,
            "sure": 0.6,
            "fairly_sure": 0.4,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClinicalExtractor:
        """A component with the project's rules loaded."""
        return cls(config, default_reader())

    def __init__(self, config: dict[str, Any], reader: ClinicalReader) -> None:
        self._config = config
        self._reader = reader
        self._replies = ReplyReader(reader.rules)

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message; returns the same messages with entities and intent set."""
        for message in messages:
            self._read(message)
        return messages

    def _read(self, message: Message) -> None:
        reading = self._reader.read(message.get(TEXT) or "")
        if named := self._named(reading):
            message.set(INTENT, {"name": named, "confidence": 1.0}, add_to_output=True)
        point = self._point(message, reading)
        supposed = {} if named else self._supposed(message, point)
        private = not named and self._seeks_advice(message, reading)
        request = bool(named) or private or self._is_request(message, reading)
        facts = [] if supposed or private else list(self._told(reading)) if request else list(reading.facts)
        unknown = unknown_facts(reading.findings, facts)
        # "I do not know if an MRI was done" asks for none.
        facts = [fact for fact in facts if not (unknown and fact.fact == "decision")]
        entities = fact_entities(facts, reading.corrections, reading.restates)
        states_facts = bool(supposed) or any(fact.fact != "sex" for fact in facts)
        reply = unknown or self._replies.read(reading.text, states_facts)
        rates = any(finding.label == RATES_DOWN for finding in reading.findings)
        if reply and not (rates or private):
            entities.append({"entity": "reply", "value": reply, "start": 0, "end": len(message.get(TEXT))})
        entities += remarks(reading, len(message.get(TEXT) or ""))
        if self._is_general(reading):
            entities.append({"entity": "general_question", "value": 1, "start": 0, "end": len(message.get(TEXT))})
        if not (supposed or request) and self._may_suppose(message, point):
            may_be = dict(supposed_facts(self._reader, point))
            entities.append({"entity": "supposable", "value": may_be, "start": 0, "end": len(message.get(TEXT))})
        if supposed:
            entities.append({"entity": "supposed", "value": supposed, "start": 0, "end": len(message.get(TEXT))})
            message.set(INTENT, {"name": self._config["supposing_intent"], "confidence": 1.0}, add_to_output=True)
        message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        told = any(fact.fact != "sex" for fact in facts)
        if (told and not request) or self._is_unfounded(message, reading):
            message.set(INTENT, {"name": self._config["intent"], "confidence": 1.0}, add_to_output=True)

    def _named(self, reading: Reading) -> str | None:
        """The request that the message makes by its name, if it neither describes a patient nor raises an emergency."""
        if alarms(reading) or self._describes(reading):
            return None
        labels = {finding.label for finding in reading.findings}
        return next((intent for intent, label in self._config["names"].items() if label in labels), None)

    def _point(self, message: Message, reading: Reading) -> Reading:
        """The reading of what a message supposes, without what is said around it; of all of it if that is urgent."""
        may = self._is_guessed(message) and not (reading.restates or urgent(reading))
        part = supposing_part(reading) if may else None
        return self._reader.read(part) if part else reading

    def _supposed(self, message: Message, reading: Reading) -> dict[str, str]:
        """The facts that the message only supposes; none if it reports an emergency or takes something back."""
        intent = message.get(INTENT) or {}
        begins = supposes(reading)
        certain = intent.get("confidence", 0) >= self._config["certain"]
        taken_back = any(finding.label == "correction" for finding in reading.findings)
        if taken_back or not self._sounds_supposed(message, reading) or alarms(reading, supposing=begins and certain):
            return {}
        supposed = supposed_facts(self._reader, reading)
        frames = begins and intent.get("name") == self._config["supposing_intent"]
        return dict(supposed) if frames or set(supposed) - set(self._config["weak_facts"]) else {}

    def _sounds_supposed(self, message: Message, reading: Reading) -> bool:
        """Whether the classifier or the first words take the message for a supposition, and it describes no case."""
        intent = message.get(INTENT) or {}
        name, asks = intent.get("name"), bool(reading.text.question)
        begins = supposes(reading)
        if reading.restates and name == self._config["intent"] and not supposes_plainly(reading):
            return False
        if not begins and ((reading.restates and not self._asks(reading)) or self._tells_a_case(reading)):
            return False
        certain = intent.get("confidence", 0) >= self._config["certain"]
        if name == self._config["supposing_intent"]:
            return begins or asks or certain
        if self._asks_why(message, reading):
            return False
        if name == "nlu_fallback" and self._is_guessed(message) and (begins or asks):
            return True
        if name in self._config["keep_intents"] and intent.get("confidence", 0) >= self._config["sure"]:
            return False
        asks = asks or any(f.label in ASKS for f in reading.findings)
        return supposes_plainly(reading) or (begins and asks and not self._describes(reading))

    def _may_suppose(self, message: Message, reading: Reading) -> bool:
        """Whether a message that states facts may only suppose them, if they contradict the case.

        It does if the classifier thinks so, or if nothing is stated but in questions.
        """
        if reading.restates or alarms(reading) or not reading.facts:
            return False
        guess = next((guess["name"] for guess in message.get("intent_ranking") or ()), None)
        return guess == self._config["supposing_intent"] or supposes(reading) or asks_throughout(reading)

    def _describes(self, reading: Reading) -> bool:
        """Whether the message tells what only the description of a case tells, such as an age."""
        return not {fact.fact for fact in reading.facts}.isdisjoint(self._config["describing_facts"])

    def _tells_a_case(self, reading: Reading, apart: int | None = None) -> bool:
        """Whether the message says so much that it describes a case, whatever it asks; `apart` counts what it says.

        A single question that opens as one ("is cement safe in a painful lytic fracture?") does not.
        """
        if self._describes(reading):
            return True
        facts = {fact.fact for fact in reading.facts}
        strong = len(facts - set(self._config["weak_facts"])) if apart is None else apart
        text = reading.text
        # Sentences are counted from 0.
        if text.tokens and text.tokens[0].norm in self._config["question_words"] and not text.sentence[-1]:
            return False
        most = self._config["most_facts"]
        return strong > most or (strong == most and "decision" in facts)

    def _is_guessed(self, message: Message) -> bool:
        """Whether a supposition is the classifier's best guess, though not a good one."""
        guesses = [guess["name"] for guess in message.get("intent_ranking") or () if guess["name"] != "nlu_fallback"]
        return guesses[:1] == [self._config["supposing_intent"]]

    def _is_unfounded(self, message: Message, reading: Reading) -> bool:
        """Whether the classifier took the message for an intent that needs words which are not there.

        "The patient says so" only sounds like "new patient", and would lose the case.
        """
        needed = self._config["needs"].get((message.get(INTENT) or {}).get("name"))
        found = (finding for finding in reading.findings if finding.label == needed)
        return needed is not None and all(is_asked_back(reading, finding) for finding in found)

    def _is_request(self, message: Message, reading: Reading) -> bool:
        """Whether the message asks for something ("when do I escalate?") rather than describing a case."""
        intent = message.get(INTENT) or {}
        strong = {fact.fact for fact in reading.facts} - set(self._config["weak_facts"])
        # What is told in a statement is only asked for if there is hardly a doubt of it.
        doubtful = strong and not self._asks_why(message, reading)
        needed = self._config[("sure" if self._asks(reading) else "certain") if doubtful else "fairly_sure"]
        if intent.get("name") not in self._config["keep_intents"] or intent.get("confidence", 0) < needed:
            return False
        brief = not reading.text.tokens or reading.text.sentence[-1] < BRIEF
        asks_for_reasons = (
            brief and intent["name"] in self._config["reasons"] and intent["confidence"] >= self._config["sure"]
        )
        of_nobody = self._asks_of_nobody(message, reading)
        told = told_apart(reading, self._config["weak_facts"])
        if self._tells_a_case(reading, told) and not (asks_for_reasons or of_nobody):
            return False
        courtesy = intent.get("name") in self._config["courtesies"] and bool(strong)
        corrects = bool(strong) and reading.restates and not (reading.text.question or asks_for_reasons)
        return not courtesy and not corrects and (not alarms(reading) or (of_nobody and _only_names(reading)))

    def _asks_why(self, message: Message, reading: Reading) -> bool:
        """Whether words and classifier agree that the message asks for reasons: "explain why the cement matters"."""
        asks = any(finding.label == "asks_why" for finding in reading.findings)
        return asks and (message.get(INTENT) or {}).get("name") in self._config["reasons"]

    def _asks_of_nobody(self, message: Message, reading: Reading) -> bool:
        """Whether a brief message certainly asks what holds in general: "which findings suggest osteomyelitis?"."""
        intent = message.get(INTENT) or {}
        brief = bool(reading.text.tokens) and reading.text.sentence[-1] < BRIEF
        certain = intent.get("name") in self._config["general"] and intent["confidence"] >= self._config["certain"]
        return brief and certain and not self._describes(reading) and self._names_nobody(reading)

    def _names_nobody(self, reading: Reading) -> bool:
        """Whether no word of the message is of one patient; "patients" are others."""
        several = self._config["others_words"]
        norms = {token.norm for token in reading.text.tokens if token.text.lower() not in several}
        return norms.isdisjoint(self._config["patient_words"])

    def _seeks_advice(self, message: Message, reading: Reading) -> bool:
        """Whether a patient asks for themselves: such words are neither a case nor answered, but for an alarm."""
        intent = message.get(INTENT) or {}
        norms = {token.norm for token in reading.text.tokens}
        sure = (
            intent.get("name") == self._config["advice"] and intent.get("confidence", 0) >= self._config["quite_sure"]
        )
        return sure and not norms.isdisjoint(self._config["own_words"]) and not alarms(reading)

    def _is_general(self, reading: Reading) -> bool:
        """Whether the message asks, and names no patient: "is cement safe in a tumor?"."""
        return self._asks(reading) and not self._describes(reading) and self._names_nobody(reading)

    def _asks(self, reading: Reading) -> bool:
        """Whether the message holds a question or begins like one."""
        first = [token.norm for token in reading.text.tokens[:1]]
        clauses = {after.norm for mark, after in pairwise(reading.text.tokens) if mark.text in CLAUSES}
        words = set(self._config["question_words"])
        return bool(reading.text.question) or not words.isdisjoint(first) or not OPEN_QUESTIONS.isdisjoint(clauses)

    def _told(self, reading: Reading) -> Iterator[FactMention]:
        """The facts that a request tells of the patient on the way: "would cement do, given her lymphoma?"."""
        if not self._names_nobody(reading):
            yield from (fact for fact in reading.facts if fact.fact not in self._config["weak_facts"])


def _only_names(reading: Reading) -> bool:
    """Whether what would be an infection is only named: "which findings suggest osteomyelitis?"."""
    return all(fact.fact == "infection_signs" and fact.assertion == "hypothetical" for fact in urgent(reading))
