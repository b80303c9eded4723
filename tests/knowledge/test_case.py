"""The case: what a later reading does to earlier ones, what is implied and assumed, how it travels."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.case import ANSWERED, ASSUMED, IMPLIED, STATED, UNKNOWN, Case, Reading
from knowledge.engine import Engine
from knowledge.model import Guideline
from tests.knowledge.brute_force import case_of, complete_cases, outcomes

READINGS = st.builds(
    Reading,
    fact=st.sampled_from(["neuro_status", "cancer_history", "etiology", "prior_procedure", "level"]),
    value=st.none() | st.text(max_size=8),
    basis=st.sampled_from([STATED, ANSWERED]),
    evidence=st.none() | st.text(max_size=20),
    start=st.none() | st.integers(0, 500),
    end=st.none() | st.integers(0, 500),
    message=st.none() | st.integers(0, 50),
    correction=st.booleans(),
)
READING_MAPS = st.lists(READINGS, max_size=4).map(lambda readings: {reading.fact: reading for reading in readings})
CASES = st.builds(Case, readings=READING_MAPS, unknown=st.frozensets(st.text(max_size=6)), possible=READING_MAPS)


def value_of(case: Case, name: str, guideline: Guideline) -> tuple[str | None, str] | None:
    """Value and basis of one fact of a case."""
    reading = case.facts(guideline).get(name)
    return (reading.value, reading.basis) if reading else None


def test_later_reading_replaces(guideline: Guideline) -> None:
    """What is said later counts, with its own words."""
    case = Case().with_readings([Reading("symptoms", "symptomatic", evidence="hurts")], guideline)
    case = case.with_readings([Reading("symptoms", "asymptomatic", evidence="no pain now")], guideline)
    assert case.readings["symptoms"].value == "asymptomatic"
    assert case.readings["symptoms"].evidence == "no pain now"


@pytest.mark.parametrize("value", ["intact", UNKNOWN, None])
def test_alarm_survives_what_plays_it_down(value: str | None, guideline: Guideline) -> None:
    """A deficit stays a deficit whatever is remarked later."""
    case = case_of(guideline, neuro_status="deficit")
    assert case.with_readings([Reading("neuro_status", value)], guideline) == case


def test_alarm_is_withdrawn_by_a_correction(guideline: Guideline) -> None:
    """An explicit correction to another value takes the deficit back."""
    case = case_of(guideline, neuro_status="deficit")
    assert case.raises_alarm("neuro_status", guideline)
    case = case.with_readings([Reading("neuro_status", "intact", correction=True)], guideline)
    assert value_of(case, "neuro_status", guideline) == ("intact", STATED)
    assert not case.raises_alarm("neuro_status", guideline)


@pytest.mark.parametrize("value", [UNKNOWN, None])
def test_alarm_is_not_withdrawn_by_not_knowing(value: str | None, guideline: Guideline) -> None:
    """Neither "not known" nor a mere hint ends an alarm, even where it corrects."""
    case = case_of(guideline, neuro_status="deficit")
    assert case.with_readings([Reading("neuro_status", value, correction=True)], guideline) == case


def test_what_came_with_a_retracted_fact_goes_with_it(guideline: Guideline) -> None:
    """With the cancer goes its type, with the deficit the symptoms that it implied."""
    case = case_of(guideline, cancer_history="present", cancer_type="breast cancer", neuro_status="deficit")
    assert value_of(case, "symptoms", guideline) == ("symptomatic", IMPLIED)
    taken_back = [Reading("cancer_history", "absent"), Reading("neuro_status", "intact", correction=True)]
    case = case.with_readings(taken_back, guideline)
    assert value_of(case, "cancer_type", guideline) is None
    assert value_of(case, "symptoms", guideline) is None


def test_an_infection_alarm_sticks_too(guideline: Guideline) -> None:
    """Signs of infection decide an escalation by themselves, so only a correction takes them back."""
    case = case_of(guideline, infection_signs="present")
    assert case.raises_alarm("infection_signs", guideline)
    played_down = case.with_readings([Reading("infection_signs", "absent")], guideline)
    assert value_of(played_down, "infection_signs", guideline) == ("present", STATED)
    corrected = case.with_readings([Reading("infection_signs", "absent", correction=True)], guideline)
    assert value_of(corrected, "infection_signs", guideline) == ("absent", STATED)


def test_hint_opens_the_fact_and_an_answer_settles_it(guideline: Guideline) -> None:
    """A mere possibility removes the value, is kept with its words, and goes when the fact is given."""
    case = case_of(guideline, cancer_history="absent")
    case = case.with_readings([Reading("cancer_history", None, evidence="old breast lump")], guideline)
    assert value_of(case, "cancer_history", guideline) is None
    assert case.possible["cancer_history"].evidence == "old breast lump"
    case = case.with_readings([Reading("cancer_history", "present", ANSWERED)], guideline)
    assert not case.possible
    assert value_of(case, "cancer_history", guideline) == ("present", ANSWERED)


def test_a_faint_guess_does_not_open_what_is_settled(guideline: Guideline) -> None:
    """A hint that is doubted itself only raises what nobody has told; where that was, it is not asked for again."""
    faint = [Reading("neuro_status", None, evidence="hurting when she reaches up", doubted=True)]
    settled = case_of(guideline, neuro_status="intact").with_readings(faint, guideline)
    assert value_of(settled, "neuro_status", guideline) == ("intact", STATED)
    assert Case().with_readings(faint, guideline).possible.keys() == {"neuro_status"}


def test_hint_stops_an_assumption_and_a_default(guideline: Guideline) -> None:
    """What words have raised is neither assumed away nor read from other facts."""
    case = case_of(guideline, cancer_history="absent", osteoporosis="present", fracture_status="new")
    assert value_of(case, "etiology", guideline) == ("osteoporotic", IMPLIED)
    hints = [Reading("infection_signs", None, evidence="chills"), Reading("etiology", None, evidence="tumor?")]
    case = case.with_readings(hints, guideline)
    assert value_of(case, "infection_signs", guideline) is None
    assert value_of(case, "etiology", guideline) is None


def test_unknown_replaces_a_value_and_a_hint_reopens_it(guideline: Guideline) -> None:
    """After "not known" the earlier value is gone; a later hint makes the fact one to ask again."""
    case = case_of(guideline, cancer_history="absent").with_readings([Reading("cancer_history", UNKNOWN)], guideline)
    assert value_of(case, "cancer_history", guideline) is None
    assert case.unknown == {"cancer_history"}
    case = case.with_readings([Reading("cancer_history", None, evidence="some lump")], guideline)
    assert not case.unknown


def test_given_value_ends_unknown(guideline: Guideline) -> None:
    """Whoever finds out after all is heard."""
    case = case_of(guideline, cancer_history=UNKNOWN).with_readings([Reading("cancer_history", "present")], guideline)
    assert case.unknown == frozenset()
    assert value_of(case, "cancer_history", guideline) == ("present", STATED)


def test_unknown_means(guideline: Guideline) -> None:
    """An unknown cause is an undetermined one, in the clinician's words."""
    case = Case().with_readings([Reading("etiology", UNKNOWN, ANSWERED, evidence="no idea yet")], guideline)
    assert not case.unknown
    assert case.readings["etiology"] == Reading("etiology", "undetermined", ANSWERED, evidence="no idea yet")


