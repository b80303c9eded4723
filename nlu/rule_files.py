"""What stands in the rule files (nlu/rules/*.yml), before any of it is compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from nlu.phrases import Phrase
from nlu.spelling import Spelling

RULES = Path(__file__).parent / "rules"


class BadRules(ValueError):
    """A rule file cannot be used; the message names the file, and the line where it is known."""


def read_rule_file(path: Path) -> Any:
    """The rule file at `path`, each part with its line. Raises BadRules if it is not YAML."""
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8")) or {}
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadRules(f"{path}:{mark.line + 1 if mark else 1}: not valid YAML: {error.problem}") from None


def read_rule_files(folder: Path = RULES) -> dict[Path, Any]:
    """Every rule file in `folder`, each part with its line. Raises BadRules if one is not YAML."""
    return {path: read_rule_file(path) for path in sorted(folder.glob("*.yml"))}


class RuleFiles:
    """The rule files together; `sets` are the named sets of all of them, each phrase with its file and line."""

    def __init__(self, files: Mapping[Path, Any]) -> None:
        """Take the parsed `files`. Raises BadRules where two of them define the same set."""
        self._files = files
        self.sets: dict[str, list[Phrase]] = {}
        for path, data in files.items():
            for name, items in (data.get("sets") or {}).items():
                if name in self.sets:
                    raise BadRules(
                        f"{path}:{data['sets'].lc.key(name)[0] + 1}: set {name!r} is defined twice; keep one"
                    )
                self.sets[name] = as_phrases(path, items)

    def spelling(self) -> Spelling:
        """The normal forms of words; it has not learned what the phrases mention."""
        keep = [str(item) for data in self._files.values() for item in data.get("keep") or ()]
        return Spelling({str(k): str(v) for k, v in self.merged("spelling").items()}, keep)

    def labelled(self, key: str) -> Iterator[tuple[str, Phrase]]:
        """Every phrase under `key` (findings, sections) with its label."""
        for path, data in self._files.items():
            for label, items in (data.get(key) or {}).items():
                yield from ((label, phrase) for phrase in as_phrases(path, items))

    def modifiers(self) -> Iterator[tuple[Path, Any]]:
        """Every modifier with the file it stands in."""
        for path, data in self._files.items():
            yield from ((path, item) for item in data.get("modifiers") or ())

    def merged(self, key: str) -> dict[str, Any]:
        """What all files say under `key`."""
        merged: dict[str, Any] = {}
        for data in self._files.values():
            merged.update(data.get(key) or {})
        return merged

    def classes(self, spelling: Spelling) -> dict[str, str]:
        """The class of each word. Raises BadRules where a word is in two."""
        classes: dict[str, str] = {}
        for path, data in self._files.items():
            for name, words in (data.get("classes") or {}).items():
                for i, written in enumerate(words):
                    word = spelling.plain(str(written))
                    if classes.setdefault(word, name) != name:
                        place = f"{path}:{words.lc.item(i)[0] + 1}"
                        raise BadRules(f"{place}: {written!r} is already in class {classes[word]!r}; keep one")
        return classes


def as_phrases(path: Path, items: Any) -> list[Phrase]:
    """The phrases of a list in the rule file at `path`."""
    return [Phrase(str(item), path.name, items.lc.item(i)[0] + 1) for i, item in enumerate(items)]


def as_texts(sets: Mapping[str, Sequence[Phrase]]) -> dict[str, list[str]]:
    """The words of each set, as phrases are compiled with them."""
    return {name: [phrase.text for phrase in phrases] for name, phrases in sets.items()}
