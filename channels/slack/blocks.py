"""The parts of an answer as blocks of Block Kit (https://docs.slack.dev/reference/block-kit)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never
from urllib.parse import quote

from channels.slack.markup import bold, escaped, packed
from channels.slack.wording import icon, say
from knowledge.document.common import ending
from knowledge.document.common import say as answer_says
from knowledge.document.parts import (
    Branch,
    Branches,
    Differences,
    Facts,
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
    Verbatim,
)

SECTION, FIELD, HEADER, LABEL, VALUE = 3000, 2000, 150, 75, 2000
"""Characters at most of a section, a field, a header, a button's text and a button's value."""
LOUD = ("flag", "emergency")
NO_RADIATION = "O"
"""The ACR's relative radiation level of a study without any."""
Block = dict[str, Any]


def part_blocks(part: Part, block_id: str) -> list[Block]:
    """The blocks of a part; `block_id` is for the block that takes a click, if there is one."""
    match part:
        case Heading():
            return _heading(part)
        case Paragraph():
            return _paragraph(part)
        case Statements():
            return _statements(part, block_id)
        case Ratings():
            return [*_title(part.caption), *(block for group in part.groups for block in _group(group))]
        case Differences():
            return _differences(part)
        case Facts():
            return _facts(part)
        case Branches():
            return _branches(part)
        case Sources():
            return context([escaped(part.line), *map(_source, part.items)])
        case Verbatim():
            return [*_title(part.label), *map(_preformatted, packed(part.text.split("\n\n"), SECTION, "\n\n"))]
        case _:
            assert_never(part)


def section(text: str, loud: bool = False) -> Block:
    """A section; `text` is mrkdwn of at most SECTION characters. Slack never folds a loud one."""
    return {"type": "section", "text": mrkdwn(text), **_unfolded(loud)}


def sections(lines: Iterable[str], head: str = "", loud: bool = False) -> list[Block]:
    """Sections of mrkdwn lines, none of which is cut between two of them; each begins with `head`."""
    return [section(text, loud) for text in packed(lines, SECTION, head=head)]


def context(lines: Iterable[str], separator: str = "\n", head: str = "") -> list[Block]:
    """The same in the small gray type of remarks."""
    texts = packed(lines, SECTION, separator, head)
    return [{"type": "context", "elements": [mrkdwn(text)]} for text in texts]


def mrkdwn(text: str) -> dict[str, Any]:
    """A text object; verbatim, so that nothing in it becomes a link or a mention that was not meant."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str) -> dict[str, Any]:
    """A text object in which nothing is markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def button(label: str, action_id: str, value: str) -> dict[str, Any]:
    """A button that sends `value`."""
    return {"type": "button", "text": plain(shortened(label, LABEL)), "action_id": action_id, "value": value}


