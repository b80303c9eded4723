"""The answer model: what an answer consists of, whoever draws it (web, Slack, Teams, plain text).

A part says what it is, not how it looks; a drawer may fold, shorten or group it, but never words it anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "remark", "question", "flag", "emergency"]
"""How loud a part is; "flag" and "emergency" are never folded, shortened or left out."""


@dataclass(frozen=True)
class Heading:
    """A title, such as "Variant 2: …"."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Paragraph:
    """A sentence or more, with a label before it ("Why") or none."""

    text: str
    label: str | None = None
    tone: Tone = "plain"


@dataclass(frozen=True)
class Statement:
    """A sentence and the key of its source; None where it is none of the guideline's."""

    text: str
    source: str | None = None


@dataclass(frozen=True)
class Statements:
    """A list of statements.

    `shown` is how many a short form shows, all if None; the rest is had by sending `request`.
    """

    items: tuple[Statement, ...]
    title: str | None = None
    shown: int | None = None
    request: str | None = None
    tone: Tone = "plain"


@dataclass(frozen=True)
class Rated:
    """A procedure as rated: remarks are such as "panel disagreed"; `radiation` is the ACR's relative level."""

    procedure: str
    remarks: tuple[str, ...] = ()
    radiation: str | None = None


@dataclass(frozen=True)
class Group:
    """The procedures of one appropriateness category."""

    category: str
    rated: tuple[Rated, ...]


@dataclass(frozen=True)
class Ratings:
    """A table of ratings, best category first; `imaging` if it rates studies, which have a radiation level."""

    caption: str
    groups: tuple[Group, ...]
    imaging: bool = False


@dataclass(frozen=True)
class Difference:
    """How a procedure is rated now, and how it would be."""

    procedure: str
    before: str
    after: str


@dataclass(frozen=True)
class Differences:
    """A table of ratings that differ."""

    caption: str
    rows: tuple[Difference, ...]


@dataclass(frozen=True)
class Given:
    """A fact of the case, and the words that it was read from."""

    phrase: str
    evidence: str | None = None


@dataclass(frozen=True)
class Facts:
    """The case as understood; the web shows it in its panel instead."""

    given: tuple[Given, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    """What holds under one value of what is not known."""

    label: str
    title: str
    ratings: Ratings | None = None
    actions: tuple[Statement, ...] = ()
    emergency: bool = False


@dataclass(frozen=True)
class Branches:
    """The branches of a conditional answer, to be seen side by side."""

    items: tuple[Branch, ...]


@dataclass(frozen=True)
class Source:
    """A source: `key` is what statements cite it by."""

    key: str
    title: str
    publisher: str
    date: str
    url: str | None = None


@dataclass(frozen=True)
class Sources:
    """Guideline, edition and knowledge version in one line, and the sources that the answer cites."""

    line: str
    items: tuple[Source, ...]


@dataclass(frozen=True)
class Verbatim:
    """A text to be kept as it is, such as the consult note."""

    text: str
    label: str


@dataclass(frozen=True)
class Choice:
    """A reply that can be chosen: what is shown, and the message that choosing it sends."""

    label: str
    send: str


Part = Heading | Paragraph | Statements | Ratings | Differences | Facts | Branches | Sources | Verbatim


@dataclass(frozen=True)
class Document:
    """One answer.

    `kind` is its payload's type (docs/message-contract.schema.json), `choices` are the replies to a question, and
    `requests` what may be asked next of the answer, such as "why" and "pitfalls".
    """

    kind: str
    parts: tuple[Part, ...]
    choices: tuple[Choice, ...] = ()
    requests: tuple[Choice, ...] = ()
