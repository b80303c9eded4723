"""symptoms, pain_character, clinical_course, pain severity and failed medical management."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.facts.stated import affirmed, current, overlaps, own
from nlu.findings import HISTORICAL, NEGATED, Finding
from nlu.note import FactMention, Note, latest

COURSES = {"course_worsening": "worsening", "course_persistent": "persistent", "course_controlled": "controlled"}
CHARACTERS = {"mechanical_pain": "mechanical", "non_mechanical_pain": "non_mechanical", "radicular_pain": "radicular"}
SEVERITIES = {"severity_severe": "severe", "severity_moderate": "moderate", "severity_mild": "mild"}
PROVOKERS = frozenset("on with when whenever standing sitting bending walking at in lying after upright by if moving lifting up turning".split())
FALLING_IS_WORSE = frozenset({"fvc", "height"})
NEAR = 8


def read_pain(note: Note) -> Iterator[FactMention]:
    """Symptoms, character, course and severity."""
    yield from _symptoms(note)
    yield from _character(note)
    yield from _course(note)
    severities = current(note, *SEVERITIES)
    if severities:
        last = latest(severities) or severities[0]
        yield note.mention("pain_severity", SEVERITIES[last.label], last)
    failed = current(note, "conservative_failure")
    if failed:
        yield note.mention("conservative_failure", "present", failed[0])


def _symptoms(note: Note) -> Iterator[FactMention]:
    """The last word counts: "in pain for six weeks, none since June" is asymptomatic."""
    none = [f for f in own(note, "no_pain") if HISTORICAL not in f.modifiers]
    pain = note.apart_from(current(note, "pain", *CHARACTERS), "no_pain", "other_pain")
    last_pain, last_none = latest(pain), latest(none)
    if last_none and (last_pain is None or last_none.end > last_pain.end):
        if not current(note, "radicular_pain"):
            yield note.mention("symptoms", "asymptomatic", last_none)
            return
    if pain:
        yield note.mention("symptoms", "symptomatic", pain[0])


def _character(note: Note) -> Iterator[FactMention]:
    """Mechanical wins over the others when mixed."""
    mechanical = note.apart_from(affirmed(note, "mechanical_pain"), "no_pain")
    mechanical = [f for f in mechanical if not _is_indifference(note, f)]
    other = [note.apart_from(own(note, "non_mechanical_pain"), "no_pain"), note.apart_from(current(note, "radicular_pain"), "no_pain")]
    for findings in (mechanical, *other):
        if findings:
            yield note.mention("pain_character", CHARACTERS[findings[0].label], findings[0])
            return


def _is_indifference(note: Note, finding: Finding) -> bool:
    """Whether the words lie in a statement that load makes no difference."""
    return any(
        f.start < finding.end and finding.start < f.end and {t.norm for t in note.text.tokens[f.start : f.end]} & {"no", "not", "unaffected", "irrespective", "regardless", "same"}
        for f in note.all("non_mechanical_pain")
    )


def _course(note: Note) -> Iterator[FactMention]:
    """Worsening or control, whichever is said last; persistence only where neither is said."""
    found = [(f, COURSES[f.label]) for f in own(note, *COURSES) if _is_course(note, f)]
    found += [(f, value) for f in own(note, "course_numbers") if (value := _trend(note, f)) and not _is_single_dose(note, f)]
    moving = [item for item in found if item[1] != "persistent"]
    if found:
        last, value = max(moving or found, key=lambda item: (item[0].end, item[0].start))
        yield note.mention("clinical_course", value, last)


def _is_course(note: Note, finding: Finding) -> bool:
    """Whether the words say how things go, not what provokes the pain ("worse on standing") or how something else goes."""
    tokens = note.text.tokens
    following = tokens[finding.end].norm if finding.end < len(tokens) else ""
    if finding.label == "course_worsening" and (NEGATED in finding.modifiers or overlaps(finding, note.all("course_persistent"))):
        return False
    if finding.label == "course_worsening" and tokens[finding.end - 1].norm in ("worse", "worst") and following in PROVOKERS:
        return False
    near = [f for f in note.all("not_pain") if f.sentence == finding.sentence and 0 <= finding.start - f.end <= NEAR or _covers(finding, f)]
    pain = [f for f in note.all("pain") if f.sentence == finding.sentence and -NEAR <= finding.start - f.end <= NEAR]
    return not near or bool(pain and min(_distance(finding, f) for f in pain) < min(_distance(finding, f) for f in near))


def _covers(outer: Finding, inner: Finding) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _distance(one: Finding, other: Finding) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _trend(note: Note, finding: Finding) -> str | None:
    """Which way the numbers go: the first against the last, "now 8 was 5" the other way round."""
    tokens = note.text.tokens[finding.start : finding.end]
    numbers = [
        float(token.text.replace(",", ".")) for i, token in enumerate(tokens) if token.kind == "number" and (not i or tokens[i - 1].text != "/")
    ]
    norms = {token.norm for token in tokens}
    if len(numbers) < 2 or numbers[0] == numbers[-1]:
        return None
    rises = numbers[-1] > numbers[0]
    if "was" in norms and "now" in norms and [t.norm for t in tokens].index("now") < [t.norm for t in tokens].index("was"):
        rises = not rises
    if norms & FALLING_IS_WORSE and "loss" not in norms:
        return "worsening" if not rises else None
    if rises:
        return "worsening"
    return "controlled" if norms & {"pain", "vas", "nrs", "ache", "symptom", "back", "score"} else None


def _is_single_dose(note: Note, finding: Finding) -> bool:
    return any(f.sentence == finding.sentence for f in note.all("single_dose"))
