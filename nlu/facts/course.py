"""clinical_course: how a pain, a deformity or the breathing goes since the fracture was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nlu.facts.pain_terms import (
    BETWEEN,
    DENYING,
    EARLIER,
    ENDING,
    FAILING,
    FALLING_IS_WORSE,
    LASTING,
    LISTED,
    MEASURES,
    NOT_SO,
    OTHER_LOSS,
    PAINING,
    POSTURES,
    PRESENT,
    PROVOKERS,
    READING,
    RESTING,
    SPANS,
    SPINE,
)
from nlu.facts.stated import overlaps, own
from nlu.findings import NEGATED, Finding
from nlu.note import FactMention, Note, distance, within

COURSES = {"course_worsening": "worsening", "course_persistent": "persistent", "course_controlled": "controlled"}
NEAR = 8
"""Tokens between a course and the words that say what it is of."""
DATE = 2
"""Full stops in a number that is a date."""
PARTING = 4
"""Tokens that may stand between a relief, what gave it and its end: "controlled with methadone 5 until"."""
ADJOINING = 2
"""The same where the course itself names the pain: "it troubles her more"."""


def read_course(note: Note) -> Iterator[FactMention]:
    """Worsening or control, whichever is said last; persistence only where neither is said."""
    found = [(f, COURSES[f.label]) for f in own(note, *COURSES) if is_course(note, f)]
    numbers = [f for f in own(note, "course_numbers") if not _is_single_dose(note, f) and is_course(note, f)]
    trends = [(f, value) for f in numbers if (value := _trend(note, f))]
    found += [(f, value) for f, value in trends if value != "controlled" or not _is_over(note, f)]
    found += _series(note)
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
    if finding.label == "course_controlled" and _is_gone_at_rest(note, finding):
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


def _is_gone_at_rest(note: Note, finding: Finding) -> bool:
    """Whether what has gone goes only while the patient rests: "lying flat it is gone"."""
    before = range(max(0, finding.start - 2), finding.start)
    rests = {note.text.tokens[i].norm for i in before if note.text.sentence[i] == finding.sentence}
    return "gone" in note.norms(finding.start, finding.end) and not rests.isdisjoint(RESTING)


def _trend(note: Note, finding: Finding) -> str | None:
    """Which way the numbers go: the first against the last, "now 8 was 5" the other way round."""
    tokens = note.text.tokens[finding.start : finding.end]
    places = [
        i
        for i, token in enumerate(tokens)
        if token.kind == "number"
        and (not i or (tokens[i - 1].text != "/" and tokens[i - 1].norm not in SPANS))
        and not note.norms(finding.start + i + 1, finding.start + i + 2) & SPANS
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
    of_pain = norms & {"pain", "vas", "nrs", "npr", "ache", "symptom", "back", "score", "odi", "oswestry"}
    return "controlled" if of_pain or {"/", "10"} <= norms else None


def _series(note: Note) -> list[tuple[Finding, str]]:
    """Which way measures go that are each told with its date: "week 4 VAS 5. Week 8 VAS 6. Today VAS 8"."""
    tokens = note.text.tokens
    times = [f for f in own(note, "course_time") if not _is_cut_number(note, f)]
    readings: dict[str, list[tuple[Finding, Finding, float]]] = {}
    for place, number, measure in _readings(note, times):
        time = _time_of(note, times, place, number)
        # What it is at rest cannot be set against what it is on standing.
        if time and not note.norms(number, number + PARTING + 1) & RESTING:
            value = float(tokens[number].text.replace(",", ".").rstrip("."))
            whole = replace(time, start=min(time.start, place), end=max(time.end, number + 1))
            readings.setdefault(measure, []).append((time, whole, value))
    found = []
    for measure, told in readings.items():
        first, last = told[0], told[-1]
        if note.norms(first[0].start, first[0].end) & PRESENT and not note.norms(last[0].start, last[0].end) & PRESENT:
            first, last = last, first
        if first[0] == last[0]:
            continue
        change = (last[2] - first[2]) * (-1 if measure == "height" else 1)
        if change > 0:
            found.append((told[-1][1], "worsening"))
        elif measure == "pain":
            found.append((told[-1][1], "controlled" if change < 0 else "persistent"))
    return sorted(found, key=lambda item: item[1] == "worsening")[-1:]


def _is_cut_number(note: Note, time: Finding) -> bool:
    """Whether a date has part of a number: the "10 week" of "8/10 week 4", the "week 16" of "6 weeks 16"."""
    before = list(note.text.tokens[max(0, time.start - 2) : time.start])
    if not before or before[-1].text == "/":
        return bool(before)
    counted = before[-1].kind == "number" and before[0].text != "/"
    return counted and note.text.tokens[time.start].norm in SPANS


def _readings(note: Note, times: list[Finding]) -> list[tuple[int, int, str]]:
    """Places of a measure and of its number, and what is measured; a bare "6/10" is a pain."""
    tokens = note.text.tokens
    found: dict[int, tuple[int, int, str]] = {}
    for i, token in enumerate(tokens):
        if token.kind == "number" and [t.text for t in tokens[i + 1 : i + 3]] == ["/", "10"]:
            found.setdefault(i, (i, i, "pain"))
        measure = MEASURES.get(token.norm)
        if not measure or (i and tokens[i - 1].norm in OTHER_LOSS):
            continue
        number = next((j for j in range(i + 1, min(i + PARTING, len(tokens))) if tokens[j].norm not in READING), None)
        if number and tokens[number].kind == "number" and tokens[number].text.count(".") < DATE:
            found[number] = (i, number, measure)
        for listed in _listed(note, times, i + 1):
            found.setdefault(listed, (listed, listed, measure))
    return [found[number] for number in sorted(found)]


def _listed(note: Note, times: list[Finding], first: int) -> Iterator[int]:
    """Places of the numbers of a list with their dates: "cobb: baseline 12, six weeks 16, now 22"."""
    tokens, sentence = note.text.tokens, note.text.sentence
    dates = {i for f in times for i in range(f.start, f.end)}
    for i in range(first, len(tokens)):
        if sentence[i] != sentence[first - 1]:
            return
        if i in dates or tokens[i].text in ",;" or tokens[i].norm in LISTED | SPANS:
            continue
        if tokens[i].kind != "number" or tokens[i].text.count(".") >= DATE:
            return
        if not note.norms(i + 1, i + 2) & SPANS and tokens[i - 1].text != "/":
            yield i


def _time_of(note: Note, times: list[Finding], place: int, number: int) -> Finding | None:
    """The time told in the same item of a list as a reading, else the nearest before it in its sentence."""
    near = [f for f in times if f.sentence == note.text.sentence[place]]
    before = [f for f in near if f.end <= number]
    after = [f for f in near if 0 < f.start - number <= PARTING]
    beside = before[-1:] + after[:1]
    item = [f for f in beside if not note.norms(min(f.end, number), max(f.start, number)) & {",", ";", "→"}]
    return next(iter(item + beside), None)


def _is_over(note: Note, finding: Finding) -> bool:
    """Whether the relief is a thing of the past: the pain has come back since, or an earlier procedure gave it."""
    returned = any(f.start >= finding.end for f in note.own("pain_returned"))
    returned = returned or bool(note.norms(finding.end, finding.end + ADJOINING + PARTING) & ENDING)
    return returned or any(f.sentence == finding.sentence for f in note.all("augmentation_done"))


def _is_single_dose(note: Note, finding: Finding) -> bool:
    if any(f.sentence == finding.sentence for f in note.all("single_dose")):
        return True
    if not any(f.sentence == finding.sentence and overlaps(f, [finding]) for f in note.all("acute_dose")):
        return False
    spoken = [t.norm for t, n in zip(note.text.tokens, note.text.sentence, strict=True) if n == finding.sentence]
    return LASTING.isdisjoint(spoken)


def is_of_other_part(note: Note, finding: Finding) -> bool:
    """Whether another part is named right before or within the words, and the spine is not: "knee pain worse"."""
    for part in note.all("elsewhere"):
        if part.sentence == finding.sentence and part.start < finding.end and finding.start - part.end <= 1:
            words = note.text.tokens[min(part.start, finding.start) : max(part.end, finding.end)]
            if not any(token.kind == "level" or token.norm in SPINE or token.norm == "between" for token in words):
                return True
    return False
