"""A simulated clinician: sends the first message, then answers each question from what is true of the patient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from knowledge.case import ASSUMED, Case
from knowledge.case import Reading as CaseReading
from knowledge.engine import Conclusion, Conditional, Engine, Question
from nlu.note import FactMention
from tests.evaluation.cases import Vignette

Reader = Callable[[str], tuple[FactMention, ...]]


@dataclass(frozen=True)
class Dialogue:
    """How a dialogue went: the facts read at first, the outcome reached, and the facts asked for.

    What the facts imply counts as read, what is merely assumed does not.
    """

    read: Mapping[str, str | None]
    outcome: str
    asked: tuple[str, ...]


def hold(vignette: Vignette, engine: Engine, reader: Reader) -> Dialogue:
    """Hold the dialogue of `vignette` to its end."""
    case = first_case(vignette.text, engine, reader)
    read = {name: reading.value for name, reading in case.facts(engine.guideline).items() if reading.basis != ASSUMED}
    asked: list[str] = []
    while isinstance(step := engine.next_step(case), Question):
        asked.append(step.fact)
        value = vignette.facts.get(step.fact, "unknown")
        case = case.with_readings([CaseReading(step.fact, value, "answered", correction=True)], engine.guideline)
    return Dialogue(read, _outcome(step), tuple(asked))


def first_case(message: str, engine: Engine, reader: Reader) -> Case:
    """The case after a first message."""
    mentions = [mention for mention in reader(message) if mention.fact in engine.guideline.fact]
    return Case().with_readings([as_reading(mention) for mention in mentions], engine.guideline)


def as_reading(mention: FactMention) -> CaseReading:
    """A fact mention of the reader as a reading of the case."""
    return CaseReading(
        mention.fact,
        mention.value,
        evidence=mention.words,
        start=mention.start,
        end=mention.end,
        doubted=mention.doubted,
    )


def _outcome(step: Conclusion | Conditional) -> str:
    if isinstance(step, Conclusion):
        return step.outcome
    return "conditional: " + " | ".join(sorted({branch.outcome for branch in step.branches}))


def fewest_questions(vignette: Vignette, engine: Engine) -> int:
    """The fewest answers that, added to what the text states, leave one outcome."""
    guideline = engine.guideline
    stated = {slot: vignette.facts[slot] for slot in vignette.stated}
    case = Case().with_readings([CaseReading(slot, value) for slot, value in stated.items()], guideline)
    if isinstance(engine.next_step(case), Conclusion):
        return 0
    known = case.known(guideline)
    missing = [slot for slot in vignette.facts if slot not in known or slot not in stated]
    for count in range(1, 7):
        for slots in combinations(missing, count):
            answered = case.with_readings([CaseReading(slot, vignette.facts[slot]) for slot in slots], guideline)
            if isinstance(engine.next_step(answered), Conclusion):
                return count
    return 0
