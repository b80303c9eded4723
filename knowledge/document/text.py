"""A document as plain text, which stands alone on any channel: no blank lines, because channels split there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import singledispatch
from itertools import groupby

from knowledge.document.common import ending, say
from knowledge.document.parts import (
    Branch,
    Branches,
    Differences,
    Document,
    Facts,
    Given,
    Group,
    Heading,
    Paragraph,
    Part,
    Rated,
    Ratings,
    Sources,
    Statement,
    Statements,
    Verbatim,
)

NO_RADIATION = "O"
"""The ACR's relative radiation level of a study without ionizing radiation."""
BRANCH_ACTIONS = 2
"""Actions of an emergency that a branch shows in plain text."""


def plain_text(document: Document) -> str:
    """The short form of a document: what is on request is only named. An emergency is one paragraph."""
    lines: list[str] = []
    for emergency, parts in groupby(document.parts, key=_is_emergency):
        found = [line for part in parts for line in _lines(part)]
        lines += [" ".join(line if line.endswith((".", "]")) else f"{line}." for line in found)] if emergency else found
    # The notice where the answer comes from stays last.
    last = lines.pop() if document.parts and isinstance(document.parts[-1], Sources) else None
    if document.requests:
        lines.append(say("more", requests=", ".join(choice.label for choice in document.requests)))
    return "\n".join([*lines, *([last] if last else [])])


def _is_emergency(part: Part) -> bool:
    return getattr(part, "tone", None) == "emergency"


@singledispatch
def _lines(part: Part) -> Iterable[str]:
    raise TypeError(f"no plain text for a {type(part).__name__}")


@_lines.register
def _(part: Heading) -> Iterable[str]:
    return [part.text]


@_lines.register
def _(part: Paragraph) -> Iterable[str]:
    return [f"{part.label}: {part.text}" if part.label else part.text]


@_lines.register
def _(part: Statements) -> Iterable[str]:
    if part.shown == 0:
        return []
    if part.title and (part.shown or part.tone != "plain"):
        return [f"{part.title}{ending(part.title, ':')} {_sentences(part.items[: part.shown])}"]
    title = [part.title + ending(part.title, ":")] if part.title else []
    return [*title, *(f"- {_stated(item)}" for item in part.items)]


@_lines.register
def _(part: Ratings) -> Iterable[str]:
    return [_group(group) for group in part.groups]


@_lines.register
def _(part: Differences) -> Iterable[str]:
    return [f"- {row.procedure}: {row.before} → {row.after}" for row in part.rows]


@_lines.register
def _(part: Facts) -> Iterator[str]:
    if part.given:
        yield f"{say('understood')}: {'; '.join(map(_given, part.given))}"
    if part.assumed:
        yield f"{say('assumed')}: {'; '.join(part.assumed)}"


@_lines.register
def _(part: Branches) -> Iterable[str]:
    return [f"- {_branch(branch)}" for branch in part.items]


@_lines.register
def _(part: Sources) -> Iterable[str]:
    return [part.line]


@_lines.register
def _(part: Verbatim) -> Iterable[str]:
    return [part.text]


def _group(group: Group) -> str:
    return f"{group.category}: {'; '.join(map(_rated, group.rated))}"


def _rated(rated: Rated) -> str:
    levels = {None: [], NO_RADIATION: [say("no_radiation")]}
    remarks = levels.get(rated.radiation, [say("radiation", level=rated.radiation)]) + list(rated.remarks)
    return rated.procedure + (f" ({', '.join(remarks)})" if remarks else "")


def _given(given: Given) -> str:
    return f"{given.phrase} (“{given.evidence}”)" if given.evidence else given.phrase


def _branch(branch: Branch) -> str:
    if branch.emergency:
        return say("branch_stop", label=branch.label, actions=_sentences(branch.actions[:BRANCH_ACTIONS]))
    best = f" ({_group(branch.ratings.groups[0])})" if branch.ratings else ""
    return say("branch", label=branch.label, title=branch.title, best=best)


def _sentences(items: Iterable[Statement]) -> str:
    return " ".join(map(_stated, items))


def _stated(item: Statement) -> str:
    return f"{item.text} [{item.source}]" if item.source else item.text
