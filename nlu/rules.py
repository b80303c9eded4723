"""The rule files (nlu/rules/*.yml): what is looked for, in which words, and how words modify it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from medspacy.context import ConTextRule
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from nlu.phrase_language import PhraseError
from nlu.phrases import Label, Phrase, PhraseSet
from nlu.spelling import Spelling

RULES = Path(__file__).parent / "rules"
DIRECTIONS = ("FORWARD", "BACKWARD", "BIDIRECTIONAL", "TERMINATE", "PSEUDO")


class BadRules(ValueError):
    """A rule file cannot be used; the message names the file, and the line where it is known."""


@dataclass(frozen=True)
class Rules:
    """Everything the rule files say.

    `findings` are the phrases of all labels, `modifiers` those of the ConText modifiers, `sections` those
    of all kinds of section headers, `answers` and `replies` how a short reply to a question is read,
    `groups` named lists of labels, `classes` the class of words that play the same part, `version` a hash
    of the files.
    """

    spelling: Spelling
    findings: PhraseSet[str]
    modifiers: PhraseSet[ConTextRule]
    sections: PhraseSet[str]
    answers: Mapping[str, Any]
    replies: Mapping[str, Any]
    groups: Mapping[str, frozenset[str]]
    classes: Mapping[str, str]
    version: str


@lru_cache(maxsize=4)
def load_rules(folder: Path = RULES) -> Rules:
    """The rules in `folder`. Raises BadRules with file and line if a file is wrong."""
    files = {path: _read(path) for path in sorted(folder.glob("*.yml"))}
    try:
        return _Loader(files).rules()
    except PhraseError as error:
        raise BadRules(str(error)) from None


def _read(path: Path) -> Any:
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8")) or {}
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadRules(f"{path}:{mark.line + 1 if mark else 1}: not valid YAML: {error.problem}") from None


class _Loader:
    def __init__(self, files: Mapping[Path, Any]) -> None:
        self._files = files
        self._sets: dict[str, list[str]] = {}
        for path, data in files.items():
            for name, items in (data.get("sets") or {}).items():
                if name in self._sets:
                    raise BadRules(
                        f"{path}:{data['sets'].lc.key(name)[0] + 1}: set {name!r} is defined twice; keep one"
                    )
                self._sets[name] = [str(item) for item in items]
        spelling = self._merged("spelling")
        self._spelling = Spelling({str(k): str(v) for k, v in spelling.items()}, self._list("keep"))

    def rules(self) -> Rules:
        findings = self._phrases(self._labelled("findings"))
        modifiers = self._phrases(self._modifiers())
        sections = self._phrases(self._labelled("sections"))
        self._spelling.learn(findings.vocabulary | modifiers.vocabulary | sections.vocabulary)
        return Rules(
            spelling=self._spelling,
            findings=findings,
            modifiers=modifiers,
            sections=sections,
            answers=self._merged("answers"),
            replies=self._merged("replies"),
            groups={name: frozenset(labels) for name, labels in self._merged("groups").items()},
            classes=self._classes(),
            version=self._version(),
        )

    def _labelled(self, key: str) -> Iterator[tuple[str, Phrase]]:
        for path, data in self._files.items():
            for label, items in (data.get(key) or {}).items():
                yield from ((label, phrase) for phrase in self._as_phrases(path, items))

    def _modifiers(self) -> Iterator[tuple[ConTextRule, Phrase]]:
        for path, data in self._files.items():
            for item in data.get("modifiers") or ():
                direction = str(item["direction"]).upper()
                if direction not in DIRECTIONS:
                    raise BadRules(
                        f"{path}:{item.lc.line + 1}: direction {direction!r}; use one of {', '.join(DIRECTIONS)}"
                    )
                rule = ConTextRule(
                    literal=str(item["category"]),
                    category=str(item["category"]).upper(),
                    direction=direction,
                    allowed_types=self._types(item.get("only")),
                    excluded_types=self._types(item.get("not")),
                    max_scope=item.get("max_scope"),
                )
                yield from ((rule, phrase) for phrase in self._as_phrases(path, item["phrases"]))

    def _types(self, names: Any) -> set[str] | None:
        if not names:
            return None
        groups = self._merged("groups")
        return {label.upper() for name in names for label in groups.get(name, [name])}

    @staticmethod
    def _as_phrases(path: Path, items: Any) -> list[Phrase]:
        return [Phrase(str(item), path.name, items.lc.item(i)[0] + 1) for i, item in enumerate(items)]

    def _phrases(self, phrases: Iterable[tuple[Label, Phrase]]) -> PhraseSet[Label]:
        return PhraseSet(phrases, self._sets, self._spelling.plain)

    def _merged(self, key: str) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for data in self._files.values():
            merged.update(data.get(key) or {})
        return merged

    def _list(self, key: str) -> list[str]:
        return [str(item) for data in self._files.values() for item in data.get(key) or ()]

    def _classes(self) -> dict[str, str]:
        classes: dict[str, str] = {}
        for path, data in self._files.items():
            for name, words in (data.get("classes") or {}).items():
                for i, written in enumerate(words):
                    word = self._spelling.plain(str(written))
                    if classes.setdefault(word, name) != name:
                        place = f"{path}:{words.lc.item(i)[0] + 1}"
                        raise BadRules(f"{place}: {written!r} is already in class {classes[word]!r}; keep one")
        return classes

    def _version(self) -> str:
        digest = hashlib.sha256()
        for path in self._files:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:12]
