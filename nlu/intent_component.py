"""The intent classifier as a component of a Rasa pipeline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.intents import IntentClassifier
from nlu.rules import load_rules

KEPT = "intents.npz"
ALIKE = "alike"
RANKING = "intent_ranking"
RANKED = 10
"""Intents that are told with a message, and kept with it."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentComponent(GraphComponent):
    """Gives each message its likeliest intent, and the RANKED likeliest in order.

    Intents that config.yml calls `alike` are answered much alike: where two of them are likeliest the first has the
    confidence of all of them, so that a message that may ask either is not asked back.
    """

    def __init__(
        self,
        alike: Iterable[str],
        storage: ModelStorage,
        resource: Resource,
        classifier: IntentClassifier | None = None,
    ) -> None:
        self._alike = frozenset(alike)
        self._storage = storage
        self._resource = resource
        self._classifier = classifier

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No intents are alike."""
        return {ALIKE: []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentComponent:
        """A classifier that has learned nothing yet."""
        return cls(config[ALIKE], model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentComponent:
        """The classifier as it was trained."""
        with model_storage.read_from(resource) as folder:
            classifier = IntentClassifier.load(folder / KEPT, load_rules())
        return cls(config[ALIKE], model_storage, resource, classifier)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples, and keep what was learned; returns where."""
        examples = [(example.get(TEXT), example.get(INTENT)) for example in training_data.intent_examples]
        self._classifier = IntentClassifier.trained(
            [(text, intent) for text, intent in examples if text and intent], load_rules()
        )
        with self._storage.write_to(self._resource) as folder:
            self._classifier.save(folder / KEPT)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message; returns the same messages."""
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            message.set(INTENT, dict(ranking[0]) if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        if self._classifier is None or not text.strip():
            return []
        ranking = self._classifier.ranking(text)[:RANKED]
        likeliest = ranking[0][0]
        if self._alike.issuperset(name for name, _ in ranking[:2]):
            ranking[0] = likeliest, sum(each for name, each in ranking if name in self._alike)
        return [{"name": name, "confidence": confidence} for name, confidence in ranking]
