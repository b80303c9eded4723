"""Examples that teach the classifier two things at once, or one thing twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from content.check.problem import Problem
from content.check.project import EXAMPLES, RULES, Project
from content.check.uses import examples_by_intent
from nlu.rule_files import RuleFiles
from nlu.spelling import Spelling

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[+§#/]")
Place = tuple[str, int]


def spelling(project: Project) -> Spelling:
    """The normal forms of words that nlu/rules/spelling.yml gives."""
    return RuleFiles({project.root / path: document.data for path, document in project.documents(RULES)}).spelling()


def normal(text: str, words: Spelling) -> str:
    """The text without case, punctuation and differences of spelling."""
    return " ".join(words.plain(word) for word in WORD.findall(text.casefold()))


def examples_of_two_intents(project: Project) -> Iterator[Problem]:
    """Examples that stand under two intents."""
    seen: dict[str, tuple[str, Place, str]] = {}
    words = spelling(project)
    for intent, examples in examples_by_intent(project).items():
        for path, line, text in examples:
            same = normal(text, words)
            other, place, before = seen.setdefault(same, (intent, (path, line), text))
            if other != intent:
                spelled = "" if text == before else f" as {before!r}"
                what = f"{text!r} is an example of {intent}, and in {place[0]}:{place[1]}{spelled} of {other}"
                yield Problem(path, line, what, "keep it where it belongs, and remove the other")


def repeated_examples(project: Project) -> Iterator[Problem]:
    """Examples that stand twice under one intent, letter by letter but for case and punctuation."""
    for intent, examples in examples_by_intent(project).items():
        seen: dict[str, Place] = {}
        for path, line, text in examples:
            same = " ".join(WORD.findall(text.casefold()))
            place = seen.setdefault(same, (path, line))
            if place != (path, line):
                what = f"{text!r} is an example of {intent} already, in {place[0]}:{place[1]}"
                yield Problem(path, line, what, "remove one of them")


def contradicting_labels(project: Project) -> Iterator[Problem]:
    """Texts in nlu/examples of which two lines say opposite things."""
    seen: dict[tuple[str, str], tuple[Place, Any]] = {}
    for path in project.paths(EXAMPLES):
        for number, line in enumerate((project.root / path).read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            example = json.loads(line)
            text = " ".join(example["text"].casefold().split())
            judged = {key: example[key] for key in ("flag", "restates") if key in example}
            for key, value in {**judged, **example.get("facts", {})}.items():
                place, before = seen.setdefault((text, key), ((path, number), value))
                if before != value:
                    other = f"{before!r} in {place[0]}:{place[1]}"
                    what = f"the same text has {key} {value!r} here and {other}"
                    yield Problem(path, number, what, "decide which is right, and correct or remove the other")
