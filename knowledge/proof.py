"""The proof that the decision table is sound, over every consistent complete case.

It shows that each complete case has exactly one outcome, that every row decides some case, that the
table agrees with the reference cases, and that no question is ever asked that cannot change the
answer.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from knowledge.case import UNKNOWN, Case, Reading
from knowledge.decision import INCONSISTENT, UNDECIDED, DecisionTable
from knowledge.engine import Engine
from knowledge.model import Guideline
from knowledge.yaml_source import BadContent, ContentError, read_document


@dataclass(frozen=True)
class Proof:
    """Figures of a successful proof.

    `cases` is the number of consistent complete cases, `of_row` how many each row decides,
    `reference_cases` how many reference cases agree, `partial_cases` from how many partial cases the
    engine's questions were followed, `questions` how many it asked there, `most_questions` the
    longest dialogue.
    """

    cases: int
    of_row: tuple[int, ...]
    reference_cases: int
    partial_cases: int
    questions: int
    most_questions: int


def table_errors(guideline: Guideline, folder: Path) -> None:
    """Raise BadContent if a complete case has no outcome or a row of the table decides none."""
    document = read_document(folder / "decisions.yml")
    try:
        table = DecisionTable.of(guideline)
    except ValueError as error:
        raise BadContent([ContentError(str(folder / "facts.yml"), 1, str(error))]) from None
    errors = []
    undecided = int((table.row_of == UNDECIDED).sum())
    if undecided:
        facts = _example(table, UNDECIDED)
        errors.append(
            document.error([], f"{undecided:,} complete cases match no row, for example {facts}; add a row for them")
        )
    for number, row in enumerate(guideline.rows):
        if not (table.row_of == number).any():
            covering = _covering_row(table, number)
            errors.append(
                document.error(
                    [number],
                    f"row {number + 1} ({row.outcome}) can never decide: {covering}; reorder, narrow or remove it",
                )
            )
    if errors:
        raise BadContent(errors)


def _covering_row(table: DecisionTable, number: int) -> str:
    alone = DecisionTable(table.facts, table.rows[number : number + 1], ()).row_of == 0
    rows = sorted({int(n) + 1 for n in np.unique(table.row_of[alone]) if n >= 0})
    return (
        f"row{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows))} above "
        f"cover{'' if len(rows) > 1 else 's'} all its cases"
        if rows
        else "no consistent case satisfies it"
    )


def _example(table: DecisionTable, kind: int) -> str:
    cell = np.argwhere(table.row_of == kind)[0]
    return ", ".join(f"{fact.name} {fact.values[i].value}" for fact, i in zip(table.facts, cell, strict=True))


def prove(guideline: Guideline, folder: Path, reference: str) -> Proof:
    """Run the whole proof on the content in `folder`.

    Raises BadContent naming the first case or row that fails.
    """
    table_errors(guideline, folder)
    engine = Engine(guideline)
    table = engine.table
    agreeing = _reference_cases(guideline, table, folder / reference)
    partial_cases, questions, most = _no_useless_question(engine)
    return Proof(
        cases=int((table.row_of != INCONSISTENT).sum()),
        of_row=tuple(int((table.row_of == number).sum()) for number in range(len(guideline.rows))),
        reference_cases=agreeing,
        partial_cases=partial_cases,
        questions=questions,
        most_questions=most,
    )


def _reference_cases(guideline: Guideline, table: DecisionTable, path: Path) -> int:
    if not path.exists():
        return 0
    values = {fact.name: {value.value for value in fact.values} for fact in table.facts}
    agreeing, errors = 0, []
    with path.open(encoding="utf-8", newline="") as lines:
        cases = csv.DictReader(lines)
        if set(cases.fieldnames or ()) != {*values, "outcome"}:
            raise BadContent(
                [ContentError(str(path), 1, f"the columns must be outcome and the deciding facts: {', '.join(values)}")]
            )
        for number, case in enumerate(cases, start=2):
            expected = case.pop("outcome")
            wrong = [f"{name} {case[name]!r}" for name in values if case[name] not in values[name]]
            if wrong or None in case:
                errors.append(
                    ContentError(str(path), number, f"not a case of facts.yml: {', '.join(wrong) or 'too many fields'}")
                )
                continue
            outcomes = table.possible_outcomes(case)
            if outcomes == (expected,):
                agreeing += 1
            else:
                errors.append(
                    ContentError(str(path), number, f"expected {expected}, the decision table gives {outcomes}")
                )
    if errors:
        raise BadContent(errors)
    return agreeing


def _no_useless_question(engine: Engine) -> tuple[int, int, int]:
    """Follow the engine's questions through every answer, from the empty case and each single fact to every conclusion.

    Every question met must be able to change the outcome: two of its answers, all else being equal,
    must lead some complete case to different outcomes. "Not known" is followed too.
    """
    guideline = engine.guideline
    asked: dict[tuple[object, ...], str | None] = {}
    visited: dict[tuple[object, ...], int] = {}
    questions = 0

    def question(case: Case) -> str | None:
        # The engine looks at nothing else of these cases, so many of them share one question.
        known = case.known(guideline)
        seen = (frozenset(known.items()), case.unknown)
        if seen not in asked:
            step = engine.question(case)
            asked[seen] = step.fact if step else None
            if step:
                _assert_useful(engine.table, known, step.fact)
        return asked[seen]

    def follow(case: Case) -> int:
        nonlocal questions
        data = _key(case)
        if data in visited:
            return visited[data]
        fact, longest = question(case), 0
        if fact is not None:
            questions += 1
            values = [value.value for value in guideline.fact[fact].values] + [UNKNOWN]
            longest = 1 + max(follow(case.with_readings([Reading(fact, value)], guideline)) for value in values)
        visited[data] = longest
        return longest

    longest = max(follow(start) for start in _starting_cases(guideline))
    return len(visited), questions, longest


def _key(case: Case) -> tuple[object, ...]:
    return (tuple(sorted((name, reading.value) for name, reading in case.readings.items())), case.unknown)


def _starting_cases(guideline: Guideline) -> list[Case]:
    """The empty case, and every case of one fact."""
    facts = [Reading(fact.name, value.value) for fact in guideline.deciding_facts for value in fact.values]
    return [Case(), *(Case().with_readings([fact], guideline) for fact in facts)]


def _assert_useful(table: DecisionTable, known: dict[str, str], fact: str) -> None:
    """Compare the outcomes under each two answers, cell by cell; a cell that either answer rules out tells nothing."""
    index = tuple(
        [value.value for value in other.values].index(known[other.name]) if other.name in known else slice(None)
        for other in table.facts
    )
    axes = [other.name for other in table.facts if other.name not in known]
    answers = list(np.moveaxis(table.outcome_of[index], axes.index(fact), 0)) if fact in axes else []
    for one, other in combinations(answers, 2):
        if ((one != other) & (one != INCONSISTENT) & (other != INCONSISTENT)).any():
            return
    raise BadContent(
        [ContentError("decisions.yml", 1, f"the engine asks {fact} where it cannot change the answer: {known}")]
    )
