"""Readers of facts: each takes the findings of a message and gives the facts it states."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nlu.facts.cancer import read_cancer
from nlu.facts.decision import read_decision
from nlu.facts.fracture import read_fracture
from nlu.facts.neuro import read_neuro
from nlu.facts.pain import read_pain
from nlu.facts.patient import read_patient
from nlu.facts.workup import read_workup
from nlu.note import FactMention, Note

READERS: tuple[Callable[[Note], Iterator[FactMention]], ...] = (
    read_neuro,
    read_decision,
    read_cancer,
    read_fracture,
    read_pain,
    read_workup,
    read_patient,
)
