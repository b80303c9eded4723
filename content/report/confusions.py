"""Which intents the classifier takes for which, and what in the examples makes it do so.

Every example is judged by a classifier that was trained without it. Messages that are held out are only counted.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from content.check.project import Project
from content.check.uses import examples_by_intent

if TYPE_CHECKING:
    from content.report.classifier import Classifier, Thresholds

HELD_OUT = "tests/evaluation/intents.jsonl"
PARTS = 5
"""The examples are judged in so many parts, each by a classifier trained on the others."""
MOST_PULLS = MOST_WORDS = 3
ASKED_BACK = -1

Tell = Callable[[str], None]
Numbers = npt.NDArray[np.float64]


class OtherPipeline(Exception):
    """config.yml has a classifier that this report cannot look into; the message says why."""


@dataclass(frozen=True)
class Example:
    """An example of a message: where it stands, what it says, what it means."""

    path: str
    line: int
    text: str
    intent: str

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Pull:
    """An example of the wrong intent, and its share in the reasons for a mistake."""

    example: Example
    share: float


@dataclass(frozen=True)
class Mistake:
    """An example that is read as another intent: how surely, by which of its words, drawn by which other examples."""

    example: Example
    read_as: str
    confidence: float
    words: tuple[str, ...]
    pulls: tuple[Pull, ...]


@dataclass(frozen=True)
class Matrix:
    """How often each intent (row) is read as each intent (column); the last column counts what is asked back."""

    intents: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def messages(self, intent: str) -> int:
        """How many messages mean `intent`."""
        return sum(self._row(intent))

    def right(self, intent: str) -> int:
        """How many of them are read so."""
        return self._row(intent)[self.intents.index(intent)] if intent in self.intents else 0

    def asked_back(self, intent: str) -> int:
        """How many of them the assistant asks back about."""
        return self._row(intent)[-1] if intent in self.intents else 0

    def _row(self, intent: str) -> tuple[int, ...]:
        return self.counts[self.intents.index(intent)] if intent in self.intents else ()

    @property
    def total(self) -> int:
        """How many messages there are."""
        return sum(map(sum, self.counts))

    @property
    def all_right(self) -> int:
        """How many are read rightly."""
        return sum(map(self.right, self.intents))


@dataclass(frozen=True)
class Confusions:
    """The examples judged one by one, and the held-out messages as a whole (None where there are none)."""

    examples: Matrix
    held_out: Matrix | None
    mistakes: tuple[Mistake, ...]


def confusions(project: Project, tell: Tell) -> Confusions:
    """Judge the examples and the held-out messages of `project`; takes minutes, `tell` hears how it goes on.

    Raises OtherPipeline if the classifier of config.yml cannot be looked into.
    """
    tell("Loading the classifier …")
    from content.report.classifier import Classifier

    examples = [
        Example(path, line, text, intent)
        for intent, found in examples_by_intent(project).items()
        for path, line, text in found
    ]
    texts = [example.text for example in examples]
    tell(f"Looking at {len(texts):,} examples …")
    classifier = Classifier(project, texts)
    return _Judge(classifier, examples, classifier.features(texts), tell).confusions(_held_out(project))


def _held_out(project: Project) -> list[tuple[str, str]]:
    path = project.root / HELD_OUT
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
    return [(data["text"], data["intent"]) for data in map(json.loads, lines)]


class _Judge:
    """The examples as the classifier sees them, and its judgments."""

    def __init__(self, classifier: Classifier, examples: Sequence[Example], features: Any, tell: Tell) -> None:
        self._classifier, self._examples, self._features, self._tell = classifier, examples, features, tell
        self._meant = np.array([example.intent for example in examples])
        self._intents = tuple(dict.fromkeys(self._meant))

    def confusions(self, held_out: Sequence[tuple[str, str]]) -> Confusions:
        """The whole judgment."""
        self._tell(f"Training the classifier, 1 of {PARTS + 1} …")
        model = self._classifier.trained(self._features, self._meant)
        read = [""] * len(self._examples)
        mistakes: list[Mistake] = []
        for number, (learned, judged) in enumerate(self._parts(), start=2):
            self._tell(f"Training the classifier, {number} of {PARTS + 1} …")
            part = self._classifier.trained(self._features[learned], self._meant[learned])
            chances = part.chances(self._features[judged])
            choices = chosen(chances, self._classifier.thresholds)
            for index, choice in zip(judged, choices, strict=True):
                read[index] = part.intents[choice] if choice != ASKED_BACK else ""
            mistakes += self._mistakes(part, learned, judged, chances, choices)
        return Confusions(
            self._matrix(list(zip(self._meant, read, strict=True))),
            self._matrix(self._tried(model, held_out)) if held_out else None,
            tuple(sorted(mistakes, key=lambda mistake: (mistake.example.intent, mistake.read_as, -mistake.confidence))),
        )

    def _parts(self) -> Any:
        from sklearn.model_selection import StratifiedKFold

        with warnings.catch_warnings():
            # An intent with fewer examples than parts is simply not in every part.
            warnings.simplefilter("ignore", UserWarning)
            return list(StratifiedKFold(PARTS, shuffle=True, random_state=0).split(self._features, self._meant))

    def _tried(self, model: Any, messages: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """What each message means and is read as."""
        choices = chosen(
            model.chances(self._classifier.features([text for text, _ in messages])), self._classifier.thresholds
        )
        read = (model.intents[choice] if choice != ASKED_BACK else "" for choice in choices)
        return [(intent, found) for (_, intent), found in zip(messages, read, strict=True)]

    def _matrix(self, judged: Sequence[tuple[str, str]]) -> Matrix:
        intents = tuple(dict.fromkeys([*self._intents, *(meant for meant, _ in judged)]))
        counts = np.zeros((len(intents), len(intents) + 1), dtype=int)
        for meant, read in judged:
            counts[intents.index(meant), intents.index(read) if read else ASKED_BACK] += 1
        return Matrix(intents, tuple(tuple(map(int, row)) for row in counts))

    def _mistakes(
        self, model: Any, learned: Any, judged: Any, chances: Numbers, choices: Sequence[int]
    ) -> list[Mistake]:
        intents = list(model.intents)
        wrong = [
            (row, index, intents.index(self._meant[index]), choice)
            for row, (index, choice) in enumerate(zip(judged, choices, strict=True))
            if choice != ASKED_BACK and self._meant[index] in intents and intents[choice] != self._meant[index]
        ]
        lessons = self._classifier.lessons(model, self._features[learned], self._meant[learned])
        alike = (self._features[[index for _, index, _, _ in wrong]] @ self._features[learned].T).toarray()
        return [
            Mistake(
                self._examples[index],
                intents[choice],
                round(float(chances[row, choice]), 3),
                self._words(model, self._examples[index].text, choice, meant),
                self._pulls((lessons[:, choice] - lessons[:, meant]) * likeness, learned, intents[choice]),
            )
            for (row, index, meant, choice), likeness in zip(wrong, alike, strict=True)
        ]

    def _words(self, model: Any, text: str, choice: int, meant: int) -> tuple[str, ...]:
        """The words that speak most for the wrong intent and against the right one."""
        words, features = self._classifier.words(text)
        weights = features @ (model.weights[:, choice] - model.weights[:, meant])
        heaviest = np.argsort(-weights)[:MOST_WORDS]
        return tuple(words[i] for i in sorted(heaviest) if weights[i] > 0)

    def _pulls(self, strengths: Numbers, learned: Sequence[int], read_as: str) -> tuple[Pull, ...]:
        """The examples of the wrong intent that are the strongest reasons for it."""
        total = strengths[strengths > 0].sum()
        own = np.where(self._meant[learned] == read_as, strengths, 0)
        strongest = [i for i in np.argsort(-own)[:MOST_PULLS] if own[i] > 0]
        return tuple(Pull(self._examples[learned[i]], round(float(own[i] / total), 3)) for i in strongest)


def chosen(chances: Numbers, thresholds: Thresholds) -> list[int]:
    """The number of the intent of each row of chances, or ASKED_BACK."""
    ranked = np.sort(chances, axis=1)
    unsure = (ranked[:, -1] < thresholds.confidence) | (ranked[:, -1] - ranked[:, -2] < thresholds.ambiguity)
    return [int(i) for i in np.where(unsure, ASKED_BACK, chances.argmax(axis=1))]
