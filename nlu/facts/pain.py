"""symptoms, pain_character, clinical_course, pain severity and failed medical management."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nlu.facts.neuro import read_neuro
from nlu.facts.pain_terms import (
    BETWEEN,
    DENYING,
    DOUBTING,
    EITHER,
    FAILING,
    FALLING_IS_WORSE,
    HURTING,
    INDIFFERENT,
    NOT_SO,
    OWN_DENIALS,
    POSTURES,
    PROVOKERS,
    RESTING,
    SERVICES,
    SPINE,
    SUPPOSING,
    TOUCH,
)
from nlu.facts.stated import affirmed, after_comma, current, overlaps, own
from nlu.findings import HISTORICAL, NEGATED, POSSIBLE, Finding
from nlu.note import FactMention, Note, latest, overlap, within

COURSES = {"course_worsening": "worsening", "course_persistent": "persistent", "course_controlled": "controlled"}
CHARACTERS = {"mechanical_pain": "mechanical", "non_mechanical_pain": "non_mechanical", "radicular_pain": "radicular"}
SEVERITIES = {"severity_severe": "severe", "severity_moderate": "moderate", "severity_mild": "mild"}
NEAR = 8
PART = 4
"""Tokens between a pain and the other part of the body that it is in."""


def read_pain(note: Note) -> Iterator[FactMention]:
    """Symptoms, then what only a pain has: its character, course and severity."""
    symptoms = list(_symptoms(note))
    yield from symptoms
    if any(mention.value == "asymptomatic" for mention in symptoms):
        # Pain that has gone has been controlled; where there never was any, nothing has run a course.
        if over := own(note, "pain_over"):
            yield note.mention("clinical_course", "controlled", over[-1])
        return
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
    none = [f for f in own(note, "no_pain") if HISTORICAL not in f.modifiers and not _is_only_named(note, f)]
    none = [f for f in none if not _is_at_rest_only(note, f)]
    # "Movement does not bother him" leaves the rest; "no spine sx/cement" is of surgery.
    none = note.apart_from(none, "non_mechanical_pain", "surgery_done")
    disabilities = _disabilities(note, "pain", "mechanical_pain")
    none = [f for f in none if not overlaps(f, disabilities)]  # "cannot roll over without pain"
    cemented = {f.sentence for f in note.all("augmentation_done")}
    if _course_elsewhere(note, cemented):
        none = [f for f in none if f.sentence not in cemented]  # "L4 was cemented, no trouble there since"
    denied = [f for f in none if _is_denied_freedom(note, f)]
    none = [f for f in none if f not in denied]
    # "Cannot stand for the pain": the denial is of the standing.
    limiting = [f for f in own(note, "limiting_pain") if not _is_only_named(note, f)]
    pain = note.apart_from(_felt(note) + current(note, *CHARACTERS) + limiting, "no_pain")
    pain = [f for f in [*pain, *disabilities] if not _is_elsewhere(note, f)] + denied
    last_pain, last_none = latest(pain), latest(none)
    if last_none and {t.norm for t in note.text.tokens[last_none.start : last_none.end]} & TOUCH and last_pain:
        last_none = latest([f for f in none if not {t.norm for t in note.text.tokens[f.start : f.end]} & TOUCH])
    over = last_none and (last_pain is None or last_none.end > last_pain.end)
    if last_none and over and not current(note, "radicular_pain"):
        yield note.mention("symptoms", "asymptomatic", last_none)
        return
    if pain:
        yield note.mention("symptoms", "symptomatic", pain[0])
        return
    # A back that eases or does not settle hurts, whatever it is called.
    if not {token.norm for token in note.text.tokens}.isdisjoint(HURTING):
        for course in _course(note):
            yield replace(course, fact="symptoms", value="symptomatic")
            return
    # A fracture that presses on nerves gives symptoms.
    for neuro in read_neuro(note):
        if neuro.value == "deficit":
            yield replace(neuro, fact="symptoms", value="symptomatic")


def _felt(note: Note) -> list[Finding]:
    """Pain that is there: a doubt about its cause, or a denial of what a list names after it, does not touch it."""
    felt = [f for f in own(note, "pain") if HISTORICAL not in f.modifiers and not _is_only_named(note, f)]
    felt = [f for f in felt if POSSIBLE not in f.modifiers or not _words(note, max(0, f.start - 3), f.start) & DOUBTING]
    return [f for f in felt if NEGATED not in f.modifiers or after_comma(note, f) or _is_listed_before(note, f)]


def _is_listed_before(note: Note, finding: Finding) -> bool:
    """Whether the denial is of what follows a comma: "2/52 pain, ca neg"."""
    tokens = note.text.tokens[finding.end : finding.end + 2]
    if len(tokens) < 2 or tokens[0].text not in ",;" or tokens[1].norm in DENYING | {"none", "negative", "absent"}:
        return False
    return not _words(note, note.text.sentence.index(finding.sentence), finding.end) & DENYING


def _is_only_named(note: Note, finding: Finding) -> bool:
    """Whether pain is merely named ("pain clinic") or supposed ("if he had pain")."""
    before = range(max(0, finding.start - 4), finding.start)
    words = {note.text.tokens[i].norm for i in before if note.text.sentence[i] == finding.sentence}
    after = {token.norm for token in note.text.tokens[finding.end : finding.end + 1]}
    named = note.text.tokens[finding.end - 1].norm == "pain" and after & SERVICES
    return bool(named or words & SUPPOSING)


def _is_at_rest_only(note: Note, finding: Finding) -> bool:
    """Whether freedom from pain is told of rest alone: "the back is silent lying", "bed painless"."""
    before = {token.norm for token in note.text.tokens[max(0, finding.start - 1) : finding.start]}
    after = [token.norm for token in note.text.tokens[finding.end : finding.end + 5]]
    return bool(RESTING.intersection(after[:2]) or before & RESTING) and not EITHER.intersection(after)


def _is_denied_freedom(note: Note, finding: Finding) -> bool:
    """Whether freedom from pain is denied or has ended: "not silent at all", "no pain before this week"."""
    tokens = note.text.tokens
    after = [token.norm for token in tokens[finding.end : finding.end + 2]]
    if after[:1] in (["until"], ["till"]) or after in (
        ["before", "this"],
        ["before", "today"],
        ["before", "yesterday"],
    ):
        return True
    before = {token.norm for token in tokens[max(0, finding.start - 2) : finding.start]}
    return bool(before & NOT_SO) and tokens[finding.start].norm not in NOT_SO


def _course_elsewhere(note: Note, sentences: set[int]) -> bool:
    """Whether something gets worse in another than the sentences given."""
    return bool(sentences) and any(
        f.sentence not in sentences and _is_course(note, f) for f in own(note, "course_worsening")
    )


def _disabilities(note: Note, *labels: str) -> list[Finding]:
    """Findings that only words of their own seem to deny: "cannot be turned without crying out"."""
    found = []
    for finding in own(note, *labels):
        before = _words(note, max(0, finding.start - 2), finding.start)
        inside = _words(note, finding.start, finding.end)
        if NEGATED in finding.modifiers and inside & OWN_DENIALS and not before & DENYING:
            found.append(finding)
    return found


def _words(note: Note, start: int, end: int) -> set[str]:
    return {word for token in note.text.tokens[start:end] for word in token.norm.split()}


def _character(note: Note) -> Iterator[FactMention]:
    """Mechanical wins over the others when mixed."""
    mechanical = note.apart_from(affirmed(note, "mechanical_pain"), "no_pain")
    mechanical += _disabilities(note, "mechanical_pain")
    mechanical = [f for f in mechanical if not _is_indifference(note, f)]
    other = note.apart_from(own(note, "non_mechanical_pain"), "no_pain")
    radicular = note.apart_from(current(note, "radicular_pain"), "no_pain")
    for findings in (mechanical, other, radicular):
        findings = [f for f in findings if not _is_elsewhere(note, f) and not overlaps(f, note.all("character_beside"))]
        if findings:
            yield note.mention("pain_character", CHARACTERS[findings[0].label], findings[0])
            return


def _is_elsewhere(note: Note, finding: Finding) -> bool:
    """Whether it is the pain of another part, in a sentence that does not speak of the spine."""
    if finding.label == "radicular_pain":
        return False
    if _is_of_other_part(note, finding):
        return True
    spoken = [t for t, number in zip(note.text.tokens, note.text.sentence, strict=True) if number == finding.sentence]
    if any(token.kind == "level" or token.norm in SPINE for token in spoken):
        return False
    if "between" in {token.norm for token in spoken}:
        return False
    return any(f.sentence == finding.sentence and _distance(f, finding) < PART for f in note.all("elsewhere"))


def _is_of_other_part(note: Note, finding: Finding) -> bool:
    """Whether another part is named right before or within the words, and the spine is not: "knee pain worse"."""
    for part in note.all("elsewhere"):
        if part.sentence == finding.sentence and part.start < finding.end and finding.start - part.end <= 1:
            words = note.text.tokens[min(part.start, finding.start) : max(part.end, finding.end)]
            if not any(token.kind == "level" or token.norm in SPINE for token in words):
                return True
    return False


def _is_indifference(note: Note, finding: Finding) -> bool:
    """Whether the words lie in a statement that load makes no difference."""
    return any(
        overlap(f, finding) and {t.norm for t in note.text.tokens[f.start : f.end]} & INDIFFERENT
        for f in note.all("non_mechanical_pain")
    )


def _course(note: Note) -> Iterator[FactMention]:
    """Worsening or control, whichever is said last; persistence only where neither is said."""
    found = [(f, COURSES[f.label]) for f in own(note, *COURSES) if _is_course(note, f)]
    numbers = [f for f in own(note, "course_numbers") if not _is_single_dose(note, f) and _is_course(note, f)]
    found += [(f, value) for f in numbers if (value := _trend(note, f))]
    moving = [item for item in found if item[1] != "persistent"]
    if found:
        last, value = max(moving or found, key=lambda item: (item[0].end, item[0].start))
        yield note.mention("clinical_course", value, last)


def _is_course(note: Note, finding: Finding) -> bool:
    """Whether the words say how it goes, not what provokes it ("worse on standing") or how something else goes."""
    tokens = note.text.tokens
    following = tokens[finding.end].norm if finding.end < len(tokens) else ""
    before = {token.norm for token in tokens[max(0, finding.end - 2) : finding.end - 1]}
    if overlaps(finding, note.all("course_supposed")) or _is_of_other_part(note, finding):
        return False
    if tokens[finding.end - 1].norm == "same" and following in POSTURES:
        return False
    if finding.label == "course_controlled" and (
        before & NOT_SO or _words(note, max(0, finding.end - 3), finding.end) & FAILING
    ):
        return False
    if tokens[finding.end - 1].norm in ("rise", "rising") and before & PROVOKERS:
        return False
    # "Worse, not better" tells of no standstill; a match may take in the full stop after it.
    unchanged = [f for f in note.all("course_persistent") if f.start < finding.start or f.end > finding.end + 1]
    if finding.label != "course_persistent" and overlaps(finding, unchanged):
        return False
    if finding.label == "course_controlled" and (_is_single_dose(note, finding) or _is_over(note, finding)):
        return False
    if finding.label == "course_worsening":
        if NEGATED in finding.modifiers and _words(note, max(0, finding.start - 4), finding.end) & DENYING:
            return False
        beyond = tokens[finding.end + 1].norm if finding.end + 1 < len(tokens) else ""
        if tokens[finding.end - 1].norm in ("worse", "worst") and following in PROVOKERS and beyond != "spite":
            return False
    beside = [
        f for f in note.all("not_pain", "pain") if f.sentence == finding.sentence and abs(finding.start - f.end) <= NEAR
    ]
    other = [f for f in beside if f.label == "not_pain" and f.end <= finding.start]
    other += [f for f in note.all("not_pain") if within(f, finding)]
    pain = [_distance(finding, f) for f in beside if f.label == "pain"]
    return not other or bool(pain and min(pain) < min(_distance(finding, f) for f in other))


def _distance(one: Finding, other: Finding) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _trend(note: Note, finding: Finding) -> str | None:
    """Which way the numbers go: the first against the last, "now 8 was 5" the other way round."""
    tokens = note.text.tokens[finding.start : finding.end]
    places = [i for i, token in enumerate(tokens) if token.kind == "number" and (not i or tokens[i - 1].text != "/")]
    numbers = [float(tokens[i].text.replace(",", ".").rstrip(".")) for i in places if tokens[i].text.count(".") < 2]
    order = [token.norm for token in tokens]
    norms = set(order)
    if len(numbers) < 2 or _words(note, finding.start, finding.end + 1) & BETWEEN:
        return None
    if numbers[0] == numbers[-1]:
        return "persistent"
    rises = numbers[-1] > numbers[0]
    if "was" in norms and "now" in norms and order.index("now") < order.index("was"):
        rises = not rises
    if norms & FALLING_IS_WORSE and "loss" not in norms:
        return "worsening" if not rises else None
    if rises:
        return "worsening"
    return "controlled" if norms & {"pain", "vas", "nrs", "ache", "symptom", "back", "score"} else None


def _is_over(note: Note, finding: Finding) -> bool:
    """Whether the relief is a thing of the past: the pain has come back since, or an earlier procedure gave it."""
    returned = any(f.start >= finding.end for f in note.own("pain_returned"))
    return returned or any(f.sentence == finding.sentence for f in note.all("augmentation_done"))


def _is_single_dose(note: Note, finding: Finding) -> bool:
    return any(f.sentence == finding.sentence for f in note.all("single_dose"))
