"""A phrase under a label of nlu/rules, and what it newly finds in the development examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from content.edits import inserted, item_end
from content.new.common import Started
from knowledge.meant import meant
from nlu.rule_files import BadRules, as_texts, read_rule_files
from terminal.questions import Answers, Refused

if TYPE_CHECKING:
    from nlu.rules import Rules

RULES = Path("nlu") / "rules"
EXAMPLES = Path("tests") / "evaluation"
"""Only the development sets: whoever looks at single cases of the others has to replace them."""
SHOWN = 10
NEW = "new"
"""Stands for the file of a phrase that is in none yet."""


def start(answers: Answers, project: Path) -> Started:
    """The phrase at the end of its label's list, if it can be read and stands there nowhere yet."""
    from nlu.rules import load_rules

    with _refusing():
        files = read_rule_files(project / RULES)
    label = answers.one("label", lambda answer: _label(answer, files))
    phrase = answers.one("phrase", lambda answer: _new_phrase(answer, label, files))
    path = _file(answers, label, files)
    with _refusing():
        rules = load_rules(project / RULES)
    found = list(_newly_found(phrase, label, rules, project))
    data = files[path]
    items = data["findings"][label]
    line = item_end(path, items, len(items) - 1)
    indent = " " * (items.lc.item(0)[1] - 2)
    expected = {**data, "findings": {**data["findings"], label: [*items, phrase]}}
    edit = inserted(path, {line: [f"{indent}- {_quoted(phrase)}"]}, expected)
    remarks = [f"{len(found)} development examples have it where {label} was not found before", *found[:SHOWN]]
    remarks += [f"… and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return Started([edit], {}, remarks)


@contextmanager
def _refusing() -> Iterator[None]:
    """Rule files that cannot be read refuse the phrase."""
    try:
        yield
    except BadRules as error:
        raise Refused(str(error)) from None


def _label(answer: str, files: dict[Path, Any]) -> str:
    labels = dict.fromkeys(label for data in files.values() for label in data.get("findings") or ())
    if answer not in labels:
        raise Refused(f"No label is called {answer!r}; {meant(answer, labels)}")
    return answer


def _new_phrase(answer: str, label: str, files: dict[Path, Any]) -> str:
    for path, data in files.items():
        items: Any = (data.get("findings") or {}).get(label) or ()
        if answer in list(items):
            raise Refused(f"{label} has it already: {path}:{items.lc.item(list(items).index(answer))[0] + 1}.")
    return answer


def _file(answers: Answers, label: str, files: dict[Path, Any]) -> Path:
    """The file of the label, asked for where several have it."""
    having = {path.name: path for path, data in files.items() if label in (data.get("findings") or {})}
    if len(having) == 1:
        return next(iter(having.values()))

    def check(answer: str) -> str:
        name = f"{answer.removesuffix('.yml')}.yml"
        if name not in having:
            raise Refused(f"{label} stands in {' and '.join(having)}; name one of them.")
        return name

    return having[answers.one("file", check, default=next(iter(having)))]


def _newly_found(phrase: str, label: str, rules: Rules, project: Path) -> Iterator[str]:
    """Development examples in which `phrase` finds what the label does not find yet, with the words marked."""
    from nlu.phrase_elements import Words
    from nlu.phrase_language import PhraseError
    from nlu.phrases import Phrase, PhraseSet
    from nlu.text import read_text

    try:
        alone = PhraseSet([(label, Phrase(phrase, NEW, 1))], as_texts(rules.sets), rules.spelling.plain)
    except PhraseError as error:
        raise Refused(f"The phrase cannot be read: {str(error).removeprefix(f'{NEW}:1: ')}.") from None
    for place, raw in _examples(project):
        text = read_text(raw, rules.spelling)
        words = Words(text.normal)
        matches = list(alone.find(words))
        if not matches:
            continue
        known = [match for match in rules.findings.find(words) if match.label == label]
        for match in matches:
            if not any(match.start < other.end and other.start < match.end for other in known):
                first, last = text.span(text.token_at(match.start), text.token_at(match.end - 1) + 1)
                yield f"{place}  {_around(raw, first, last)}"
                break


def _examples(project: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((project / EXAMPLES).glob("development*/*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                yield f"{path.relative_to(project)}:{number}", json.loads(line)["text"]


def _around(raw: str, first: int, last: int, width: int = 40) -> str:
    before, after = raw[max(0, first - width) : first], raw[last : last + width]
    return " ".join(f"…{before}[{raw[first:last]}]{after}…".split())


def _quoted(phrase: str) -> str:
    """The phrase in single quotes, as most rules are written, because of its brackets."""
    return "'" + phrase.replace("'", "''") + "'"
