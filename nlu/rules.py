"""The rule files (nlu/rules/*.yml): what is looked for, in which words, and how words modify it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from medspacy.context import ConTextRule

from nlu.phrase_language import PhraseError
from nlu.phrases import Label, Phrase, PhraseSet
from nlu.rule_files import RULES, BadRules, RuleFiles, as_phrases, as_texts, read_rule_files
from nlu.spelling import Spelling

__all__ = ["RULES", "BadRules", "Rules", "load_rules"]

DIRECTIONS = ("FORWARD", "BACKWARD", "BIDIRECTIONAL", "TERMINATE", "PSEUDO")


@dataclass(frozen=True)
class Rules:
    """Everything the rule files say.

    `findings` are the phrases of all labels, `modifiers` those of the ConText modifiers, `sections` those
    of all kinds of section headers, `sets` the phrases of each named set, `answers` and `replies` how a short
    reply to a question is read, `groups` named lists of labels, `classes` the class of words that play the
    same part, `version` a hash of the files.
    """

    spelling: Spelling
    findings: PhraseSet[str]
    modifiers: PhraseSet[ConTextRule]
    sections: PhraseSet[str]
    sets: Mapping[str, Sequence[Phrase]]
    answers: Mapping[str, Any]
    replies: Mapping[str, Any]
    groups: Mapping[str, frozenset[str]]
    classes: Mapping[str, str]
    version: str

    @property
    def learned_from(self) -> str:
        """What a learner sees of the rules: the forms and classes of words. A phrase of known words changes neither."""
        return f"{self.spelling.forms()}{sorted(self.classes.items())}"


@lru_cache(maxsize=4)
def load_rules(folder: Path = RULES) -> Rules:
    """The rules in `folder`. Raises BadRules with file and line if a file is wrong."""
    files = RuleFiles(read_rule_files(folder))
    try:
        return _Loader(files).rules()
    except PhraseError as error:
        raise BadRules(str(error)) from None


class _Loader:
    def __init__(self, files: RuleFiles) -> None:
        self._files = files
        self._spelling = files.spelling()

    def rules(self) -> Rules:
        merged = self._files.merged
        findings = self._phrases(self._files.labelled("findings"))
        modifiers = self._phrases(self._modifiers())
        sections = self._phrases(self._files.labelled("sections"))
        self._spelling.learn(findings.vocabulary | modifiers.vocabulary | sections.vocabulary)
        return Rules(
            spelling=self._spelling,
            findings=findings,
            modifiers=modifiers,
            sections=sections,
            sets=self._files.sets,
            answers=merged("answers"),
            replies=merged("replies"),
            groups={name: frozenset(labels) for name, labels in merged("groups").items()},
            classes=self._files.classes(self._spelling),
            version=self._files.version(),
        )

    def _modifiers(self) -> Iterator[tuple[ConTextRule, Phrase]]:
        for path, item in self._files.modifiers():
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
            yield from ((rule, phrase) for phrase in as_phrases(path, item["phrases"]))

    def _types(self, names: Any) -> set[str] | None:
        if not names:
            return None
        groups = self._files.merged("groups")
        return {label.upper() for name in names for label in groups.get(name, [name])}

    def _phrases(self, phrases: Iterable[tuple[Label, Phrase]]) -> PhraseSet[Label]:
        return PhraseSet(phrases, as_texts(self._files.sets), self._spelling.plain)
