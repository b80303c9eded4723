"""Every place in the content where something is named that is defined elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from content.check.domain import names
from content.check.project import CONFIG, DIALOGUE, DOMAIN, TEST_STORIES, Project, walk
from knowledge.yaml_source import Document

ANNOTATION = re.compile(r"\[[^\]]+\]\((?P<entity>[a-z_]+)\)|\[[^\]]+\]\{\"entity\": ?\"(?P<other>[a-z_]+)\"")
OUTCOME_TYPES = ("question", "conditional", "recommendation", "escalation", "not_covered")


@dataclass(frozen=True)
class Use:
    """The name `name` of a `kind` of thing, used in a line of a file."""

    path: str
    line: int
    kind: str
    name: str


def uses(project: Project) -> Iterator[Use]:
    """Every use in the dialogue, the configuration, the wording and the test stories."""
    for path, document in project.documents(DIALOGUE):
        yield from _dialogue(path, document)
    yield from _domain(project.document(DOMAIN))
    yield from _config(project.document(CONFIG))
    for path, document in project.documents(TEST_STORIES):
        yield from _test_story(path, document)
    for path, document in project.documents("actions/wording.yml", "knowledge/document/wording.yml"):
        yield from _keys(path, document, "requests", "intent")
    for path, document in project.documents("actions/wording.yml"):
        yield from _keys(path, document, "replies", "reply")
    for path, document in project.documents("actions/lookup_words.yml"):
        for number, source in enumerate(document.data.get("other_guidelines", ())):
            yield Use(path, document.line(["other_guidelines", number]), "source", str(source))
    for path, document in project.documents("channels/web/free_facts.yml"):
        yield from _keys(path, document, "", "free fact")
    for path, document in project.documents("knowledge/fhir.yml"):
        yield from _values(path, document, ("conditions",))
        yield from _keys(path, document, "quantities", "free fact")


def _dialogue(path: str, document: Document) -> Iterator[Use]:
    for steps, node in walk(document.data):
        if not isinstance(node, Mapping) or steps[:1] == ("nlu",):
            continue
        line = document.line(steps)
        for key, kind in (("intent", "intent"), ("action", "action"), ("active_loop", "form")):
            if node.get(key):
                yield Use(path, document.line([*steps, key]), kind, str(node[key]))
        for number, slot in enumerate(node.get("slot_was_set") or ()):
            for name in slot if isinstance(slot, Mapping) else [slot]:
                yield Use(path, document.line([*steps, "slot_was_set", number]), "slot", str(name))
        for entity in node.get("entities") or ():
            named = entity if isinstance(entity, Mapping) else [entity]
            yield from (Use(path, line, "entity", str(name)) for name in named if name not in ("role", "group"))
    for intent, line, text in examples(path, document):
        yield Use(path, line, "intent", intent)
        for found in ANNOTATION.finditer(text):
            yield Use(path, line, "entity", str(found["entity"] or found["other"]))


def examples(path: str, document: Document) -> Iterator[tuple[str, int, str]]:
    """Every example of the NLU file: its intent, line and text."""
    for number, item in enumerate(document.data.get("nlu") or ()):
        if "intent" not in item:
            continue
        first = document.line(["nlu", number, "examples"]) + 1
        for offset, line in enumerate(str(item["examples"]).splitlines()):
            if line.strip().startswith("-"):
                yield str(item["intent"]), first + offset, line.strip()[1:].strip()


def examples_by_intent(project: Project) -> dict[str, list[tuple[str, int, str]]]:
    """Path, line and text of the examples of each intent."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for path, document in project.documents(DIALOGUE):
        for intent, line, text in examples(path, document):
            found.setdefault(intent, []).append((path, line, text))
    return found


def _domain(document: Document) -> Iterator[Use]:
    for form, data in (document.data.get("forms") or {}).items():
        for number, slot in enumerate((data or {}).get("required_slots", ())):
            yield Use(DOMAIN, document.line(["forms", form, "required_slots", number]), "slot", str(slot))
    for response in document.data.get("responses") or {}:
        yield Use(DOMAIN, document.line(["responses", response]), "response", str(response))


def _config(document: Document) -> Iterator[Use]:
    lists = {
        "keep_intents": "intent",
        "courtesies": "intent",
        "reasons": "intent",
        "weak_facts": "fact",
        "describing_facts": "fact",
    }
    for steps, node in walk(document.data):
        if not isinstance(node, Mapping):
            continue
        for key, kind in lists.items():
            for number, name in enumerate(node.get(key) or ()):
                yield Use(CONFIG, document.line([*steps, key, number]), kind, str(name))
        for key in ("needs", "names"):
            for intent, label in (node.get(key) or {}).items():
                line = document.line([*steps, key])
                yield from (Use(CONFIG, line, "intent", str(intent)), Use(CONFIG, line, "label", str(label)))
        if action := node.get("core_fallback_action_name"):
            yield Use(CONFIG, document.line([*steps, "core_fallback_action_name"]), "action", str(action))


def _test_story(path: str, document: Document) -> Iterator[Use]:
    for number, story in enumerate(document.data):
        for position, step in enumerate(story["steps"]):
            here: list[str | int] = [number, "steps", position]
            for key, kind in (("outcome", "outcome"), ("slot", "fact"), ("type", "type of answer")):
                if key in step:
                    yield Use(path, document.line([*here, key]), kind, str(step[key]))
            yield from _values(path, document, (*here, "facts"))


def _values(path: str, document: Document, steps: tuple[str | int, ...]) -> Iterator[Use]:
    """Facts with their values, as `fact: value` or `fact: [value, …]`."""
    node: Any = document.data
    for step in steps:
        node = node.get(step, {}) if isinstance(node, Mapping) else node[step]
    for fact, values in node.items():
        line = document.line([*steps, fact])
        yield Use(path, line, "fact", str(fact))
        for value in values if isinstance(values, list) else [values]:
            yield Use(path, line, "value", f"{fact}={value}")


def _keys(path: str, document: Document, under: str, kind: str) -> Iterator[Use]:
    steps = [under] if under else []
    for name in (document.data.get(under) or {}) if under else document.data:
        yield Use(path, document.line([*steps, name]), kind, str(name))


def defined_in_domain(project: Project, key: str) -> list[str]:
    """The names that the domain defines under `key`."""
    return names(project.document(DOMAIN).data.get(key))
