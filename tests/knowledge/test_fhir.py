"""The FHIR bundle: valid R4, nothing that identifies the patient, nothing that reads as more than was said."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from knowledge.answer import answer
from knowledge.case import UNKNOWN, Case, Reading
from knowledge.consult_note import consult_note
from knowledge.engine import Engine
from knowledge.fhir import fhir_bundle, settings, validate
from knowledge.model import Guideline
from tests.knowledge.brute_force import case_of, partial_cases
from tests.knowledge.test_answer import CASES, V2, V9

WRITTEN = datetime(2026, 11, 21, 10, 5, 30, tzinfo=UTC)
Bundle = dict[str, Any]


@pytest.fixture(scope="session")
def check() -> Callable[[Bundle], None]:
    """`validate`, where the extra that it needs is installed."""
    pytest.importorskip("fhir.resources", reason="the extra fhir is not installed")
    return validate


def bundle(engine: Engine, **values: str) -> Bundle:
    """The bundle for a case in which `values` were stated."""
    return fhir_bundle(answer(engine, case_of(engine.guideline, **values)), WRITTEN)


def resources(found: Bundle, kind: str) -> list[Bundle]:
    """The resources of one type, in their order."""
    return [entry["resource"] for entry in found["entry"] if entry["resource"]["resourceType"] == kind]


def observed(found: Bundle, name: str) -> Bundle:
    """The observation of this name."""
    return next(item for item in resources(found, "Observation") if item["code"]["text"] == name)


@pytest.mark.parametrize("kind", CASES)
def test_every_kind_of_answer_is_valid(kind: str, engine: Engine, check: Callable[[Bundle], None]) -> None:
    """Each kind of answer gives a bundle that the library accepts, also after a trip through JSON."""
    found = bundle(engine, **CASES[kind], age="78", sex="female", duration="21", level="T11, L1")
    check(found)
    check(json.loads(json.dumps(found)))


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), words=st.text(max_size=80))
def test_any_case_is_valid(
    data: st.DataObject, words: str, guideline: Guideline, engine: Engine, check: Callable[[Bundle], None]
) -> None:
    """Whatever is known, and in whatever words."""
    case = data.draw(partial_cases(guideline)).with_readings([Reading("level", words, evidence=words)], guideline)
    check(fhir_bundle(answer(engine, case), WRITTEN))


@pytest.mark.parametrize("kind", CASES)
def test_note_goes_along_word_for_word(kind: str, engine: Engine) -> None:
    """The text of the consult note is in the bundle, marked as not reviewed."""
    payload = answer(engine, case_of(engine.guideline, **CASES[kind]))
    [document] = resources(fhir_bundle(payload, WRITTEN), "DocumentReference")
    assert base64.b64decode(document["content"][0]["attachment"]["data"]).decode() == consult_note(payload, WRITTEN)
    assert document["docStatus"] == "preliminary"


@pytest.mark.parametrize("kind", CASES)
def test_references_stay_inside(kind: str, engine: Engine) -> None:
    """Every reference leads to an entry of the same bundle, each of which has an address of its own."""
    found = bundle(engine, **CASES[kind])
    urls = [entry["fullUrl"] for entry in found["entry"]]
    assert len(set(urls)) == len(urls)
    text = json.dumps(found)
    assert all(text.count(url) >= 1 for url in urls)
    references = [part.split('"')[0] for part in text.split('"reference": "')[1:]]
    assert references and set(references) <= set(urls)


def test_same_answer_same_bundle(engine: Engine) -> None:
    """The same answer at the same time gives the same bundle; another time gives another patient entry."""
    payload = answer(engine, case_of(engine.guideline, **V9))
    assert fhir_bundle(payload, WRITTEN) == fhir_bundle(payload, WRITTEN)
    later = fhir_bundle(payload, WRITTEN.replace(second=31))
    assert later["entry"][0]["fullUrl"] != fhir_bundle(payload, WRITTEN)["entry"][0]["fullUrl"]


def test_patient_has_no_identifiers(engine: Engine) -> None:
    """The patient is a sex at most; the age is an observation in years."""
    found = bundle(engine, **V9, age="78", sex="female")
    assert resources(found, "Patient") == [{"resourceType": "Patient", "gender": "female"}]
    assert observed(found, "Age")["valueQuantity"] == {
        "value": 78,
        "unit": "years",
        "system": "http://unitsofmeasure.org",
        "code": "a",
    }
    assert resources(bundle(engine), "Patient") == [{"resourceType": "Patient", "gender": "unknown"}]


@pytest.mark.parametrize(("said", "value"), [("78", 78), ("0.5", 0.5), ("078", 78)])
def test_numbers_are_numbers(said: str, value: float, engine: Engine) -> None:
    """A number is a quantity."""
    assert observed(bundle(engine, age=said), "Age")["valueQuantity"]["value"] == value


@pytest.mark.parametrize("said", ["about 80", "٧٨", "1e3"])
def test_what_is_no_number_is_text(said: str, engine: Engine) -> None:
    """Any other age is given in words."""
    assert observed(bundle(engine, age=said), "Age")["valueCodeableConcept"] == {"text": f"age {said} years"}


def test_absence_is_never_a_condition(engine: Engine) -> None:
    """A list of conditions holds only what the patient has; "no cancer history" is an observation."""
    found = bundle(engine, **{**V2, "cancer_history": "absent", "osteoporosis": "absent"})
    assert [item["code"]["text"] for item in resources(found, "Condition")] == ["fracture newly seen on imaging"]
    assert observed(found, "Cancer history")["valueCodeableConcept"] == {"text": "no cancer history"}
    assert observed(found, "Cancer history")["status"] == "final"


@pytest.mark.parametrize(
    ("basis", "verified", "status"),
    [
        ("stated", "confirmed", "final"),
        ("answered", "confirmed", "final"),
        ("implied", "unconfirmed", "preliminary"),
        ("assumed", "provisional", "preliminary"),
    ],
)
def test_basis_says_how_sure(basis: str, verified: str, status: str, engine: Engine) -> None:
    """Assumed conditions are provisional, and what is assumed says so wherever its text is shown."""
    payload = answer(engine, case_of(engine.guideline, **V2))
    found = fhir_bundle({**payload, "facts": [{**fact, "basis": basis} for fact in payload["facts"]]}, WRITTEN)
    cancer = next(item for item in resources(found, "Condition") if "cancer" in item["code"]["text"])
    assert cancer["verificationStatus"]["coding"][0]["code"] == verified
    assert observed(found, "Symptoms")["status"] == status
    for text in (cancer["code"]["text"], observed(found, "Symptoms")["valueCodeableConcept"]["text"]):
        assert text.endswith(" (assumed)") == (basis == "assumed")


def test_facts_quote_their_words(engine: Engine) -> None:
    """The words that a fact came from stand in its note, in the clinician's own writing."""
    reading = Reading("symptoms", "symptomatic", evidence="Schmerz ≥ 7\n(“stark”)")
    found = fhir_bundle(answer(engine, Case().with_readings([reading], engine.guideline)), WRITTEN)
    assert observed(found, "Symptoms")["note"] == [{"text": "symptomatic (stated: \"Schmerz ≥ 7 ('stark')\")"}]


