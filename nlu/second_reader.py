"""A learned second reader of neurologic deficits, beside the rules.

Logistic regression over the word and character n-grams of a passage, trained on the sentences in
nlu/examples. It looks for the same thing as the rules in neuro.yml where their words run out: it may
raise an alarm that they did not, and it never silences theirs.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from nlu.rules import Rules
from nlu.text import SENTENCE_END, Text, read_text

EXAMPLES = Path(__file__).parent / "examples"
BUILT = Path(__file__).parent.parent / ".build"
"""Where trained weights are kept, named by the hash of what they were learned from."""

LONGEST_WORDS = 3
CHARACTERS = (3, 4, 5)
STRENGTH = 20.0
"""Inverse regularization; between 10 and 40 nothing changes on unseen text."""


@dataclass(frozen=True)
class SecondReader:
    """Weights of features; `probability` of a passage that it reports a new deficit of the patient."""

    weights: Mapping[str, float]
    bias: float

    def probability(self, words: Iterable[str]) -> float:
        """The probability for a passage given as normal words, between 0 and 1."""
        features = features_of(list(words))
        if not features:
            return 0.0
        total = sum(self.weights.get(feature, 0.0) for feature in features)
        return 1 / (1 + math.exp(-(self.bias + total / math.sqrt(len(features)))))


def passages(text: Text) -> Iterator[tuple[int, int]]:
    """Token ranges to be judged: every sentence, and every two that follow each other."""
    starts = [i for i in range(len(text.tokens)) if i == 0 or text.sentence[i] != text.sentence[i - 1]]
    ends = [*starts[1:], len(text.tokens)]
    for i in range(len(starts)):
        yield starts[i], ends[i]
        if i + 1 < len(starts):
            yield starts[i], ends[i + 1]


def words_of(text: Text, start: int, end: int) -> list[str]:
    """The normal words of the tokens from `start` up to `end`, with sentence ends."""
    words = [SENTENCE_END]
    for i in range(start, end):
        if i > start and text.sentence[i] != text.sentence[i - 1]:
            words.append(SENTENCE_END)
        words += text.tokens[i].norm.split()
    return [*words, SENTENCE_END]


def features_of(words: list[str]) -> set[str]:
    """Word n-grams, and character n-grams within words."""
    features = {" ".join(words[i : i + n]) for n in range(1, LONGEST_WORDS + 1) for i in range(len(words) - n + 1)}
    for word in set(words):
        padded = f"_{word}_"
        features |= {f"~{padded[i : i + n]}" for n in CHARACTERS for i in range(len(padded) - n + 1)}
    return features


def second_reader(rules: Rules, examples: Path = EXAMPLES, built: Path = BUILT) -> SecondReader:
    """The reader trained on the `examples`, from its weights in `built` or, if they are stale, anew.

    Raises ValueError if there is no example.
    """
    weights = weights_file(rules, examples, built)
    if not weights.exists():
        _save(_train(rules, examples), weights)
    data = json.loads(weights.read_text(encoding="utf-8"))
    return SecondReader(data["weights"], data["bias"])


def weights_file(rules: Rules, examples: Path = EXAMPLES, built: Path = BUILT) -> Path:
    """Where the weights are kept that these `rules` and `examples` give; there only once they are trained."""
    return built / f"second-reader-{_version(rules, examples)}.json"


def _version(rules: Rules, examples: Path) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes() + rules.version.encode())
    for path in sorted(examples.glob("*.jsonl")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _examples(folder: Path) -> Iterator[tuple[str, bool]]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            example = json.loads(line)
            yield example["text"], example["flag"]


def _train(rules: Rules, folder: Path) -> SecondReader:
    examples = list(_examples(folder))
    if not examples:
        raise ValueError(f"No example in {folder}; it needs .jsonl files with lines of text and flag")
    features, flags = [], []
    for raw, flag in examples:
        text = read_text(raw, rules.spelling)
        # Where nothing is wrong, nothing is wrong in any passage either; a deficit stands somewhere.
        parts = [(0, len(text.tokens))] if flag else [*passages(text), (0, len(text.tokens))]
        features += [features_of(words_of(text, start, end)) for start, end in parts]
        flags += [flag] * len(parts)
    counts = CountVectorizer(analyzer=lambda found: found, binary=True, min_df=2)
    model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
    make_pipeline(counts, Normalizer(), model).fit(features, flags)
    weights = {name: round(float(model.coef_[0][i]), 4) for name, i in counts.vocabulary_.items()}
    return SecondReader(weights, float(model.intercept_[0]))


def _save(reader: SecondReader, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"bias": reader.bias, "weights": reader.weights}), encoding="utf-8")
    draft.replace(path)
