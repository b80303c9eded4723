"""Which normal findings of a message are today's and whole."""

from __future__ import annotations

from nlu.facts.neuro_terms import NORMAL
from nlu.findings import FAMILY, HYPOTHETICAL, Finding
from nlu.note import Note, within

NEAR = 4
"""Tokens between a normal finding and the words that date it or take something out of it."""


def current_normals(note: Note) -> list[Finding]:
    """Normal findings of the patient, without those of an earlier day or with an exception.

    An examination of last month, or from before the fall, says nothing about today; and "no red flags
    except retention" is not normal.
    """
    losses, marks = note.all("neuro_loss"), note.all("neuro_earlier_exam", "neuro_exception")
    return [
        finding
        for finding in note.all("neuro_normal", *NORMAL)
        if not finding.modifiers & {FAMILY, HYPOTHETICAL}
        and (finding.label == "neuro_normal" or not any(within(loss, finding) for loss in losses))
        and not any(_goes_with(mark, finding) for mark in marks)
    ]


def _goes_with(mark: Finding, finding: Finding) -> bool:
    return mark.sentence == finding.sentence and 0 <= mark.start - finding.end <= NEAR - 1
