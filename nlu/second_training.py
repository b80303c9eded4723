"""Training of the second reader, and where its weights are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from nlu.rules import Rules
from nlu.second_reader import DEFICIT, INTACT, RESTATES, Features, Output, SecondReader, passages, words_of
from nlu.text import read_text

EXAMPLES = Path(__file__).parent / "examples"
BUILT = Path(__file__).parent.parent / ".build"
"""Where trained weights are kept, named by the hash of what they were learned from."""

STRENGTH, SCALED_STRENGTH = 40.0, 20.0
"""Inverse regularization of the two regressions: weak, because contrast pairs differ in single words."""
SMOOTHING = 1.0
"""Added to the count of every feature on either side before their ratio is taken."""
RAREST = 2
"""Passages that a feature must stand in to be learned."""
LEAST_WEIGHT = 0.1
"""Weight that a feature needs for some output to be kept; lighter ones change no decision."""
FEWEST = 15
"""Examples that a value needs to be learned."""

NOT_INTACT = frozenset(("hypothetical", "family", "education"))
"""Kinds of flagless examples that say nothing good either."""


@dataclass(frozen=True)
class Example:
    """A passage to learn from; `states` says of an output whether the text states it, if that is known."""

    text: str
    states: Mapping[Output, bool]
    default: bool | None
    """What holds for facts that `states` does not name; None if that is not known."""

    def of(self, output: Output) -> bool | None:
        """Whether the text states `output`; None if that is not known."""
        return self.states.get(output, None if output == RESTATES else self.default)


def second_reader(rules: Rules, examples: Path = EXAMPLES, built: Path = BUILT) -> SecondReader:
    """The reader trained on the `examples`, from its weights in `built` or, if they are stale, anew.

    Raises ValueError if there is no example, or a line of one cannot be read.
    """
    path = weights_file(rules, examples, built)
    if not path.exists():
        _save(path, **_train(rules, examples))
    with np.load(path, allow_pickle=False) as data:
        names = bytes(data["features"]).decode("utf-8").split("\n")
        rows = {name: i for i, name in enumerate(names)}
        outputs = [(str(fact), str(value)) for fact, value in data["outputs"]]
        return SecondReader(Features(rules.classes), rows, data["weights"], data["bias"], outputs)


def weights_file(rules: Rules, examples: Path = EXAMPLES, built: Path = BUILT) -> Path:
    """Where the weights are kept that these `rules` and `examples` give; there only once they are trained."""
    return built / f"second-reader-{_version(rules, examples)}.npz"


def _version(rules: Rules, examples: Path) -> str:
    code = [Path(__file__), Path(__file__).with_name("second_reader.py")]
    digest = hashlib.sha256(rules.learned_from.encode())
    for path in [*code, *sorted(examples.glob("*.jsonl"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def read_examples(folder: Path) -> list[Example]:
    """The examples in the .jsonl files of `folder`. Raises ValueError naming file and line of a bad one."""
    return [
        _example(json.loads(line), f"{path}:{number}")
        for path in sorted(folder.glob("*.jsonl"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip()
    ]


def _example(data: dict[str, Any], place: str) -> Example:
    restates = {RESTATES: bool(data["restates"])} if "restates" in data else {}
    if "facts" in data:
        return Example(data["text"], dict.fromkeys(data["facts"].items(), True) | restates, False)
    if restates:
        return Example(data["text"], restates, None)
    if "flag" not in data:
        raise ValueError(f"{place}: an example needs `facts`, `flag` or `restates` beside its text")
    states = {DEFICIT: bool(data["flag"])}
    if data["flag"] or data.get("class") in NOT_INTACT:
        states[INTACT] = False
    return Example(data["text"], states, None)


@dataclass(frozen=True)
class _Passage:
    features: frozenset[str]
    count: int
    example: Example


def _train(rules: Rules, folder: Path) -> dict[str, Any]:
    examples = read_examples(folder)
    if not examples:
        raise ValueError(f"No example in {folder}; it needs .jsonl files with lines of text and flag or facts")
    features = Features(rules.classes)
    found = [passage for example in examples for passage in _passages(example, rules, features)]
    names = _names(found)
    matrix = _matrix(found, names)
    outputs = _outputs(examples)
    jobs = [(matrix, _labels(found, output)) for output in outputs]
    with ProcessPoolExecutor(max_workers=2) as pool:
        learned = list(pool.map(_fit, jobs))
    weights = np.array([weights for weights, _ in learned], np.float32).T
    kept = np.flatnonzero(np.abs(weights).max(axis=1) >= LEAST_WEIGHT)
    return {
        "features": np.frombuffer("\n".join(names[i] for i in kept).encode("utf-8"), np.uint8),
        "outputs": np.array(outputs),
        "weights": weights[kept],
        "bias": np.array([bias for _, bias in learned], np.float32),
    }


def _passages(example: Example, rules: Rules, features: Features) -> Iterable[_Passage]:
    """The whole text; and where no deficit is stated, there is none in any part of it either."""
    text = read_text(example.text, rules.spelling)
    whole = (0, len(text.tokens))
    parts = {whole}
    if example.states.get(DEFICIT) is False:
        parts |= set(passages(text))
    for start, end in sorted(parts):
        found = features.of(words_of(text, start, end))
        yield _Passage(frozenset(found), len(found), example)


def _names(found: Iterable[_Passage]) -> list[str]:
    counts: dict[str, int] = {}
    for passage in found:
        for feature in passage.features:
            counts[feature] = counts.get(feature, 0) + 1
    return sorted(feature for feature, count in counts.items() if count >= RAREST)


def _matrix(found: list[_Passage], names: list[str]) -> Any:
    rows = {name: i for i, name in enumerate(names)}
    columns = [sorted(rows[feature] for feature in passage.features if feature in rows) for passage in found]
    values = [passage.count**-0.5 for passage in found]
    return csr_matrix(
        (
            np.repeat(values, [len(c) for c in columns]),
            np.concatenate([np.array(c, np.int32) for c in columns]),
            np.cumsum([0, *(len(c) for c in columns)]),
        ),
        shape=(len(found), len(names)),
    )


def _outputs(examples: Iterable[Example]) -> list[Output]:
    counts: dict[Output, int] = {}
    for example in examples:
        for output, stated in example.states.items():
            counts[output] = counts.get(output, 0) + stated
    return sorted(output for output, count in counts.items() if count >= FEWEST)


def _labels(found: Iterable[_Passage], output: Output) -> list[bool | None]:
    return [passage.example.of(output) for passage in found]


def _fit(job: tuple[Any, list[bool | None]]) -> tuple[npt.NDArray[np.float64], float]:
    """Weights and bias of an output: the mean of a regression over the features and of one over the features
    scaled by their naive Bayes log-count ratio (Wang and Manning 2012, "Baselines and Bigrams"). The second
    trusts single words that give a fact away, the first the words around them; together they carry over best
    to other authors.
    """
    matrix, labels = job
    known = [i for i, label in enumerate(labels) if label is not None]
    features, stated = matrix[known], np.array([bool(labels[i]) for i in known])
    ratio = _log_count_ratio(features > 0, stated)
    plain, plain_bias = _regression(features, stated, STRENGTH)
    scaled, scaled_bias = _regression(features @ diags(ratio), stated, SCALED_STRENGTH)
    return (plain + scaled * ratio) / 2, (plain_bias + scaled_bias) / 2


def _log_count_ratio(present: Any, stated: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Of each feature, how much more often it stands in passages that state the output than in others (log)."""
    counts = [SMOOTHING + np.asarray(present[side].sum(axis=0), np.float64).ravel() for side in (stated, ~stated)]
    return np.asarray(np.log(counts[0] / counts[0].sum()) - np.log(counts[1] / counts[1].sum()))


def _regression(features: Any, stated: npt.NDArray[np.bool_], strength: float) -> tuple[npt.NDArray[np.float64], float]:
    model = LogisticRegression(C=strength, max_iter=1000, solver="liblinear").fit(features, stated)
    return model.coef_[0], float(model.intercept_[0])


def _save(path: Path, **arrays: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        np.savez(file, **arrays)
    draft.replace(path)
