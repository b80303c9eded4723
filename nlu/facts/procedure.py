"""prior_procedure and prior_procedure_level: what was done to the spine before, not what is asked or planned."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.facts.fracture_terms import norms_of
from nlu.facts.levels import (
    all_levels,
    names,
    outside,
    problem_levels,
    region_of_pain,
    region_of_treatment,
    treated_levels,
)
from nlu.facts.stated import about_relative, affirmed, denied, overlaps, own
from nlu.findings import NEGATED, POSSIBLE, Finding
from nlu.note import FactMention, Note, code_place, distance

NEAR = 9
"""Tokens within which words of time or plan belong to a procedure."""

STRONG = frozenset(
    ["ago", "sp", "underwent", "undergone", "previous", "prior", "old", "history", "already", "situ", "post", "§year"]
)
"""Words that date a procedure to the past even in a question."""

UNDONE = frozenset({"be", "being", "get", "should", "would", "could", "not", "if", "can"})
"""Words right before a participle that make it a plan, a supposition or a denial: "can be cemented"."""

UNDONE_REACH = 3

GRANTED = frozenset({"the", "her", "his", "that"})
"""Words before a participle that take what it tells for granted."""

SPINAL = frozenset("vertebroplasty kyphoplasty".split())
DATING = frozenset("before after since preceding following".split())
JOINTS = frozenset("hip knee shoulder ankle wrist hemiarthroplasty arthroplasty breast carotid hand foot".split())
"""Parts of which an operation may date one of the spine."""

VERY_SAME = frozenset({"same", "identical", "selfsame"})
OTHERS = frozenset("different another other adjacent next new elsewhere not neighbor".split())
NO_OTHER = frozenset({"no", "nil", "without"})
REASON_REACH = 9
"""Tokens from a procedure to the fracture for which it was done."""

INTENDED = frozenset({"to", "should", "could", "can", "will", "would", "might", "may", "shall", "must", "let", "we"})
DOING = frozenset({"cement", "augment", "fill", "balloon", "fuse", "stabilize", "inject", "stent", "fix", "decompress"})
"""Verbs that are no participles."""

ASKED_LENGTH = 8
"""Tokens of the longest question that asks for no more than whether a procedure was done."""

NEVER = frozenset({"never", "none", "nil", "denied", "denies", "nope"})
"""Answers that deny what was asked about the past."""

PARTICULAR = GRANTED | {"for", "about"}
"""Words before a procedure of which not the having had is denied: "denied the kyphoplasty", "no need for fusion"."""


def read_procedure(note: Note) -> Iterator[FactMention]:
    """Augmentation if any cement was given, else surgery, else none if that is said; then the level."""
    done = done_procedures(note)
    if done:
        cement = [f for f in done if f.label == "augmentation_done"]
        yield note.mention("prior_procedure", "augmentation" if cement else "surgery", done[0])
        if cement:
            # Cement is only ever given for a fracture.
            yield note.mention("prior_fracture", "present", cement[0])
        yield from _level_relation(note, cement or done)
        return
    refused = note.apart_from(own(note, "no_procedure"), "not_denied")
    refused += [f for f in own(note, "augmentation_done", "surgery_done") if _answered_no(note, f)]
    denials = denied(note, "augmentation_done", "surgery_done")
    refused += [f for f in denials if not _is_planned(note, f) and _word_before(note, f) not in PARTICULAR]
    if refused:
        yield note.mention("prior_procedure", "none", refused[0])


def done_procedures(note: Note) -> list[Finding]:
    """Cement first, then operations, each as said to have been done to this patient's spine."""
    return [f for label in ("augmentation_done", "surgery_done") for f in _done(note, label)]


def is_reason_of(note: Note, finding: Finding) -> bool:
    """Whether a procedure was done for it: "kyphoplasty L1 in October (acute fracture)"."""
    tokens = note.text.tokens
    for done in done_procedures(note):
        between = [token.norm for token in tokens[done.end : finding.start]]
        if done.sentence != finding.sentence or not 0 < len(between) <= REASON_REACH:
            continue
        if {"for", "("} & set(between[-3:]) and {",", ";", ".", "now", "here", "back"}.isdisjoint(between):
            return True
    return False


def _done(note: Note, label: str) -> list[Finding]:
    said = affirmed(note, label) + [f for f in denied(note, label) if _is_definite(note, f)]
    others = [f for f in note.all("not_spine_procedure") if not _is_of_spine(note, f)]
    mentions = [f for f in note.apart_from(said, "no_procedure") if not overlaps(f, others)]
    return [f for f in mentions if _was_done(note, f)]


def _is_of_spine(note: Note, finding: Finding) -> bool:
    """Whether another part only dates the procedure ("vertebroplasty before her hip replacement"), or it was done."""
    norms = norms_of(note, finding)
    return (bool(SPINAL & norms) and bool(DATING & norms) and bool(JOINTS & norms)) or overlaps(
        finding, _carried_out(note)
    )


def _was_done(note: Note, finding: Finding) -> bool:
    past, plan = _near(note, finding, "procedure_past"), _near(note, finding, "procedure_plan")
    past = [cue for cue in past if not about_relative(note, cue)]
    if _is_intended(note, finding):
        return False
    asked = finding.sentence in note.text.question
    told = _is_told(note, finding)
    if _answered_no(note, finding):
        return False
    if not asked and overlaps(finding, _carried_out(note)):
        return True
    if overlaps(finding, note.all("procedure_wished")):
        return False
    if not past:
        return told and not asked and not plan
    if asked or plan:
        firm = [cue for cue in past if _is_firm(note, cue)]
        nearest = min((distance(finding, cue) for cue in plan), default=NEAR)
        return any(distance(finding, cue) <= nearest and distance(finding, cue) <= 4 for cue in firm) or (
            not asked and min(distance(finding, cue) for cue in past) < nearest
        )
    return True


