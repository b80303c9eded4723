"""Facts as a person types them: cancer_history=present, decision=imaging, age=72."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.case import ANSWERED, UNKNOWN, Case, Reading
from knowledge.levels import with_relation
from knowledge.meant import meant
from knowledge.model import Fact, Guideline


class BadFact(ValueError):
    """A typed fact is none of the guideline's; the message says what was probably meant."""


def case_of(typed: Iterable[str], guideline: Guideline) -> Case:
    """The case in which every `fact=value` of `typed` was answered. Raises BadFact for the first that cannot be."""
    readings = [_reading(item, guideline) for item in typed]
    twice = {reading.fact for reading in readings if [other.fact for other in readings].count(reading.fact) > 1}
    if twice:
        raise BadFact(f"{min(twice)} is given twice; keep one")
    return Case().with_readings(with_relation(Case(), readings), guideline)


def _reading(typed: str, guideline: Guideline) -> Reading:
    name, equals, value = (part.strip() for part in typed.partition("="))
    if not equals or not value:
        raise BadFact(f"{typed!r} is not fact=value, such as {_example(guideline)}")
    if name not in guideline.fact:
        raise BadFact(f"no fact is named {name!r}; {meant(name, guideline.fact)}")
    return Reading(name, _value(guideline.fact[name], value), ANSWERED, correction=True)


def _value(fact: Fact, typed: str) -> str:
    """The value that `typed` names, by itself or by its label; any value where the fact has no list of them."""
    if typed == UNKNOWN:
        return typed
    if fact.unit and not typed.isdigit():
        raise BadFact(f"{fact.name} is a number of {fact.unit}, not {typed!r}")
    by_name = {value.label.casefold(): value.value for value in fact.values}
    by_name |= {value.value.casefold(): value.value for value in fact.values}
    if fact.values and typed.casefold() not in by_name:
        known = [*(value.value for value in fact.values), UNKNOWN]
        raise BadFact(f"{fact.name} has no value {typed!r}; {meant(typed, known)}")
    return by_name.get(typed.casefold(), typed)


def _example(guideline: Guideline) -> str:
    fact = guideline.deciding_facts[0]
    return f"{fact.name}={fact.values[0].value}"
