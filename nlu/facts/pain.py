"""symptoms, pain_character, clinical_course, pain severity and failed medical management."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.findings import HISTORICAL, NEGATED, Finding
from nlu.note import FactMention, Note, latest

COURSES = {"course_worsening": "worsening", "course_persistent": "persistent", "course_controlled": "controlled"}
CHARACTERS = {"mechanical_pain": "mechanical", "non_mechanical_pain": "non_mechanical", "radicular_pain": "radicular"}
SEVERITIES = {"severity_severe": "severe", "severity_moderate": "moderate", "severity_mild": "mild"}


def read_pain(note: Note) -> Iterator[FactMention]:
    """Symptoms, character, course and severity."""
    yield from _symptoms(note)
    yield from _character(note)
    yield from _course(note)
    severities = note.current(*SEVERITIES)
    if severities:
        last = latest(severities) or severities[0]
        yield note.mention("pain_severity", SEVERITIES[last.label], last)
    failed = note.current("conservative_failure")
    if failed:
        yield note.mention("conservative_failure", "present", failed[0])


def _symptoms(note: Note) -> Iterator[FactMention]:
    """The last word counts: "in pain for six weeks, none since June" is asymptomatic."""
    none = [f for f in note.own("no_pain") if HISTORICAL not in f.modifiers]
    pain = note.apart_from(note.current("pain", *CHARACTERS), "no_pain")
    last_pain, last_none = latest(pain), latest(none)
    if last_none and (last_pain is None or last_none.end > last_pain.end):
        if not note.current("radicular_pain"):
            yield note.mention("symptoms", "asymptomatic", last_none)
            return
    if pain:
        yield note.mention("symptoms", "symptomatic", pain[0])


def _character(note: Note) -> Iterator[FactMention]:
    """Mechanical wins over the others when mixed."""
    mechanical = note.apart_from(note.current("mechanical_pain"), "non_mechanical_pain")
    for findings in (mechanical, note.current("non_mechanical_pain"), note.current("radicular_pain")):
        if findings:
            yield note.mention("pain_character", CHARACTERS[findings[0].label], findings[0])
            return


def _course(note: Note) -> Iterator[FactMention]:
    findings = [f for f in note.own(*COURSES) if NEGATED not in f.modifiers]
    last = _last_course(findings)
    if last:
        yield note.mention("clinical_course", COURSES[last.label], last)


def _last_course(findings: list[Finding]) -> Finding | None:
    """Worsening or control, whichever is said last; persistence only where neither is said."""
    moving = [f for f in findings if f.label != "course_persistent"]
    return latest(moving) or latest(findings)
