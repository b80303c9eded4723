"""The decision table over partial cases.

The table is evaluated once for every combination of the deciding facts and kept as an array with one
axis a fact. A partial case is then a slice of it, so that the same array answers what outcomes are
still possible, which facts can still change the outcome, and, for the proof, whether every complete
case has exactly one outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np
import numpy.typing as npt

from knowledge.model import Conditions, Fact, Guideline, Implication, Row

LARGEST_TABLE = 20_000_000
"""Combinations beyond which a table no longer fits in memory comfortably (two bytes each)."""

INCONSISTENT = -2
UNDECIDED = -1

Known = Mapping[str, str]
"""Fact name to value, for the facts that are known."""


class DecisionTable:
    """Outcomes of every combination of the deciding facts of a guideline."""

    def __init__(self, facts: Sequence[Fact], rows: Sequence[Row], implications: Sequence[Implication]) -> None:
        """Evaluate `rows` over all combinations of `facts`.

        Raises ValueError if the combinations are too many to hold.
        """
        self.facts = tuple(facts)
        self.rows = tuple(rows)
        self._axis = {fact.name: axis for axis, fact in enumerate(self.facts)}
        self._index = {fact.name: {v.value: i for i, v in enumerate(fact.values)} for fact in self.facts}
        shape = tuple(len(fact.values) for fact in self.facts)
        if prod(shape) > LARGEST_TABLE:
            raise ValueError(
                f"The facts have {prod(shape):,} combinations, more than {LARGEST_TABLE:,}. "
                "Let fewer facts decide, or give them fewer values."
            )
        self.outcome_ids = tuple(dict.fromkeys(row.outcome for row in self.rows))
        self.row_of = self._first_matching_row(shape, implications)
        outcome_of_row = np.array(
            [self.outcome_ids.index(row.outcome) for row in self.rows] + [INCONSISTENT, UNDECIDED], dtype=np.int16
        )
        self.outcome_of: npt.NDArray[np.int16] = outcome_of_row[self.row_of]
        inconsistent, limits = self.row_of == INCONSISTENT, np.iinfo(np.int16)
        self._for_highest = np.where(inconsistent, np.int16(limits.min), self.outcome_of)
        self._for_lowest = np.where(inconsistent, np.int16(limits.max), self.outcome_of)
        """The outcomes, such that what is inconsistent is never the highest, or the lowest, of several."""
        self._weight = self._expected_shares(shape)

    @classmethod
    def of(cls, guideline: Guideline) -> DecisionTable:
        """The table of a guideline."""
        return cls(guideline.deciding_facts, guideline.rows, guideline.constraints)

    def _first_matching_row(self, shape: tuple[int, ...], constraints: Sequence[Implication]) -> npt.NDArray[np.int16]:
        row_of = np.full(shape, UNDECIDED, dtype=np.int16)
        for number, row in enumerate(self.rows):
            row_of[self._where(row.when) & (row_of == UNDECIDED)] = number
        for rule in constraints:
            then = self._where({fact: (value,) for fact, value in rule.then.items()})
            row_of[self._where(rule.when) & ~then & np.ones(shape, dtype=bool)] = INCONSISTENT
        return row_of

    def _where(self, conditions: Conditions) -> npt.NDArray[np.bool_]:
        """A mask, broadcastable over the table, of the combinations that satisfy `conditions`."""
        mask = np.ones((1,) * len(self.facts), dtype=bool)
        for fact, values in conditions.items():
            along = np.zeros(len(self._index[fact]), dtype=bool)
            along[[self._index[fact][value] for value in values]] = True
            mask = mask & along.reshape([-1 if axis == self._axis[fact] else 1 for axis in range(len(self.facts))])
        return mask

    def _expected_shares(self, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        weight = np.ones((1,) * len(self.facts), dtype=np.float32)
        for axis, fact in enumerate(self.facts):
            shares = np.array([value.share for value in fact.values], dtype=np.float32)
            weight = weight * (shares / shares.sum()).reshape([-1 if a == axis else 1 for a in range(len(shape))])
        return np.where(self.row_of == INCONSISTENT, np.float32(0), weight)

    def _slice(self, known: Known) -> tuple[int | slice, ...]:
        return tuple(
            self._index[fact.name][known[fact.name]] if fact.name in known else slice(None) for fact in self.facts
        )

    def possible_outcomes(self, known: Known) -> tuple[str, ...]:
        """The outcomes that some completion of `known` has, in the order of the table."""
        present = np.unique(self.outcome_of[self._slice(known)])
        return tuple(self.outcome_ids[number] for number in present if number >= 0)

    def relevant(self, known: Known) -> tuple[str, ...]:
        """The unknown facts that can still change the outcome, all others being equal."""
        selection = self._slice(known)
        # In one piece of memory each, which is gone through once for every open fact.
        highest, lowest = self._for_highest[selection].copy(), self._for_lowest[selection].copy()
        open_facts = [fact.name for fact in self.facts if fact.name not in known]
        # Two consistent combinations that differ along the axis alone have different outcomes.
        return tuple(
            name for axis, name in enumerate(open_facts) if (highest.max(axis=axis) > lowest.min(axis=axis)).any()
        )

    def information(self, known: Known, fact: str) -> float:
        """How much an answer about `fact` is expected to tell the possible outcomes apart, in bits."""
        selection = self._slice(known)
        outcomes, weight = self.outcome_of[selection], self._weight[selection]
        axis = [f.name for f in self.facts if f.name not in known].index(fact)
        table = np.stack(
            [
                np.bincount(
                    np.take(outcomes, value, axis).ravel().astype(np.int64) - INCONSISTENT,
                    weights=np.take(weight, value, axis).ravel(),
                    minlength=len(self.outcome_ids) - INCONSISTENT,
                )
                for value in range(outcomes.shape[axis])
            ]
        )
        total = table.sum()
        if total == 0:
            return 0.0
        return (
            _entropy(table.sum(axis=0) / total) + _entropy(table.sum(axis=1) / total) - _entropy(table.ravel() / total)
        )


def _entropy(shares: npt.NDArray[np.float64]) -> float:
    positive = shares[shares > 0]
    return float(-(positive * np.log2(positive)).sum())
