"""The questions of a dialogue as a graph: what is asked first, and what each answer leads to."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.case import Case, Reading
from knowledge.engine import Conclusion, Conditional, Engine
from knowledge.model import Guideline

Way = tuple[tuple[str, ...], int | None]
"""The outcomes told, or the number of the question asked."""


@dataclass(frozen=True)
class Answer:
    """The values that lead the same way: to the outcomes told then, or to the question with the number `to`.

    There are several outcomes where the fact between them is not asked; then the answer tells all of them.
    """

    values: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    to: int | None = None


@dataclass(frozen=True)
class Asked:
    """A question about `fact`; `step` is how many questions come before it at most."""

    number: int
    step: int
    fact: str
    answers: tuple[Answer, ...]


class _Follower:
    """Follows every answer from a case on; questions with the same continuation are one."""

    def __init__(self, guideline: Guideline) -> None:
        self._engine = Engine(guideline)
        self.numbers: dict[tuple[str, tuple[Answer, ...]], int] = {}

    def follow(self, case: Case) -> Way:
        """Where the dialogue goes from `case`."""
        question, guideline = self._engine.question(case), self._engine.guideline
        if question is None:
            return self._told(case), None
        ways: dict[Way, list[str]] = {}
        for value in guideline.fact[question.fact].values:
            way = self.follow(case.with_readings([Reading(question.fact, value.value)], guideline))
            ways.setdefault(way, []).append(value.value)
        answers = tuple(Answer(tuple(values), *way) for way, values in ways.items())
        return (), self.numbers.setdefault((question.fact, answers), len(self.numbers))

    def _told(self, case: Case) -> tuple[str, ...]:
        step = self._engine.next_step(case)
        if isinstance(step, Conclusion):
            return (step.outcome,)
        return tuple(dict.fromkeys(branch.outcome for branch in step.branches)) if isinstance(step, Conditional) else ()


def questions(guideline: Guideline) -> tuple[Asked, ...]:
    """Every question of a dialogue that begins with nothing known, the first one first."""
    follower = _Follower(guideline)
    follower.follow(Case())
    # A question gets its number after all that follow it, so that the highest number is the first question.
    graph = sorted(((number, *question) for question, number in follower.numbers.items()), reverse=True)
    steps = dict.fromkeys(follower.numbers.values(), 0)
    for number, _, answers in graph:
        for answer in answers:
            if answer.to is not None:
                steps[answer.to] = max(steps[answer.to], steps[number] + 1)
    return tuple(Asked(number, steps[number], fact, answers) for number, fact, answers in graph)
