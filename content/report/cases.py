"""Which complete cases get another answer from one guideline than from another, case by case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import prod

import numpy as np
import numpy.typing as npt

from knowledge.decision import LARGEST_TABLE, DecisionTable
from knowledge.model import Fact, Guideline, Outcome

NOT_THERE = -3
"""Stands for the row of a case with a value that a guideline does not have."""

Numbers = npt.NDArray[np.int64]


class NotComparable(Exception):
    """Two guidelines have too little in common; the message says what."""


@dataclass(frozen=True, order=True)
class RatingChange:
    """A procedure's category in an outcome before and after; None where it was not rated."""

    outcome: str
    procedure: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        return f"{self.procedure}: {self.before or 'not rated'} → {self.after or 'not rated'}"


@dataclass(frozen=True)
class Group:
    """The cases that went from one answer to another.

    `ratings` are those that differ between the two answers, `in_common` the values that the facts of all these cases
    have where they do not have every value there is, `cells` where the cases lie in the space of all cases.
    """

    before: str
    after: str
    ratings: tuple[RatingChange, ...]
    in_common: Mapping[str, tuple[str, ...]]
    cells: Numbers

    @property
    def cases(self) -> int:
        """How many cases these are."""
        return len(self.cells)


def rating_changes(before: Outcome | None, after: Outcome | None) -> tuple[RatingChange, ...]:
    """The ratings that differ between two outcomes."""
    old, new = _ratings(before), _ratings(after)
    name = after.id if after else before.id if before else ""
    return tuple(
        RatingChange(name, procedure, old.get(procedure), new.get(procedure))
        for procedure in dict.fromkeys([*old, *new])
        if old.get(procedure) != new.get(procedure)
    )


def _ratings(outcome: Outcome | None) -> dict[str, str]:
    disagreement = " (panel disagreement)"
    return {
        rating.procedure: rating.category + (disagreement if rating.panel_disagreement else "")
        for rating in (outcome.ratings if outcome else ())
    }


class CaseDifferences:
    """Every complete case, answered by two guidelines.

    `compared` is the number of cases that both answer, `gone` and `come` are those that only the earlier or only the
    later one holds possible, `groups` the cases with another answer, most cases first.
    """

    def __init__(self, before: Guideline, after: Guideline) -> None:
        """Raises NotComparable if the two share no deciding fact or have too many cases together."""
        self._before, self._after = before, after
        self.values = _values(before, after)
        shape = tuple(map(len, self.values.values()))
        if prod(shape) > LARGEST_TABLE:
            raise NotComparable(f"The two editions have {prod(shape):,} cases together, too many to compare.")
        self._old, self._new = (_rows(guideline, self.values) for guideline in (before, after))
        possible_before, possible_after = self._old >= 0, self._new >= 0
        both = possible_before & possible_after
        self.compared = int(both.sum())
        self.gone = int((possible_before & ~possible_after).sum())
        self.come = int((possible_after & ~possible_before).sum())
        self.groups = tuple(sorted(self._groups(np.flatnonzero(both)), key=lambda group: -group.cases))

    @cached_property
    def changed(self) -> int:
        """How many cases get another answer."""
        return sum(group.cases for group in self.groups)

    @cached_property
    def moved(self) -> int:
        """How many cases get another outcome."""
        return sum(group.cases for group in self.groups if group.before != group.after)

    def _groups(self, cells: Numbers) -> Iterator[Group]:
        old_ids = [row.outcome for row in self._before.rows]
        new_ids = [row.outcome for row in self._after.rows]
        pairs = self._old.ravel()[cells].astype(np.int64) * len(new_ids) + self._new.ravel()[cells]
        of_outcomes: dict[tuple[str, str], list[Numbers]] = {}
        # Several rows may lead to one outcome, so the pairs of rows are fewer pairs of outcomes.
        for pair in np.unique(pairs):
            key = old_ids[pair // len(new_ids)], new_ids[pair % len(new_ids)]
            of_outcomes.setdefault(key, []).append(cells[pairs == pair])
        for (before, after), parts in of_outcomes.items():
            ratings = rating_changes(self._before.outcome[before], self._after.outcome[after])
            if before != after or ratings:
                found = np.sort(np.concatenate(parts))
                yield Group(before, after, ratings, self._in_common(found), found)

    def _in_common(self, cells: Numbers) -> dict[str, tuple[str, ...]]:
        places = np.unravel_index(cells, self._old.shape)
        present = {
            fact: tuple(values[i] for i in np.unique(place))
            for (fact, values), place in zip(self.values.items(), places, strict=True)
        }
        return {fact: found for fact, found in present.items() if len(found) < len(self.values[fact])}

    def cases(self, group: Group) -> Iterator[dict[str, str]]:
        """The facts of each case of a group."""
        for place in zip(*np.unravel_index(group.cells, self._old.shape), strict=True):
            yield {fact: values[i] for (fact, values), i in zip(self.values.items(), place, strict=True)}

    def examples(self, group: Group, number: int = 3) -> list[dict[str, str]]:
        """Some of the cases of a group, as far apart as they lie."""
        step = max(1, group.cases // number)
        return list(islice(self.cases(group), 0, step * number, step))


def _values(before: Guideline, after: Guideline) -> dict[str, tuple[str, ...]]:
    """The deciding facts of both guidelines, each with the values that it has in either."""
    old, new = ({fact.name: fact for fact in guideline.deciding_facts} for guideline in (before, after))
    if not old.keys() & new.keys():
        raise NotComparable("The two editions decide by different facts; no case can be asked of both.")
    return {name: _names(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])}


def _names(*facts: Fact | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.value for fact in facts if fact for value in fact.values))


def _rows(guideline: Guideline, values: Mapping[str, Sequence[str]]) -> npt.NDArray[np.int16]:
    """The deciding row of every case of the space `values`; a fact that does not decide makes no difference."""
    table = DecisionTable.of(guideline)
    rows = table.row_of
    for axis, fact in enumerate(table.facts):
        own = [value.value for value in fact.values]
        padded = np.append(rows, np.full_like(rows.take([0], axis), NOT_THERE), axis)
        rows = padded.take([own.index(value) if value in own else len(own) for value in values[fact.name]], axis)
    order = [fact.name for fact in table.facts]
    rows = rows.transpose([order.index(name) for name in values if name in order])
    rows = rows.reshape([len(known) if name in order else 1 for name, known in values.items()])
    return np.broadcast_to(rows, tuple(map(len, values.values())))