def test_ratings_are_observations_and_no_requests(engine: Engine) -> None:
    """Every rating with category, source, radiation and disagreement; nothing orders a rated procedure."""
    found = bundle(engine, **V2)
    rated = engine.guideline.outcome["v2"].ratings
    by_name = {item["code"]["text"]: item for item in resources(found, "Observation")}
    for rating in rated:
        item = by_name[f"Appropriateness rating: {rating.procedure}"]
        assert item["valueCodeableConcept"] == {"text": rating.category}
        assert item["note"] == [{"text": "[ACR]"}]
        details = {part["code"]["text"]: part for part in item["component"]}
        assert details["Panel disagreed"]["valueBoolean"] is rating.panel_disagreement
        radiation = engine.guideline.procedure[rating.procedure].adult_radiation
        assert details["Adult relative radiation level"]["valueString"] == radiation
    table = next(item for name, item in by_name.items() if name.startswith("Variant 2: "))
    assert len(table["hasMember"]) == len(rated)
    kinds = {entry["resource"]["resourceType"] for entry in found["entry"]}
    assert kinds == {"Patient", "Condition", "Observation", "CarePlan", "GuidanceResponse", "DocumentReference"}


def test_steps_are_a_proposal(engine: Engine) -> None:
    """Next steps are a draft for a clinician to decide, each with its source, beside the ratings they go with."""
    [plan] = resources(bundle(engine, **V9), "CarePlan")
    assert (plan["status"], plan["intent"]) == ("draft", "proposal")
    assert all("]" in item["detail"]["description"] for item in plan["activity"])
    assert len(plan["supportingInfo"]) == 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("question", "data-required"),
        ("conditional", "data-requested"),
        ("recommendation", "success"),
        ("escalation", "success"),
        ("not_covered", "success"),
    ],
)
def test_outcome_says_what_is_missing(kind: str, status: str, engine: Engine) -> None:
    """The response says whether data are needed, and which; its notes give outcome and sources."""
    [response] = resources(bundle(engine, **CASES[kind]), "GuidanceResponse")
    assert response["status"] == status
    missing = [item["codeFilter"][0]["code"][0]["code"] for item in response.get("dataRequirement", ())]
    assert missing == {"question": ["neuro_status"], "conditional": ["cancer_history"]}.get(kind, [])
    assert engine.guideline.version in response["moduleCodeableConcept"]["text"]
    assert any(note["text"].startswith("ACR: ") for note in response["note"])


