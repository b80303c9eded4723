"""The decision table: three-valued conditions, figures of the real table, slices of partial cases."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.content import CONTENT, REFERENCE_CASES
from knowledge.decision import INCONSISTENT, UNDECIDED, DecisionTable
from knowledge.engine import Engine
from knowledge.model import Guideline, conditions, holds
from tests.knowledge.brute_force import can_change, completions, is_consistent, outcome_of, outcomes

ROWS = 20


@pytest.mark.parametrize(
    ("when", "known", "expected"),
    [
        ({}, {}, True),
        ({"a": ("x",)}, {}, None),
        ({"a": ("x",)}, {"a": "x"}, True),
        ({"a": ("x",)}, {"a": "y"}, False),
        ({"a": ("x", "y")}, {"a": "y"}, True),
        ({"a": ("x",), "b": ("z",)}, {"a": "x"}, None),
        ({"a": ("x",), "b": ("z",)}, {"a": "y"}, False),
        ({"a": ("x",), "b": ("z",)}, {"b": "q"}, False),
        ({"a": ("x",), "b": ("z",)}, {"a": "x", "b": "z"}, True),
        ({"a": ("x",)}, {"c": "x"}, None),
    ],
)
def test_holds_has_three_values(when: dict[str, tuple[str, ...]], known: dict[str, str], expected: bool | None) -> None:
    """One known mismatch is False, whatever is open; else an open fact leaves None."""
    assert holds(when, known) is expected


@given(
    when=st.dictionaries(st.sampled_from("abc"), st.lists(st.sampled_from("xyz"), min_size=1).map(tuple)),
    known=st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz")),
)
def test_holds_agrees_with_every_completion(when: dict[str, tuple[str, ...]], known: dict[str, str]) -> None:
    """True and False are final: no further fact changes them. None becomes True for some values."""
    answer = holds(when, known)
    complete = [{"a": a, "b": b, "c": c, **known} for a in "xyz" for b in "xyz" for c in "xyz"]
    final = {holds(when, values) for values in complete}
    assert None not in final
    assert final == {answer} if answer is not None else True in final


def test_conditions_take_a_value_or_a_list() -> None:
    """The content's short form, in which a value may stand for a list of one."""
    assert conditions({"a": "x", "b": ["y", "z"]}) == {"a": ("x",), "b": ("y", "z")}
    assert conditions(None) == {}


def test_every_consistent_case_has_one_outcome(engine: Engine) -> None:
    """259,200 consistent complete cases, none without a row."""
    row_of = engine.table.row_of
    assert int((row_of != INCONSISTENT).sum()) == 259_200
    assert not (row_of == UNDECIDED).any()


def test_every_row_decides_some_case(engine: Engine) -> None:
    """Each of the 20 rows is the deciding one of at least one case, and together they decide all."""
    of_row = [int((engine.table.row_of == number).sum()) for number in range(ROWS)]
    assert len(engine.table.rows) == ROWS
    assert min(of_row) > 0
    assert sum(of_row) == 259_200


def test_all_reference_cases_agree(guideline: Guideline, engine: Engine) -> None:
    """3,000 cases with independently determined outcomes."""
    with (CONTENT / REFERENCE_CASES).open(encoding="utf-8", newline="") as lines:
        cases = list(csv.DictReader(lines))
    expected = [case.pop("outcome") for case in cases]
    assert len(cases) == 3_000
    assert [engine.table.possible_outcomes(case) for case in cases] == [(outcome,) for outcome in expected]
    assert set(expected) == set(guideline.outcome)


def test_array_agrees_with_plain_row_matching(toy: Guideline) -> None:
    """For every partial case of the toy table: possible outcomes and relevant facts as by brute force."""
    table = DecisionTable.of(toy)
    choices = {fact.name: [None, *(value.value for value in fact.values)] for fact in toy.facts if fact.decides}
    for pulse in choices["pulse"]:
        for walking in choices["weight_bearing"]:
            for tender in choices["bone_tenderness"]:
                asked = {"pulse": pulse, "weight_bearing": walking, "bone_tenderness": tender}
                known = {name: value for name, value in asked.items() if value is not None}
                assert set(table.possible_outcomes(known)) == outcomes(toy, known)
                useful = tuple(name for name, value in asked.items() if value is None and can_change(toy, known, name))
                assert table.relevant(known) == useful


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_real_table_agrees_with_plain_row_matching(data: st.DataObject, guideline: Guideline, engine: Engine) -> None:
    """Random complete cases of the real table: the same outcome, and the same cases left out as inconsistent."""
    facts = {fact.name: st.sampled_from([v.value for v in fact.values]) for fact in guideline.deciding_facts}
    values = data.draw(st.fixed_dictionaries(facts))
    expected = (outcome_of(guideline, values),) if is_consistent(guideline, values) else ()
    assert engine.table.possible_outcomes(values) == expected


def test_information_is_zero_exactly_for_irrelevant_facts(toy: Guideline) -> None:
    """An answer that settles everything is worth more than one that settles part; a useless one nothing."""
    table = DecisionTable.of(toy)
    known = {"pulse": "normal", "weight_bearing": "able"}
    assert table.information(known, "bone_tenderness") == pytest.approx(1.0)
    assert table.information({"pulse": "lost"}, "bone_tenderness") == pytest.approx(0.0, abs=1e-6)


def test_shares_order_the_questions(toy: Guideline) -> None:
    """The expected shares of values are normalized, so only their proportion counts."""
    table = DecisionTable.of(toy)
    assert np.isclose(table._weight.sum(), 1.0)
    assert len(list(completions(toy, {}))) == table.row_of.size == 8
