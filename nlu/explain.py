"""Which rules read a finding: the phrase, the sets that it names, and the context around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlu.findings import Finding
from nlu.phrase_elements import Words
from nlu.phrase_language import SET, Compiler
from nlu.phrases import Phrase
from nlu.reader import RULE, Reading
from nlu.rule_files import RULES, as_texts
from nlu.rules import Rules
from terminal.paths import shown

FACTS = Path(__file__).parent / "facts"


@dataclass(frozen=True)
class Reason:
    """A rule that had a part in a finding: `what` it did, and the phrase with its file and line."""

    what: str
    phrase: Phrase


def reasons(finding: Finding, reading: Reading, rules: Rules) -> Iterator[Reason]:
    """The phrase that found `finding`, the items of sets that matched in it, and what modified it."""
    yield Reason("phrase", finding.phrase)
    words = "".join(f" {token.norm}" for token in reading.text.tokens[finding.start : finding.end]) + " "
    yield from _items(finding.phrase.text, words, rules, frozenset())
    for modifier, phrase in sorted(finding.reasons.items()):
        yield Reason(f"context {modifier.lower()}", phrase)


def _items(phrase: str, words: str, rules: Rules, seen: frozenset[str]) -> Iterator[Reason]:
    """The first item of each set in `phrase` that matches in the normal `words`."""
    for name in dict.fromkeys(SET.findall(phrase)):
        if name in seen:
            continue
        item = next((item for item in rules.sets[name] if _stands_in(item, words, rules)), None)
        if item is not None:
            yield Reason(f"set <{name}>", item)
            yield from _items(item.text, words, rules, seen | {name})


def _stands_in(item: Phrase, words: str, rules: Rules) -> bool:
    element = Compiler(as_texts(rules.sets), rules.spelling.plain).compile(item.text).element
    text = Words(words)
    return any(element.ends(text, at)[:1] > (0,) for at in range(1, len(text.words) - 1))


def place(rule: str) -> str:
    """The path and line of a rule ("cancer.yml:59"), from the current folder, as terminals make it a link."""
    name, _, line = rule.partition(":")
    if rule == RULE:
        return rule
    path = (FACTS if name.endswith(".py") else RULES) / name
    return f"{shown(path)}:{line}" if line else shown(path)
