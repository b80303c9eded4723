"""What the stories come to, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from content.check.dialogue import NOT_SET, Talk, read_talks
from content.check.impossible import ASKED
from content.check.project import TEST_STORIES, Project
from knowledge.model import Guideline

ANSWER = "action_answer"
"""The action that tells the outcome of a case."""


@dataclass
class Covered:
    """A thing that stories may come to: its name, what it says, and the places (file:line) of the stories that do.

    `training` are stories and rules of data/, `tests` those of tests/stories; a thing that `matters` needs a test.
    """

    name: str
    label: str
    matters: bool = True
    training: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)

    @property
    def is_gap(self) -> bool:
        """Whether a test story is missing."""
        return self.matters and not self.tests


@dataclass(frozen=True)
class Coverage:
    """Every outcome, value of a fact, and question of a guideline, those without a test story first.

    `answering` are the training stories and rules that end in an answer; they name no outcome and hold for all.
    """

    outcomes: tuple[Covered, ...]
    values: tuple[Covered, ...]
    questions: tuple[Covered, ...]
    answering: tuple[str, ...]

    @property
    def gaps(self) -> int:
        """How many of them have no test story."""
        return sum(covered.is_gap for covered in (*self.outcomes, *self.values, *self.questions))


def coverage(project: Project, guideline: Guideline) -> Coverage:
    """What the stories of `project` come to of `guideline`."""
    outcomes = {outcome.id: Covered(outcome.id, outcome.title) for outcome in guideline.outcomes}
    # Values of facts that do not decide only change how an answer is worded.
    values = {
        f"{fact.name}={value.value}": Covered(f"{fact.name}: {value.value}", value.phrase, fact.decides)
        for fact in guideline.facts
        for value in fact.values
    }
    # A fact without a list of values counts as a whole.
    values |= {fact.name: Covered(fact.name, fact.label, fact.decides) for fact in guideline.facts if not fact.values}
    questions = {fact.name: Covered(fact.name, fact.question or "") for fact in guideline.facts if fact.question}
    of_kind = {"outcome": outcomes, "value": values, "question": questions}
    talks = read_talks(project)
    for where, uses in (("tests", _tested(project)), ("training", _trained(talks))):
        for kind, name, place in uses:
            places = getattr(of_kind[kind][name], where) if name in of_kind[kind] else []
            if place not in places:
                places.append(place)
    answers = (talk.place for talk in talks if any(event.name == ANSWER for event in talk.events))
    return Coverage(_gaps_first(outcomes), _gaps_first(values), _gaps_first(questions), tuple(dict.fromkeys(answers)))


def _gaps_first(found: dict[str, Covered]) -> tuple[Covered, ...]:
    return tuple(sorted(found.values(), key=lambda covered: (not covered.is_gap, len(covered.tests))))


def _tested(project: Project) -> Iterator[tuple[str, str, str]]:
    """Kind and name of what each test story comes to, and where it begins."""
    for path, document in project.documents(TEST_STORIES):
        for number, story in enumerate(document.data):
            place = f"{path}:{document.line([number, 'story'])}"
            for step in story["steps"]:
                if "outcome" in step:
                    yield "outcome", str(step["outcome"]), place
                if "slot" in step:
                    yield "question", str(step["slot"]), place
                for fact, values in (step.get("facts") or {}).items():
                    yield "value", str(fact), place
                    for value in values if isinstance(values, list) else [values]:
                        yield "value", f"{fact}={value}", place


def _trained(talks: list[Talk]) -> Iterator[tuple[str, str, str]]:
    """Kind and name of what each rule and training story names, and where it begins."""
    for talk in talks:
        for event in talk.events:
            if event.kind == "slot" and event.value not in (None, NOT_SET, True):
                is_question = event.name == ASKED
                kind, name = ("question", str(event.value)) if is_question else ("value", f"{event.name}={event.value}")
                yield kind, name, talk.place