def test_question_to_examine_first_is_given(engine: Engine) -> None:
    """A status that nobody examined is required with its question."""
    [response] = resources(bundle(engine, **{**V9, "neuro_status": UNKNOWN}), "GuidanceResponse")
    [required] = response["dataRequirement"]
    assert required["codeFilter"][0]["code"][0]["display"].startswith("Is there any new or progressive")


def test_emergencies_and_red_flags_are_flags(engine: Engine) -> None:
    """An emergency is a flag and heads its plan, also while a question is open; red flags are flags with actions."""
    for values in (CASES["escalation"], {"infection_signs": "present"}):
        found = bundle(engine, **values)
        [flag] = resources(found, "Flag")
        assert flag["code"]["text"].startswith("EMERGENCY: ")
        assert flag["code"]["text"] in resources(found, "CarePlan")[0]["title"]
    [flag] = resources(bundle(engine, **V9, retropulsion="present"), "Flag")
    assert "Request a surgical consultation. [S-V9]" in flag["code"]["text"]


def test_each_branch_has_its_table(engine: Engine) -> None:
    """A conditional answer has one table for each variant that a branch leads to."""
    titles = [item["code"]["text"] for item in resources(bundle(engine, **CASES["conditional"]), "Observation")]
    assert [title[:9] for title in titles if title.startswith("Variant")] == ["Variant 2", "Variant 1"]


def test_settings_agree_with_the_guideline(guideline: Guideline) -> None:
    """Facts, values and units that the settings name are those of the guideline."""
    for name, values in settings()["conditions"].items():
        assert set(values) <= {value.value for value in guideline.fact[name].values}
    for name, quantity in settings()["quantities"].items():
        assert guideline.fact[name].unit == quantity["unit"]
    assert {name for name, fact in guideline.fact.items() if fact.unit} == set(settings()["quantities"])


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("entry", 0, "resource", "gender"), "x", "entry.0.Patient.gender: 'x' is none of male, female"),
        (("entry", 1, "resource", "subject"), {"reference": "urn:uuid:1"}, "entry.1.Observation.subject.reference: no"),
        (("entry", 1, "resource", "code"), None, "entry.1.Observation.code"),
        (("entry", 1, "resource", "shape"), "x", "entry.1.Observation.shape: extra"),
        (("entry", 1, "resource", "issued"), "yesterday", "entry.1.Observation.issued: invalid"),
        (("entry", 1, "resource", "valueString"), "x", "entry.1.Observation: Any of one"),
        (("entry", 1, "resource", "resourceType"), "X", "entry.1.X.resourceType: FHIR R4 has no 'X'"),
        (("type",), "pile", "type: 'pile' is none of"),
        (("timestamp",), "2026", "timestamp: invalid"),
        (("resourceType",), "Patient", "Wrong ResourceType"),
    ],
)
def test_wrong_elements_are_named(
    path: tuple[Any, ...], value: Any, message: str, engine: Engine, check: Callable[[Bundle], None]
) -> None:
    """A bundle with something wrong is refused, with the place."""
    broken: Any = bundle(engine, **V9)
    node = broken
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    with pytest.raises(ValueError) as error:
        check(broken)
    assert message in str(error.value)


def test_same_address_twice_is_refused(engine: Engine, check: Callable[[Bundle], None]) -> None:
    """Two entries with one address are both named."""
    broken = bundle(engine)
    broken["entry"].append(broken["entry"][0])
    with pytest.raises(ValueError, match=r"entry\.0\.fullUrl: another entry has the same"):
        check(broken)


def test_missing_extra_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    """Without the library a bundle can still be made, and checking it says what to install."""
    monkeypatch.setitem(sys.modules, "fhir.resources.bundle", None)
    found = bundle(engine)
    with pytest.raises(ImportError, match="uv sync --extra fhir"):
        validate(found)


def test_time_zone_is_needed(engine: Engine) -> None:
    """A time without a zone is refused."""
    with pytest.raises(ValueError, match="time zone"):
        fhir_bundle(answer(engine, Case()), WRITTEN.replace(tzinfo=None))
