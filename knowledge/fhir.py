"""An answer as a FHIR R4 Bundle.

A GuidanceResponse holds the outcome because it alone can say that more data are required, a CarePlan of intent
"proposal" holds the steps because its activities may be plain text (an action of a RequestGroup must point to a
request), Flags hold red flags, and a DocumentReference holds the note's own text. Ratings are Observations, grouped
by table, and not requests of any kind, so that no receiving system offers "usually not appropriate" as an order.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.case import ASSUMED
from knowledge.consult_note import (
    DECISION,
    Payload,
    consult_note,
    emergencies,
    fact,
    flags,
    one_line,
    sections,
    sources,
    tables,
    timestamp,
)
from knowledge.fhir_validation import validate
from knowledge.yaml_source import read_document

__all__ = ["fhir_bundle", "validate"]

Resource = dict[str, Any]

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
SEX = "sex"
GENDERS = ("female", "male")
NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


@lru_cache
def settings() -> dict[str, Any]:
    """The texts and codes of fhir.yml."""
    texts: dict[str, Any] = read_document(Path(__file__).with_name("fhir.yml")).data
    return texts


def fhir_bundle(payload: Payload, written: datetime) -> Resource:
    """`payload` (question, recommendation, escalation, not_covered or conditional) as a JSON-ready R4 Bundle.

    The bundle is a collection; the patient in it has no identifiers, only the sex if known. The same payload
    written at the same time gives the same bundle. Ages are in years, durations in days.

    Raises ValueError if `payload` has another type or `written` no time zone.
    """
    bundle = _Bundle(payload, written)
    bundle.fill()
    return {"resourceType": "Bundle", "type": "collection", "timestamp": bundle.time, "entry": bundle.entries}


class _Bundle:
    """Collects the resources of one answer; `add` gives what refers to the resource added."""

    def __init__(self, payload: Payload, written: datetime) -> None:
        self.payload = payload
        self.time = timestamp(written)
        self.note = consult_note(payload, written)
        self.said = sections(payload)
        self.entries: list[Resource] = []
        self.space = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps([dict(payload), written.isoformat()], sort_keys=True))

    def add(self, kind: str, **elements: Any) -> Resource:
        """Add a resource; elements that are empty are left out, as FHIR wants it."""
        url = f"urn:uuid:{uuid.uuid5(self.space, str(len(self.entries)))}"
        given = {name: value for name, value in elements.items() if value not in (None, [], {}, "")}
        self.entries.append({"fullUrl": url, "resource": {"resourceType": kind, **given}})
        return {"reference": url}

    def fill(self) -> None:
        """Add everything that the payload says."""
        facts = self.payload["facts"]
        sex = next((item["value"] for item in facts if item["slot"] == SEX and item["basis"] != ASSUMED), None)
        self.patient = self.add("Patient", gender=sex if sex in GENDERS else "unknown")
        findings = [self._fact(item) for item in facts if item["slot"] not in (SEX, DECISION)]
        ratings = [self._table(title, rows) for title, rows in tables(self.payload).values()]
        self._flags()
        steps = self._steps(ratings)
        response = self._response(findings, steps)
        self._document([response, *ratings])

    def _fact(self, item: Payload) -> Resource:
        slot, basis, text = item["slot"], item["basis"], one_line(item["phrase"])
        if basis == ASSUMED:
            text = settings()["assumed"].format(phrase=text)
        note = _notes([fact(item)])
        if item["value"] in settings()["conditions"].get(slot, ()):
            # No clinical status: what was said does not tell whether a condition is active.
            verified = [{"system": VERIFICATION, "code": settings()["verification"][basis]}]
            return self.add(
                "Condition",
                verificationStatus={"coding": verified},
                code={"text": text},
                subject=self.patient,
                recordedDate=self.time,
                note=note,
            )
        quantity = settings()["quantities"].get(slot) if NUMBER.fullmatch(item["value"]) and basis != ASSUMED else None
        value: Resource = {"valueCodeableConcept": {"text": text}}
        if quantity:
            number = int(item["value"]) if item["value"].isdigit() else float(item["value"])
            value = {"valueQuantity": {"value": number, "system": UCUM, **quantity}}
        return self.add(
            "Observation",
            status=settings()["status"][basis],
            code=_concept(item["label"], slot),
            subject=self.patient,
            issued=self.time,
            **value,
            note=note,
        )

    def _table(self, title: str, ratings: list[Payload]) -> Resource:
        members = [
            self.add(
                "Observation",
                status="final",
                code={"text": settings()["rating"].format(procedure=rating["procedure"])},
                subject=self.patient,
                issued=self.time,
                valueCodeableConcept={"text": rating["category"]},
                component=_details(rating),
                note=_notes([f"[{key}]" for key in rating["sources"]]),
            )
            for rating in ratings
        ]
        return self.add(
            "Observation",
            status="final",
            code={"text": title},
            subject=self.patient,
            issued=self.time,
            hasMember=members,
        )

    def _flags(self) -> None:
        for name, texts in (("emergency_flag", emergencies(self.payload)), ("red_flag", flags(self.payload))):
            for text in texts:
                category = [{"text": settings()[name]}]
                self.add("Flag", status="active", category=category, code={"text": text}, subject=self.patient)

    def _steps(self, ratings: list[Resource]) -> Resource | None:
        steps = self.said["next_steps"]
        if not steps:
            return None
        return self.add(
            "CarePlan",
            status="draft",
            intent="proposal",
            title=" ".join([*emergencies(self.payload), settings()["steps_title"]]),
            subject=self.patient,
            created=self.time,
            supportingInfo=ratings,
            # Nobody has said what has been done already.
            activity=[{"detail": {"status": "unknown", "description": step}} for step in steps],
        )

    def _response(self, findings: list[Resource], steps: Resource | None) -> Resource:
        guideline = self.payload["guideline"]
        said = [*self.said["outcome"], *self.said["open"], *self.said["reasoning"], *self.said["caveats"]]
        module = settings()["module"].format(version=guideline["knowledge_version"], **guideline)
        return self.add(
            "GuidanceResponse",
            moduleCodeableConcept={"text": module},
            status=settings()["outcome"][self.payload["type"]],
            subject=self.patient,
            occurrenceDateTime=self.time,
            reasonCode=[{"text": text} for text in self.said["question"]],
            reasonReference=findings,
            note=_notes([*said, *sources(self.payload)]),
            result=steps,
            dataRequirement=_required(self.payload),
        )

    def _document(self, related: list[Resource]) -> Resource:
        attachment = {
            "contentType": "text/plain; charset=utf-8",
            "data": base64.b64encode(self.note.encode()).decode(),
            "title": settings()["note_title"],
            "creation": self.time,
        }
        return self.add(
            "DocumentReference",
            status="current",
            docStatus="preliminary",
            type=_concept(settings()["loinc"]["note"]["display"], "note"),
            subject=self.patient,
            date=self.time,
            description=settings()["note_description"],
            content=[{"attachment": attachment}],
            context={"related": related},
        )


def _concept(text: str, name: str) -> Resource:
    coding = settings()["loinc"].get(name)
    return {"coding": [{"system": LOINC, **coding}], "text": text} if coding else {"text": text}


def _notes(texts: list[str]) -> list[Resource]:
    return [{"text": text} for text in texts]


def _details(rating: Payload) -> list[Resource]:
    level = rating["adult_radiation"]
    disagreement = {"code": {"text": settings()["disagreement"]}, "valueBoolean": rating["panel_disagreement"]}
    return [disagreement, *([{"code": {"text": settings()["radiation"]}, "valueString": level}] if level else [])]


def _required(payload: Payload) -> list[Resource]:
    """The facts that are still open, by name, each with its question where the payload has one."""
    asked: dict[str, str | None] = dict.fromkeys(payload.get("unknown", ()))
    asked |= {item["slot"]: item["text"] for item in payload.get("examine_first", ())}
    if payload["type"] == "question":
        asked = {payload["slot"]: payload["text"]}
    return [
        {
            "type": "Observation",
            "codeFilter": [{"path": "code", "code": [{"code": name} | ({"display": text} if text else {})]}],
        }
        for name, text in asked.items()
    ]
