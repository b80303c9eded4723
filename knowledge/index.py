"""The full-text index of the store: what knowledge questions are answered from, one row an entry."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from knowledge.model import Guideline, Statement
from knowledge.typos import Spellings

TABLE = "search_entry"
KNOWLEDGE, PROTOCOL, STATEMENT = "knowledge", "protocol", "statement"
"""Kinds of entry: a question with its answer, a topic of the imaging protocol, a single statement of an outcome."""

LONGEST_PHRASE = 5
"""Words in the longest phrase that has a synonym; the schema of the content file allows no more."""


@dataclass(frozen=True)
class Entry:
    """One row of the index: what it is found by and the sentences, each with its source, that it answers with."""

    key: str
    kind: str
    title: str
    statements: tuple[Mapping[str, str], ...]
    questions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def write(connection: Connection, guideline: Guideline) -> None:
    """Create the index in the store behind `connection` and fill it from `guideline`."""
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5(key UNINDEXED, kind UNINDEXED, title UNINDEXED, statements UNINDEXED,"
        " questions, topics, answer, tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    words = Words(guideline.synonyms)
    for entry in entries(guideline):
        sentences = [sentence["text"] for sentence in entry.statements]
        connection.exec_driver_sql(
            f"INSERT INTO {TABLE} VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (the name is a constant)
            (
                entry.key,
                entry.kind,
                entry.title,
                json.dumps(entry.statements),
                *(words.indexed(texts) for texts in (entry.questions, entry.topics, sentences)),
            ),
        )


def entries(guideline: Guideline) -> Iterator[Entry]:
    """Everything that a knowledge question can be answered with.

    Statements that hold only under conditions are left out, because without a case nobody can tell whether
    they apply; one that several outcomes share comes once.
    """
    questions: dict[str, list[Mapping[str, str]]] = {}
    about: dict[str, Mapping[str, object]] = {}
    topics: dict[str, list[Mapping[str, str]]] = {}
    for note in guideline.notes:
        sentence = {"text": note.text, "source": note.source}
        if note.group == KNOWLEDGE:
            questions.setdefault(note.key, []).append(sentence)
            about[note.key] = note.data
        elif note.group == PROTOCOL:
            topics.setdefault(str(note.data["topic"]), []).append(sentence)
    for key, sentences in questions.items():
        asked, found_by = _strings(about[key]["questions"]), _strings(about[key]["topics"])
        yield Entry(key, KNOWLEDGE, asked[0], tuple(sentences), asked, found_by)
    for topic, sentences in topics.items():
        yield Entry(f"protocol/{topic}", PROTOCOL, topic, tuple(sentences), topics=(topic,))
    seen: set[str] = set()
    for outcome in guideline.outcomes:
        for number, statement in enumerate(outcome.statements):
            if not statement.when and statement.text not in seen:
                seen.add(statement.text)
                yield _of_statement(f"{outcome.id}/{number}", outcome.summary, statement)


def _of_statement(key: str, title: str, statement: Statement) -> Entry:
    return Entry(key, STATEMENT, title, ({"text": statement.text, "source": statement.source},), topics=(title,))


def _strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()


class Words:
    """Reads text as clinicians' words, each with the other words for the same thing."""

    def __init__(
        self, synonyms: Mapping[str, Sequence[str]], stop_words: Sequence[str] = (), known: Iterable[str] = ()
    ) -> None:
        """`known` are words to which misspelled ones are put right, beside those of `synonyms`."""
        self._word_of = {phrase: word for word, phrases in synonyms.items() for phrase in phrases}
        self._phrases = {*self._word_of, *synonyms}
        self._stop_words = frozenset(stop_words)
        listed = (word for phrase in self._phrases for word in phrase.split())
        self._spellings = Spellings([*listed, *self._stop_words, *known]) if known else Spellings(())

    def indexed(self, texts: Sequence[str]) -> str:
        """What goes into the index for `texts`: their words, each phrase followed by the words it stands under."""
        return " ".join(term for text in texts for terms in self.terms(text) for term in terms)

    def terms(self, text: str, most: int | None = None) -> list[tuple[str, ...]]:
        """The first `most` terms of `text`, without stop words.

        Each is a tuple of alternatives: the phrase as written, then the words it stands under, level by level.
        """
        words = [self._spellings.right(word) for word in words_of(text)]
        found: list[tuple[str, ...]] = []
        start = 0
        while start < len(words) and (most is None or len(found) < most):
            length = next((n for n in range(LONGEST_PHRASE, 1, -1) if self._known(words[start : start + n], n)), 1)
            part = words[start : start + length]
            start += length
            if length > 1 or part[0] not in self._stop_words:
                phrase = " ".join(part)
                found.append(tuple(dict.fromkeys([phrase, *self._general(phrase)])))
        return found

    def _known(self, words: Sequence[str], length: int) -> bool:
        return len(words) == length and self._listed(" ".join(words)) is not None

    def _listed(self, phrase: str) -> str | None:
        return next((form for form in (phrase, phrase.removesuffix("s")) if form in self._phrases), None)

    def _general(self, phrase: str) -> Iterator[str]:
        """The words that `phrase` stands under, the nearest first."""
        known: str | None = self._listed(phrase)
        passed: set[str] = set()
        while known is not None and known not in passed:
            passed.add(known)
            yield known
            known = self._word_of.get(known)


def words_of(text: str) -> list[str]:
    """The words of `text`, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter) and letter not in "'’")
    return re.findall(r"[a-z0-9]+", letters)
