"""decision: whether the next study or the treatment is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.findings import Finding
from nlu.note import FactMention, Note

EXPLICIT = {"ask_imaging": "imaging", "ask_treatment": "treatment"}
NAMED = {"imaging_study": "imaging", "treatment_option": "treatment"}


def read_decision(note: Note) -> Iterator[FactMention]:
    """Read from the sentences that ask, last first; a frame ("which study") counts before a mere name."""
    requests = {finding.sentence for finding in note.all("request")}
    asking = set(note.text.question) | requests
    for sentence in sorted(asking, reverse=True):
        cues = [f for f in note.all(*EXPLICIT, *NAMED) if f.sentence == sentence]
        finding = _deciding(cues)
        if finding is not None and (sentence in note.text.question or finding.label in EXPLICIT):
            yield note.mention("decision", {**EXPLICIT, **NAMED}[finding.label], finding)
            return


def _deciding(cues: list[Finding]) -> Finding | None:
    explicit = [f for f in cues if f.label in EXPLICIT]
    if explicit:
        return explicit[0]
    return cues[0] if cues else None
