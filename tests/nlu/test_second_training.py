"""Training of the second reader: what is done for its speed changes nothing of what is learned."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import diags
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.rules import load_rules
from nlu.second_reader import Features, words_of
from nlu.second_training import (
    EXAMPLES,
    RAREST,
    SCALED_STRENGTH,
    SMOOTHING,
    STRENGTH,
    Example,
    read_examples,
    second_reader,
)
from nlu.text import read_text
from service.settings import ROOT

TAUGHT = 600
"""Examples that are learned from here: enough for a dozen outputs."""

LEARN = """
import sys
from pathlib import Path
from nlu.rules import load_rules
from nlu.second_training import second_reader
second_reader(load_rules(), Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with some of the examples that state facts."""
    folder = tmp_path_factory.mktemp("examples")
    lines = (line for path in sorted(EXAMPLES.glob("*.jsonl")) for line in path.open(encoding="utf-8"))
    folder.joinpath("some.jsonl").write_text("".join(islice((line for line in lines if '"facts"' in line), TAUGHT)))
    return folder


def test_what_is_learned_is_what_plain_regressions_learn(examples: Path, tmp_path: Path) -> None:
    """Of every output the probabilities are those of regressions over single features, solved exactly."""
    rules, taught = load_rules(), read_examples(examples)
    reader = second_reader(rules, examples, tmp_path)
    texts = [read_text(example.text, rules.spelling) for example in taught]
    words = [words_of(text, 0, len(text.tokens)) for text in texts]
    found = np.array([reader.probabilities(passage) for passage in words])
    assert len(reader.outputs) > 5
    assert np.abs(found - _exact(words, taught, Features(rules.classes), reader.outputs)).max() < 0.04


def _exact(
    words: list[list[str]], taught: list[Example], features: Features, outputs: tuple[tuple[str, str], ...]
) -> npt.NDArray[np.float64]:
    present = CountVectorizer(analyzer=features.of, min_df=RAREST, binary=True).fit_transform(words)
    counted = diags([len(features.of(passage)) ** -0.5 for passage in words]) @ present
    columns = []
    for output in outputs:
        stated = np.array([bool(example.of(output)) for example in taught])
        counts = [SMOOTHING + np.asarray(present[side].sum(axis=0)).ravel() for side in (stated, ~stated)]
        ratio = np.log(counts[0] / counts[0].sum()) - np.log(counts[1] / counts[1].sum())
        sums = [
            LogisticRegression(C=strength, tol=1e-8, max_iter=1000, solver="liblinear")
            .fit(x, stated)
            .decision_function(x)
            for x, strength in ((counted, STRENGTH), (counted @ diags(ratio), SCALED_STRENGTH))
        ]
        columns.append(1 / (1 + np.exp(-np.mean(sums, axis=0))))
    return np.array(columns).T


def test_the_same_is_learned_every_time(examples: Path, tmp_path: Path) -> None:
    """Two processes that hash words differently write the same weights, so that a version names one reader."""
    folders = [tmp_path / seed for seed in ("1", "2")]
    learners = [
        subprocess.Popen(
            [sys.executable, "-c", LEARN, examples, folder], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": folder.name}
        )
        for folder in folders
    ]
    assert [learner.wait(timeout=120) for learner in learners] == [0, 0]
    first, second = (next(folder.glob("*.npz")).read_bytes() for folder in folders)
    assert first == second
