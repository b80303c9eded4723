"""What a message wants, as far as its words tell: a classifier of intents.

A logistic regression for each intent over the words of a message in their usual spelling, single and in pairs; over
the classes of words that play the same part in clinical text ("leg", "foot"), so that what is learned of one holds for
all; and over parts of words, which carry over to forms that no example has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.rules import Rules
from nlu.text import read_text

WORD = r"(?u)\b\w+\b|\?"
"""A question mark counts as a word."""
RAREST = 2
"""Examples that a feature must stand in to be learned."""
STRENGTH = 50.0
"""Inverse regularization: weak, because single words tell intents apart."""
BREAK = "\0"
Numbers = npt.NDArray[np.float64]


class Terms:
    """What is counted in one view of a message: terms, each weighted by how rare it is (tf-idf, of length one)."""

    def __init__(self, **how: Any) -> None:
        """`how` is what scikit-learn's TfidfVectorizer takes."""
        self._vectorizer = TfidfVectorizer(lowercase=False, sublinear_tf=True, min_df=RAREST, **how)
        self._terms_of: Callable[[str], list[str]] = self._vectorizer.build_analyzer()
        self.names: tuple[str, ...] = ()
        self.rarity: Numbers = np.zeros(0)
        self._places: dict[str, int] = {}

    def learn(self, seen: Sequence[str]) -> None:
        """Learn the terms that stand in the messages `seen`, and how rare they are. Raises ValueError if none do."""
        self._vectorizer.fit(seen)
        self.know(self._vectorizer.get_feature_names_out(), self._vectorizer.idf_)

    def know(self, names: Sequence[str], rarity: Numbers) -> None:
        """Take over what was learned."""
        self.names, self.rarity = tuple(names), rarity
        self._places = {name: place for place, name in enumerate(self.names)}

    def of(self, seen: str) -> tuple[npt.NDArray[np.int64], Numbers]:
        """The places and weights of the terms of one message; scikit-learn's own way is made for thousands."""
        counts = Counter(place for term in self._terms_of(seen) if (place := self._places.get(term)) is not None)
        places = np.fromiter(counts, np.int64, len(counts))
        weights = (1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))) * self.rarity[places]
        return places, weights / max(float(np.linalg.norm(weights)), 1e-12)


class Features:
    """What the classifier sees in a message: terms of its words and of their classes."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.views = {
            "words": Terms(token_pattern=WORD, ngram_range=(1, 2)),
            "parts": Terms(analyzer="char_wb", ngram_range=(2, 5)),
            "classes": Terms(token_pattern=WORD, ngram_range=(1, 2)),
        }

    @classmethod
    def learned(cls, texts: Sequence[str], rules: Rules) -> Features:
        """The features that stand in `texts`. Raises ValueError if there are none."""
        features = cls(rules)
        for terms, seen in zip(features.views.values(), zip(*map(features._seen, texts), strict=True), strict=True):
            terms.learn(seen)
        return features

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """The features of each text, one text a row."""
        ends, places, weights = [0], [], []
        for text in texts:
            before = 0
            for terms, seen in zip(self.views.values(), self._seen(text), strict=True):
                at, found = terms.of(seen)
                places.append(at + before)
                weights.append(found)
                before += len(terms.names)
            ends.append(ends[-1] + sum(len(part) for part in places[-len(self.views) :]))
        size = sum(len(terms.names) for terms in self.views.values())
        return csr_matrix((np.concatenate(weights), np.concatenate(places), ends), shape=(len(texts), size))

    def tokens(self, text: str) -> list[str]:
        """The words of a text as they stand in it."""
        return [token.text for token in read_text(text, self._rules.spelling).tokens]

    def _seen(self, text: str) -> tuple[str, str, str]:
        """The views of a text: its words in their usual spelling, the same for their parts, and their classes."""
        words = [token.norm for token in read_text(text, self._rules.spelling).tokens]
        classes = self._rules.classes
        spelled = " ".join(words)
        return spelled, spelled, " ".join(classes.get(word, word) for word in words)


@dataclass(frozen=True)
class Weights:
    """What was learned: a weight for each feature and intent (features by intents), and a bias for each intent."""

    intents: tuple[str, ...]
    weights: Numbers
    bias: Numbers

    def chances(self, features: csr_matrix) -> Numbers:
        """How likely each intent is in each row of features (rows by intents); a row sums to one."""
        single = self.single(features)
        return np.asarray(single / single.sum(axis=1, keepdims=True))

    def single(self, features: csr_matrix) -> Numbers:
        """How likely each intent is by itself, whatever the others are."""
        return np.asarray(1 / (1 + np.exp(-(features @ self.weights + self.bias))))


def learned(features: csr_matrix, intents: Sequence[str]) -> Weights:
    """Weights learned from examples of the `intents`, one a row of `features`.

    Raises ValueError if all examples are of one intent.
    """
    meant = np.array(intents)
    names = sorted(set(intents))
    if len(names) < 2:
        raise ValueError("There are examples of fewer than two intents; a classifier needs something to tell apart")
    found = [_regression(features, meant == name) for name in names]
    # In the order of memory that a product takes it in; otherwise each message would copy all of it first.
    weights = np.ascontiguousarray(np.array([weights for weights, _ in found]).T)
    return Weights(tuple(names), weights, np.array([bias for _, bias in found]))


def _regression(features: csr_matrix, positive: npt.NDArray[np.bool_]) -> tuple[Numbers, float]:
    # By examples, of which there are far fewer than features; a finer tolerance changes no intent.
    model = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, tol=0.1, random_state=0)
    model.fit(features, positive)
    return model.coef_[0], float(model.intercept_[0])


@dataclass(frozen=True)
class IntentClassifier:
    """Ranks the intents of a message."""

    features: Features
    weights: Weights

    @classmethod
    def trained(cls, examples: Sequence[tuple[str, str]], rules: Rules) -> IntentClassifier:
        """A classifier that learned from texts with their intents. Raises ValueError if there are too few."""
        texts = [text for text, _ in examples]
        features = Features.learned(texts, rules)
        return cls(features, learned(features.of(texts), [intent for _, intent in examples]))

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """The intents with how likely each is, likeliest first."""
        chances = self.weights.chances(self.features.of([text]))[0]
        return [(self.weights.intents[i], float(chances[i])) for i in np.argsort(-chances, kind="stable")]

    def save(self, path: Path) -> None:
        """Keep what was learned in `path` (.npz), as numbers and text: reading it runs no code."""
        np.savez(
            path,
            intents=_packed(self.weights.intents),
            weights=self.weights.weights.astype(np.float32),
            bias=self.weights.bias,
            **dict(self._counted()),
        )

    def _counted(self) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        for name, terms in self.features.views.items():
            yield f"{name}_names", _packed(terms.names)
            yield f"{name}_rarity", terms.rarity

    @classmethod
    def load(cls, path: Path, rules: Rules) -> IntentClassifier:
        """What `save` kept, to be used with the `rules` that it was learned with."""
        features = Features(rules)
        with np.load(path, allow_pickle=False) as data:
            for name, terms in features.views.items():
                terms.know(_unpacked(data[f"{name}_names"]), data[f"{name}_rarity"])
            weights = Weights(tuple(_unpacked(data["intents"])), data["weights"].astype(np.float64), data["bias"])
        return cls(features, weights)


def _packed(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(BREAK.join(names).encode("utf-8"), np.uint8)


def _unpacked(packed: npt.NDArray[np.uint8]) -> list[str]:
    return bytes(packed).decode("utf-8").split(BREAK)
