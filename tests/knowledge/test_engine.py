"""The engine: which question comes next, when it answers, and when only under conditions."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.case import ASSUMED, UNKNOWN, Case, Reading
from knowledge.engine import Conclusion, Conditional, Engine, Question
from knowledge.model import Guideline, holds
from tests.knowledge.brute_force import can_change, case_of, complete_cases, outcome_of, outcomes, partial_cases

PATHOLOGIC = {"decision": "treatment", "fracture_status": "new", "symptoms": "symptomatic", "etiology": "pathologic"}
COMPLETE = {**PATHOLOGIC, "pain_character": "mechanical", "neuro_status": "intact"}
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def question(engine: Engine, case: Case) -> str:
    """The fact that the engine asks about `case`."""
    step = engine.next_step(case)
    assert isinstance(step, Question), step
    return step.fact


def test_neurologic_status_is_asked_first(engine: Engine) -> None:
    """An empty case starts with the question that may be an emergency."""
    assert question(engine, Case()) == "neuro_status"


@slow
@given(data=st.data())
def test_neurologic_status_comes_before_any_other(data: st.DataObject, guideline: Guideline, engine: Engine) -> None:
    """Whatever else is known or not known, an open neurologic status is the next question."""
    case = data.draw(partial_cases(guideline, most_open=14))
    assert (
        ("neuro_status" in case.known(guideline))
        or "neuro_status" in case.unknown
        or question(engine, case) == "neuro_status"
    )


@slow
@given(data=st.data())
def test_no_recommendation_while_neurologic_status_is_unknown(
    data: st.DataObject, guideline: Guideline, engine: Engine
) -> None:
    """Without it there are only questions and conditional answers, one branch of which is the emergency."""
    values = {**data.draw(complete_cases(guideline)), "neuro_status": UNKNOWN}
    step = engine.next_step(case_of(guideline, **values))
    assert isinstance(step, Conditional)
    assert step.unknown[0] == "neuro_status"
    assert {"neuro_status": "deficit"} in [branch.when for branch in step.branches]


@slow
@given(data=st.data())
def test_each_question_can_change_the_answer(data: st.DataObject, guideline: Guideline, engine: Engine) -> None:
    """By brute force over completions: two answers lead some case to different outcomes; no answer is known yet."""
    case = data.draw(partial_cases(guideline))
    step = engine.next_step(case)
    if isinstance(step, Question):
        known = case.known(guideline)
        assert step.fact not in known
        assert step.fact not in case.unknown
        assert can_change(guideline, known, step.fact)
        assert set(step.outcomes) == outcomes(guideline, known)


@slow
@given(data=st.data())
def test_every_answer_is_what_all_completions_say(data: st.DataObject, guideline: Guideline, engine: Engine) -> None:
    """A conclusion or a branch is given only where every completion has that outcome, and no case is left out."""
    case = data.draw(partial_cases(guideline, most_open=6))
    known, step = case.known(guideline), engine.next_step(case)
    if isinstance(step, Conclusion):
        assert outcomes(guideline, known) == {step.outcome}
        assert step.row.outcome == step.outcome
        assert holds(step.row.when, known) is not False
    elif isinstance(step, Conditional):
        for branch in step.branches:
            assert outcomes(guideline, {**known, **branch.when}) == {branch.outcome}
            assert set(branch.when) <= set(step.unknown)
        assert {branch.outcome for branch in step.branches} == outcomes(guideline, known)


@slow
@given(data=st.data())
def test_complete_case_concludes_as_by_brute_force(data: st.DataObject, guideline: Guideline, engine: Engine) -> None:
    """Every complete case gets the outcome of its first matching row."""
    values = data.draw(complete_cases(guideline))
    step = engine.next_step(case_of(guideline, **values))
    assert isinstance(step, Conclusion)
    assert step.outcome == step.row.outcome == outcome_of(guideline, values)


@slow
@given(data=st.data())
def test_answering_every_question_leads_to_the_outcome(
    data: st.DataObject, guideline: Guideline, engine: Engine
) -> None:
    """A dialogue that starts from nothing ends with the outcome of the case as assumed, in at most 12 questions."""
    values = data.draw(complete_cases(guideline))
    case, asked = Case(), []
    while isinstance(step := engine.next_step(case), Question):
        asked.append(step.fact)
        case = case.with_readings([Reading(step.fact, values[step.fact])], guideline)
    assumed = {name: str(reading.value) for name, reading in case.facts(guideline).items() if reading.basis == ASSUMED}
    assert len(asked) == len(set(asked)) <= 12
    assert isinstance(step, Conclusion)
    assert step.outcome == outcome_of(guideline, {**values, **assumed})


def test_unknown_gives_one_branch_per_value(engine: Engine, guideline: Guideline) -> None:
    """A new painful fracture with unknown cancer history: both imaging tables, side by side."""
    case = case_of(
        guideline,
        decision="imaging",
        fracture_status="new",
        symptoms="symptomatic",
        neuro_status="intact",
        cancer_history=UNKNOWN,
    )
    step = engine.next_step(case)
    assert isinstance(step, Conditional)
    assert step.unknown == ("cancer_history",)
    assert {branch.when["cancer_history"]: branch.outcome for branch in step.branches} == {
        "present": "v2",
        "absent": "v1",
    }


def test_unknown_is_not_asked_again(engine: Engine, guideline: Guideline) -> None:
    """What the clinician does not know is not asked a second time, other facts still are."""
    case = case_of(guideline, neuro_status="intact", decision=UNKNOWN)
    asked = []
    while isinstance(step := engine.next_step(case), Question):
        asked.append(step.fact)
        case = case.with_readings([Reading(step.fact, UNKNOWN)], guideline)
    assert asked
    assert len(asked) == len(set(asked))
    assert not {"decision", "neuro_status"} & set(asked)


def test_deficit_ends_the_dialogue(engine: Engine, guideline: Guideline) -> None:
    """A deficit alone is enough, nothing else is asked."""
    step = engine.next_step(case_of(guideline, neuro_status="deficit"))
    assert isinstance(step, Conclusion)
    assert step.outcome == "neurologic-emergency"


def test_seed_case_reaches_its_variant(engine: Engine, guideline: Guideline) -> None:
    """A painful pathologic fracture with mechanical pain is variant 9, its course assumed."""
    case = case_of(guideline, **COMPLETE)
    step = engine.next_step(case)
    assert isinstance(step, Conclusion)
    assert step.outcome == "v9"
    assert case.facts(guideline)["clinical_course"].basis == ASSUMED


def test_course_of_a_known_fracture_is_asked(engine: Engine, guideline: Guideline) -> None:
    """Where the course decides and the fracture is known from before, it is not assumed but asked."""
    assert question(engine, case_of(guideline, **{**COMPLETE, "fracture_status": "known"})) == "clinical_course"


@pytest.mark.parametrize("name", ["clinical_course", "infection_signs", "mechanism", "adult"])
def test_hint_is_asked_instead_of_assumed(name: str, engine: Engine, guideline: Guideline) -> None:
    """Words that raise a possibility lead to a question about it, also where silence would be assumed."""
    case = case_of(guideline, **COMPLETE).with_readings([Reading(name, None, evidence="perhaps")], guideline)
    assert question(engine, case) == name


def test_hint_reopens_what_was_not_known(engine: Engine, guideline: Guideline) -> None:
    """After "not known", a message that hints at a deficit leads to the question again."""
    case = case_of(guideline, **{**COMPLETE, "neuro_status": UNKNOWN})
    assert isinstance(engine.next_step(case), Conditional)
    assert (
        question(engine, case.with_readings([Reading("neuro_status", None, evidence="legs feel odd")], guideline))
        == "neuro_status"
    )


def test_contradicting_facts_still_have_a_next_step(engine: Engine, guideline: Guideline) -> None:
    """Pathologic cause and no cancer history: the later one counts, the dialogue goes on."""
    case = case_of(guideline, **COMPLETE)
    step = engine.next_step(case.with_readings([Reading("cancer_history", "absent")], guideline))
    assert isinstance(step, Question)
    assert "v9" not in step.outcomes
    stored = Case(readings={**case.readings, "cancer_history": Reading("cancer_history", "absent")})
    assert isinstance(engine.next_step(stored), Conclusion)


def test_second_topic_needs_no_code(toy: Guideline) -> None:
    """The same engine leads through the toy guideline."""
    engine = Engine(toy)
    assert question(engine, Case()) == "pulse"
    assert question(engine, case_of(toy, pulse="normal")) == "weight_bearing"
    assert question(engine, case_of(toy, pulse="normal", weight_bearing="able")) == "bone_tenderness"
    step = engine.next_step(case_of(toy, pulse="normal", weight_bearing="unable"))
    assert isinstance(step, Conclusion)
    assert step.outcome == "t1"


def test_a_doubted_fact_is_asked_about_only_if_the_outcome_hangs_on_it(engine: Engine, guideline: Guideline) -> None:
    """The cause of a fracture is confirmed before an answer rests on it; its mechanism in an emergency is not."""
    sure = Case().with_readings([Reading(name, value) for name, value in COMPLETE.items()], guideline)
    assert isinstance(engine.next_step(sure), Conclusion)
    doubted = Case().with_readings(
        [Reading(name, value, doubted=name == "etiology") for name, value in COMPLETE.items()], guideline
    )
    assert question(engine, doubted) == "etiology"
    emergency = doubted.with_readings([Reading("neuro_status", "deficit")], guideline)
    assert isinstance(engine.next_step(emergency), Conclusion)


@pytest.mark.parametrize("answer", [COMPLETE["etiology"], UNKNOWN])
def test_a_doubted_fact_is_asked_about_once(answer: str, engine: Engine, guideline: Guideline) -> None:
    """What was read stands if it is confirmed, and also if the clinician cannot tell."""
    case = Case().with_readings(
        [Reading(name, value, doubted=name == "etiology") for name, value in COMPLETE.items()], guideline
    )
    case = case.with_readings([Reading("etiology", answer, correction=True)], guideline)
    assert isinstance(engine.next_step(case), Conclusion)
    assert case.readings["etiology"].value == COMPLETE["etiology"]
    again = case.with_readings([Reading("etiology", COMPLETE["etiology"], doubted=True, message=2)], guideline)
    assert isinstance(engine.next_step(again), Conclusion)
