"""Names in the rule files and the examples: sets, labels, groups, facts and their values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from content.check.project import EXAMPLES, RULES, Project, walk
from content.check.uses import Use
from nlu.phrase_language import SET

PHRASES = ("sets", "findings", "sections")
REPLIES = ("yes", "no", "not_done", "unknown")


def rule_uses(project: Project) -> Iterator[Use]:
    """Every use of a name in the rule files."""
    for path, document in project.documents(RULES):
        data = document.data
        for key in (*PHRASES, "modifiers"):
            for steps, node in walk(data.get(key), (key,)):
                if isinstance(node, str):
                    names = SET.findall(node)
                    yield from (Use(path, document.line(steps), "set", name) for name in names)
        for number, modifier in enumerate(data.get("modifiers") or ()):
            for key in ("only", "not"):
                line = document.line(["modifiers", number, key])
                yield from (Use(path, line, "label or group", str(name)) for name in modifier.get(key) or ())
        for group, labels in (data.get("groups") or {}).items():
            for number, label in enumerate(labels):
                yield Use(path, document.line(["groups", group, number]), "label", str(label))
        for fact, answer in (data.get("answers") or {}).items():
            yield Use(path, document.line(["answers", fact]), "fact", str(fact))
            values = [(key, answer[key]) for key in REPLIES if key in answer]
            values += [("words", value) for value in answer.get("words") or ()]
            for key, value in values:
                at = ["answers", fact, key, *([value] if key == "words" else [])]
                yield Use(path, document.line(at), "value", f"{fact}={value}")


def example_uses(project: Project) -> Iterator[Use]:
    """Every fact and value that an example of nlu/examples states."""
    for path in project.paths(EXAMPLES):
        for number, line in enumerate((project.root / path).read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                for fact, value in json.loads(line).get("facts", {}).items():
                    yield Use(path, number, "fact", fact)
                    yield Use(path, number, "value", f"{fact}={value}")


def defined_sets(project: Project) -> dict[str, tuple[str, int]]:
    """The sets of phrases, each with its place."""
    return _defined(project, "sets")


def defined_labels(project: Project) -> dict[str, tuple[str, int]]:
    """The labels of findings, each with its place."""
    return _defined(project, "findings")


def defined_groups(project: Project) -> dict[str, tuple[str, int]]:
    """The groups of labels, each with its place."""
    return _defined(project, "groups")


def _defined(project: Project, key: str) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for path, document in project.documents(RULES):
        entries = document.data.get(key)
        for name in entries if isinstance(entries, Mapping) else ():
            found.setdefault(str(name), (path, document.line([key, name])))
    return found
