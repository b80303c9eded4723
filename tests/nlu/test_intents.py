"""The classifier of intents: what it learns carries over to other forms of words, and is the same after it was kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.intents import IntentClassifier
from nlu.rules import load_rules

EXAMPLES = [
    ("how long does radiation take to work", "ask_knowledge"),
    ("how fast does cement help the pain", "ask_knowledge"),
    ("does radiation work for pain", "ask_knowledge"),
    ("why this variant and no other", "ask_why"),
    ("why did you pick that variant", "ask_why"),
    ("what makes it this variant", "ask_why"),
    ("and if her foot were weak?", "what_if"),
    ("what if the foot got weak?", "what_if"),
    ("suppose his leg were weak?", "what_if"),
]


@pytest.fixture(scope="module")
def classifier() -> IntentClassifier:
    """Trained on a few examples."""
    return IntentClassifier.trained(EXAMPLES, load_rules())


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how long till RT works", "ask_knowledge"),
        ("y this varaint", "ask_why"),
        ("and if her thigh were weak?", "what_if"),
    ],
)
def test_other_forms_of_words_are_understood(classifier: IntentClassifier, text: str, intent: str) -> None:
    """An abbreviation, a misspelling and another word of the same class are read as those of the examples."""
    assert classifier.ranking(text)[0][0] == intent


def test_a_ranking_is_of_all_intents_and_sums_to_one(classifier: IntentClassifier) -> None:
    """Also of a message without a known word."""
    for text in ("why", "zzz", "?"):
        ranking = classifier.ranking(text)
        assert {intent for intent, _ in ranking} == {intent for _, intent in EXAMPLES}
        assert sum(chance for _, chance in ranking) == pytest.approx(1)
        assert [chance for _, chance in ranking] == sorted((chance for _, chance in ranking), reverse=True)


def test_what_was_kept_ranks_alike_and_holds_no_code(classifier: IntentClassifier, tmp_path: Path) -> None:
    """A classifier that was kept and loaded is as sure of everything; its file can be read without unpickling."""
    path = tmp_path / "kept.npz"
    classifier.save(path)
    with np.load(path, allow_pickle=False) as data:
        assert all(data[name].dtype != object for name in data.files)
    loaded = IntentClassifier.load(path, load_rules())
    for text, _ in EXAMPLES:
        assert dict(loaded.ranking(text)) == pytest.approx(dict(classifier.ranking(text)), abs=1e-4)


def test_training_again_gives_the_same(classifier: IntentClassifier) -> None:
    """The same examples make the same classifier."""
    again = IntentClassifier.trained(EXAMPLES, load_rules())
    assert again.ranking("why cement") == classifier.ranking("why cement")


def test_one_intent_alone_is_refused() -> None:
    """There is nothing to tell apart, and the message says so."""
    with pytest.raises(ValueError, match="fewer than two intents"):
        IntentClassifier.trained([example for example in EXAMPLES if example[1] == "ask_why"], load_rules())
