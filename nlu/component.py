"""The clinical reader as a component of a Rasa pipeline.

The one place in `nlu` that knows Rasa. Each fact of the message becomes an entity named after the fact,
with its character span; what a short reply would answer becomes one entity named `reply`.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.answers import ReplyReader
from nlu.note import FactMention
from nlu.reader import LONGEST, ClinicalReader, Reading, default_reader

POSSIBLE = "possible"
"""Value of a fact entity whose words only raise the possibility."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClinicalExtractor(GraphComponent):
    """Adds the facts of the case to a message, and lets them decide the intent.

    A message that states a fact is a description of the case, whatever its words look like to the
    classifier. Only where it is `sure` of an intent in `keep_intents` and nothing but `weak_facts` is read
    ("when do I escalate?" sounds like choosing a treatment) does the message stay a request.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Intent given to messages with facts, the requests that weak facts do not override, and
        the finding without which an intent is not believed."""
        return {"intent": "describe_case", "keep_intents": [], "weak_facts": [], "needs": {}, "sure": 0.6}

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
        facts = [] if self._is_request(message, reading) else list(reading.facts)
        entities = _fact_entities(facts, reading.corrections)
        reply = self._replies.read(reading.text, states_facts=any(fact.fact != "sex" for fact in facts))
        if reply:
            entities.append({"entity": "reply", "value": reply, "start": 0, "end": len(message.get(TEXT))})
        entities += _remarks(reading, len(message.get(TEXT) or ""))
        message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        if facts or self._is_unfounded(message, reading):
            message.set(INTENT, {"name": self._config["intent"], "confidence": 1.0}, add_to_output=True)

    def _is_unfounded(self, message: Message, reading: Reading) -> bool:
        """Whether the classifier took the message for an intent that needs words which are not there.

        "The patient says so" only sounds like "new patient", and would lose the case.
        """
        needed = self._config["needs"].get((message.get(INTENT) or {}).get("name"))
        return needed is not None and not any(finding.label == needed for finding in reading.findings)

    def _is_request(self, message: Message, reading: Reading) -> bool:
        """Whether the message only asks for something ("when do I escalate?") and states nothing that counts."""
        intent = message.get(INTENT) or {}
        weak = set(self._config["weak_facts"])
        return (
            intent.get("name") in self._config["keep_intents"]
            and intent.get("confidence", 0) >= self._config["sure"]
            and all(fact.fact in weak for fact in reading.facts)
        )


def _remarks(reading: Reading, length: int) -> list[dict[str, Any]]:
    """Entities about the message itself: that it opens a new case, or was too long to be read whole."""
    opens = any(f.label == "new_patient" and f.start <= 1 for f in reading.findings)
    remarks = [("new_patient", 1)] if opens else []
    remarks += [("truncated", LONGEST)] if length > LONGEST else []
    return [{"entity": name, "value": value, "start": 0, "end": length} for name, value in remarks]


def _fact_entities(facts: list[FactMention], corrections: frozenset[str]) -> list[dict[str, Any]]:
    return [
        {
            "entity": fact.fact,
            "value": fact.value if fact.value is not None else POSSIBLE,
            "start": fact.start,
            "end": fact.end,
            "words": fact.words,
            "assertion": fact.assertion,
            "rule": fact.rule,
            "correction": fact.fact in corrections,
            "extractor": "ClinicalExtractor",
        }
        for fact in facts
    ]
