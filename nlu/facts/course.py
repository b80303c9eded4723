"""clinical_course: how a pain, a deformity or the breathing goes since the fracture was found."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.facts.pain_terms import (
    BETWEEN,
    DENYING,
    EARLIER,
    FAILING,
    FALLING_IS_WORSE,
    NOT_SO,
    PAINING,
    POSTURES,
    PROVOKERS,
    SPANS,
    SPINE,
)
from nlu.facts.stated import overlaps, own
from nlu.findings import NEGATED, Finding
from nlu.note import FactMention, Note, distance, within

COURSES = {"course_worsening": "worsening", "course_persistent": "persistent", "course_controlled": "controlled"}
NEAR = 8
"""Tokens between a course and the words that say what it is of."""
ADJOINING = 2
"""The same where the course itself names the pain: "it troubles her more"."""


def read_course(note: Note) -> Iterator[FactMention]:
    """Worsening or control, whichever is said last; persistence only where neither is said."""
    found = [(f, COURSES[f.label]) for f in own(note, *COURSES) if is_course(note, f)]
    numbers = [f for f in own(note, "course_numbers") if not _is_single_dose(note, f) and is_course(note, f)]
    trends = [(f, value) for f in numbers if (value := _trend(note, f))]
    found += [(f, value) for f, value in trends if value != "controlled" or not _is_over(note, f)]
    moving = [item for item in found if item[1] != "persistent"]
    if found:
        last, value = max(moving or found, key=lambda item: (item[0].end, item[0].start))
        yield note.mention("clinical_course", value, last)


def is_course(note: Note, finding: Finding) -> bool:
    """Whether the words say how it goes, not what provokes it ("worse on standing") or how something else goes."""
    tokens = note.text.tokens
    following = tokens[finding.end].norm if finding.end < len(tokens) else ""
    before = {token.norm for token in tokens[max(0, finding.end - 2) : finding.end - 1]}
    if overlaps(finding, note.all("course_supposed")) or is_of_other_part(note, finding):
        return False
    if tokens[finding.end - 1].norm in ("same", "different") and following in POSTURES:
        return False
    if finding.label == "course_controlled" and (
        before & NOT_SO or note.norms(max(0, finding.end - 3), finding.end) & FAILING
    ):
        return False
    if tokens[finding.end - 1].norm in ("rise", "rising") and before & PROVOKERS:
        return False
    # "Worse, not better" tells of no standstill, nor does "as bad as before and rising"; a match may take in the
    # full stop after it.
    unchanged = [
        f
        for f in note.all("course_persistent")
        if f.end > finding.end + 1
        or (f.start < finding.start and not (f.end < finding.end and tokens[f.end].norm in ("and", "but")))
    ]
    if finding.label != "course_persistent" and overlaps(finding, unchanged):
        return False
    if finding.label == "course_controlled" and (_is_single_dose(note, finding) or _is_over(note, finding)):
        return False
    if finding.label == "course_worsening":
        if NEGATED in finding.modifiers and note.norms(max(0, finding.start - 4), finding.end) & DENYING:
            return False
        beyond = tokens[finding.end + 1].norm if finding.end + 1 < len(tokens) else ""
        if tokens[finding.end - 1].norm in ("worse", "worst") and following in PROVOKERS and beyond != "spite":
            return False
    beside = [
        f for f in note.all("not_pain", "pain") if f.sentence == finding.sentence and abs(finding.start - f.end) <= NEAR
    ]
    other = [f for f in beside if f.label == "not_pain" and f.end <= finding.start]
    other += [f for f in note.all("not_pain") if within(f, finding)]
    pain = [distance(finding, f) for f in beside if f.label == "pain"]
    if note.norms(max(0, finding.start - ADJOINING), finding.end) & PAINING:
        other = [f for f in other if distance(finding, f) <= ADJOINING]
    return not other or bool(pain and min(pain) < min(distance(finding, f) for f in other))


def _trend(note: Note, finding: Finding) -> str | None:
    """Which way the numbers go: the first against the last, "now 8 was 5" the other way round."""
    tokens = note.text.tokens[finding.start : finding.end]
    places = [
        i
        for i, token in enumerate(tokens)
        if token.kind == "number" and (not i or (tokens[i - 1].text != "/" and tokens[i - 1].norm not in SPANS))
    ]
    numbers = [float(tokens[i].text.replace(",", ".").rstrip(".")) for i in places if tokens[i].text.count(".") < 2]
    order = [token.norm for token in tokens]
    norms = set(order)
    if len(numbers) < 2 or note.norms(finding.start, finding.end + 1) & BETWEEN:
        return None
    if numbers[0] == numbers[-1]:
        return "persistent"
    rises = numbers[-1] > numbers[0]
    if not EARLIER.isdisjoint(order[places[0] + 1 : places[-1]]) and not norms & {"to", "→"}:
        rises = not rises
    if norms & FALLING_IS_WORSE and "loss" not in norms:
        return "worsening" if not rises else None
    if rises:
        return "worsening"
    of_pain = norms & {"pain", "vas", "nrs", "ache", "symptom", "back", "score"}
    return "controlled" if of_pain or {"/", "10"} <= norms else None


def _is_over(note: Note, finding: Finding) -> bool:
    """Whether the relief is a thing of the past: the pain has come back since, or an earlier procedure gave it."""
    returned = any(f.start >= finding.end for f in note.own("pain_returned"))
    return returned or any(f.sentence == finding.sentence for f in note.all("augmentation_done"))


def _is_single_dose(note: Note, finding: Finding) -> bool:
    return any(f.sentence == finding.sentence for f in note.all("single_dose"))


def is_of_other_part(note: Note, finding: Finding) -> bool:
    """Whether another part is named right before or within the words, and the spine is not: "knee pain worse"."""
    for part in note.all("elsewhere"):
        if part.sentence == finding.sentence and part.start < finding.end and finding.start - part.end <= 1:
            words = note.text.tokens[min(part.start, finding.start) : max(part.end, finding.end)]
            if not any(token.kind == "level" or token.norm in SPINE for token in words):
                return True
    return False
