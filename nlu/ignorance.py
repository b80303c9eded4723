"""What a message says that nobody knows: "not sure if she ever had cancer"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from nlu.answers import UNKNOWN
from nlu.findings import Finding
from nlu.note import FactMention, Note

NOT_KNOWN = "not_known"
"""Label of the words by which nobody knows what follows."""
KNOWN_ANYHOW = frozenset(("sex", "age", "adult", "level", "duration", "decision", "neuro_status", "infection_signs"))
"""Facts that such words leave as they are: those that stand in passing, and emergencies, of which the rules themselves
tell what is only possible."""
NAMED = {"cancer": "cancer_history", "edema": "marrow_edema", "augmentation_done": "prior_procedure"}
"""Findings that name a fact of which rules read only what is so or not so, and the fact."""
UNEXAMINED = {"neuro_not_examined": "neuro_status"}
"""Findings by which nobody looked for a fact, and the fact."""
CALM = frozenset(("intact", "absent"))
"""Values of facts of an emergency that tell of none; a deficit that somebody tells of stands."""
UNDETERMINED = "undetermined"
"""A value that says itself that nobody knows."""
OPENING = 4
"""Tokens of a message within which such words make all of it the answer that nobody knows."""
ENDS = frozenset((",", ";", "but", "though", "however", "although"))
"""Words and marks with which something else begins."""


def opened(note: Note, facts: Mapping[str, FactMention]) -> dict[str, FactMention]:
    """`facts` as they are; those of which the words before them say that nobody knows are only possible."""
    named = {
        NAMED[finding.label]: _open(note, NAMED[finding.label], finding)
        for finding in note.all(*NAMED)
        if _stands_behind(note, finding.start)
    }
    named |= {UNEXAMINED[words.label]: _open(note, UNEXAMINED[words.label], words) for words in note.own(*UNEXAMINED)}
    possible = {name: _only_possible(fact) for name, fact in facts.items() if _is_not_known(note, fact)}
    possible |= {name: _only_possible(fact) for name, fact in facts.items() if _is_not_to_count(note, fact)}
    return {**named, **facts, **possible}


def _open(note: Note, fact: str, words: Finding) -> FactMention:
    return _only_possible(note.mention(fact, None, words))


def _only_possible(fact: FactMention) -> FactMention:
    return replace(fact, value=None, assertion="possible")


def _is_not_known(note: Note, fact: FactMention) -> bool:
    if fact.fact in KNOWN_ANYHOW or fact.value == UNDETERMINED:
        return False
    tokens = note.text.tokens
    place = next((i for i, token in enumerate(tokens) if token.end > fact.start), None)
    return place is not None and _stands_behind(note, place)


def _is_not_to_count(note: Note, fact: FactMention) -> bool:
    """Whether a fact is read from the very words by which nobody looked: "don't count the neuro exam as clean"."""
    spans = [note.text.span(f.start, f.end) for f in note.own(*UNEXAMINED) if UNEXAMINED[f.label] == fact.fact]
    return fact.value in CALM and any(start <= fact.start and fact.end <= end for start, end in spans)


def _stands_behind(note: Note, place: int) -> bool:
    """Whether the token `place` belongs to what such words say nobody knows; "not sure whether to …" asks instead."""
    tokens = note.text.tokens
    return any(
        words.end <= place
        and tokens[words.end].norm != "to"
        and words.sentence == note.text.sentence[place]
        and ENDS.isdisjoint(token.norm for token in tokens[words.end : place])
        for words in note.all(NOT_KNOWN)
    )


def unknown_facts(findings: Iterable[Finding], facts: Iterable[FactMention]) -> dict[str, str]:
    """The facts of which a message says nothing but that nobody knows, each with the reply to its question."""
    if not any(words.label == NOT_KNOWN and words.start <= OPENING for words in findings):
        return {}
    return {fact.fact: UNKNOWN for fact in facts if fact.value is None and fact.fact not in KNOWN_ANYHOW}
