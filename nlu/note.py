"""A message as read: its text and findings, with the questions that fact readers ask of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nlu.findings import FAMILY, HISTORICAL, HYPOTHETICAL, NEGATED, POSSIBLE, Finding
from nlu.text import Text


@dataclass(frozen=True)
class FactMention:
    """A fact of the case read from a message.

    `value` is None where the words only raise the possibility. `start` and `end` are character offsets
    of `words` in the message; `assertion` is that of the deciding finding, `rule` names its file and line.
    `score` is the probability that the learned reader gives to what it alone has read.
    `doubted` says that the two readers do not agree on it.
    """

    fact: str
    value: str | None
    start: int
    end: int
    words: str
    assertion: str
    rule: str
    score: float | None = field(default=None, compare=False)
    doubted: bool = False


class Note:
    """The findings of one message, by label."""

    def __init__(self, text: Text, findings: Iterable[Finding]) -> None:
        self.text = text
        self.findings = tuple(findings)
        self._by_label: dict[str, list[Finding]] = {}
        for finding in sorted(self.findings, key=_position):
            self._by_label.setdefault(finding.label, []).append(finding)

    def all(self, *labels: str) -> list[Finding]:
        """Findings of the labels, by position."""
        found = [findings for label in labels if (findings := self._by_label.get(label))]
        # Asked for hundreds of times a message, mostly in vain or for one label, which is in order already.
        if len(found) <= 1:
            return list(found[0]) if found else []
        return sorted((finding for findings in found for finding in findings), key=_position)

    def own(self, *labels: str) -> list[Finding]:
        """Findings that are the patient's and real: not somebody else's, not merely imagined."""
        return [finding for finding in self.all(*labels) if not finding.modifiers & {FAMILY, HYPOTHETICAL}]

    def affirmed(self, *labels: str) -> list[Finding]:
        """Findings of the patient that are said to be there, now or in the past."""
        return [finding for finding in self.own(*labels) if not finding.modifiers & {NEGATED, POSSIBLE}]

    def current(self, *labels: str) -> list[Finding]:
        """Affirmed findings that are not of the past."""
        return [finding for finding in self.affirmed(*labels) if HISTORICAL not in finding.modifiers]

    def negated(self, *labels: str) -> list[Finding]:
        """Findings of the patient that are denied."""
        return [finding for finding in self.own(*labels) if NEGATED in finding.modifiers]

    def apart_from(self, findings: list[Finding], *labels: str) -> list[Finding]:
        """Those of `findings` that no finding of the labels overlaps."""
        others = self.all(*labels)
        return [f for f in findings if not any(overlap(f, other) for other in others)]

    def words(self, start: int, end: int) -> str:
        """The characters of the tokens from `start` up to `end`."""
        first, last = self.text.span(start, end)
        return self.text.raw[first:last]

    def norms(self, start: int, end: int) -> set[str]:
        """The normal words of the tokens from `start` up to `end`, those of several words taken apart."""
        return {word for token in self.text.tokens[start:end] for word in token.norm.split()}

    def mention(self, fact: str, value: str | None, finding: Finding) -> FactMention:
        """A fact read from `finding`."""
        first = finding.start
        # A "n't" is quoted with the word that it is part of.
        while first and self.text.tokens[first].kind == "not":
            first -= 1
        start, end = self.text.span(first, finding.end)
        rule = f"{finding.phrase.file}:{finding.phrase.line}"
        return FactMention(fact, value, start, end, self.text.raw[start:end], finding.assertion, rule)


def code_place() -> str:
    """File and line of the caller: the rule behind a fact that code reads and no rule file."""
    caller = sys._getframe(1)
    return f"{Path(caller.f_code.co_filename).name}:{caller.f_lineno}"


def _position(finding: Finding) -> tuple[int, int]:
    return finding.start, finding.end


def overlap(one: Finding, other: Finding) -> bool:
    """Whether two findings share a token."""
    return one.start < other.end and other.start < one.end


def distance(one: Finding, other: Finding) -> int:
    """The number of tokens between two findings, 0 if they touch or overlap."""
    return max(one.start - other.end, other.start - one.end, 0)


def within(inner: Finding, outer: Finding) -> bool:
    """Whether `inner` lies inside `outer`."""
    return outer.start <= inner.start and inner.end <= outer.end


def latest(findings: Iterable[Finding]) -> Finding | None:
    """The finding that stands last in the text."""
    return max(findings, key=lambda finding: (finding.end, finding.start), default=None)


def longest(findings: Iterable[Finding]) -> Finding | None:
    """The finding with most words; the first of equals."""
    return max(findings, key=lambda finding: finding.end - finding.start, default=None)