def shortened(text: str, limit: int) -> str:
    """`text` in at most `limit` characters; for labels only, whose full text stands elsewhere."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _unfolded(loud: bool) -> Block:
    """Keeps Slack from folding a section behind "See more"."""
    return {"expand": True} if loud else {}


def _heading(given: Heading) -> list[Block]:
    """A header, and more of them rather than a shorter one."""
    text = " ".join(given.text.split())
    if not text:
        return []
    if given.tone in LOUD:
        text = f"{icon(given.tone)} {text}"
    elif len(text) > HEADER:
        return sections([bold(text)])
    return [{"type": "header", "text": plain(part)} for part in packed([text], HEADER, " ")]


def _title(text: str | None) -> list[Block]:
    return sections([bold(text)]) if text and text.strip() else []


def _paragraph(given: Paragraph) -> list[Block]:
    label = bold(say("label", label=given.label)) + " " if given.label else ""
    sign = f"{icon(given.tone)} " if given.tone in LOUD else ""
    lines = given.text.splitlines() if given.text.strip() else []
    if given.tone == "question" and len(lines) == 1:
        return sections([f"{label}{bold(given.text)}"])
    shown = [escaped(line) for line in lines if line.strip()]
    if shown or label:
        shown = [f"{sign}{label}{shown[0] if shown else ''}", *shown[1:]]
    return context(shown) if given.tone == "remark" else sections(shown, loud=given.tone in LOUD)


def _statements(given: Statements, block_id: str) -> list[Block]:
    """A list; what is left out of it comes at a click, but nothing loud is ever left out."""
    count = len(given.items)
    shown = given.shown if is_shortened(given) else count
    sign = f"{icon(given.tone)} " if given.tone in LOUD else ""
    title = f"{sign}{bold(given.title or '')}".strip()
    blocks = sections([title, *map(_statement, given.items[:shown])], loud=given.tone in LOUD)
    if shown is not None and shown < count:
        untitled = say("show_rest_untitled", count=count)
        label = say("show_rest", title=given.title, count=count) if title else untitled
        blocks = blocks or [section(escaped(untitled))]
        offer = button(label, f"request.{block_id.split('.')[-1]}", given.request or "")
        blocks[-1] |= {"block_id": block_id, "accessory": offer}
    return blocks


def is_shortened(given: Statements) -> bool:
    """Whether a list shows its first statements only, and a button that asks for all; never one that is loud."""
    if given.shown is None or given.shown >= len(given.items) or given.tone in LOUD:
        return False
    return bool(given.request) and len(given.request or "") <= VALUE


def _statement(given: Statement) -> str:
    key = f" [{given.source}]" if given.source else ""
    return f"• {escaped(_line(given.text + key))}"


def category(name: str) -> str:
    """An appropriateness category as word and sign."""
    return say("category", icon=icon(name), category=name)


def _group(group: Group) -> list[Block]:
    """The procedures of a category, which stands above each of their blocks: none is seen without it."""
    head = packed([bold(category(group.category))], SECTION // 2)
    return sections((f"• {_rated(rated)}" for rated in group.rated), f"{head[0]}\n")


def _rated(rated: Rated) -> str:
    remarks = list(rated.remarks)
    if rated.radiation:
        level = rated.radiation
        remarks.append(answer_says("no_radiation") if level == NO_RADIATION else answer_says("radiation", level=level))
    shown = say("rated", procedure=rated.procedure, remarks=", ".join(remarks)) if remarks else rated.procedure
    return escaped(_line(shown))


def _differences(given: Differences) -> list[Block]:
    rows = [
        say("difference", procedure=row.procedure, before=category(row.before), after=category(row.after))
        for row in given.rows
    ]
    return sections([bold(given.caption), *(f"• {escaped(_line(row))}" for row in rows)])


def _facts(given: Facts) -> list[Block]:
    read = [
        escaped(_line(f"{fact.phrase} (“{fact.evidence}”)" if fact.evidence else fact.phrase)) for fact in given.given
    ]
    assumed = [escaped(_line(phrase)) for phrase in given.assumed]
    blocks: list[Block] = []
    for name, phrases in (("understood", read), ("assumed", assumed)):
        head = bold(say("label", label=answer_says(name))) + " "
        blocks += context(phrases, "; ", head)
    return blocks


def _branches(given: Branches) -> list[Block]:
    """Two short branches stand side by side; others follow one another, each below a line."""
    texts = ["\n".join(_branch(branch)) for branch in given.items]
    if len(texts) == 2 and all(len(text) <= FIELD for text in texts):
        loud = any(branch.emergency for branch in given.items)
        return [{"type": "section", "fields": [mrkdwn(text) for text in texts], **_unfolded(loud)}]
    return [
        block
        for branch in given.items
        for block in ({"type": "divider"}, *sections(_branch(branch), loud=branch.emergency))
    ]


def _branch(branch: Branch) -> list[str]:
    head = bold(say("branch_stop" if branch.emergency else "branch", label=branch.label))
    lines = [f"{icon('emergency')} {head}" if branch.emergency else head, escaped(_line(branch.title))]
    for group in branch.ratings.groups if branch.ratings else ():
        lines += [bold(category(group.category)), *(f"• {_rated(rated)}" for rated in group.rated)]
    return [line for line in (*lines, *map(_statement, branch.actions)) if line]


def _source(source: Source) -> str:
    title = escaped(_line(source.title)) or bold(source.key)
    if source.url and source.url.startswith(("http://", "https://")):
        address = escaped(quote(source.url, safe=":/?&=#%.-_~+,;@!()"))
        link = f"<{address}|{title.replace('|', '/')}>"
        # A link that would have to be cut is none.
        title = link if len(link) <= FIELD else title
    title += ending(source.title.rstrip(), ".")
    about = {"publisher": escaped(_line(source.publisher)), "date": escaped(_line(source.date))}
    return say("source", key=bold(source.key), title=title, **about).strip()


def _preformatted(text: str) -> Block:
    """A text as it is: nothing in rich text is markup."""
    literal = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [literal]}


def _line(text: str) -> str:
    return " ".join(text.split())
