"""Which normal findings of a message are today's and whole."""

from __future__ import annotations

from itertools import pairwise

from nlu.facts.neuro_terms import NORMAL
from nlu.findings import FAMILY, HYPOTHETICAL, Finding
from nlu.note import Note, overlap, within

NEAR = 4
"""Tokens between a normal finding and the words that date it, limit it or take something out of it."""
ARM = frozenset("arm hand upper finger grip shoulder".split())
LEG = frozenset("leg lower foot feet four all extremities limb toe both".split())
LINKS = frozenset((",", "/", "&", "+"))
TOLD = frozenset(("know", "tell", "told"))
"""First words of a finding in which a "which" supposes nothing: "knows which toe I touch"."""
SIDES = frozenset(("left", "right"))


def current_normals(note: Note) -> list[Finding]:
    """Normal findings of the patient, without those of an earlier day or with an exception.

    An examination of last month, or from before the fall, says nothing about today; and "no red flags
    except retention" is not normal.
    """
    losses = note.all("neuro_loss")
    marks = note.all("neuro_earlier_exam") + note.apart_from(note.all("neuro_exception"), "neuro_trifle")
    open_exams = note.all("neuro_unexamined")
    return [
        finding
        for finding in note.all("neuro_normal", *NORMAL)
        if FAMILY not in finding.modifiers
        and (HYPOTHETICAL not in finding.modifiers or note.text.tokens[finding.start].norm in TOLD)
        and (finding.label == "neuro_normal" or not any(within(loss, finding) for loss in losses))
        and not (finding.label == "neuro_normal" and _is_of_a_part(note, finding))
        and not any(_goes_with(mark, finding) for mark in marks)
        and not any(overlap(mark, finding) for mark in open_exams)
        and not any(_opens_with(note, date, finding) for date in note.all("neuro_earlier_exam"))
    ]


def _is_of_a_part(note: Note, finding: Finding) -> bool:
    """Whether it is said of one side or of the arms: "power 5/5 in the arms" leaves the legs open."""
    tokens = note.text.tokens
    start, end = finding.start, finding.end
    while start > max(0, finding.start - NEAR) and tokens[start - 1].kind == "word":
        start -= 1
    while end < min(len(tokens), finding.end + NEAR) and tokens[end].kind == "word":
        end += 1
    words = {token.norm for token in tokens[start:end]}
    if "all" in words and any((a.norm, b.norm) == ("all", "right") for a, b in pairwise(tokens[start:end])):
        words.discard("right")
    if tokens[end : end + 1] and tokens[end].text in LINKS:
        words |= {token.norm for token in tokens[end + 1 : end + 3]} & LEG  # "in arms, legs and gait"
    return len(words & SIDES) == 1 or bool(words & ARM and not words & LEG)


def _goes_with(mark: Finding, finding: Finding) -> bool:
    return mark.sentence == finding.sentence and 0 <= mark.start - finding.end <= NEAR - 1


def _opens_with(note: Note, date: Finding, finding: Finding) -> bool:
    """Whether the sentence begins with a date that goes with the finding: "last year her exam was normal"."""
    tokens, sentences = note.text.tokens, note.text.sentence
    return (
        date.sentence == finding.sentence
        and sentences.index(date.sentence) == date.start
        and 0 <= finding.start - date.end < NEAR
        and all(token.kind == "word" for token in tokens[date.end : finding.start])
    )
