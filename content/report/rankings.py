"""The judgments of the classifier in the order in which content staff look at them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from content.report.confusions import Confusions, Example, Mistake

MOST_TAKEN_FOR = 3


@dataclass(frozen=True)
class IntentRow:
    """How the examples of an intent are read; `taken_for` are the intents they are mostly mistaken for."""

    intent: str
    messages: int
    percent: int
    asked_back: int
    taken_for: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Pair:
    """The examples of one intent that are read as another, the surest first."""

    meant: str
    read_as: str
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class Magnet:
    """An example that is among the strongest reasons for so many mistakes, and the intents it draws from."""

    example: Example
    mistakes: int
    away_from: tuple[str, ...]


def intent_rows(found: Confusions) -> list[IntentRow]:
    """The intents, worst first."""
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    for mistake in found.mistakes:
        taken[mistake.example.intent][mistake.read_as] += 1
    matrix = found.examples
    return sorted(
        (
            IntentRow(
                intent,
                messages := matrix.messages(intent),
                round(100 * matrix.right(intent) / messages),
                matrix.asked_back(intent),
                tuple(taken[intent].most_common(MOST_TAKEN_FOR)),
            )
            for intent in matrix.intents
            if matrix.messages(intent)
        ),
        key=lambda row: row.percent,
    )


def pairs(found: Confusions) -> list[Pair]:
    """The pairs of intents that are mixed up, most often first."""
    grouped: dict[tuple[str, str], list[Mistake]] = defaultdict(list)
    for mistake in found.mistakes:
        grouped[mistake.example.intent, mistake.read_as].append(mistake)
    return [
        Pair(meant, read_as, tuple(sorted(mistakes, key=lambda mistake: -mistake.confidence)))
        for (meant, read_as), mistakes in sorted(grouped.items(), key=lambda item: -len(item[1]))
    ]


def magnets(found: Confusions) -> list[Magnet]:
    """The examples that draw other messages to their intent, those first that weigh most in all mistakes together."""
    drawn: dict[Example, Counter[str]] = defaultdict(Counter)
    weight: dict[Example, float] = defaultdict(float)
    for mistake in found.mistakes:
        for pull in mistake.pulls:
            drawn[pull.example][mistake.example.intent] += 1
            weight[pull.example] += pull.share
    return [
        Magnet(example, intents.total(), tuple(intent for intent, _ in intents.most_common(MOST_TAKEN_FOR)))
        for example, intents in sorted(drawn.items(), key=lambda item: -weight[item[0]])
    ]


def marked(mistake: Mistake) -> Iterator[tuple[str, bool]]:
    """The text of a mistake in pieces, each with whether it is one of the words that mislead."""
    misleading = [re.escape(word) for word in sorted(mistake.words, key=len, reverse=True)]
    pattern = rf"(?<!\w)({'|'.join(misleading)})(?!\w)" if misleading else r"(?!)()"
    for number, piece in enumerate(re.split(pattern, mistake.example.text)):
        if piece:
            yield piece, number % 2 == 1
