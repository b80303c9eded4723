"""The proof of the decision table, on a toy guideline small enough to count by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.content import REFERENCE_CASES, read_content
from knowledge.decision import DecisionTable
from knowledge.engine import Engine
from knowledge.model import Guideline
from knowledge.proof import Proof, _assert_useful, _no_useless_question, prove, table_errors
from knowledge.yaml_source import BadContent
from tests.knowledge.brute_force import can_change
from tests.knowledge.conftest import TOY

Check = Callable[[], Proof]


@pytest.fixture
def check(toy_content: Path) -> Check:
    """Proves the toy content as it then is."""
    return lambda: prove(read_content(toy_content), toy_content, REFERENCE_CASES)


def test_proof_of_the_toy_guideline(check: Check) -> None:
    """Eight complete cases, split over four rows; at most one question per fact."""
    proof = check()
    assert (proof.cases, proof.of_row, proof.reference_cases) == (8, (4, 2, 1, 1), 4)
    assert proof.most_questions == 3
    assert proof.questions > 0
    assert proof.partial_cases > proof.questions


def test_wrong_reference_case_is_named(check: Check, toy_content: Path) -> None:
    """A reference case with another outcome stops the proof at its line."""
    path = toy_content / REFERENCE_CASES
    path.write_text(path.read_text().replace("normal,able,present,t1", "normal,able,present,ischemia"))
    with pytest.raises(BadContent, match=f"{REFERENCE_CASES}:3: expected ischemia, the decision table gives "):
        check()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("normal,able,present", "normal,abel,present", ":3: not a case of facts.yml: weight_bearing 'abel'"),
        ("normal,able,present,t1", "normal,able,present", ":3: expected None, the decision table gives"),
        ("normal,able,present,t1", "normal,able,present,t1,t1", ":3: not a case of facts.yml: too many fields"),
        (
            "pulse,weight_bearing",
            "pulse,weight",
            ":1: the columns must be outcome and the deciding facts: pulse, weight_bearing",
        ),
    ],
)
def test_reference_case_that_is_none(old: str, new: str, says: str, check: Check, toy_content: Path) -> None:
    """A mistake in the file of reference cases is located, too."""
    path = toy_content / REFERENCE_CASES
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(BadContent) as raised:
        check()
    assert says in str(raised.value)


def test_reference_cases_are_optional(check: Check, toy_content: Path) -> None:
    """A new topic may start without reference cases."""
    (toy_content / REFERENCE_CASES).unlink()
    assert check().reference_cases == 0


def test_table_errors_accept_the_real_table(guideline: Guideline, content: Path) -> None:
    """The real table has neither gaps nor rows that never decide."""
    table_errors(guideline, content)


def test_gap_and_dead_row_are_reported_together(toy: Guideline) -> None:
    """A hole gives an example of a case, a dead row the rows that cover it."""
    ischemia, unable, _, _ = toy.rows
    with pytest.raises(BadContent) as raised:
        table_errors(replace(toy, rows=(ischemia, unable, unable)), TOY)
    gap, dead = raised.value.errors
    assert (
        "2 complete cases match no row, for example pulse normal, weight_bearing able, bone_tenderness present"
        in gap.message
    )
    assert "row 3 (t1) can never decide: rows 1, 2 above cover all its cases" in dead.message
    assert (gap.line, dead.line) == (1, 7)


def test_usefulness_is_judged_as_by_brute_force(toy: Guideline) -> None:
    """The check of a question accepts exactly the facts that can change some complete case."""
    table = DecisionTable.of(toy)
    for known in (
        {},
        {"pulse": "normal"},
        {"pulse": "lost"},
        {"weight_bearing": "unable"},
        {"pulse": "normal", "weight_bearing": "unable"},
    ):
        for fact in set(table._axis) - set(known):
            try:
                _assert_useful(table, known, fact)
                accepted = True
            except BadContent:
                accepted = False
            assert accepted == can_change(toy, known, fact), (known, fact)


def test_question_about_a_known_fact_is_useless(toy: Guideline) -> None:
    """Asking what is known already fails the proof."""
    with pytest.raises(BadContent, match="the engine asks pulse where it cannot change the answer"):
        _assert_useful(DecisionTable.of(toy), {"pulse": "normal"}, "pulse")


def test_engine_that_asks_too_much_fails_the_proof(toy: Guideline) -> None:
    """An engine that takes every open fact for relevant is caught, because the proof does not ask that same table."""

    class Curious(DecisionTable):
        def relevant(self, known: object) -> tuple[str, ...]:
            return tuple(fact.name for fact in self.facts if fact.name not in dict(known))  # type: ignore[call-overload]

    engine = Engine(replace(toy, facts=tuple(replace(fact, assume=None, ask_when={}) for fact in toy.facts)))
    engine.table = Curious.of(engine.guideline)
    with pytest.raises(BadContent, match="cannot change the answer"):
        _no_useless_question(engine)
