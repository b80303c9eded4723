"""What to do next with a partial case: answer, answer conditionally, or ask the best question."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.case import Case
from knowledge.decision import DecisionTable
from knowledge.model import Guideline, Row, holds


@dataclass(frozen=True)
class Question:
    """Ask about `fact`; `outcomes` are those that the case can still reach."""

    fact: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Conclusion:
    """The case has one outcome, decided by `row`."""

    outcome: str
    row: Row


@dataclass(frozen=True)
class Branch:
    """One value for each fact in `when`, and the outcome that follows."""

    when: dict[str, str]
    outcome: str


@dataclass(frozen=True)
class Conditional:
    """The outcome depends on facts that nobody knows: one branch for each of their values."""

    unknown: tuple[str, ...]
    branches: tuple[Branch, ...]


NextStep = Question | Conclusion | Conditional


class Engine:
    """Chooses the next step of a case under one guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.table = DecisionTable.of(guideline)

    def next_step(self, case: Case) -> NextStep:
        """The next step of `case`.

        A question is asked only about a fact that can still change the outcome and that the clinician
        has not called unknown; a fact marked `always_known` comes before any other. What two messages
        contradict each other about is asked in any case, unless the case is an emergency. A doubted fact is
        asked about at the end, if the outcome hangs on it.
        """
        known = case.known(self.guideline)
        outcomes = self.table.possible_outcomes(known)
        concluded = Conclusion(outcomes[0], self._deciding_row(known)) if len(outcomes) == 1 else None
        if case.contested and not any(case.raises_alarm(name, self.guideline) for name in case.readings):
            return Question(min(case.contested), outcomes)
        if concluded:
            return self._confirmation(case) or concluded
        relevant = self.table.relevant(known)
        return self._question(case, known, relevant, outcomes) or self._conditional(known, relevant)

    def _confirmation(self, case: Case) -> Question | None:
        """The question about a doubted fact without which the case would not be concluded."""
        for name in sorted(name for name, reading in case.readings.items() if reading.doubted):
            known = case.without(name).known(self.guideline)
            outcomes = self.table.possible_outcomes(known)
            if len(outcomes) > 1 and name in self.table.relevant(known):
                return Question(name, outcomes)
        return None

    def question(self, case: Case) -> Question | None:
        """The question that `next_step` asks about `case`, or None if it answers."""
        known = case.known(self.guideline)
        outcomes = self.table.possible_outcomes(known)
        return self._question(case, known, self.table.relevant(known), outcomes) if len(outcomes) > 1 else None

    def _question(
        self, case: Case, known: dict[str, str], relevant: tuple[str, ...], outcomes: tuple[str, ...]
    ) -> Question | None:
        askable = [name for name in relevant if name not in case.unknown and self._may_ask(name, case, known)]
        return Question(self._best(askable, case, known), outcomes) if askable else None

    def _deciding_row(self, known: dict[str, str]) -> Row:
        # Several rows may lead to one outcome; the first that is not excluded explains it.
        return next(row for row in self.table.rows if holds(row.when, known) is not False)

    def _may_ask(self, name: str, case: Case, known: dict[str, str]) -> bool:
        # What words have raised is asked even where an assumption would have done without them.
        ask_when = self.guideline.fact[name].ask_when
        return not ask_when or name in case.possible or holds(ask_when, known) is True

    def _best(self, askable: list[str], case: Case, known: dict[str, str]) -> str:
        first = [name for name in askable if self.guideline.fact[name].always_known]
        candidates = first or [name for name in askable if not self._may_follow(name, askable, case)] or askable
        return max(candidates, key=lambda name: self.table.information(known, name))

    def _may_follow(self, name: str, askable: list[str], case: Case) -> bool:
        """Whether the answer to another question may settle `name` as well.

        With osteoporosis known, "no cancer" also settles the cause, so the cancer history is asked first.
        """
        values = {fact: reading.value for fact, reading in case.facts(self.guideline).items() if reading.value}
        return any(
            name in rule.then
            and holds(rule.when, values) is None
            and all(fact in values or fact in askable for fact in rule.when)
            for rule in self.guideline.implications
            if rule.kind == "default"
        )

    def _conditional(self, known: dict[str, str], relevant: tuple[str, ...]) -> Conditional:
        """Branch over the unknown facts, one at a time, and only where a branch still depends on them."""
        branches = self._branches(known, {})
        return Conditional(tuple(name for name in relevant if any(name in b.when for b in branches)), tuple(branches))

    def _branches(self, known: dict[str, str], when: dict[str, str]) -> list[Branch]:
        outcomes = self.table.possible_outcomes({**known, **when})
        if len(outcomes) <= 1:
            return [Branch(when, outcome) for outcome in outcomes]
        relevant = self.table.relevant({**known, **when})
        first = [name for name in relevant if self.guideline.fact[name].always_known]
        name = max(first or relevant, key=lambda fact: self.table.information({**known, **when}, fact))
        return [
            branch
            for value in self.guideline.fact[name].values
            for branch in self._branches(known, {**when, name: value.value})
        ]
