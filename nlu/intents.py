"""What a message wants, as far as its words tell: a classifier of intents.

A logistic regression for each intent over the words of a message in their usual spelling, single and in pairs; over
the classes of words that play the same part in clinical text ("leg", "foot"), so that what is learned of one holds for
all; and over parts of words, which carry over to forms that no example has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
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


@dataclass(frozen=True)
class Features:
    """What the classifier sees in a message: what its vectorizers count in its words and in their classes."""

    rules: Rules
    words: TfidfVectorizer
    parts: TfidfVectorizer
    classes: TfidfVectorizer

    @classmethod
    def of_nothing(cls, rules: Rules) -> Features:
        """Features whose vectorizers have learned nothing yet."""
        common: dict[str, Any] = {"lowercase": False, "sublinear_tf": True, "min_df": RAREST}
        return cls(
            rules,
            words=TfidfVectorizer(token_pattern=WORD, ngram_range=(1, 2), **common),
            parts=TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **common),
            classes=TfidfVectorizer(token_pattern=WORD, ngram_range=(1, 2), **common),
        )

    @classmethod
    def learned(cls, texts: Sequence[str], rules: Rules) -> Features:
        """The features that stand in `texts`. Raises ValueError if there are none."""
        features = cls.of_nothing(rules)
        words, classes = features._seen(texts)
        for vectorizer, seen in ((features.words, words), (features.parts, words), (features.classes, classes)):
            vectorizer.fit(seen)
        return features

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """The features of each text, one text a row."""
        words, classes = self._seen(texts)
        return hstack(
            [self.words.transform(words), self.parts.transform(words), self.classes.transform(classes)], "csr"
        )

    def tokens(self, text: str) -> list[str]:
        """The words of a text as they stand in it."""
        return [token.text for token in read_text(text, self.rules.spelling).tokens]

    def _seen(self, texts: Sequence[str]) -> tuple[list[str], list[str]]:
        """Of each text its words in their usual spelling, and their classes."""
        read = [[token.norm for token in read_text(text, self.rules.spelling).tokens] for text in texts]
        classes = self.rules.classes
        return [" ".join(words) for words in read], [
            " ".join(classes.get(word, word) for word in words) for words in read
        ]

    @property
    def vectorizers(self) -> Mapping[str, TfidfVectorizer]:
        """The vectorizers by name."""
        return {"words": self.words, "parts": self.parts, "classes": self.classes}


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
    return Weights(tuple(names), np.array([weights for weights, _ in found]).T, np.array([bias for _, bias in found]))


def _regression(features: csr_matrix, positive: npt.NDArray[np.bool_]) -> tuple[Numbers, float]:
    model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0).fit(features, positive)
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
        for name, vectorizer in self.features.vectorizers.items():
            yield f"{name}_names", _packed(vectorizer.get_feature_names_out())
            yield f"{name}_idf", vectorizer.idf_

    @classmethod
    def load(cls, path: Path, rules: Rules) -> IntentClassifier:
        """What `save` kept, to be used with the `rules` that it was learned with."""
        features = Features.of_nothing(rules)
        with np.load(path, allow_pickle=False) as data:
            for name, vectorizer in features.vectorizers.items():
                names = _unpacked(data[f"{name}_names"])
                vectorizer.set_params(vocabulary={feature: place for place, feature in enumerate(names)})
                vectorizer.idf_ = data[f"{name}_idf"]
            weights = Weights(tuple(_unpacked(data["intents"])), data["weights"].astype(np.float64), data["bias"])
        return cls(features, weights)


def _packed(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(BREAK.join(names).encode("utf-8"), np.uint8)


def _unpacked(packed: npt.NDArray[np.uint8]) -> list[str]:
    return bytes(packed).decode("utf-8").split(BREAK)
