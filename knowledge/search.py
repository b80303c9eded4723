"""Knowledge questions, answered from the store by full-text search."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Connection

from knowledge import schema
from knowledge.index import KNOWLEDGE, PROTOCOL, STATEMENT, TABLE, Words, words_of
from knowledge.store import STORE, reading

LEAST_CONFIDENCE = 0.5
"""An entry with a smaller share of a question's words does not answer it (see tests/evaluation/knowledge.py)."""

LEAST_RANK = 2.5
"""Below this rank only words were found that nearly every entry has, such as "fracture" or "treatment"."""

MOST_TERMS = 40
"""Words of a question that are looked at; who writes more describes a case."""

PREFERENCE = {KNOWLEDGE: 1.0, PROTOCOL: 0.6, STATEMENT: 0.4}
"""Factor on the rank of an entry by its kind: an answer written for a question comes before a single statement."""

LEAST_WEIGHT, MOST_WEIGHT = 1.0, 4.0
"""Bounds of what a word weighs: common words still name the topic, and one unknown word alone refuses nothing."""

_BM25 = f"bm25({TABLE}, 0, 0, 0, 0, 3, 3, 1)"  # weights: questions 3, topics 3, answer 1
_MATCHES = f"SELECT rowid, {_BM25} FROM {TABLE} WHERE {TABLE} MATCH ?"  # noqa: S608 (constants only)
_KINDS = f"SELECT rowid, kind FROM {TABLE}"  # noqa: S608
_TEXTS = f"SELECT questions, topics, answer FROM {TABLE}"  # noqa: S608
_ENTRY = f"SELECT key, title, statements FROM {TABLE} WHERE rowid = ?"  # noqa: S608


@dataclass(frozen=True)
class Found:
    """An entry that answers a question.

    `entry` is its key, `title` the question or topic that it is about. `confidence` (0 to 1) is the share of the
    question's words found in it, rare words counting more. `statements` are the sentences of the answer,
    each a mapping of text and source key, as in the message contract.
    """

    entry: str
    title: str
    confidence: float
    statements: tuple[dict[str, str], ...]


def search(
    question: str, limit: int = 1, store: Path = STORE, least_confidence: float = LEAST_CONFIDENCE
) -> list[Found]:
    """The entries of `store` that answer `question`, best first, at most `limit`; none if nothing does.

    Of an entry `least_confidence` is asked, the share (0 to 1) of the question's words that it has.
    Any text is a question; none is read as search syntax. Raises StoreMissing if there is no usable store.
    """
    with reading(store) as connection:
        terms = _words(store, store.stat().st_mtime_ns).terms(question, MOST_TERMS)
        ranks, confidence = _matches(connection, dict.fromkeys(terms))
        confident = [row for row in ranks if confidence[row] >= least_confidence and ranks[row] >= LEAST_RANK]
        best = sorted(confident, key=lambda row: (-ranks[row], row))[:limit]
        return [_found(connection, row, confidence[row]) for row in best]


@lru_cache(maxsize=2)
def _words(store: Path, changed: int) -> Words:
    """The synonyms, stop words and other words of `store`, read again once it was `changed` (a time, nanoseconds)."""
    synonyms: dict[str, list[str]] = defaultdict(list)
    with reading(store) as connection:
        for phrase, word in connection.execute(select(schema.synonym.c.phrase, schema.synonym.c.word)):
            synonyms[word].append(phrase)
        texts = (text for row in connection.exec_driver_sql(_TEXTS) for text in row)
        known = {word for text in texts for word in words_of(text)}
        return Words(synonyms, connection.execute(select(schema.stop_word.c.word)).scalars().all(), known)


def _matches(connection: Connection, terms: Iterable[tuple[str, ...]]) -> tuple[dict[int, float], dict[int, float]]:
    """Rank and confidence of every entry that has one of `terms`, by its row number."""
    kinds = dict(map(tuple, connection.exec_driver_sql(_KINDS).all()))
    score: dict[int, float] = defaultdict(float)
    share: dict[int, float] = defaultdict(float)
    total = 0.0
    for alternatives in terms:
        best: dict[int, float] = {}
        for phrase in alternatives:
            for row, bm25 in connection.exec_driver_sql(_MATCHES, (f'"{phrase}"',)):
                best[row] = max(best.get(row, 0.0), -bm25)
        weight = min(max(math.log((len(kinds) + 1) / (len(best) + 0.5)), LEAST_WEIGHT), MOST_WEIGHT)
        total += weight
        for row, points in best.items():
            score[row] += points
            share[row] += weight
    confidence = {row: share[row] / total for row in score}
    return {row: score[row] * PREFERENCE[kinds[row]] * math.sqrt(confidence[row]) for row in score}, confidence


def _found(connection: Connection, row: int, confidence: float) -> Found:
    key, title, statements = connection.exec_driver_sql(_ENTRY, (row,)).one()
    return Found(key, title, confidence, tuple(json.loads(statements)))
