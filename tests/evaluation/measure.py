"""Figures of the benchmark: what is read, what is reached, what alarms."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from scipy.stats import beta

from knowledge.engine import Engine, Question
from tests.evaluation.cases import red_flags, vignettes
from tests.evaluation.dialogue import Reader, fewest_questions, first_case, hold

NEURO, ALARM, INTACT = "neuro_status", "deficit", "intact"


NEGATED, UNCERTAIN, AFFIRMED = "negated", "uncertain", "affirmed"
_ASSERTION = {
    **dict.fromkeys(("absent", "none", "intact", "asymptomatic", "no"), NEGATED),
    **dict.fromkeys(("undetermined", "suspected", "not_assessed"), UNCERTAIN),
}
"""How a text asserts the values that are not plainly affirmed."""


@dataclass
class SlotFigures:
    """Counts for one slot or one assertion class: stated, read, read rightly, filled though not stated."""

    stated: int = 0
    read: int = 0
    right: int = 0
    unstated: int = 0
    against_facts: int = 0

    @property
    def recall(self) -> float:
        """Share of what the texts state that is read rightly: also the exact accuracy on stated slots."""
        return self.right / self.stated if self.stated else 1.0

    @property
    def precision(self) -> float:
        """Share of what is read that the texts state."""
        return self.right / self.read if self.read else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.right else 0.0


@dataclass
class VignetteFigures:
    """Counts over a set of vignettes."""

    cases: int = 0
    slots_of_all: int = 0
    right_outcome: int = 0
    asked: int = 0
    fewest: int = 0
    slots: dict[str, SlotFigures] = field(default_factory=dict)
    assertions: dict[str, SlotFigures] = field(default_factory=dict)
    styles: dict[str, list[bool]] = field(default_factory=dict)
    outcomes: dict[str, list[bool]] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def slot_accuracy(self) -> float:
        """Share of stated slots that were read rightly."""
        return sum(s.right for s in self.slots.values()) / sum(s.stated for s in self.slots.values())

    @property
    def over_reading(self) -> float:
        """Share of all slots that were filled although the text does not state them."""
        return sum(s.unstated for s in self.slots.values()) / self.slots_of_all

    @property
    def outcome_accuracy(self) -> float:
        """Share of dialogues that end in the right outcome."""
        return self.right_outcome / self.cases

    @property
    def median_milliseconds(self) -> float:
        """Median time to read a first message, in milliseconds."""
        return statistics.median(self.milliseconds)


@dataclass
class RedFlagFigures:
    """Counts over a set of red-flag messages."""

    true: int = 0
    caught: int = 0
    asked: int = 0
    taken_as_intact: int = 0
    false: int = 0
    of_class: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    false_alarms: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def passed_over(self) -> int:
        """True flags about which nothing is asked either."""
        return self.true - self.caught - self.asked - self.taken_as_intact

    @property
    def sensitivity(self) -> float:
        """Share of true flags that interrupt at once."""
        return self.caught / self.true

    @property
    def sensitivity_bound(self) -> float:
        """Exact one-sided 95 % lower bound of the sensitivity (Clopper-Pearson)."""
        return float(beta.ppf(0.05, self.caught, self.true - self.caught + 1)) if self.caught else 0.0

    @property
    def median_milliseconds(self) -> float:
        """Median time to read a message, in milliseconds."""
        return statistics.median(self.milliseconds)

    @property
    def false_alarm_rate(self) -> float:
        """Share of false flags that interrupt."""
        return sum(self.false_alarms.values()) / self.false


def measure_vignettes(folder: Path, engine: Engine, reader: Reader) -> VignetteFigures:
    """Hold every dialogue of the set in `folder` and count."""
    figures = VignetteFigures()
    names = [fact.name for fact in engine.guideline.deciding_facts]
    for vignette in vignettes(folder):
        figures.milliseconds.append(_time_to_read(vignette.text, reader))
        dialogue = hold(vignette, engine, reader)
        right = dialogue.outcome == vignette.outcome
        figures.cases += 1
        figures.slots_of_all += len(names)
        figures.right_outcome += right
        figures.asked += len(dialogue.asked)
        figures.fewest += fewest_questions(vignette, engine)
        figures.styles.setdefault(vignette.style, []).append(right)
        figures.outcomes.setdefault(vignette.outcome, []).append(right)
        for name in names:
            _count_slot(figures, name, vignette.id, vignette.facts, name in vignette.stated, dialogue.read.get(name))
        if not right:
            figures.errors.append(
                f"{vignette.id}: outcome {dialogue.outcome}, not {vignette.outcome}; asked {', '.join(dialogue.asked)}"
            )
    return figures


def _time_to_read(text: str, reader: Reader) -> float:
    """In milliseconds, for words that have been met before: what is compiled at first use counts for no message."""
    reader(text)
    started = time.perf_counter()
    reader(text)
    return 1000 * (time.perf_counter() - started)


def _count_slot(
    figures: VignetteFigures, name: str, case: str, facts: dict[str, str], stated: bool, read: str | None
) -> None:
    slot = figures.slots.setdefault(name, SlotFigures())
    right = stated and read == facts[name]
    if stated:
        for counts in (slot, _assertion(figures, facts[name])):
            counts.stated += 1
            counts.right += right
    if read is not None:
        for counts in (slot, _assertion(figures, read)):
            counts.read += 1
            counts.unstated += not stated
            counts.against_facts += name in facts and facts[name] != read
    if stated and not right:
        figures.errors.append(f"{case}: {name} read as {read}, not {facts[name]}")
    elif read is not None and not stated:
        figures.errors.append(f"{case}: {name} read as {read}, not stated")


def _assertion(figures: VignetteFigures, value: str) -> SlotFigures:
    return figures.assertions.setdefault(_ASSERTION.get(value, AFFIRMED), SlotFigures())


def measure_red_flags(folder: Path, engine: Engine, reader: Reader) -> RedFlagFigures:
    """Read every red-flag message of the set in `folder` as the first of a dialogue, and count.

    Asked at once counts messages whose first question is about the neurologic status.
    """
    figures = RedFlagFigures()
    for message in red_flags(folder):
        figures.milliseconds.append(_time_to_read(message.text, reader))
        case = first_case(message.text, engine, reader)
        read = case.known(engine.guideline).get(NEURO)
        step = engine.next_step(case)
        alarm = read == ALARM
        figures.of_class[message.kind] += 1
        figures.alarms[message.kind] += alarm
        if message.flag:
            figures.true += 1
            figures.caught += alarm
            figures.asked += not alarm and isinstance(step, Question) and step.fact == NEURO
            figures.taken_as_intact += read == INTACT
        else:
            figures.false += 1
            figures.false_alarms[message.kind] += alarm
        if alarm != message.flag:
            figures.errors.append(
                f"{message.id} ({message.kind}): {'missed' if message.flag else 'false alarm'}: {message.text}"
            )
    return figures
