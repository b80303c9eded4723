"""decision: whether the next study or the treatment is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from nlu.facts.stated import about_relative, general_sentences
from nlu.findings import Finding
from nlu.note import FactMention, Note

FRAMES = {"which_imaging": "imaging", "which_treatment": "treatment"}
EXPLICIT = {"ask_imaging": "imaging", "ask_treatment": "treatment"}
NAMED = {"imaging_study": "imaging", "treatment_option": "treatment"}
BACK = (1, 2)
"""Sentences before a question that it may refer to, nearest first; the farther ones only by more than a mere name."""

CATCHWORD = 5
"""Tokens of the longest last sentence that is taken for a question."""

VALUES = {**FRAMES, **EXPLICIT, **NAMED}


def read_decision(note: Note) -> Iterator[FactMention]:
    """Read from the sentences that ask, last first; a frame ("which study") counts before a mere name.

    A question about the matter ("why?", "what are the risks?") decides nothing unless it has a frame.
    A question that only refers back ("should we go ahead with that?") is about what was named before it.
    """
    aside = {finding.sentence for finding in note.all("side_question")}
    others = general_sentences(note) | {finding.sentence for finding in note.all("other_part_question")}
    frames = note.all(*FRAMES)
    requests = {finding.sentence for finding in note.all("request") if not about_relative(note, finding)}
    asking = ((set(note.text.question) | requests) - aside) | {finding.sentence for finding in frames}
    last = _closing(note)
    if last is not None and last not in aside:
        asking.add(last)
    for sentence in sorted(asking - others, reverse=True):
        finding = _deciding(note, sentence, sentence in note.text.question or sentence == last)
        if finding is None and sentence and _refers_back(note, sentence):
            finding = next(
                filter(None, (_deciding(note, sentence - back, back == 1) for back in BACK if back <= sentence)), None
            )
        if finding is not None:
            yield note.mention("decision", VALUES[finding.label], finding)
            return


def _closing(note: Note) -> int | None:
    """The last sentence if it is a mere catchword, which asks without a question mark: "brace vs cement".

    What tells of something done asks nothing: "takes denosumab", "MRI pending".
    """
    if not note.text.sentence:
        return None
    last = note.text.sentence[-1]
    if last not in note.text.question and any(f.sentence == last for f in note.all("mere_report")):
        return None
    return last if last and note.text.sentence.count(last) <= CATCHWORD else None


def _deciding(note: Note, sentence: int, is_question: bool) -> Finding | None:
    """The cue that decides in one sentence: a frame, else an explicit one, else in a question the last name."""
    reported = note.all("reported_study", "reported_treatment")
    for labels in (FRAMES, EXPLICIT, NAMED) if is_question else (FRAMES, EXPLICIT):
        cues = [f for f in note.all(*labels) if f.sentence == sentence]
        if labels is not FRAMES:
            cues = [f for f in cues if not any(r.start <= f.start and f.end <= r.end for r in reported)]
        if cues:
            return cues[-1] if labels is NAMED else min(cues, key=lambda f: (f.start, -f.end))
    return None


def _refers_back(note: Note, sentence: int) -> bool:
    labels = ["refers_back_plainly"]
    if sentence in note.text.question:
        labels.append("refers_back")
    return any(f.sentence == sentence for f in note.all(*labels))
