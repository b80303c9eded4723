"""The plain text of every kind of answer."""

from __future__ import annotations

import pytest

from knowledge.answer import Payload, answer
from knowledge.case import Case, Reading
from knowledge.current import engine
from knowledge.document.build import document
from knowledge.document.parts import Document, Statement, Statements
from knowledge.document.text import plain_text
from knowledge.lookup import rating
from tests.contract import check_payload

COMPLETE = {
    "neuro_status": "intact",
    "decision": "treatment",
    "fracture_status": "new",
    "symptoms": "symptomatic",
    "cancer_history": "absent",
    "etiology": "osteoporotic",
    "pain_character": "mechanical",
    "marrow_edema": "present",
    "prior_procedure": "none",
    "prior_fracture": "absent",
}
CASES: dict[str, dict[str, str]] = {
    "v1": {"decision": "imaging"},
    "v2": {"decision": "imaging", "cancer_history": "present"},
    "v3": {"prior_procedure": "augmentation", "prior_procedure_level": "same", "prior_fracture": "present"},
    "v4": {"decision": "imaging", "cancer_history": "present", "symptoms": "asymptomatic"},
    "v5": {"symptoms": "asymptomatic"},
    "v6": {},
    "v7": {"prior_procedure": "surgery", "prior_procedure_level": "different"},
    "v8": {"fracture_status": "known", "clinical_course": "worsening"},
    "v9": {"etiology": "pathologic", "cancer_history": "present"},
    "neurologic-emergency": {"neuro_status": "deficit"},
    "infection-workup": {"infection_signs": "present"},
    "not-covered/pediatric": {"adult": "no"},
    "not-covered/high-energy-trauma": {"mechanism": "high_energy"},
    "not-covered/no-fracture-shown": {"fracture_status": "suspected"},
    "not-covered/pathologic-asymptomatic": {
        "etiology": "pathologic",
        "cancer_history": "present",
        "symptoms": "asymptomatic",
    },
    "not-covered/pathologic-without-mechanical-pain": {
        "etiology": "pathologic",
        "cancer_history": "present",
        "pain_character": "radicular",
    },
    "not-covered/osteoporotic-without-edema": {"marrow_edema": "absent"},
    "not-covered/asymptomatic-without-cancer": {"decision": "imaging", "symptoms": "asymptomatic"},
}


def payload_of(outcome: str) -> Payload:
    """The answer to a complete case with this outcome."""
    return answer(engine(), case_of(outcome))


def case_of(outcome: str) -> Case:
    """A complete case with this outcome."""
    values = COMPLETE | CASES[outcome]
    readings = [Reading(name, value, evidence=f"words about {name}") for name, value in values.items()]
    return Case().with_readings(readings, engine().guideline)


def text_of(payload: Payload) -> str:
    """The plain text of a payload."""
    return plain_text(document("", payload))


def test_every_outcome_has_a_case_here() -> None:
    """No outcome of the guideline is left out of these tests."""
    assert set(CASES) == set(engine().guideline.outcome)


@pytest.mark.parametrize("outcome", CASES)
def test_text_stands_alone(outcome: str) -> None:
    """Every answer keeps the contract and names guideline, edition and knowledge version, without blank lines."""
    payload = payload_of(outcome)
    assert payload["outcome"] == outcome
    check_payload(payload)
    text = text_of(payload)
    assert engine().guideline.edition in text
    assert engine().guideline.version in text
    assert "\n\n" not in text, "channels split at blank lines"
    assert "{" not in text, "a placeholder was left open"


@pytest.mark.parametrize("variant", [name for name in CASES if name.startswith("v")])
def test_every_rating_stands_in_its_category(variant: str) -> None:
    """The text lists every procedure of the variant in the line of its category."""
    text = text_of(payload_of(variant)).splitlines()
    for rated in engine().guideline.outcome[variant].ratings:
        line = next(line for line in text if line.startswith(f"{rated.category}: "))
        assert rated.procedure in line


@pytest.mark.parametrize("outcome", ["neurologic-emergency", "infection-workup"])
def test_an_emergency_comes_first_and_in_one_paragraph(outcome: str) -> None:
    """An escalation begins with STOP, says what raised it and what to do, before any line break."""
    first = text_of(payload_of(outcome)).splitlines()[0]
    assert first.startswith("STOP")
    assert "words about" in first
    assert engine().guideline.outcome[outcome].of_kind("actions")[0].text in first


def test_what_was_assumed_is_marked() -> None:
    """Facts that nobody stated stand in the line of assumptions, not among what was understood."""
    lines = text_of(payload_of("v6")).splitlines()
    assumed = next(line for line in lines if line.startswith("Assumed"))
    understood = next(line for line in lines if line.startswith("As understood"))
    assert "no signs of infection" in assumed
    assert "no signs of infection" not in understood


def test_a_question_says_why_and_an_alert_comes_first() -> None:
    """With signs of infection and unknown neurologic status the alert precedes the question."""
    case = Case().with_readings([Reading("infection_signs", "present", evidence="T 39")], engine().guideline)
    payload = answer(engine(), case)
    assert payload["slot"] == "neuro_status"
    text = text_of(payload)
    assert text.startswith("ALERT")
    assert payload["why"] in text


@pytest.mark.parametrize(("title", "shown"), [("Next steps", "Next steps:"), ("How fast is it?", "How fast is it?")])
def test_a_title_has_one_sign_at_its_end(title: str, shown: str) -> None:
    """A colon, unless it ends with a sign of its own."""
    whole, short = (Statements((Statement("Step."),), title, count) for count in (None, 1))
    assert plain_text(Document("answer", (whole,))) == f"{shown}\n- Step."
    assert plain_text(Document("answer", (short,))) == f"{shown} Step."


def test_a_rating_ends_with_one_full_stop() -> None:
    """The variant's title has one of its own, which gives way."""
    procedure = next(one for one in engine().guideline.procedures if one.name == "Percutaneous ablation spine")
    payload = rating(engine(), case_of("v9"), procedure)
    assert payload["title"].endswith(".") and ".)" not in plain_text(document("", payload))
