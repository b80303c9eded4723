"""A reading as the terminal shows it: the marked text, its facts, and on request the rules behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nlu.explain import place, reasons
from nlu.findings import Finding
from nlu.note import FactMention
from nlu.reader import RULE, Reading
from nlu.rules import Rules
from terminal.color import Paint

NOTHING = "No fact of a case was read."
SHORTEST = 3
"""Characters of words that say something by themselves."""


def shown(reading: Reading, paint: Paint) -> Iterator[str]:
    """The text with what was read marked in it, then a line for each fact."""
    yield marked(reading.text.raw, ((fact.start, fact.end) for fact in reading.facts), paint)
    yield from _facts(reading, paint) if reading.facts else [NOTHING]
    for assertion, words in _denied(reading):
        yield f"  {assertion}, but by itself no fact of a case: {words}"
    for corrected in sorted(reading.corrections):
        yield f"  {corrected} takes back what was told before"
    if reading.restates:
        yield "  The message replaces what was told before."


def _facts(reading: Reading, paint: Paint) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*map(_cells, reading.facts), strict=True)]
    for fact in reading.facts:
        name, value, assertion, words = (cell.ljust(width) for cell, width in zip(_cells(fact), widths, strict=True))
        style = "value" if fact.value else "open"
        yield f"  {name}  {paint(style, value)}  {assertion}  {words}  {paint('place', _by(fact))}"


def _denied(reading: Reading) -> Iterator[tuple[str, str]]:
    """What is denied, doubted or somebody else's in words from which no fact was read, each once.

    A bare "if" or "no" belongs to what it denies and is left out.
    """
    taken = [(fact.start, fact.end) for fact in reading.facts]
    for finding in sorted(reading.findings, key=lambda finding: finding.start - finding.end):
        start, end = reading.text.span(finding.start, finding.end)
        if finding.assertion == "affirmed" or end - start < SHORTEST:
            continue
        if not any(start < last and first < end for first, last in taken):
            taken.append((start, end))
            yield finding.assertion, _quoted(reading.text.raw[start:end])


def explained(reading: Reading, rules: Rules, paint: Paint) -> Iterator[str]:
    """Every finding with the path and line of each rule that had a part in it."""
    yield paint("heading", "Findings and their rules")
    for finding in reading.findings:
        yield f"  {finding.label}  {paint(_style(finding), finding.assertion)}  {_quoted(_words(finding, reading))}"
        for reason in reasons(finding, reading, rules):
            path = place(f"{reason.phrase.file}:{reason.phrase.line}")
            yield f"    {path}  {paint('place', f'{reason.what}: {_shortened(reason.phrase.text)}')}"
    found = {f"{finding.phrase.file}:{finding.phrase.line}" for finding in reading.findings}
    for fact in reading.facts:
        if fact.rule not in found and fact.rule != RULE:
            yield f"  {fact.fact}  {_quoted(fact.words)}"
            yield f"    {place(fact.rule)}"


def marked(text: str, spans: Iterable[tuple[int, int]], paint: Paint) -> str:
    """`text` on one line with its `spans` in brackets; spans that overlap become one."""
    parts, end = [], 0
    for first, last in _joined(spans):
        parts += [text[end:first], paint("mark", f"[{text[first:last]}]")]
        end = last
    return " ".join("".join([*parts, text[end:]]).split())


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _cells(fact: FactMention) -> tuple[str, str, str, str]:
    return fact.fact, fact.value or "(to be asked)", fact.assertion, _quoted(fact.words)


def _by(fact: FactMention) -> str:
    """Who read the fact: a rule by its place, the learned reader by its score."""
    if fact.rule == RULE:
        return f"learned reader, {fact.score:.2f}"
    score = f", {fact.score:.2f}" if fact.score is not None else ""
    doubted = f", doubted by the learned reader{score}" if score or fact.doubted else ""
    return f"{place(fact.rule)}{doubted}"


def _words(finding: Finding, reading: Reading) -> str:
    start, end = reading.text.span(finding.start, finding.end)
    return reading.text.raw[start:end]


def _quoted(words: str) -> str:
    return f"“{_shortened(' '.join(words.split()))}”"


def _shortened(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _style(finding: Finding) -> str:
    return {"affirmed": "value", "negated": "denied"}.get(finding.assertion, "open")
