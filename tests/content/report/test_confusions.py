"""Mistakes of the classifier are traced to the examples that cause them, with the classifier that the assistant has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from content.check.project import CONFIG, ROOT, Project
from content.check.uses import examples_by_intent
from content.report.confusions import Confusions, OtherPipeline, confusions
from content.report.rankings import intent_rows, magnets, marked, pairs
from tests.content.report.conftest import written_examples

Change = Callable[[str, str, str], None]


def line_of(example: str) -> int:
    """The line of an example."""
    return written_examples().splitlines().index(f"    - {example}") + 1


def test_a_misplaced_example_is_named(judged: Confusions) -> None:
    """The example under the wrong intent is the first reason for the mistake that it causes, with file and line."""
    mistake = next(found for found in judged.mistakes if found.example.text == "cheers, <b>mate</b>")
    assert (mistake.example.intent, mistake.read_as) == ("thank", "goodbye")
    assert mistake.pulls[0].example.place == f"data/nlu.yml:{line_of('cheers mate')}"
    assert "cheers" in mistake.words
    assert next(word for word, is_misleading in marked(mistake) if is_misleading) == "cheers"


def test_the_misplaced_example_misleads_most(judged: Confusions) -> None:
    """The lists that staff look at first lead to it."""
    assert "cheers mate" in [magnet.example.text for magnet in magnets(judged)[:3]]
    assert ("thank", "goodbye") in [(pair.meant, pair.read_as) for pair in pairs(judged)]


def test_every_example_is_counted_once(judged: Confusions) -> None:
    """The matrix holds all examples; what it counts as mistakes are the mistakes that are listed."""
    matrix = judged.examples
    assert [matrix.messages(intent) for intent in ("thank", "goodbye", "ask_why")] == [11, 11, 11]
    asked_back = sum(map(matrix.asked_back, matrix.intents))
    assert matrix.all_right + asked_back + len(judged.mistakes) == matrix.total == 33
    worst_first = [row.percent for row in intent_rows(judged)]
    assert worst_first == sorted(worst_first)


def test_held_out_messages_are_only_counted(judged: Confusions) -> None:
    """Nothing that is kept or shown holds a word of them."""
    assert judged.held_out is not None and judged.held_out.total == 2
    assert "secretly" not in str(judged)


def test_it_is_the_classifier_of_the_assistant(tmp_path: Path) -> None:
    """Trained on the same examples, Rasa itself is as sure of every intent of every message."""
    from content.report.classifier import Classifier
    from tests.evaluation.baselines.rasa_run import run_pipeline
    from tests.evaluation.intents import CLASSIFIERS

    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text(written_examples(), encoding="utf-8")
    (tmp_path / CONFIG).write_text((ROOT / CONFIG).read_text(encoding="utf-8"), encoding="utf-8")
    project = Project(tmp_path)
    pairs_of = [(text, intent) for intent, found in examples_by_intent(project).items() for _, _, text in found]
    texts = [text for text, _ in pairs_of]
    classifier = Classifier(project, texts)
    model = classifier.trained(classifier.features(texts), np.array([intent for _, intent in pairs_of]))
    messages = ["Thanks!! 2 of them", "why v3 (not 7)?", "see you, mate", "something else"]
    run = run_pipeline(CLASSIFIERS["the assistant's own"], written_examples(), messages)
    for text, chances in zip(messages, model.chances(classifier.features(messages)), strict=True):
        ranking = {found["name"]: found["confidence"] for found in run.parses[text]["intent_ranking"]}
        assert ranking == pytest.approx(dict(zip(model.intents, chances, strict=True)), abs=1e-3)


def test_another_pipeline_is_not_looked_into(copy: Path, change: Change) -> None:
    """Where the classifier is another one, the report says so instead of showing what is not so."""
    change(CONFIG, "- name: nlu.intent_component.IntentComponent\n", "- name: DIETClassifier\n")
    with pytest.raises(OtherPipeline, match=r"not nlu\.intent_component"):
        confusions(Project(copy), lambda progress: None)
