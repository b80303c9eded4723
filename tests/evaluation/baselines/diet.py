"""Rasa's DIET as entity extractor, trained on the project's own examples.

Each example of nlu/examples that names its facts is marked up: a fact's entity stands on the words that the
rules read it from, or on the whole example where they do not.
"""

from __future__ import annotations

from pathlib import Path

from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader, RasaYAMLWriter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.note import FactMention
from nlu.reader import default_reader
from nlu.second_training import EXAMPLES, read_examples
from service.settings import ROOT
from tests.evaluation.baselines.rasa_run import RasaRun, run_pipeline
from tests.evaluation.dialogue import Reader

CONFIG = Path(__file__).with_name("diet_entities.yml")
NLU = ROOT / "data" / "nlu.yml"
DESCRIBES = "describe_case"


def run_diet(messages: list[str]) -> RasaRun:
    """DIET trained on data/nlu.yml and the examples with facts, tried on `messages`."""
    examples = RasaYAMLReader().read(str(NLU)).training_examples
    marked = [
        _message(example.text, {fact: value for (fact, value), stated in example.states.items() if stated})
        for example in read_examples(EXAMPLES)
        if example.default is not None
    ]
    return run_pipeline(CONFIG, RasaYAMLWriter().dumps(TrainingData([*examples, *marked])), messages)


def diet_reader(run: RasaRun) -> Reader:
    """A reader that looks a message up in a run that has seen it."""

    def read(message: str) -> tuple[FactMention, ...]:
        mentions: dict[str, FactMention] = {}
        for entity in run.parses[message]["entities"]:
            fact, value = entity["entity"].split("=")
            start, end = entity["start"], entity["end"]
            mentions.setdefault(fact, FactMention(fact, value, start, end, message[start:end], "affirmed", "DIET"))
        return tuple(mentions.values())

    return read


def _message(text: str, facts: dict[str, str]) -> Message:
    text = " ".join(text.split())
    spans = {mention.fact: (mention.start, mention.end) for mention in default_reader().read(text).facts}
    entities, taken = [], [False] * len(text)
    for fact, value in facts.items():
        start, end = spans.get(fact, (0, len(text)))
        if not any(taken[start:end]):
            taken[start:end] = [True] * (end - start)
            entities.append({"entity": f"{fact}={value}", "start": start, "end": end, "value": text[start:end]})
    return Message(data={TEXT: text, INTENT: DESCRIBES, ENTITIES: entities})
