"""marrow_edema, prior_procedure and its level, mechanism, infection, instability, contraindications."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.findings import NEGATED, Finding
from nlu.note import FactMention, Note
from nlu.text import level_names

NEAR = 9
"""Tokens within which words of time or plan belong to a procedure."""


def read_workup(note: Note) -> Iterator[FactMention]:
    """Findings of the workup and of the past."""
    yield from _edema(note)
    yield from _procedure(note)
    yield from _either(note, "mechanism", ("high_energy", "high_energy"), ("low_energy", "low_energy"))
    yield from _either(note, "infection_signs", ("infection", "present"), ("no_infection", "absent"))
    for fact, label in (
        ("instability", "instability"),
        ("retropulsion", "retropulsion"),
        ("augmentation_contraindication", "contraindication"),
    ):
        yield from _either(note, fact, (label, "present"), (f"no_{label}", "absent"))


def _either(note: Note, fact: str, yes: tuple[str, str], no: tuple[str, str]) -> Iterator[FactMention]:
    present = note.apart_from(note.current(yes[0]), no[0])
    absent = note.own(no[0]) + note.negated(yes[0])
    if present:
        yield note.mention(fact, yes[1], present[0])
    elif absent:
        yield note.mention(fact, no[1], absent[0])


def _edema(note: Note) -> Iterator[FactMention]:
    present = note.apart_from(note.current("edema"), "no_edema", "other_edema")
    absent = note.own("no_edema") + note.apart_from(note.negated("edema"), "other_edema")
    unassessed = note.own("no_mri") + note.own("fracture_suspected_unimaged")
    if present:
        yield note.mention("marrow_edema", "present", present[0])
    elif absent:
        yield note.mention("marrow_edema", "absent", absent[0])
    elif unassessed:
        yield note.mention("marrow_edema", "not_assessed", unassessed[0])


def _procedure(note: Note) -> Iterator[FactMention]:
    cement = [f for f in _past(note, "augmentation_done")]
    surgery = [f for f in _past(note, "surgery_done")]
    done = cement or surgery
    if not done:
        denied = note.own("no_procedure") + note.negated("augmentation_done", "surgery_done")
        if denied:
            yield note.mention("prior_procedure", "none", denied[0])
        return
    yield note.mention("prior_procedure", "augmentation" if cement else "surgery", done[0])
    yield from _level_relation(note, done)


def _past(note: Note, label: str) -> list[Finding]:
    """Mentions of a procedure that was done, not one that is asked about or planned."""
    mentions = note.apart_from(note.affirmed(label), "no_procedure")
    return [f for f in mentions if _was_done(note, f)]


def _was_done(note: Note, finding: Finding) -> bool:
    def near(label: str) -> list[Finding]:
        return [
            cue
            for cue in note.all(label)
            if cue.sentence == finding.sentence and cue.start - finding.end <= NEAR and finding.start - cue.end <= NEAR
        ]

    past, plan = near("procedure_past"), near("procedure_plan")
    if not past:
        return False
    if not plan and finding.sentence not in note.text.question:
        return True
    # In a sentence that also asks or plans, the nearer cue decides.
    distance = min(_distance(finding, cue) for cue in past)
    return bool(past) and distance <= min((_distance(finding, cue) for cue in plan), default=distance)


def _distance(one: Finding, other: Finding) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _level_relation(note: Note, done: list[Finding]) -> Iterator[FactMention]:
    """Whether the treated level is the one in question: said outright, or by comparing the levels."""
    treated_tokens = {i for finding in done for i in _level_tokens_of(note, finding)}
    treated = _levels(note, treated_tokens)
    problem = _levels(note, _problem_tokens(note) - treated_tokens)
    same, different = note.own("level_same"), note.own("level_different")
    if same and not (treated and problem and not treated & problem):
        yield note.mention("prior_procedure_level", "same", same[0])
    elif treated and problem:
        value = "same" if treated & problem else "different"
        yield note.mention("prior_procedure_level", value, done[0])
    elif different:
        yield note.mention("prior_procedure_level", "different", different[0])
    elif treated and note.own("level_there"):
        yield note.mention("prior_procedure_level", "same", note.own("level_there")[0])


def _level_tokens_of(note: Note, finding: Finding) -> set[int]:
    """Level tokens next to a procedure: "L2 vertebroplasty", "kyphoplasty of L2 and L3", "fusion L4-S1"."""
    tokens = note.text.tokens
    found = {i for i in range(finding.start, finding.end) if tokens[i].kind == "level"}
    i = finding.end
    while i < len(tokens) and i - finding.end < 7 and note.text.sentence[i] == finding.sentence:
        if tokens[i].kind == "level":
            found.add(i)
        elif tokens[i].norm not in _LINKS:
            break
        i += 1
    i = finding.start - 1
    while not found and i >= 0 and finding.start - i < 7 and note.text.sentence[i] == finding.sentence:
        if tokens[i].kind == "level":
            found.add(i)
        elif tokens[i].norm not in _LINKS:
            break
        i -= 1
    return found


_LINKS = frozenset(
    "of at on for to in and , & + / the her his level a an was were both had with treated by from instrumented posterior then also got been has have balloon".split()
)


def _problem_tokens(note: Note) -> set[int]:
    """Levels of the fracture or the pain that is asked about now."""
    skip = {i for f in note.all("prior_fracture", "other_level") for i in range(f.start, f.end)}
    negated = {i for f in note.all("fracture") if NEGATED in f.modifiers for i in range(f.start, f.end)}
    levels = {i for i, token in enumerate(note.text.tokens) if token.kind == "level"}
    about = {
        i
        for i in levels - skip - negated
        for f in note.own("fracture", "fracture_new", "fracture_found", "pain", "edema")
        if f.sentence == note.text.sentence[i] and f.start - 4 <= i <= f.end + 4
    }
    return about or (levels - skip)


def _levels(note: Note, tokens: set[int]) -> set[str]:
    return {name for i in tokens for name in level_names(note.text.tokens[i].text)}
