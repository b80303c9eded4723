"""The decision table as a tree: one fact after another, in the order in which its rows name them."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.decision import DecisionTable
from knowledge.model import Guideline, holds

Known = dict[str, str]


@dataclass(frozen=True)
class Branch:
    """The values of a fact that lead to the same part of the tree."""

    values: tuple[str, ...]
    node: Node


@dataclass(frozen=True)
class Node:
    """Where `cases` complete cases come to: an outcome, or a fact that tells them apart."""

    cases: int
    outcome: str | None = None
    fact: str | None = None
    branches: tuple[Branch, ...] = ()

    @property
    def shape(self) -> object:
        """What follows from here, whatever the number of cases."""
        return self.outcome or (self.fact, tuple((branch.values, branch.node.shape) for branch in self.branches))


def decision_tree(guideline: Guideline) -> Node:
    """The tree of the decision table of `guideline`."""
    return _node(DecisionTable.of(guideline), {})


def _node(table: DecisionTable, known: Known) -> Node:
    outcomes, cases = table.possible_outcomes(known), _cases(table, known)
    if len(outcomes) == 1:
        return Node(cases, outcome=outcomes[0])
    fact = _next_fact(table, known)
    branches: dict[object, list[tuple[str, Node]]] = {}
    for value in next(found for found in table.facts if found.name == fact).values:
        if _cases(table, {**known, fact: value.value}):
            node = _node(table, {**known, fact: value.value})
            branches.setdefault(node.shape, []).append((value.value, node))
    return Node(cases, fact=fact, branches=tuple(_branch(alike) for alike in branches.values()))


def _branch(alike: list[tuple[str, Node]]) -> Branch:
    """One branch for values that lead to the same, with the cases of all of them."""
    return Branch(tuple(value for value, _ in alike), _together([node for _, node in alike]))


def _together(nodes: list[Node]) -> Node:
    first = nodes[0]
    branches = tuple(
        Branch(branch.values, _together([node.branches[i].node for node in nodes]))
        for i, branch in enumerate(first.branches)
    )
    return Node(sum(node.cases for node in nodes), first.outcome, first.fact, branches)


def _next_fact(table: DecisionTable, known: Known) -> str:
    relevant = table.relevant(known)
    named = [fact for row in table.rows if holds(row.when, known) is not False for fact in row.when]
    # Where constraints tie facts together, none of them may change the outcome alone; then any will do.
    still_open = [fact.name for fact in table.facts if fact.name not in known]
    return next(iter([*(fact for fact in named if fact in relevant), *relevant, *still_open]))


def _cases(table: DecisionTable, known: Known) -> int:
    place = tuple(
        [value.value for value in fact.values].index(known[fact.name]) if fact.name in known else slice(None)
        for fact in table.facts
    )
    return int((table.row_of[place] >= 0).sum())