@pytest.mark.parametrize(
    ("given_facts", "name", "value"),
    [
        ({"etiology": "pathologic"}, "cancer_history", "present"),
        ({"prior_procedure": "augmentation"}, "prior_fracture", "present"),
        ({"pain_character": "radicular"}, "symptoms", "symptomatic"),
        ({"cancer_history": "absent", "osteoporosis": "present", "fracture_status": "new"}, "etiology", "osteoporotic"),
    ],
)
def test_implications(given_facts: dict[str, str], name: str, value: str, guideline: Guideline) -> None:
    """What follows is shown as implied, with the words it follows from."""
    readings = [Reading(fact, given, evidence=f"words of {fact}") for fact, given in given_facts.items()]
    reading = Case().with_readings(readings, guideline).facts(guideline)[name]
    assert (reading.value, reading.basis) == (value, IMPLIED)
    assert reading.evidence == "; ".join(f"words of {fact}" for fact in given_facts)


def test_default_yields_to_a_stated_fact_and_to_its_exception(guideline: Guideline) -> None:
    """A clinical reading never overrides what was said, and suspicion withholds it."""
    said = case_of(guideline, symptoms="asymptomatic", pain_character="mechanical")
    assert value_of(said, "symptoms", guideline) == ("asymptomatic", STATED)
    suspicious = case_of(
        guideline, cancer_history="absent", osteoporosis="present", fracture_status="new", suspicious_features="present"
    )
    assert value_of(suspicious, "etiology", guideline) is None


