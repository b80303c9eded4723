"""Rules and stories of the dialogue as the conversations that training sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

from content.check.project import DIALOGUE, Project, Steps
from knowledge.yaml_source import Document

LISTEN, SNIPPET = "action_listen", "..."
"""Waiting for a message; and whatever may have come before a rule, or comes after it."""
NOT_SET = "should_not_be_set"
"""The value of a slot or loop that a rule wants empty."""
MOST_PATHS = 500
"""Conversations followed through checkpoints; Rasa, too, stops somewhere."""

Kind = Literal["user", "action", "slot", "loop", "checkpoint"]


@dataclass(frozen=True)
class Event:
    """One thing that happens: its name, the value or the entities that come with it, and its line."""

    kind: Kind
    name: str | None
    line: int
    value: Any = None


@dataclass(frozen=True)
class Talk:
    """One way through a rule or a story; `line` is where the rule or story begins."""

    title: str
    path: str
    line: int
    is_rule: bool
    events: tuple[Event, ...]

    @property
    def kind(self) -> str:
        """What content staff call it."""
        return "rule" if self.is_rule else "story"

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"


def read_talks(project: Project) -> list[Talk]:
    """Every way through every rule and story as written: alternatives apart, checkpoints not yet followed."""
    return [
        talk
        for path, document in project.documents(DIALOGUE)
        for key, title in (("rules", "rule"), ("stories", "story"))
        for number, item in enumerate(document.data.get(key) or ())
        for talk in _talks(path, document, (key, number), item, title)
    ]


def trained_talks(project: Project) -> list[Talk]:
    """The conversations that training sees: rules, and stories joined at their checkpoints."""
    talks = read_talks(project)
    pieces = [piece for talk in talks if not talk.is_rule for piece in _pieces(talk)]
    stories = [talk for piece in pieces if piece[0] is None for talk in _joined(piece, pieces, frozenset([id(piece)]))]
    whole = [replace(talk, events=_with_listening(talk.events)) for talk in stories[:MOST_PATHS]]
    rules = [replace(talk, events=_with_listening(talk.events)) for talk in talks if talk.is_rule]
    return list(dict.fromkeys([*rules, *whole]))


def _talks(path: str, document: Document, under: Steps, item: Mapping[str, Any], title: str) -> Iterator[Talk]:
    is_rule = title == "rule"
    before = list(_branches(document, (*under, "condition"), item.get("condition", ()), is_rule))
    steps = list(_branches(document, (*under, "steps"), item["steps"], is_rule))
    line = document.line([*under, title])
    snippet = (Event("action", SNIPPET, line),)
    start = snippet if is_rule and not item.get("conversation_start") else ()
    end = snippet if is_rule and item.get("wait_for_user_input") is False else ()
    for condition, way in product(before, steps):
        yield Talk(str(item[title]), path, line, is_rule, (*condition, *start, *way, *end))


def _branches(
    document: Document, under: Steps, steps: Sequence[Mapping[str, Any]], is_rule: bool
) -> Iterator[tuple[Event, ...]]:
    """Every way through the steps; an `or` has one for each of its alternatives."""
    choices = []
    for number, step in enumerate(steps):
        here = (*under, number)
        if "or" in step:
            choices.append([_events(document, (*here, "or", i), other, is_rule) for i, other in enumerate(step["or"])])
        else:
            choices.append([_events(document, here, step, is_rule)])
    for way in product(*choices):
        yield tuple(event for events in way for event in events)


def _events(document: Document, here: Steps, step: Mapping[str, Any], is_rule: bool) -> tuple[Event, ...]:
    line = document.line([*here, next(iter(step))])
    empty = NOT_SET if is_rule else None
    if "intent" in step or "user" in step:
        return (Event("user", step.get("intent"), line, _entities(step.get("entities", ()))),)
    if "action" in step:
        return (Event("action", str(step["action"]), line),)
    if "active_loop" in step:
        return (Event("loop", step["active_loop"] or empty, line),)
    if "checkpoint" in step:
        return (Event("checkpoint", str(step["checkpoint"]), line),)
    return tuple(
        Event("slot", str(name), document.line([*here, "slot_was_set", number]), empty if value is None else value)
        for number, slot in enumerate(step.get("slot_was_set", ()))
        for name, value in (slot if isinstance(slot, Mapping) else {slot: True}).items()
    )


def _entities(entities: Any) -> tuple[str, ...]:
    named = (entity if isinstance(entity, Mapping) else {entity: None} for entity in entities)
    return tuple(sorted({str(key) for entity in named for key in entity if key not in ("role", "group", "value")}))


Piece = tuple[str | None, Talk, str | None]
"""Part of a story between two checkpoints: the one before, if any, the part, and the one after, if any."""


def _pieces(talk: Talk) -> Iterator[Piece]:
    before: str | None = None
    events: list[Event] = []
    for event in talk.events:
        if event.kind != "checkpoint":
            events.append(event)
            continue
        if events:
            yield before, replace(talk, events=tuple(events)), event.name
        before, events = event.name, []
    if events:
        yield before, replace(talk, events=tuple(events)), None


def _joined(piece: Piece, pieces: Sequence[Piece], done: frozenset[int]) -> Iterator[Talk]:
    """Every story that begins with `piece`; one that comes back to a part it had is not followed again."""
    _, talk, after = piece
    if after is None:
        yield talk
        return
    for following in pieces:
        if following[0] == after and id(following) not in done:
            for rest in _joined(following, pieces, done | {id(following)}):
                yield replace(talk, events=(*talk.events, *rest.events))


def _with_listening(events: Sequence[Event]) -> tuple[Event, ...]:
    """With the waiting for messages that nobody writes down."""
    heard: list[Event] = []
    for event in events:
        if event.kind == "user" and not (heard and heard[-1].name == LISTEN):
            heard.append(Event("action", LISTEN, event.line))
        heard.append(event)
    if not (heard and heard[-1].name == LISTEN):
        heard.append(Event("action", LISTEN, heard[-1].line if heard else 1))
    return tuple(heard)
