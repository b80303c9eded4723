"""The machine-readable side of answers: keys of the contract, evidence, sources, order, exclusions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.answer import answer, ratings
from knowledge.case import ANSWERED, UNKNOWN, Case, Reading
from knowledge.engine import Engine
from knowledge.exclusion import why_not
from knowledge.model import Guideline, Statement
from tests.contract import check_payload
from tests.knowledge.brute_force import case_of, partial_cases

Payload = dict[str, Any]
V9 = {
    "decision": "treatment",
    "fracture_status": "new",
    "symptoms": "symptomatic",
    "etiology": "pathologic",
    "pain_character": "mechanical",
    "neuro_status": "intact",
}
V2 = {
    "decision": "imaging",
    "fracture_status": "new",
    "symptoms": "symptomatic",
    "cancer_history": "present",
    "neuro_status": "intact",
}
CASES = {
    "question": {"decision": "imaging"},
    "recommendation": V9,
    "conditional": {**V2, "cancer_history": UNKNOWN},
    "escalation": {"neuro_status": "deficit", "cancer_history": "present"},
    "not_covered": {**V9, "mechanism": "high_energy"},
}
KEYS = {
    "question": "slot text why choices",
    "recommendation": "outcome title guideline ratings facts because excluded next_steps pitfalls "
    "escalate_when sources",
    "conditional": "unknown branches facts sources",
    "escalation": "outcome triggers actions facts sources",
    "not_covered": "outcome reason instead facts sources",
}


def payload(engine: Engine, **values: str) -> Payload:
    """The answer to a case in which `values` were stated."""
    return answer(engine, case_of(engine.guideline, **values))


def cited(node: object) -> set[str]:
    """Every source key that a payload names below its list of sources."""
    if isinstance(node, dict):
        own = {node["source"]} if "source" in node else set()
        return own.union(
            {k for k in node.get("sources", ()) if isinstance(k, str)}, *(cited(value) for value in node.values())
        )
    return set().union(*(cited(item) for item in node)) if isinstance(node, list) else set()


@pytest.mark.parametrize("kind", CASES)
def test_payload_has_the_keys_of_the_contract(kind: str, engine: Engine) -> None:
    """Each kind of answer carries its type, the listed keys, the edition and the knowledge version."""
    found = payload(engine, **CASES[kind])
    assert found["type"] == kind
    assert set(KEYS[kind].split()) <= set(found)
    assert found["guideline"]["id"] == "acr-vcf"
    assert found["guideline"]["edition"] == "2022 update"
    assert found["guideline"]["knowledge_version"] == engine.guideline.version
    check_payload(found)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_case_gets_a_payload_of_the_contract(data: st.DataObject, guideline: Guideline, engine: Engine) -> None:
    """Whatever is known: the payload fits the contract, and every source that it cites is listed with its title."""
    found = answer(engine, data.draw(partial_cases(guideline)))
    check_payload(found)
    keys = [source["key"] for source in found["sources"]]
    assert len(keys) == len(set(keys))
    assert cited({**found, "sources": []}) <= set(keys)
    assert all(source["title"] and source["date"] for source in found["sources"])


def test_question_offers_every_value_and_not_known(engine: Engine) -> None:
    """Choices are the values of the fact in order, then "not known"."""
    found = payload(engine)
    assert found["slot"] == "neuro_status"
    assert [choice["value"] for choice in found["choices"]] == ["intact", "deficit", "unknown"]
    assert found["text"].endswith("?")
    assert found["why"]
    assert found["raised_by"] is found["alert"] is None


def test_question_says_what_raised_it(engine: Engine) -> None:
    """A question that words in the message led to quotes them."""
    case = Case().with_readings([Reading("neuro_status", None, evidence="legs feel odd")], engine.guideline)
    assert answer(engine, case)["raised_by"] == "legs feel odd"


def test_infection_with_unknown_neurology_is_an_alert(engine: Engine) -> None:
    """Signs of infection are acted on while the neurologic question is still open."""
    found = payload(engine, infection_signs="present")
    assert (found["type"], found["slot"]) == ("question", "neuro_status")
    assert found["alert"]["outcome"] == "infection-workup"
    assert found["alert"]["actions"][0]["text"] == "Work up spinal infection before any other step."


@pytest.mark.parametrize(
    "values", [{}, {"infection_signs": "absent"}, {"mechanism": "high_energy"}, {"cancer_history": "present"}]
)
def test_no_alert_without_an_escalation(values: dict[str, str], engine: Engine) -> None:
    """Nothing else raises an alert."""
    assert payload(engine, **values)["alert"] is None


def test_alert_cites_its_source(guideline: Guideline) -> None:
    """Sources of a question include those of its alert."""
    advice = Statement("actions", "Take blood cultures.", "BMJ")
    outcomes = [replace(o, statements=(advice,)) if o.id == "infection-workup" else o for o in guideline.outcomes]
    found = payload(Engine(replace(guideline, outcomes=tuple(outcomes))), infection_signs="present")
    assert found["alert"]["actions"] == [{"text": "Take blood cultures.", "source": "BMJ"}]
    assert [source["key"] for source in found["sources"]] == ["ACR", "BMJ"]


def test_facts_carry_basis_and_evidence(guideline: Guideline, engine: Engine) -> None:
    """Each fact says whether it was stated, answered, implied or assumed, and from which words."""
    stated = {"decision", "fracture_status", "etiology"}
    readings = [
        Reading(name, value, evidence=f"words {name}", start=3, end=9, message=1)
        if name in stated
        else Reading(name, value, ANSWERED)
        for name, value in V9.items()
    ]
    facts = {fact["slot"]: fact for fact in answer(engine, Case().with_readings(readings, guideline))["facts"]}
    assert (facts["etiology"]["basis"], facts["etiology"]["evidence"]) == ("stated", "words etiology")
    assert facts["etiology"]["span"] == [1, 3, 9]
    assert facts["neuro_status"]["basis"] == "answered"
    assert (facts["cancer_history"]["basis"], facts["cancer_history"]["evidence"]) == ("implied", "words etiology")
    assert (facts["clinical_course"]["basis"], facts["clinical_course"]["evidence"]) == ("assumed", None)
    assert facts["etiology"]["phrase"] == "pathologic fracture from tumor"
    assert list(facts) == [fact.name for fact in guideline.facts if fact.name in facts]


@pytest.mark.parametrize("number", range(1, 10))
def test_ratings_are_all_there_best_first(number: int, guideline: Guideline) -> None:
    """Every rating of a variant once, grouped from usually appropriate to usually not appropriate."""
    outcome = guideline.outcome[f"v{number}"]
    found = ratings(guideline, outcome)
    ranks = [guideline.categories.index(rating["category"]) for rating in found]
    assert ranks == sorted(ranks)
    assert sorted(rating["procedure"] for rating in found) == sorted(rating.procedure for rating in outcome.ratings)
    for rank in set(ranks):
        same = [rating["procedure"] for rating in found if rating["category"] == guideline.categories[rank]]
        assert same == [rating.procedure for rating in outcome.ratings if rating.procedure in same]


def test_worst_rating_first_in_the_file_comes_last(toy: Guideline) -> None:
    """The order is that of the categories, not that of the file."""
    found = payload(Engine(toy), pulse="normal", weight_bearing="unable")
    assert [rating["procedure"] for rating in found["ratings"]] == ["Radiography ankle", "MRI ankle"]
    assert [source["key"] for source in found["sources"]] == ["TOY", "NOTE"]


def test_panel_disagreement_and_radiation_are_shown(engine: Engine) -> None:
    """The one disagreement of the panel stands beside its rating, the radiation level beside each study."""
    marked = [rating for rating in payload(engine, **V2)["ratings"] if rating["panel_disagreement"]]
    assert [(rating["procedure"], rating["adult_radiation"]) for rating in marked] == [
        ("MRI spine area of interest with IV contrast", "O")
    ]


def test_excluded_variants_name_the_fact(engine: Engine) -> None:
    """Each other variant of the scope says what it needs and what the case has instead."""
    excluded = {item["outcome"]: item["because"] for item in payload(engine, **V9)["excluded"]}
    assert set(excluded) == {"v5", "v6", "v7", "v8"}
    assert excluded["v6"] == "needs osteoporotic fracture; here: pathologic fracture from tumor"
    imaging = {item["outcome"]: item["because"] for item in payload(engine, **V2)["excluded"]}
    assert imaging["v4"] == "needs asymptomatic; here: symptomatic"
    assert imaging["v1"] == f"comes after variant 2, which applies because {engine.guideline.rows[18].because}"


def test_excluded_by_an_earlier_row(guideline: Guideline, engine: Engine) -> None:
    """A variant whose own conditions would hold is said to come after the one that applies, not to need something."""
    values = {**V2, "symptoms": "asymptomatic", "fracture_status": "known"}
    reason = why_not(
        engine, case_of(guideline, **values).known(guideline), guideline.outcome["v3"], guideline.outcome["v4"]
    )
    assert reason == f"comes after variant 4, which applies because {guideline.rows[15].because}"


def test_treatment_question_that_imaging_answers_first(engine: Engine) -> None:
    """A treatment question without an MRI gets the imaging table and says so."""
    values = {
        "etiology": "osteoporotic",
        "prior_procedure": "none",
        "marrow_edema": "not_assessed",
        "cancer_history": "absent",
    }
    found = payload(engine, **{**V9, **values})
    assert found["outcome"] == "v1"
    assert found["notes"] == [
        "The question was about treatment; imaging has to answer first, so this is the imaging table."
    ]
    assert found["next_steps"][0]["text"].startswith("Get MRI first")
    assert payload(engine, **V9)["notes"] == []


def test_escalation_names_its_trigger_and_fits_the_case(guideline: Guideline, engine: Engine) -> None:
    """The clinician's own words raise the alarm; actions for a cancer patient are there only with a cancer history."""
    said = [Reading("neuro_status", "deficit", evidence="new foot drop"), Reading("cancer_history", "absent")]
    found = answer(engine, Case().with_readings(said, guideline))
    assert found["triggers"] == ["new foot drop"]
    assert not any("known cancer" in action["text"] for action in found["actions"])
    with_cancer = payload(engine, **CASES["escalation"])
    assert with_cancer["triggers"] == ["new or progressive neurologic deficit"]
    assert any("whole spine" in action["text"] for action in with_cancer["actions"])


def test_conditional_examines_first_what_must_be_known(engine: Engine) -> None:
    """With an unknown neurologic status the answer says to examine first; each branch has its ratings."""
    found = payload(engine, **{**V9, "neuro_status": UNKNOWN})
    assert [item["slot"] for item in found["examine_first"]] == ["neuro_status"]
    branches = {branch["when"]["neuro_status"]: branch for branch in found["branches"]}
    assert branches["deficit"]["kind"] == "escalation"
    assert branches["deficit"]["ratings"] == []
    assert branches["intact"]["outcome"] == "v9"
    assert branches["intact"]["label"] == "no new neurologic deficit"
    assert len(branches["intact"]["ratings"]) == len(engine.guideline.outcome["v9"].ratings)


def test_not_covered_says_why_and_where_to_look(engine: Engine) -> None:
    """No rating outside the criteria: the reason, what to do instead, and no table."""
    found = payload(engine, **CASES["not_covered"])
    assert found["outcome"] == "not-covered/high-energy-trauma"
    assert found["because"] == ["The criteria are not about high-energy trauma."]
    assert "high-energy" in found["reason"]
    assert found["instead"]
    assert "ratings" not in found