def _carried_out(note: Note) -> list[Finding]:
    """What tells that a planned procedure was done: "the scheduled vertebroplasty was carried out in March"."""
    return [f for f in note.all("procedure_carried_out") if f.modifiers.isdisjoint({NEGATED, POSSIBLE})]


def _is_intended(note: Note, finding: Finding) -> bool:
    """Whether the words are what somebody is to do, not what was done: "asked to cement T7", "slot for the cementing".

    The normal form of "cement", "cementing" and "cemented" is the same.
    """
    word = note.text.tokens[finding.start].text.lower()
    if word.endswith("ing") and _near(note, finding, "procedure_plan"):
        return True
    return not word.endswith("ed") and _word_before(note, finding) in INTENDED and word in DOING


def _answered_no(note: Note, finding: Finding) -> bool:
    """Whether a short question about the past gets a no: "prior spine surgery? None."."""
    tokens, sentence = note.text.tokens, note.text.sentence
    end = finding.end
    while end < len(tokens) and sentence[end] == finding.sentence:
        end += 1
    if end >= len(tokens) or tokens[end - 1].text != "?" or sentence.count(finding.sentence) > ASKED_LENGTH:
        return False
    answer = tokens[end].norm
    firm = any(_is_firm(note, cue) for cue in _near(note, finding, "procedure_past"))
    return answer in NEVER or (answer == "no" and firm)


def _is_told(note: Note, finding: Finding) -> bool:
    """Whether the words themselves tell of a thing done: a participle ("cemented T12") or what it left behind."""
    numbers = range(finding.start, finding.end)
    told = [i for i in numbers if note.text.tokens[i].text.lower().endswith(("ed", "'d"))]
    first = told[0] if told else finding.start
    before = [token.norm for token in note.text.tokens[max(0, first - UNDONE_REACH) : first]]
    if UNDONE.intersection(before) or before[-1:] == ["to"]:
        return False
    return bool(told) or overlaps(finding, note.all("procedure_trace"))


def _is_definite(note: Note, finding: Finding) -> bool:
    """Whether the words take the procedure for granted: "not at the cemented level"."""
    if _word_before(note, finding) not in GRANTED:
        return False
    if any(_is_firm(note, cue) and distance(finding, cue) <= 1 for cue in _near(note, finding, "procedure_past")):
        return True
    words = note.text.tokens[finding.start : finding.end]
    return len(words) > 1 and any(word.text.lower().endswith("ed") for word in words)


def _word_before(note: Note, finding: Finding) -> str:
    return note.text.tokens[finding.start - 1].norm if finding.start else ""


def _is_planned(note: Note, finding: Finding) -> bool:
    return finding.sentence in note.text.question or bool(_near(note, finding, "procedure_plan"))


def _near(note: Note, finding: Finding, label: str) -> list[Finding]:
    cues = [cue for cue in note.all(label) if cue.sentence == finding.sentence and distance(finding, cue) <= NEAR]
    return [cue for cue in cues if not _apart(note, finding, cue)]


def _apart(note: Note, one: Finding, other: Finding) -> bool:
    """Whether a semicolon stands between two findings."""
    start, end = min(one.end, other.end), max(one.start, other.start)
    return any(note.text.tokens[i].text == ";" for i in range(start, end))


def _is_firm(note: Note, cue: Finding) -> bool:
    return bool({token.norm for token in note.text.tokens[cue.start : cue.end]} & STRONG)


def _level_relation(note: Note, done: list[Finding]) -> Iterator[FactMention]:
    """Whether the treated level is the one in question: by comparing levels, else as it is said."""
    treated = treated_levels(note, done)
    if treated:
        first = note.text.tokens[treated[0][0]]
        named = ", ".join(dict.fromkeys(name for _, found in treated for name in found))
        yield FactMention("procedure_level", named, first.start, first.end, first.text, "affirmed", code_place())
    problem = problem_levels(note, treated)
    same = own(note, "level_same")
    different = [f for f in own(note, "level_different") if not _is_within(f, same)]
    different = [f for f in different if _word_before(note, f) not in NO_OTHER]  # "no other vertebra deformed"
    if any(VERY_SAME & norms_of(note, f) for f in same) and not any(OTHERS & norms_of(note, f) for f in different):
        different = []
    if treated and problem:
        shared = names(treated) & names(problem)
        yield note.mention("prior_procedure_level", "same" if shared else "different", done[0])
    elif same and not different:
        yield note.mention("prior_procedure_level", "same", same[0])
    elif different:
        yield note.mention("prior_procedure_level", "different", different[0])
    elif treated and own(note, "level_there"):
        yield note.mention("prior_procedure_level", "same", own(note, "level_there")[0])
    elif len(treated) == len(all_levels(note)) == 1 and same:
        yield note.mention("prior_procedure_level", "same", same[0])
    elif outside(treated, region_of_pain(note)) or outside(problem, region_of_treatment(note, done)):
        yield note.mention("prior_procedure_level", "different", done[0])


def _is_within(finding: Finding, others: list[Finding]) -> bool:
    """Whether the finding is but a part of another: "beneath the cement" of "a cleft beneath the cement"."""
    return any(
        o.start <= finding.start and finding.end <= o.end and o.end - o.start > finding.end - finding.start
        for o in others
    )
