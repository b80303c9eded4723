"""A learned second reader of facts, beside the rules.

For every fact and value a logistic regression over the word, word-class and character n-grams of a passage,
trained on the sentences in nlu/examples. It looks for what the rules look for, where their words run out:
it may raise an alarm, a question or a fact that they did not. What they say it changes or doubts only where it
finds that unlikely and another value of the same fact likely, and it never takes an alarm back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from nlu.text import SENTENCE_END, Text

LONGEST_WORDS = 3
LONGEST_CLASSES = 4
CHARACTERS = (3, 4, 5)
_NUMBER = re.compile(r"\d[\d./+\-]*")
_CLAUSE_END = frozenset(",;:()")
SHORTEST_CLAUSE = 2
"""Tokens that a part of a sentence needs to be judged by itself."""

Output = tuple[str, str]
"""A fact's name and one of its values."""

DEFICIT: Output = ("neuro_status", "deficit")
INTACT: Output = ("neuro_status", "intact")
RESTATES: Output = ("message", "restates")
"""No fact: that a message replaces what was told before ("2014 histology is back: benign")."""


@dataclass(frozen=True)
class Judgment:
    """How probable it is that tokens `start` up to `end` state an output."""

    probability: float
    start: int
    end: int


class Features:
    """What of a passage counts: n-grams of its words, of their classes, and of the words' characters.

    `classes` gives words that play the same part one name ("leg", "foot"), so that what is learned of one
    carries over to the others.
    """

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._classes = dict(classes)

    def of(self, words: Sequence[str]) -> list[str]:
        """The features of a passage given as normal words; those that stand twice are given twice."""
        return [*self.sequences(words), *(feature for word in set(words) for feature in self.characters(word))]

    def sequences(self, words: Sequence[str]) -> Iterator[str]:
        """The n-grams of the words and of their classes."""
        classes = [self._class_of(word) for word in words]
        mixed = [name or word for name, word in zip(classes, words, strict=True)]
        yield from _sequences(words, "", 1, LONGEST_WORDS)
        yield from _sequences([name for name in classes if name], "^", 1, LONGEST_CLASSES)
        yield from _sequences(mixed, "%", 2, LONGEST_WORDS)

    @staticmethod
    def characters(word: str) -> frozenset[str]:
        """The n-grams of the characters of a word."""
        padded = f"_{word}_"
        return frozenset(f"~{padded[i : i + n]}" for n in CHARACTERS for i in range(len(padded) - n + 1))

    def _class_of(self, word: str) -> str | None:
        return self._classes.get(word) or ("NUMBER" if _NUMBER.fullmatch(word) else None)


def _sequences(words: Sequence[str], mark: str, shortest: int, longest: int) -> Iterator[str]:
    for n in range(shortest, longest + 1):
        for i in range(len(words) - n + 1):
            yield mark + " ".join(words[i : i + n])


class SecondReader:
    """Judges passages.

    `rows` numbers the features, `weights` has one row a feature and one column an output, `bias` one
    number an output.
    """

    def __init__(
        self,
        features: Features,
        rows: Mapping[str, int],
        weights: npt.NDArray[np.float32],
        bias: npt.NDArray[np.float32],
        outputs: Sequence[Output],
    ) -> None:
        self._features = features
        self._rows = rows
        self._weights = weights
        self._bias = bias
        self.outputs = tuple(outputs)
        self._rows_of_word = lru_cache(maxsize=20_000)(self._characters_of)

    def probabilities(self, words: Sequence[str]) -> npt.NDArray[np.float64]:
        """For a passage of normal words, the probability of each of `outputs`, between 0 and 1."""
        rows: set[int] = set()
        count = 0
        for word in set(words):
            known, features = self._rows_of_word(word)
            rows.update(known)
            count += features
        for feature in self._features.sequences(words):
            count += 1
            if (row := self._rows.get(feature)) is not None:
                rows.add(row)
        # In order: sums of floats depend on it, and a message has to be read the same in every process.
        total = self._weights[sorted(rows)].sum(axis=0) / max(1, count) ** 0.5
        return np.asarray(1 / (1 + np.exp(-(self._bias + total))), dtype=np.float64)

    def _characters_of(self, word: str) -> tuple[tuple[int, ...], int]:
        """The known features of a word's characters, and how many features there are in all."""
        features = self._features.characters(word)
        return tuple(self._rows[feature] for feature in features if feature in self._rows), len(features)

    def judge(self, text: Text, parts: Iterable[tuple[int, int]]) -> dict[Output, Judgment]:
        """For each output that of the `parts` of `text` (token ranges) that states it most probably."""
        places = list(parts)
        if not places:
            return {}
        found = np.stack([self.probabilities(words_of(text, start, end)) for start, end in places])
        highest = found.argmax(axis=0)
        return {
            output: Judgment(float(found[row, column]), *places[row])
            for column, (output, row) in enumerate(zip(self.outputs, highest, strict=True))
        }


NOTHING_LEARNED = SecondReader(Features({}), {}, np.zeros((0, 0), np.float32), np.zeros(0, np.float32), ())
"""A reader without outputs: the rules alone."""


def passages(text: Text) -> Iterator[tuple[int, int]]:
    """Token ranges of every sentence, and of every two that follow each other."""
    starts = [i for i in range(len(text.tokens)) if i == 0 or text.sentence[i] != text.sentence[i - 1]]
    ends = [*starts[1:], len(text.tokens)]
    for i in range(len(starts)):
        yield starts[i], ends[i]
        if i + 1 < len(starts):
            yield starts[i], ends[i + 1]


def clauses(text: Text) -> Iterator[tuple[int, int]]:
    """Token ranges of the parts of sentences that punctuation sets off, where a sentence has several."""
    start = 0
    for i, token in enumerate(text.tokens):
        last = i + 1 == len(text.tokens) or text.sentence[i + 1] != text.sentence[i]
        if not last and token.text not in _CLAUSE_END:
            continue
        end = i + 1 if last else i
        whole = last and (start == 0 or text.sentence[start - 1] != text.sentence[start])
        if end - start >= SHORTEST_CLAUSE and not whole:
            yield start, end
        start = i + 1


def words_of(text: Text, start: int, end: int) -> list[str]:
    """The normal words of the tokens from `start` up to `end`, with sentence ends."""
    words = [SENTENCE_END]
    for i in range(start, end):
        if i > start and text.sentence[i] != text.sentence[i - 1]:
            words.append(SENTENCE_END)
        words += text.tokens[i].norm.split()
    return [*words, SENTENCE_END]