def test_new_cause_wins_over_an_older_denial(guideline: Guideline) -> None:
    """A pathologic fracture implies a cancer history, so an older "no cancer" gives way."""
    case = case_of(guideline, cancer_history="absent", etiology="pathologic")
    assert "cancer_history" not in case.readings
    assert value_of(case, "cancer_history", guideline) == ("present", IMPLIED)


def test_new_denial_wins_over_an_older_cause(guideline: Guideline) -> None:
    """After a later "no cancer" the pathologic cause is open and asked again."""
    case = case_of(guideline, etiology="pathologic", cancer_history="absent")
    assert value_of(case, "cancer_history", guideline) == ("absent", STATED)
    assert value_of(case, "etiology", guideline) is None


def test_constraint_wins_over_stored_contradiction(guideline: Guideline) -> None:
    """A stored case that contradicts itself is read by the constraint, and no default follows from what lost."""
    readings = [
        Reading("etiology", "pathologic"),
        Reading("cancer_history", "absent"),
        Reading("osteoporosis", "present"),
        Reading("fracture_status", "new"),
    ]
    case = Case(readings={reading.fact: reading for reading in readings})
    assert value_of(case, "cancer_history", guideline) == ("present", IMPLIED)
    assert value_of(case, "etiology", guideline) == ("pathologic", STATED)


def test_assumptions_and_when_they_are_asked_instead(guideline: Guideline) -> None:
    """Low energy, no infection, adult and an unchanged course are assumed; the course not for a known fracture."""
    new, known = case_of(guideline, fracture_status="new"), case_of(guideline, fracture_status="known")
    assumed = {name: reading.value for name, reading in new.facts(guideline).items() if reading.basis == ASSUMED}
    assert assumed == {
        "clinical_course": "persistent",
        "mechanism": "low_energy",
        "infection_signs": "absent",
        "adult": "yes",
    }
    assert value_of(known, "clinical_course", guideline) is None
    assert value_of(Case(), "clinical_course", guideline) is None


def test_nothing_is_assumed_of_what_is_called_unknown(guideline: Guideline) -> None:
    """A fact that nobody knows is not absent."""
    assert value_of(case_of(guideline, infection_signs=UNKNOWN), "infection_signs", guideline) is None


@given(data=st.data())
def test_any_sequence_of_values_leaves_a_possible_case(
    data: st.DataObject, guideline: Guideline, engine: Engine
) -> None:
    """However often facts are changed, some complete case remains, so that there is always a next step."""
    facts = [(fact.name, value.value) for fact in guideline.deciding_facts for value in fact.values]
    drawn = data.draw(st.lists(st.sampled_from(facts), max_size=25))
    case = Case().with_readings([Reading(name, value) for name, value in drawn], guideline)
    assert engine.table.possible_outcomes(case.known(guideline))
    engine.next_step(case)


@given(data=st.data())
def test_order_of_consistent_facts_does_not_matter(data: st.DataObject, guideline: Guideline) -> None:
    """A consistent case is the same in whatever order it is told."""
    values = data.draw(complete_cases(guideline))
    order = data.draw(st.permutations(list(values)))
    told = case_of(guideline, **{name: values[name] for name in order})
    assert told.known(guideline) == values
    assert len(outcomes(guideline, told.known(guideline))) == 1


@given(case=CASES)
def test_round_trip_through_json(case: Case) -> None:
    """A case survives being stored by a dialogue manager as JSON."""
    assert Case.from_data(json.loads(json.dumps(case.to_data()))) == case


def test_nothing_stored_is_an_empty_case() -> None:
    """A new conversation starts with an empty case."""
    assert Case.from_data(None) == Case.from_data({}) == Case()


@pytest.mark.parametrize("data", [{"readings": [1]}, {"unknown": "neuro_status"}, {"possible": {"a": {"no": 1}}}])
def test_foreign_data_is_refused(data: dict[str, object]) -> None:
    """What `to_data` did not make is a TypeError, not a wrong case."""
    with pytest.raises(TypeError):
        Case.from_data(data)


def test_news_about_what_was_not_settled_contradicts_nothing(guideline: Guideline) -> None:
    """A cause that was open may become known without a word of correction; a known one is contested."""
    open_cause = Case().with_readings([Reading("etiology", "undetermined", message=1)], guideline)
    settled = open_cause.with_readings([Reading("etiology", "pathologic", message=2)], guideline)
    assert value_of(settled, "etiology", guideline) == ("pathologic", STATED)
    contested = settled.with_readings([Reading("etiology", "osteoporotic", message=3)], guideline)
    assert "etiology" in contested.contested
