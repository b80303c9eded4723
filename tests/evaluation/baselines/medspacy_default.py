"""medspaCy as it comes: its own sentence splitter and ConText rules, the keywords as targets."""

from __future__ import annotations

import logging

import medspacy
from medspacy.ner import TargetRule
from spacy.tokens import Span

from nlu.note import FactMention
from tests.evaluation.baselines.keywords import keywords
from tests.evaluation.dialogue import Reader

OPPOSITE = {
    ("neuro_status", "deficit"): "intact",
    ("symptoms", "symptomatic"): "asymptomatic",
    ("cancer_history", "present"): "absent",
    ("marrow_edema", "present"): "absent",
    ("prior_procedure", "augmentation"): "none",
    ("prior_procedure", "surgery"): "none",
    ("prior_fracture", "present"): "absent",
    ("infection_signs", "present"): "absent",
}
"""What a negated target states."""
UNCERTAIN = {("etiology", "pathologic"): "undetermined", ("fracture_status", "new"): "suspected"}
"""What an uncertain target states; other uncertain targets state nothing."""


def medspacy_reader() -> Reader:
    """A reader over medspacy.load(): the first target of a fact that is neither family nor hypothetical."""
    logging.getLogger("PyRuSH").setLevel(logging.ERROR)
    pipeline = medspacy.load()
    pipeline.get_pipe("medspacy_target_matcher").add(
        [
            TargetRule(word, f"{fact}={value}")
            for fact, values in keywords().items()
            for value, words in values.items()
            for word in words
        ]
    )

    def read(message: str) -> tuple[FactMention, ...]:
        mentions: dict[str, FactMention] = {}
        for entity in pipeline(message).ents:
            fact, value = _stated(entity)
            if value and fact not in mentions:
                mentions[fact] = FactMention(
                    fact, value, entity.start_char, entity.end_char, entity.text, "affirmed", "medspaCy"
                )
        return tuple(mentions.values())

    return read


def _stated(entity: Span) -> tuple[str, str | None]:
    fact, value = entity.label_.split("=")
    marks = entity._
    if marks.is_family or marks.is_hypothetical:
        return fact, None
    if marks.is_negated:
        return fact, OPPOSITE.get((fact, value))
    if marks.is_uncertain:
        return fact, UNCERTAIN.get((fact, value))
    return fact, value
