"""What a message states of this patient: not a relative's, not imagined, not denied by a list it does not belong to."""

from __future__ import annotations

from collections.abc import Iterable

from nlu.findings import HISTORICAL, HYPOTHETICAL, NEGATED, POSSIBLE, Finding
from nlu.ignorance import NOT_KNOWN
from nlu.note import Note, overlap, within

RELATIVE_REACH = 14
"""Tokens after a relative in which something is still said of the relative."""

DENIAL_REACH = 2
"""The same for words that begin with a denial, which mostly go back to the patient."""

DENIALS = frozenset({"no", "not", "never", "denies", "nil", "without"})
CONDITION_REACH = 12
ARTICLES = frozenset(("a", "an", "the", "her", "his"))
BEFORE_ANOTHER = frozenset(',;/"“(')


def own(note: Note, *labels: str) -> list[Finding]:
    """Findings of the patient, neither a relative's nor part of a condition ("return if …").

    A question is no condition: "what treatment for a new fracture with edema?" states the fracture.
    """
    found = note.all(*labels)
    if not found:
        return []  # what most of a message's hundreds of questions end with
    general = general_sentences(note)
    mine = [f for f in found if f.sentence not in general]
    return [f for f in mine if not about_relative(note, f) and not conditional(note, f)]


def general_sentences(note: Note) -> set[int]:
    """The sentences that speak of no patient: "as a rule, how old can a fracture be …"."""
    general = {f.sentence for f in note.all("no_patient")}
    if general:
        general -= {f.sentence for f in note.all("female_words", "male_words", "neuro_personal")}
    return general


def affirmed(note: Note, *labels: str) -> list[Finding]:
    """Own findings that are said to be there, now or in the past."""
    sure = [f for f in own(note, *labels) if POSSIBLE not in f.modifiers]
    return [f for f in sure if NEGATED not in f.modifiers or after_comma(note, f)]


def current(note: Note, *labels: str) -> list[Finding]:
    """Affirmed findings that are not of the past."""
    return [f for f in affirmed(note, *labels) if HISTORICAL not in f.modifiers]


def denied(note: Note, *labels: str) -> list[Finding]:
    """Own findings that are denied."""
    return [f for f in own(note, *labels) if NEGATED in f.modifiers and not after_comma(note, f)]


def about_relative(note: Note, finding: Finding) -> bool:
    """Whether a relative is the subject: "father had …", "FH: …", "… in an aunt"."""
    for cue in note.all("relative", "relative_after"):
        if cue.sentence != finding.sentence:
            continue
        if cue.label == "relative" and overlaps(cue, note.all("relative_after")):
            continue
        if cue.label == "relative" and any(within(cue, other) for other in note.all("other_subject")):
            continue  # "an MRI paid for by her son", "mother of three"
        between = (cue.end, finding.start) if cue.label == "relative" else (finding.end, cue.start)
        reach = DENIAL_REACH if note.text.tokens[finding.start].norm in DENIALS else RELATIVE_REACH
        if 0 <= between[1] - between[0] <= reach and not _parted(note, *between):
            return True
    return False


def overlaps(finding: Finding, others: Iterable[Finding]) -> bool:
    """Whether the finding shares a token with any of the others."""
    return any(overlap(finding, other) for other in others)


def _parted(note: Note, start: int, end: int) -> bool:
    """Whether another subject or a new clause stands between two tokens."""
    return any(f.start >= start - 1 and f.end <= end for f in note.all("other_subject")) or any(
        note.text.tokens[i].text == ";" for i in range(start, end)
    )


def conditional(note: Note, finding: Finding) -> bool:
    """Whether the finding is only imagined: "if …", "watch for …"."""
    if HYPOTHETICAL not in finding.modifiers and not note.all("condition"):
        return False
    return any(
        cue.sentence == finding.sentence
        and not any(within(cue, words) for words in note.all(NOT_KNOWN))
        and 0 <= finding.start - cue.end <= CONDITION_REACH
        and not _parted(note, cue.end, finding.start)
        for cue in note.all("condition")
    )


def after_comma(note: Note, finding: Finding) -> bool:
    """Whether a denial belongs to words before a comma only: "no fever, STIR bright".

    A list that goes on with "or", or of which an earlier member has the same label, denies it all.
    """
    tokens, start = note.text.tokens, finding.start
    if start > 1 and tokens[start - 1].norm in ARTICLES:
        start -= 1  # "it was no tumble, a car hit her"
    if not start or tokens[start - 1].text not in BEFORE_ANOTHER or finding.end - start < 2:
        return False
    following = {token.norm for token in tokens[finding.end : finding.end + 2]}
    if following & {"or", "nor"} or any(token.text in ":=?" for token in tokens[finding.end : finding.end + 1]):
        return False
    earlier = [f for f in note.all(finding.label) if f.sentence == finding.sentence and f.end < start]
    return not any(NEGATED in f.modifiers for f in earlier)
