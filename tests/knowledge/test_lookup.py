"""Ratings and variants looked up, with and without a case; suppositions; changes."""

from __future__ import annotations

import pytest

from knowledge.case import ANSWERED, Case, Reading
from knowledge.changes import changes
from knowledge.engine import Conclusion, Engine, Question
from knowledge.levels import with_relation
from knowledge.lookup import NOT_RATED, rating, show_variant, variants, variants_by_rating
from knowledge.names import procedures_named
from knowledge.store import build
from knowledge.what_if import supposed, what_if

PAINFUL = {"neuro_status": "intact", "decision": "imaging", "fracture_status": "new", "symptoms": "symptomatic"}


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The engine over the project's own guideline."""
    return Engine(build())


def case_of(engine: Engine, message: int = 1, **values: str) -> Case:
    """A case in which `values` were stated."""
    readings = [Reading(fact, value, evidence=value, message=message) for fact, value in values.items()]
    return Case().with_readings(readings, engine.guideline)


def test_a_rating_here_and_elsewhere(engine: Engine) -> None:
    """With a case the category of its variant; and always what the others say."""
    pet = procedures_named("PET", engine.guideline)[0]
    here = rating(engine, case_of(engine, **PAINFUL, cancer_history="present"), pet)
    assert (here["outcome"], here["category"]) == ("v2", "May be appropriate")
    assert here["statements"] and all(item["source"] for item in here["statements"])
    nowhere = rating(engine, Case(), pet)
    assert nowhere["outcome"] is None and nowhere["category"] is None
    assert {item["outcome"] for item in nowhere["across"]} >= {"v1", "v2"}


def test_a_procedure_that_the_variant_does_not_rate(engine: Engine) -> None:
    """Said as such, with the variants that do rate it."""
    cement = procedures_named("kyphoplasty", engine.guideline)[0]
    found = rating(engine, case_of(engine, **PAINFUL, cancer_history="absent"), cement)
    assert found["outcome"] == "v1" and found["category"] is None and found["across"]


def test_every_rating_is_the_published_one(engine: Engine) -> None:
    """What is looked up for a variant is what its table says."""
    for variant in engine.guideline.variants:
        for published in variant.ratings:
            procedure = engine.guideline.procedure[published.procedure]
            assert rating(engine, Case(), procedure, variant)["category"] == published.category


def test_variants_are_shown_listed_and_found(engine: Engine) -> None:
    """One by number, all by title, some by a rating."""
    six = engine.guideline.outcome["v6"]
    assert len(show_variant(engine.guideline, six)["ratings"]) == len(six.ratings)
    assert [item["outcome"] for item in variants(engine.guideline)["variants"]] == [f"v{n}" for n in range(1, 10)]
    radiation = procedures_named("radiation oncology", engine.guideline)[0]
    found = variants_by_rating(engine.guideline, radiation, "Usually appropriate")
    assert [item["outcome"] for item in found["variants"]] == ["v9"]


def test_a_supposition_leaves_the_case_as_it_is(engine: Engine) -> None:
    """The new outcome and each rating that differs; the case is a value and does not change."""
    case = case_of(engine, **PAINFUL, cancer_history="present")
    payload = what_if(engine, case, {"cancer_history": "absent"})
    assert (payload["previous_outcome"], payload["outcome"]) == ("v2", "v1")
    assert {item["to"] for item in payload["differences"]} <= {*engine.guideline.categories, NOT_RATED}
    assert all(item["from"] != item["to"] for item in payload["differences"])
    step = engine.next_step(case)
    assert isinstance(step, Conclusion) and step.outcome == "v2"


def test_a_supposed_deficit_and_a_supposed_recovery(engine: Engine) -> None:
    """Both can be supposed; the emergency brings its actions."""
    case = case_of(engine, **PAINFUL, cancer_history="absent")
    payload = what_if(engine, case, {"neuro_status": "deficit"})
    assert payload["outcome"] == "neurologic-emergency" and payload["actions"]
    changed = supposed(engine, case_of(engine, neuro_status="deficit"), {"neuro_status": "intact"})
    assert changed.known(engine.guideline)["neuro_status"] == "intact"


def test_an_open_supposition_says_what_it_depends_on(engine: Engine) -> None:
    """One line for each value of the fact that is missing."""
    case = case_of(engine, **PAINFUL)
    payload = what_if(engine, case, {"fracture_status": "new"})
    assert payload["outcome"] is None and payload["open"] == "cancer_history"
    assert [branch["outcomes"] for branch in payload["branches"]] == [["v2"], ["v1"]]


def test_a_contradiction_is_asked_and_a_correction_is_not(engine: Engine) -> None:
    """Another message that says the opposite leaves the fact open; a correction or a new alarm replaces it."""
    guideline = engine.guideline
    case = case_of(engine, **PAINFUL, cancer_history="absent")
    contested = case.with_readings([Reading("cancer_history", "present", evidence="chemo", message=2)], guideline)
    step = engine.next_step(contested)
    assert isinstance(step, Question) and step.fact == "cancer_history"
    answered = contested.with_readings([Reading("cancer_history", "present", ANSWERED, correction=True)], guideline)
    assert isinstance(engine.next_step(answered), Conclusion) and not answered.contested
    corrected = case.with_readings([Reading("cancer_history", "present", message=2, correction=True)], guideline)
    assert isinstance(engine.next_step(corrected), Conclusion)
    alarmed = case.with_readings([Reading("neuro_status", "deficit", message=2)], guideline)
    assert engine.next_step(alarmed).outcome == "neurologic-emergency"  # type: ignore[union-attr]


def test_a_contested_case_survives_storage(engine: Engine) -> None:
    """What is contested is stored with the case."""
    case = case_of(engine, **PAINFUL, cancer_history="absent")
    contested = case.with_readings([Reading("cancer_history", "present", message=2)], engine.guideline)
    assert Case.from_data(contested.to_data()) == contested


def test_changes_name_what_was_and_what_is(engine: Engine) -> None:
    """Only what was known before and is something else now."""
    before = case_of(engine, **PAINFUL, cancer_history="absent")
    after = before.with_readings([Reading("cancer_history", "present", correction=True)], engine.guideline)
    assert [(item["slot"], item["to"]) for item in changes(before, after, engine.guideline)] == [
        ("cancer_history", "cancer history, active or past")
    ]
    assert changes(before, before, engine.guideline) == []


@pytest.mark.parametrize(("level", "relation"), [("L1", "same"), ("L2, L1", "same"), ("T9", "different")])
def test_levels_of_two_messages_are_compared(level: str, relation: str, engine: Engine) -> None:
    """The level of the fracture from one message, that of the earlier procedure from another."""
    case = case_of(engine, level="L1")
    told = with_relation(case, [Reading("procedure_level", level, message=2)])
    assert {reading.fact: reading.value for reading in told}["prior_procedure_level"] == relation
    assert len(list(with_relation(Case(), [Reading("procedure_level", level)]))) == 1
