"""The case as understood: each fact with its basis and the words it came from.

A case is a value: every change gives a new one, and it travels as a plain mapping (`to_data`,
`Case.from_data`) so that a dialogue manager can store it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from knowledge.model import Guideline, holds

STEM = 4
"""Letters by which words are compared where one takes another back."""
SMALL = frozenset(("sign", "this", "that", "with", "have", "been", "from", "sinc", "toda", "neit", "more", "ther"))
"""Beginnings of words that are about nothing."""
STATED, ANSWERED, IMPLIED, ASSUMED = "stated", "answered", "implied", "assumed"
EVIDENCE = "; "
"""What stands between the words of the facts that another follows from."""
UNKNOWN = "unknown"
"""What a clinician answers when a fact is not known."""


@dataclass(frozen=True)
class Reading:
    """One fact read from a message or given as an answer.

    `value` is a value of the fact, UNKNOWN if the clinician says that it is not known, or None if the
    text only raises the possibility (`evidence` then says with which words). `start` and `end` are
    character offsets into message number `message`. `correction` marks words that take something back,
    `restates` a message that does so somewhere else, `doubted` a value that the words may not mean.
    """

    fact: str
    value: str | None
    basis: str = STATED
    evidence: str | None = None
    start: int | None = None
    end: int | None = None
    message: int | None = None
    correction: bool = False
    restates: bool = False
    doubted: bool = False


DEFAULTS = {each.name: each.default for each in fields(Reading)}
"""What a reading says where nothing else is stored of it."""


@dataclass(frozen=True)
class Case:
    """The facts given so far.

    `readings` holds what was stated or answered, by fact name; `unknown` the facts that the clinician
    does not know; `possible` facts that were only hinted at and are still to be asked; `contested` the
    earlier reading of a fact in `possible` that a later message contradicts.
    """

    readings: Mapping[str, Reading] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    possible: Mapping[str, Reading] = field(default_factory=dict)
    contested: Mapping[str, Reading] = field(default_factory=dict)

    def with_readings(self, readings: Iterable[Reading], guideline: Guideline) -> Case:
        """This case with `readings` taken in, in their order.

        A correction, an answer, or a reading of the same message replaces an earlier one; a later message
        that contradicts it leaves the fact open, to be asked. A value that by itself decides an
        escalation (a deficit, signs of infection) is taken back only by an explicit correction to another
        value, because neither remarks that play it down nor "not known" must cancel an alarm. A reading
        that contradicts an earlier one through a constraint makes the earlier one give way. "Not known" lets what
        was read with doubt stand.
        """
        case = self
        for reading in readings:
            case = case._with(reading, guideline)
        return case

    def _with(self, reading: Reading, guideline: Guideline) -> Case:
        name = reading.fact
        raised = self.raises_alarm(name, guideline)
        if raised and not (reading.value not in (None, UNKNOWN) and self._takes_back(reading, guideline)):
            return self
        if reading.value is None and reading.doubted and name in self.readings and not self.readings[name].doubted:
            return self
        others = {key: value for key, value in self.readings.items() if key != name}
        contested = {key: value for key, value in self.contested.items() if key != name}
        if reading.value == UNKNOWN and name in self.readings and self.readings[name].doubted:
            reading = replace(self.readings[name], doubted=False)
        if self._contradicts(reading, guideline):
            contested[name] = self.readings[name]
            reading = replace(reading, value=None)
        elif reading.doubted and self._confirms(reading):
            reading = replace(reading, doubted=False)
        if reading.value is None:
            return replace(
                self,
                possible={**self.possible, name: reading},
                readings=others,
                unknown=self.unknown - {name},
                contested=contested,
            )
        possible = {key: value for key, value in self.possible.items() if key != name}
        if reading.value == UNKNOWN:
            meaning = guideline.fact[name].unknown_means
            if meaning is None:
                return replace(
                    self, readings=others, unknown=self.unknown | {name}, possible=possible, contested=contested
                )
            reading = replace(reading, value=meaning)
        readings = {**others, name: reading}
        gone = _contradicted(readings, name, guideline)
        return replace(
            self,
            readings={key: value for key, value in readings.items() if key not in gone},
            unknown=self.unknown - {name},
            possible=possible,
            contested=contested,
        )

    def _takes_back(self, reading: Reading, guideline: Guideline) -> bool:
        """Whether a correction is about what raised the alarm, or about all such signs.

        "Actually no fever" does not take discitis back, "actually no infection" does; a button speaks for itself.
        """
        earlier = self.readings[reading.fact]
        if not reading.correction or reading.evidence is None or earlier.evidence is None:
            return reading.correction
        phrases = " ".join(value.phrase for value in guideline.fact[reading.fact].values)
        return not _stems(reading.evidence).isdisjoint(_stems(f"{earlier.evidence} {phrases}"))

    def _contradicts(self, reading: Reading, guideline: Guideline) -> bool:
        """Whether `reading` says something else than an earlier message, without taking that back.

        What alarms is never weighed against what was said before.
        """
        earlier = self.readings.get(reading.fact)
        fact = guideline.fact[reading.fact]
        if earlier is None or reading.correction or reading.restates or not fact.decides or fact.may_change:
            return False
        if reading.value in (None, UNKNOWN, earlier.value) or earlier.message == reading.message:
            return False
        if any(known.unsettled for known in fact.values if known.value == earlier.value):
            return False
        return not alarms(reading, guideline)

    def _confirms(self, reading: Reading) -> bool:
        """Whether `reading` only says once more what is known for sure."""
        earlier = self.readings.get(reading.fact)
        return earlier is not None and earlier.value == reading.value and not earlier.doubted

    def without(self, name: str) -> Case:
        """This case with the reading of fact `name` open again, raised by the same words."""
        others = {key: value for key, value in self.readings.items() if key != name}
        hint = replace(self.readings[name], value=None)
        return replace(self, readings=others, possible={**self.possible, name: hint})

    def raises_alarm(self, name: str, guideline: Guideline) -> bool:
        """Whether the reading of fact `name` by itself decides an escalation that must not be lost."""
        reading = self.readings.get(name)
        return reading is not None and alarms(reading, guideline)

    def facts(self, guideline: Guideline) -> dict[str, Reading]:
        """All facts with a value: given ones, then what they imply, then what is assumed.

        What a constraint implies wins over a given fact; a default yields to given facts and to hints.
        An assumption is made only while the fact is open and its `ask_when` does not call for a question.
        A fact whose `only_with` does not hold any more (the type of a cancer that was taken back) is left out.
        """
        facts = dict(self.readings)
        known = {name: reading.value for name, reading in facts.items() if reading.value is not None}
        # Constraints first, so that no default follows from a fact that a constraint overrides; each
        # round may give the next one something to work on.
        constraints, rules = guideline.constraints, guideline.implications
        for rule in (*constraints * len(constraints), *rules * len(rules)):
            if holds(rule.when, known) is not True or (rule.unless and holds(rule.unless, known)):
                continue
            for name, value in rule.then.items():
                is_open = name not in facts and name not in self.possible
                if known.get(name) != value if rule.kind == "constraint" else is_open:
                    facts[name] = Reading(name, value, IMPLIED, _evidence_of(rule.when, facts))
                    known[name] = value
        for fact in guideline.facts:
            if fact.assume is not None and fact.name not in facts and fact.name not in self.possible:
                if fact.name not in self.unknown and (not fact.ask_when or holds(fact.ask_when, known) is False):
                    facts[fact.name] = Reading(fact.name, fact.assume, ASSUMED)
        return {
            name: reading
            for name, reading in facts.items()
            if holds(guideline.fact[name].only_with, known) is not False
        }

    def known(self, guideline: Guideline) -> dict[str, str]:
        """Values of the deciding facts, for the decision table."""
        return {
            name: reading.value
            for name, reading in self.facts(guideline).items()
            if reading.value is not None and guideline.fact[name].decides
        }

    def to_data(self) -> dict[str, Any]:
        """A JSON-ready mapping from which `from_data` makes the same case."""
        return {
            "readings": _data(self.readings),
            "unknown": sorted(self.unknown),
            "possible": _data(self.possible),
            "contested": _data(self.contested),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, object] | None) -> Case:
        """The case that `to_data` described; an empty one for None.

        Raises TypeError if `data` is not such a mapping.
        """
        data = data or {}
        return cls(
            readings=_readings(data.get("readings")),
            unknown=frozenset(map(str, _sequence(data.get("unknown")))),
            possible=_readings(data.get("possible")),
            contested=_readings(data.get("contested")),
        )


def alarms(reading: Reading, guideline: Guideline) -> bool:
    """Whether `reading` decides an escalation by itself, whatever the other facts are."""
    if reading.value is None:
        return False
    row = next((row for row in guideline.rows if holds(row.when, {reading.fact: reading.value})), None)
    return row is not None and guideline.outcome[row.outcome].kind == "escalation"


def _contradicted(readings: Mapping[str, Reading], new: str, guideline: Guideline) -> set[str]:
    """The older of `readings` that cannot stand, by a constraint, beside the one of the fact `new`."""
    known = {name: reading.value for name, reading in readings.items() if reading.value is not None}
    gone: set[str] = set()
    for rule in guideline.constraints:
        broken = {name for name, value in rule.then.items() if known.get(name, value) != value}
        if broken and holds(rule.when, known) is True:
            gone |= set(rule.when) if new in broken else broken
    return gone - {new}


def _evidence_of(facts_named: Iterable[str], facts: Mapping[str, Reading]) -> str | None:
    words = [evidence for name in facts_named if name in facts and (evidence := facts[name].evidence)]
    return EVIDENCE.join(words) or None


def _data(readings: Mapping[str, Reading]) -> dict[str, dict[str, Any]]:
    """The readings as mappings, in which what is as by default is left out: they go along with every turn."""
    return {
        name: {key: value for key, value in vars(reading).items() if value != DEFAULTS[key]}
        for name, reading in readings.items()
    }


def _readings(data: object) -> dict[str, Reading]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise TypeError(f"readings must be a mapping, not {type(data).__name__}")
    return {str(name): Reading(**reading) for name, reading in data.items()}


def _sequence(data: object) -> list[object]:
    if data is None:
        return []
    if not isinstance(data, (list, tuple)):
        raise TypeError(f"unknown must be a list, not {type(data).__name__}")
    return list(data)


def _stems(words: str) -> set[str]:
    """The beginnings of the words that carry meaning: "weakness" and "weak" are about the same."""
    return {word[:STEM] for word in re.findall(r"[a-z]{4,}", words.lower())} - SMALL
