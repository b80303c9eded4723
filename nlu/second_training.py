"""Training of the second reader, and where its weights are kept."""

from __future__ import annotations

import hashlib
import json
import os
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from nlu.rules import Rules
from nlu.second_reader import DEFICIT, INTACT, RESTATES, Features, Output, SecondReader, passages, words_of
from nlu.text import read_text
from storage.built import check, is_recorded, record

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
TOLERANCE = 0.3
"""Of the regressions: leaves the probabilities within 0.03 of the solution's, in the mean within 0.0001."""
JOBS_AT_ONCE = 4
"""Outputs handed to a process together, so that the passages they share are handed over once."""

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

    Raises ValueError if there is no example, or a line of one cannot be read, and storage.built.NotAsBuilt if the
    weights are not those that were trained here.
    """
    path = weights_file(rules, examples, built)
    if not is_recorded(path):
        _save(path, **_train(rules, examples))
    check(path, built, "make train")
    with np.load(path, allow_pickle=False) as data:
        names = bytes(data["features"]).decode("utf-8").split("\n")
        rows = {name: i for i, name in enumerate(names)}
        outputs = [(str(fact), str(value)) for fact, value in data["outputs"]]
        return SecondReader(Features(rules.classes), rows, data["weights"], data["bias"], outputs)


def weights_file(rules: Rules, examples: Path = EXAMPLES, built: Path = BUILT) -> Path:
    """Where the weights are kept that these `rules` and `examples` give, recorded (storage.built) once they are."""
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


def _train(rules: Rules, folder: Path) -> dict[str, Any]:
    examples = read_examples(folder)
    if not examples:
        raise ValueError(f"No example in {folder}; it needs .jsonl files with lines of text and flag or facts")
    found = [(words, example) for example in examples for words in _passages(example, rules)]
    names, seen = _seen([words for words, _ in found], Features(rules.classes))
    outputs = _outputs(examples)
    labels = np.array([[example.of(output) for _, example in found] for output in outputs], np.float32)
    with ProcessPoolExecutor(max_workers=2) as pool:
        learned = list(pool.map(_fit, _jobs(seen, labels), chunksize=JOBS_AT_ONCE))
    weights = np.array([weights for weights, _ in learned], np.float32).T
    kept = np.flatnonzero(np.abs(weights).max(axis=1) >= LEAST_WEIGHT)
    return {
        "features": np.frombuffer("\n".join(names[i] for i in kept).encode("utf-8"), np.uint8),
        "outputs": np.array(outputs),
        "weights": weights[kept],
        "bias": np.array([bias for _, bias in learned], np.float32),
    }


def _passages(example: Example, rules: Rules) -> Iterator[list[str]]:
    """The words of the whole text; and where no deficit is stated, there is none in any part of it either."""
    text = read_text(example.text, rules.spelling)
    parts = {(0, len(text.tokens))}
    if example.states.get(DEFICIT) is False:
        parts |= set(passages(text))
    for start, end in sorted(parts):
        yield words_of(text, start, end)


@dataclass(frozen=True)
class _Seen:
    """Which features (columns) stand in which passages (rows): `present` is 1 where one does.

    `worth` is what each of its features counts in a passage: the less, the more there are.
    """

    present: csr_matrix
    worth: npt.NDArray[np.float64]


def _seen(found: Iterable[list[str]], features: Features) -> tuple[list[str], _Seen]:
    """The names of the features that are not too rare, and where they stand."""
    numbers: defaultdict[str, int] = defaultdict(lambda: len(numbers))
    # Sorted, so that features have the same numbers every time.
    of_word = cache(lambda word: array("i", (numbers[name] for name in sorted(features.characters(word)))))
    columns, ends = array("i"), [0]
    for words in found:
        columns.extend(numbers[name] for name in features.sequences(words))
        for word in dict.fromkeys(words):
            columns.extend(of_word(word))
        ends.append(len(columns))
    present = csr_matrix((np.ones(len(columns), np.int8), columns, ends), (len(ends) - 1, len(numbers)))
    present.sum_duplicates()
    present.data[:] = 1
    common = np.flatnonzero(np.bincount(present.indices) >= RAREST)
    names = list(numbers)
    return [names[i] for i in common], _Seen(present[:, common], np.diff(ends) ** -0.5)


def _outputs(examples: Iterable[Example]) -> list[Output]:
    counts: dict[Output, int] = {}
    for example in examples:
        for output, stated in example.states.items():
            counts[output] = counts.get(output, 0) + stated
    return sorted(output for output, count in counts.items() if count >= FEWEST)


@dataclass(frozen=True)
class _Merged:
    """Features that stand in the same passages as one: the regressions give each of them the same weight, and
    give it as fast as if there were only one.

    `times` says of the columns of `seen` how many features each stands for, `column` of each feature where it is.
    """

    seen: _Seen
    times: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]


def _merged(seen: _Seen, rows: npt.NDArray[np.bool_]) -> _Merged:
    present = seen.present[rows]
    marks = np.random.default_rng(0).integers(1 << 62, size=present.shape[0])
    sums = present.T @ marks  # the same for features that stand in the same passages
    _, first, column, times = np.unique(sums, return_index=True, return_inverse=True, return_counts=True)
    present = present[:, first]
    present.sort_indices()  # neighbors in memory are faster to go through
    return _Merged(_Seen(present, seen.worth[rows]), times, column)


_Job = tuple[_Merged, npt.NDArray[np.bool_]]


def _jobs(seen: _Seen, labels: npt.NDArray[np.float32]) -> Iterator[_Job]:
    """For each output (row of `labels`) the passages of which is known whether they state it, and which of them do."""
    merged: dict[bytes, _Merged] = {}
    for of_output in labels:
        known = ~np.isnan(of_output)
        if (key := known.tobytes()) not in merged:
            merged[key] = _merged(seen, known)
        yield merged[key], of_output[known] == 1


def _fit(job: _Job) -> tuple[npt.NDArray[np.float64], float]:
    """Weights and bias of an output: the mean of a regression over the features and of one over the features
    scaled by their naive Bayes log-count ratio (Wang and Manning 2012, "Baselines and Bigrams"). The second
    trusts single words that give a fact away, the first the words around them; together they carry over best
    to other authors.
    """
    merged, stated = job
    ratio = _log_count_ratio(merged, stated)
    features = diags(merged.seen.worth) @ merged.seen.present
    # n equal features of weight w cost n w², and so does one of n½ times their size with the weight n½ w.
    size = np.sqrt(merged.times)
    plain, plain_bias = _regression(features @ diags(size), stated, STRENGTH)
    scaled, scaled_bias = _regression(features @ diags(size * ratio), stated, SCALED_STRENGTH)
    return ((plain + scaled * ratio) / size / 2)[merged.column], (plain_bias + scaled_bias) / 2


def _log_count_ratio(merged: _Merged, stated: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Of each column, how much more often it stands in passages that state the output than in others (log)."""
    counts = [SMOOTHING + merged.seen.present.T @ side.astype(np.int32) for side in (stated, ~stated)]
    shares = [np.log(count / (count @ merged.times)) for count in counts]
    return np.asarray(shares[0] - shares[1])


def _regression(features: Any, stated: npt.NDArray[np.bool_], strength: float) -> tuple[npt.NDArray[np.float64], float]:
    model = LogisticRegression(C=strength, solver="liblinear", dual=True, tol=TOLERANCE, max_iter=1000, random_state=0)
    model.fit(features, stated)
    return model.coef_[0], float(model.intercept_[0])


def _save(path: Path, **arrays: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        np.savez(file, **arrays)
    record(path, draft)
