"""cancer_history and cancer_type: the patient's own, past or present."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.findings import NEGATED, Finding
from nlu.note import FactMention, Note

SPREAD = ("metasta", "mets", "met ", "deposit")


def read_cancer(note: Note) -> Iterator[FactMention]:
    """Present if any own cancer is named, even beside a denial; absent if one is only denied."""
    not_cancer = ("no_cancer", "benign_tumor", "cancer_screen")
    named = [f for f in note.apart_from(note.affirmed("cancer"), *not_cancer) if not _is_millimeters(note, f)]
    if named:
        best = max(named, key=lambda f: f.end - f.start)
        yield note.mention("cancer_history", "present", best)
        yield note.mention("cancer_type", note.words(best.start, best.end), best)
        return
    denied = note.own("no_cancer") + [f for f in note.own("cancer") if NEGATED in f.modifiers and not _is_spread(note, f)]
    if denied:
        yield note.mention("cancer_history", "absent", denied[0])


def _is_spread(note: Note, finding: Finding) -> bool:
    """"No metastases" does not say that there is no cancer."""
    return note.words(finding.start, finding.end).lower().startswith(SPREAD)


def _is_millimeters(note: Note, finding: Finding) -> bool:
    return note.words(finding.start, finding.end) in ("mm", "all", "met")
