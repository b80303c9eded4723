"""Whether an earlier procedure was at the level in question, once both levels are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from knowledge.case import Case, Reading

RELATION, PROBLEM, TREATED = "prior_procedure_level", "level", "procedure_level"
"""The fact that follows from two levels, and the facts that name them, separated by commas."""


def with_relation(case: Case, readings: Iterable[Reading]) -> Iterator[Reading]:
    """`readings` of a message, and the relation of the levels if it follows from them and `case`."""
    told = {reading.fact: reading for reading in readings}
    yield from told.values()
    if RELATION in told or not {PROBLEM, TREATED} & set(told):
        return
    problem, treated = (told.get(name) or case.readings.get(name) for name in (PROBLEM, TREATED))
    if not (problem and problem.value and treated and treated.value):
        return
    shared = set(problem.value.split(", ")) & set(treated.value.split(", "))
    yield replace(told.get(TREATED) or told[PROBLEM], fact=RELATION, value="same" if shared else "different")
