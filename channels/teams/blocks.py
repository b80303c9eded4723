"""The parts of an answer as elements of a card, whatever they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatchmethod
from itertools import count, groupby, pairwise
from typing import Any

from channels.teams.elements import actions, container, fold, heading, line, link, run, sendable, submit
from channels.teams.packing import Element, size
from channels.teams.wording import WORDING, word
from knowledge.document.common import ending
from knowledge.document.parts import (
    Branch,
    Branches,
    Choice,
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
    Source,
    Sources,
    Statement,
    Statements,
    Tone,
    Verbatim,
)

NO_RADIATION = "O"
"""The ACR's relative radiation level of a study without ionizing radiation."""
LOUD = {"emergency": "attention", "flag": "warning"}
"""The styles of the containers of what is never folded, shortened or left out."""
STYLES: dict[str, dict[str, Any]] = {
    "remark": {"isSubtle": True},
    "question": {"weight": "bolder", "size": "medium"},
}
"""How the text of a paragraph looks."""
FACTS_OPEN = 8
"""Facts that are shown without being asked for."""
FOLDED = 6000
"""Bytes that may be folded away; of more, the rest is had by a request."""
SIDE_BY_SIDE = 3000
"""Bytes that a branch may have to stand beside the other."""


class Blocks:
    """Draws documents; `mark` is what buttons send with their message."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._names = (f"fold-{number}" for number in count(1))

    def of(self, document: Document) -> list[Element]:
        """The elements of a document, an emergency before everything else."""
        found: list[Element] = []
        for tone, same in groupby(by_urgency(document), key=_tone):
            items = [element for part in same for element in self._draw(part)]
            found += container(_marked(items, tone), style=LOUD[tone], bleed=True) if tone in LOUD else items
        return found

    @singledispatchmethod
    def _draw(self, part: Part) -> list[Element]:
        raise TypeError(f"no elements for a {type(part).__name__}")

    @_draw.register
    def _(self, part: Heading) -> list[Element]:
        return heading(part.text, "large" if part.tone == "emergency" else "medium")

    @_draw.register
    def _(self, part: Paragraph) -> list[Element]:
        style = STYLES.get(part.tone, {})
        label = run(word("label", label=part.label), weight="bolder") if part.label else ""
        first, *others = part.text.splitlines() or [""]
        return [*line(label, run(first, **style)), *_lines(others, **style)]

    @_draw.register
    def _(self, part: Statements) -> list[Element]:
        title = line(run(part.title, weight="bolder")) if part.title else []
        shown = len(part.items) if part.shown is None or part.tone in LOUD else part.shown
        rest = [element for item in part.items[shown:] for element in _stated(item)]
        return [*title, *(element for item in part.items[:shown] for element in _stated(item)), *self._rest(part, rest)]

    def _rest(self, part: Statements, rest: list[Element]) -> list[Element]:
        if part.request and sendable(part.request) and size(rest) > FOLDED:
            more = Choice(word("rest", count=len(rest)), part.request)
            return [actions([submit(more, self._mark)])]
        return fold(next(self._names), word("show_more", count=len(rest)), rest)

    @_draw.register
    def _(self, part: Ratings) -> list[Element]:
        return [*line(run(part.caption, isSubtle=True)), *_groups(part)]

    @_draw.register
    def _(self, part: Differences) -> list[Element]:
        rows = [
            word("difference", procedure=row.procedure, before=_signed(row.before), after=_signed(row.after))
            for row in part.rows
        ]
        return [*line(run(part.caption, weight="bolder")), *_lines(rows)]

    @_draw.register
    def _(self, part: Facts) -> list[Element]:
        given = [element for fact in part.given for element in _given(fact)]
        if len(given) > FACTS_OPEN:
            given = fold(next(self._names), word("show_facts", count=len(given)), given)
        assumed = _lines(word("assumed_item", fact=fact) for fact in part.assumed)
        return [
            *(line(run(word("understood"), weight="bolder")) if given else []),
            *given,
            *(line(run(word("assumed"), weight="bolder")) if assumed else []),
            *assumed,
        ]

    @_draw.register
    def _(self, part: Branches) -> list[Element]:
        drawn = [(_branch(branch), "attention" if branch.emergency else "emphasis") for branch in part.items]
        if len(drawn) == 2 and all(items and size(items) <= SIDE_BY_SIDE for items, _style in drawn):
            columns = [{"type": "Column", "width": "stretch", "items": items, "style": style} for items, style in drawn]
            return [{"type": "ColumnSet", "columns": columns}]
        return [element for items, style in drawn for element in container(items, style=style)]

    @_draw.register
    def _(self, part: Sources) -> list[Element]:
        items = [
            element
            for item in part.items
            for element in line(
                link(
                    word("source_item", key=item.key, title=_ended(item), publisher=item.publisher, date=item.date),
                    item.url,
                )
            )
        ]
        folded = fold(next(self._names), word("show_sources", count=len(items)), items)
        return [*line(run(part.line, isSubtle=True, size="small"), separator=True), *folded]

    @_draw.register
    def _(self, part: Verbatim) -> list[Element]:
        # Clients drop spaces at the beginning of a line and join lines: each is an element of its own.
        lines = part.text.splitlines()
        return [
            *line(run(part.label, weight="bolder")),
            *(
                element
                for above, text in pairwise(["", *lines])
                for element in line(
                    run(f"{_indent(text)}{text.lstrip(' ')}", fontType="monospace"),
                    spacing="none" if above.strip() else "medium",
                )
            ),
        ]


def by_urgency(document: Document) -> list[Part]:
    """The parts in order, those of an emergency before all others; a supposed one stays below what was supposed."""
    if document.kind == "what_if":
        return list(document.parts)
    return sorted(document.parts, key=lambda part: _tone(part) != "emergency")


def _tone(part: Part) -> Tone:
    return getattr(part, "tone", "plain")


def _marked(items: list[Element], tone: Tone) -> list[Element]:
    """Elements that begin with the icon of their tone: color alone tells nothing to many."""
    for element in items[:1]:
        first = element["inlines"][0] if "inlines" in element else element
        if "text" in first:
            first["text"] = word(tone, title=first["text"])
    return items


def _lines(texts: Iterable[str], **style: Any) -> list[Element]:
    return [element for text in texts for element in line(run(text, **style), spacing="small")]


def _stated(item: Statement) -> list[Element]:
    source = run(word("source", source=item.source), isSubtle=True) if item.source else ""
    return line(f"• {item.text}" if item.text.strip() else "", source, spacing="small")


def _given(fact: Given) -> list[Element]:
    evidence = run(word("evidence", evidence=fact.evidence), isSubtle=True) if fact.evidence else ""
    return line(fact.phrase, evidence, spacing="none")


def _groups(ratings: Ratings) -> list[Element]:
    return [element for group in ratings.groups for element in _group(group)]


def _group(group: Group) -> list[Element]:
    title = line(run(_signed(group.category), weight="bolder", color=_look(group.category)["color"]))
    return container([*title, *(element for rated in group.rated for element in _rated(rated))])


def _look(category: str) -> dict[str, str]:
    look: dict[str, str] = WORDING.texts["categories"].get(category, WORDING.texts["other_category"])
    return look


def _signed(category: str) -> str:
    return f"{_look(category)['icon']} {category}"


def _rated(rated: Rated) -> list[Element]:
    radiation = {None: [], NO_RADIATION: [word("no_radiation")]}.get(
        rated.radiation, [word("radiation", level=rated.radiation)]
    )
    remarks = "".join(f" · {remark}" for remark in (*rated.remarks, *radiation))
    return line(rated.procedure, run(remarks, isSubtle=True), spacing="none")


def _branch(branch: Branch) -> list[Element]:
    label = word("emergency", title=word("branch_stop", label=branch.label)) if branch.emergency else branch.label
    return [
        *line(run(label, weight="bolder")),
        *line(branch.title),
        *(_groups(branch.ratings) if branch.ratings else []),
        *(element for item in branch.actions for element in _stated(item)),
    ]


def _ended(source: Source) -> str:
    return source.title + ending(source.title, ".")


def _indent(text: str) -> str:
    return "\N{NO-BREAK SPACE}" * (len(text) - len(text.lstrip(" ")))
