"""The case panel's data."""

from __future__ import annotations

from knowledge.case import UNKNOWN, Case, Reading
from knowledge.engine import Engine
from knowledge.overview import overview


def case_of(engine: Engine, **facts: str | None) -> Case:
    """A case in which the facts were stated; None raises a possibility only."""
    readings = [Reading(name, value, evidence=f"words of {name}") for name, value in facts.items()]
    return Case().with_readings(readings, engine.guideline)


def test_an_empty_case_shows_nothing(engine: Engine) -> None:
    """Before anything is said there is neither a fact, nor an assumption, nor anything open."""
    assert overview(engine, Case()) == {"facts": [], "open": [], "alarm": None}


def test_a_fact_can_be_changed_to_every_value_and_to_not_known(engine: Engine) -> None:
    """The choices of a fact are its values and "not known"; a fact of free value has none."""
    facts = {
        fact["slot"]: fact for fact in overview(engine, case_of(engine, symptoms="symptomatic", level="T8"))["facts"]
    }
    assert [choice["value"] for choice in facts["symptoms"]["choices"]] == ["symptomatic", "asymptomatic", UNKNOWN]
    assert facts["level"]["choices"] == []


def test_open_are_the_facts_that_can_still_change_the_outcome(engine: Engine) -> None:
    """What was only raised stands there with its words, what nobody knows is marked, what is settled is gone."""
    case = case_of(engine, decision="imaging", fracture_status="new", symptoms="symptomatic", neuro_status=None)
    case = case.with_readings([Reading("cancer_history", UNKNOWN)], engine.guideline)
    still_open = {fact["slot"]: fact for fact in overview(engine, case)["open"]}
    assert still_open["neuro_status"]["raised_by"] == "words of neuro_status"
    assert still_open["cancer_history"]["unknown"] and not still_open["neuro_status"]["unknown"]
    assert "symptoms" not in still_open


def test_an_emergency_is_the_alarm(engine: Engine) -> None:
    """A deficit gives the alarm with what raised it and what to do; anything else gives none."""
    alarm = overview(engine, case_of(engine, neuro_status="deficit"))["alarm"]
    assert alarm["triggers"] == ["words of neuro_status"] and alarm["actions"]
    assert overview(engine, case_of(engine, neuro_status="intact"))["alarm"] is None


def test_a_fact_that_follows_from_others_has_their_words(engine: Engine) -> None:
    """The spans of an implied fact are those of the facts behind it; of a stated one its own."""
    told = [
        Reading("prior_procedure", "augmentation", evidence="kyphoplasty", start=4, end=15, message=1),
        Reading("symptoms", "symptomatic", evidence="hurts", start=20, end=25, message=2),
    ]
    facts = {fact["slot"]: fact for fact in overview(engine, Case().with_readings(told, engine.guideline))["facts"]}
    assert facts["prior_fracture"]["basis"] == "implied"
    assert facts["prior_fracture"]["spans"] == [[1, 4, 15]]
    assert facts["symptoms"]["spans"] == [[2, 20, 25]]
