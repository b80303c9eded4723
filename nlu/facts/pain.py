"""symptoms, pain_character, clinical_course, pain severity and failed medical management."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import dropwhile

from nlu.facts.course import is_course, is_of_other_part, read_course
from nlu.facts.neuro import read_neuro
from nlu.facts.pain_terms import (
    APART,
    AT_EASE,
    BOUND,
    BREAKS,
    DENYING,
    DOUBTING,
    EITHER,
    HIGH,
    HURTING,
    INDIFFERENT,
    NOT_SO,
    NOUGHT,
    OWN_DENIALS,
    RESTED,
    RESTING,
    SERVICES,
    SPINE,
    SUPPOSING,
    TOUCH,
    UNITS_OF_TIME,
)
from nlu.facts.stated import after_comma, current, overlaps, own
from nlu.findings import HISTORICAL, NEGATED, POSSIBLE, Finding
from nlu.note import FactMention, Note, distance, latest, overlap
from nlu.text import Token

CHARACTERS = {"mechanical_pain": "mechanical", "non_mechanical_pain": "non_mechanical", "radicular_pain": "radicular"}
SEVERITIES = {"severity_severe": "severe", "severity_moderate": "moderate", "severity_mild": "mild"}
DENIED_REST = 8
"""Tokens after a pain on loading in which its absence at rest is told."""
RANGE = 3
"""Tokens of a range of numbers."""
PART = 4
"""Tokens between a pain and the other part of the body that it is in."""


def read_pain(note: Note) -> Iterator[FactMention]:
    """Symptoms, then what only a pain has: its character, course and severity."""
    symptoms = list(_symptoms(note))
    yield from symptoms
    if any(mention.value == "asymptomatic" for mention in symptoms):
        # Pain that has gone has been controlled; where there never was any, nothing has run a course.
        if over := [f for f in own(note, "pain_over") if not is_of_other_part(note, f)]:
            yield note.mention("clinical_course", "controlled", over[-1])
        return
    yield from _character(note)
    yield from read_course(note)
    # "Back pain 2 weeks" tells how long, not how bad.
    severities = [f for f in current(note, *SEVERITIES) if not note.norms(f.end, f.end + 1) & UNITS_OF_TIME]
    if severities:
        last = latest(severities) or severities[0]
        yield note.mention("pain_severity", SEVERITIES[last.label], last)
    failed = current(note, "conservative_failure")
    if failed:
        yield note.mention("conservative_failure", "present", failed[0])


def _symptoms(note: Note) -> Iterator[FactMention]:
    """The last word counts: "in pain for six weeks, none since June" is asymptomatic."""
    none = [f for f in own(note, "no_pain") if HISTORICAL not in f.modifiers and not _is_only_named(note, f)]
    none = [f for f in none if not (_is_at_rest_only(note, f) or _is_of_organ(note, f) or _is_range(note, f))]
    # "Movement does not bother him" leaves the rest; "no spine sx/cement" is of surgery.
    both = [f for f in none if "rest" in note.norms(f.start, f.end)]  # "none at rest and none on walking"
    none = note.apart_from(none, "non_mechanical_pain", "surgery_done") + both
    disabilities = _disabilities(note, "pain", "mechanical_pain")
    none = [f for f in none if not overlaps(f, disabilities)]  # "cannot roll over without pain"
    cemented = {f.sentence for f in note.all("augmentation_done")}
    if _course_elsewhere(note, cemented):
        none = [f for f in none if f.sentence not in cemented]  # "L4 was cemented, no trouble there since"
    denied = [f for f in none if _is_denied_freedom(note, f)]
    none = [f for f in none if f not in denied]
    # "Cannot stand for the pain": the denial is of the standing.
    limiting = [f for f in own(note, "limiting_pain") if not _is_only_named(note, f)]
    freedoms = _freedoms(note)
    pain = [f for f in _felt(note) + current(note, *CHARACTERS) + limiting if not overlaps(f, freedoms)]
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
        for course in read_course(note):
            yield replace(course, fact="symptoms", value="symptomatic")
            return
    # A fracture that presses on nerves gives symptoms.
    for neuro in read_neuro(note):
        if neuro.value == "deficit":
            yield replace(neuro, fact="symptoms", value="symptomatic")


def _felt(note: Note) -> list[Finding]:
    """Pain that is there: a doubt about its cause, or a denial of what a list names after it, does not touch it."""
    felt = [f for f in own(note, "pain") if HISTORICAL not in f.modifiers and not _is_only_named(note, f)]
    felt = [f for f in felt if POSSIBLE not in f.modifiers or not note.norms(max(0, f.start - 3), f.start) & DOUBTING]
    return [f for f in felt if NEGATED not in f.modifiers or after_comma(note, f) or _is_listed_before(note, f)]


def _is_listed_before(note: Note, finding: Finding) -> bool:
    """Whether the denial is of what follows a comma: "2/52 pain, ca neg"."""
    tokens = note.text.tokens[finding.end : finding.end + 2]
    if len(tokens) < 2 or tokens[0].text not in ",;" or tokens[1].norm in DENYING | {"none", "negative", "absent"}:
        return False
    return not note.norms(note.text.sentence.index(finding.sentence), finding.end) & DENYING


def _is_only_named(note: Note, finding: Finding) -> bool:
    """Whether pain is merely named ("pain clinic") or supposed ("if he had pain")."""
    before = range(max(0, finding.start - 4), finding.start)
    words = {note.text.tokens[i].norm for i in before if note.text.sentence[i] == finding.sentence}
    after = {token.norm for token in note.text.tokens[finding.end : finding.end + 1]}
    named = note.text.tokens[finding.end - 1].norm == "pain" and after & SERVICES
    return bool(named or words & SUPPOSING)


def _is_at_rest_only(note: Note, finding: Finding) -> bool:
    """Whether freedom from pain is told of rest alone: "the back is silent lying", "bed painless"."""
    tokens = note.text.tokens
    first = finding.start
    while first and tokens[first - 1].norm in BOUND:
        first -= 1
    before = {token.norm for token in tokens[max(0, first - 1) : first]}
    behind = range(finding.end, min(finding.end + 5, len(tokens)))
    # The stroke of "9/10" is no "or".
    fraction = [i for i in behind if tokens[i].text == "/" and tokens[i - 1].kind == "number"]
    after = [tokens[i].norm for i in behind if note.text.sentence[i] == finding.sentence and i not in fraction]
    told = list(dropwhile(RESTED.__contains__, after))
    return bool(RESTING.intersection([*after[:2], *told[:1]]) or before & RESTING) and not EITHER.intersection(after)


def _freedoms(note: Note) -> list[Finding]:
    """Freedoms from pain that are neither of rest alone nor denied."""
    limited = (_is_at_rest_only, _is_range, _is_denied_freedom)
    return [f for f in note.all("no_pain") if not any(is_limited(note, f) for is_limited in limited)]


def _is_range(note: Note, finding: Finding) -> bool:
    """Whether the nought is only the lower end of a range: "pain 0-1"."""
    tokens = note.text.tokens[finding.end - 1 : finding.end + 2]
    return len(tokens) == RANGE and tokens[0].text == "0" and tokens[1].text in "-–" and tokens[2].kind == "number"


def _is_of_organ(note: Note, finding: Finding) -> bool:
    """Whether freedom from trouble is told of another organ: "sphincters untroubled", "no bother with the bladder"."""
    if not note.norms(finding.start, finding.end) & AT_EASE:
        return False
    near = [f for f in note.all("not_pain") if f.sentence == finding.sentence and distance(f, finding) < PART]
    return any(
        not note.norms(finding.end, f.start) & APART
        and "," not in note.norms(f.end, finding.start)
        and not note.norms(min(f.start, finding.start), max(f.end, finding.end)) & SPINE
        for f in near
    )


def _is_denied_freedom(note: Note, finding: Finding) -> bool:
    """Whether freedom from pain is denied or has ended: "not silent at all", "no pain before this week"."""
    tokens = note.text.tokens
    after = [token.norm for token in tokens[finding.end : finding.end + 2]]
    if after[:1] in (["until"], ["till"], ["unless"], ["provided"]) or after in (
        ["so", "long"],
        ["as", "long"],
        ["before", "this"],
        ["before", "today"],
        ["before", "yesterday"],
        ["before", "then"],
        ["before", "that"],
    ):
        return True
    before = {token.norm for token in tokens[max(0, finding.start - 2) : finding.start]}
    return bool(before & NOT_SO) and tokens[finding.start].norm not in NOT_SO


def _course_elsewhere(note: Note, sentences: set[int]) -> bool:
    """Whether something gets worse in another than the sentences given."""
    return bool(sentences) and any(
        f.sentence not in sentences and is_course(note, f) for f in own(note, "course_worsening")
    )


def _disabilities(note: Note, *labels: str) -> list[Finding]:
    """Findings that only words of their own seem to deny: "cannot be turned without crying out"."""
    found = []
    for finding in own(note, *labels):
        before = note.norms(max(0, finding.start - 2), finding.start)
        inside = note.norms(finding.start, finding.end)
        denied_within = inside & OWN_DENIALS or _ends_in_denial(note, finding)
        denied_within = denied_within or (finding.label == "mechanical_pain" and inside & NOUGHT and inside & HIGH)
        if NEGATED in finding.modifiers and denied_within and not before & DENYING:
            found.append(finding)
    return found


def _ends_in_denial(note: Note, finding: Finding) -> bool:
    """Whether the words deny something else at their end: "sore on bending, not in bed"."""
    words = [token.norm for token in note.text.tokens[finding.start : finding.end]]
    return any(word in DENYING and words[i - 1] in BREAKS for i, word in enumerate(words) if i > 1)


def _character(note: Note) -> Iterator[FactMention]:
    """Mechanical wins over the others when mixed."""
    # A doubt is of the cause: "osteopenic versus secondary, and it bites him on standing".
    stated = [
        f
        for f in own(note, "mechanical_pain")
        if NEGATED not in f.modifiers or after_comma(note, f) or _is_rest_denied(note, f)
    ]
    freedoms = _freedoms(note)
    mechanical = [f for f in stated if not overlaps(f, freedoms)]
    mechanical += _disabilities(note, "mechanical_pain")
    mechanical = [f for f in mechanical if not (_is_indifference(note, f) or _is_onset(note, f))]
    other = note.apart_from(own(note, "non_mechanical_pain"), "no_pain")
    other = [f for f in other if not _is_slight(note, f)]
    # "Leg pain, no back pain" is denied only from its end.
    denials = note.all("no_pain")
    radicular = current(note, "radicular_pain")
    radicular = [f for f in radicular if not any(overlap(f, d) and d.start <= f.start for d in denials)]
    # "A burning band round the ribs, nothing in the spine itself, lying makes no difference".
    alone = {f.sentence for f in denials if note.norms(f.start, f.end) & SPINE} & {f.sentence for f in radicular}
    for findings in (mechanical, radicular, other) if alone else (mechanical, other, radicular):
        findings = [f for f in findings if not _is_elsewhere(note, f) and not overlaps(f, note.all("character_beside"))]
        if findings:
            yield note.mention("pain_character", CHARACTERS[findings[0].label], findings[0])
            return


def _is_slight(note: Note, finding: Finding) -> bool:
    """Whether a figure after the words says that there is little of it: "pain at rest 1/10"."""
    tokens = [t for t in note.text.tokens[finding.end : finding.end + 3] if t.norm not in BOUND]
    return (
        bool(tokens)
        and tokens[0].kind == "number"
        and tokens[0].text in "0123"
        and "rest" in note.norms(finding.start, finding.end)
    )


def _is_rest_denied(note: Note, finding: Finding) -> bool:
    """Whether the denial is only of what follows, the rest: "pain on loading only; supine = nil"."""
    behind = range(finding.end, min(finding.end + DENIED_REST, len(note.text.tokens)))
    words = [note.text.tokens[i].norm for i in behind if note.text.sentence[i] == finding.sentence]
    denial = next((i for i, word in enumerate(words) if word in NOUGHT | DENYING), 0)
    first = note.text.sentence.index(finding.sentence)
    return not RESTING.isdisjoint(words[: denial + 3 if denial else 0]) and not note.norms(first, finding.end) & DENYING


def _is_onset(note: Note, finding: Finding) -> bool:
    """Whether the movement is only the one that the pain began with: "began on coughing", "since gardening"."""
    return any(overlap(f, finding) and finding.end <= f.end for f in note.all("pain_onset"))


def _is_elsewhere(note: Note, finding: Finding) -> bool:
    """Whether it is the pain of another part, in a sentence that does not speak of the spine."""
    if finding.label == "radicular_pain":
        return False
    if is_of_other_part(note, finding):
        return True
    spoken = _clause(note, finding)
    if any(token.kind == "level" or token.norm in SPINE or token.norm == "between" for token in spoken):
        return False
    return any(f.sentence == finding.sentence and distance(f, finding) < PART for f in note.all("elsewhere"))


def _clause(note: Note, finding: Finding) -> list[Token]:
    """The tokens of the sentence around a finding, as far as the next semicolons."""
    tokens, first, last = note.text.tokens, finding.start, finding.end
    while first and note.text.sentence[first - 1] == finding.sentence and tokens[first - 1].text != ";":
        first -= 1
    while last < len(tokens) and note.text.sentence[last] == finding.sentence and tokens[last].text != ";":
        last += 1
    return list(tokens[first:last])


def _is_indifference(note: Note, finding: Finding) -> bool:
    """Whether the words lie in a statement that load makes no difference."""
    return any(
        overlap(f, finding) and {t.norm for t in note.text.tokens[f.start : f.end]} & INDIFFERENT
        for f in note.all("non_mechanical_pain")
    )
