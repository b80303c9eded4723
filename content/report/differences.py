"""What differs between two states of the content: ratings, outcomes of cases, statements, facts, examples, stories."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from content.check.project import DIALOGUE, EXAMPLES, TEST_STORIES, Project
from content.check.uses import examples_by_intent
from content.report.cases import CaseDifferences, NotComparable, RatingChange, rating_changes
from content.report.states import State
from knowledge.model import Conditions, Guideline, Statement

Entries = Mapping[str, Mapping[str, object]]
"""Whatever stands in groups under a key of its own, with the rest of it."""


@dataclass(frozen=True)
class Change:
    """What a group (an outcome's statements, an intent's examples, a file's stories) gained, lost, or has otherwise."""

    group: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def __str__(self) -> str:
        counts = ((len(self.added), "added"), (len(self.removed), "removed"), (len(self.changed), "changed"))
        return f"{self.group}: " + ", ".join(f"{number} {word}" for number, word in counts if number)


def changes(before: Entries, after: Entries) -> tuple[Change, ...]:
    """The groups whose entries differ."""
    return tuple(filter(_is_change, (_change(group, before, after) for group in dict.fromkeys([*before, *after]))))


def _change(group: str, before: Entries, after: Entries) -> Change:
    old, new = before.get(group, {}), after.get(group, {})
    return Change(
        group,
        tuple(key for key in new if key not in old),
        tuple(key for key in old if key not in new),
        tuple(key for key in new if key in old and new[key] != old[key]),
    )


def _is_change(change: Change) -> bool:
    return bool(change.added or change.removed or change.changed)


class Differences:
    """Everything that differs between `before` and `after`."""

    def __init__(self, before: State, after: State) -> None:
        self.before, self.after = before, after
        self.cases: CaseDifferences | None = None
        self.why_no_cases = ""
        try:
            self.cases = CaseDifferences(before.guideline, after.guideline)
        except NotComparable as reason:
            self.why_no_cases = str(reason)

    @cached_property
    def ratings(self) -> tuple[RatingChange, ...]:
        """The ratings that differ, by outcome."""
        old, new = self.before.guideline.outcome, self.after.guideline.outcome
        names = dict.fromkeys([*old, *new])
        return tuple(change for name in names for change in rating_changes(old.get(name), new.get(name)))

    @cached_property
    def statements(self) -> tuple[Change, ...]:
        """The sourced statements that differ, by outcome or by kind of note."""
        return changes(_statements(self.before.guideline), _statements(self.after.guideline))

    @cached_property
    def table(self) -> tuple[Change, ...]:
        """The facts, rows of the decision table, procedures and sources that differ."""
        return changes(_table(self.before.guideline), _table(self.after.guideline))

    @cached_property
    def examples(self) -> tuple[Change, ...]:
        """The examples of messages that differ, by intent."""
        return changes(_examples(self.before.project), _examples(self.after.project))

    @cached_property
    def facts(self) -> tuple[Change, ...]:
        """The examples that the second reader learns facts from and that differ, by file."""
        return changes(_lines(self.before.project), _lines(self.after.project))

    @cached_property
    def stories(self) -> tuple[Change, ...]:
        """The rules and training stories that differ, by file."""
        return changes(_talks(self.before.project), _talks(self.after.project))

    @cached_property
    def test_stories(self) -> tuple[Change, ...]:
        """The test stories that differ, by file."""
        return changes(_tests(self.before.project), _tests(self.after.project))

    @property
    def sections(self) -> tuple[tuple[str, tuple[Change, ...]], ...]:
        """What differs beside ratings and cases, each under its title."""
        return (
            ("Statements", self.statements),
            ("Facts, rows, procedures and sources", self.table),
            ("Examples of messages", self.examples),
            ("Examples of facts", self.facts),
            ("Rules and training stories", self.stories),
            ("Test stories", self.test_stories),
        )


def _statements(guideline: Guideline) -> Entries:
    groups = {outcome.id: _texts((outcome.because, *outcome.statements)) for outcome in guideline.outcomes}
    for note in guideline.notes:
        groups.setdefault(note.group, {})[f"{note.key}: {note.text}"] = (note.source, dict(note.data))
    return groups


def _texts(statements: tuple[Statement, ...]) -> dict[str, object]:
    return {f"{s.kind}: {s.text}": (s.source, dict(s.when), s.procedures) for s in statements}


def _table(guideline: Guideline) -> Entries:
    rows = {f"{row.outcome} when {_conditions(row.when)}": row.because for row in guideline.rows}
    return {
        "facts": {fact.name: fact for fact in guideline.facts},
        "rows of the decision table": dict(rows),
        "procedures": {procedure.name: procedure for procedure in guideline.procedures},
        "sources": {source.key: source for source in guideline.sources},
    }


def _conditions(conditions: Conditions) -> str:
    return ", ".join(f"{fact} is {' or '.join(values)}" for fact, values in conditions.items()) or "nothing else holds"


def _examples(project: Project) -> Entries:
    found = examples_by_intent(project)
    return {intent: {text: None for _, _, text in examples} for intent, examples in found.items()}


def _lines(project: Project) -> Entries:
    return {path: dict(_labeled(project, path)) for path in project.paths(EXAMPLES)}


def _labeled(project: Project, path: str) -> Iterator[tuple[str, object]]:
    for line in (project.root / path).read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        yield str(data.pop("text", line)), data


def _talks(project: Project) -> Entries:
    return {
        path: {
            f"{title} “{item[title]}”": json.dumps(item, default=str)
            for key, title in (("rules", "rule"), ("stories", "story"))
            for item in document.data.get(key) or ()
        }
        for path, document in project.documents(DIALOGUE)
    }


def _tests(project: Project) -> Entries:
    return {
        path: {str(story["story"]): json.dumps(story, default=str) for story in document.data}
        for path, document in project.documents(TEST_STORIES)
    }
