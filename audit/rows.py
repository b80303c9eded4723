"""What is recorded of an answer, and how the rows hang together."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

GENESIS = "0" * 64
"""The hash before the first row."""
UNRECORDED = "unrecorded"
"""The kind of an answer that was given in place of one that could not be recorded."""
PURGED = frozenset({"text", "salt", "hash"})
"""Columns that are no part of a row's hash: what retention empties, and the hash itself."""
CHANGING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::[\d.]+)?(?:Z|[+-]\d\d:?\d\d| UTC)?"
)
"""What the same answer given at another moment says otherwise: when a note was written, and the names made of it."""


class Withdrawn(Exception):
    """An answer was to be recorded that is not given any more; nothing was recorded."""


@dataclass(frozen=True)
class Versions:
    """What an answer depends on: hashes of the guideline's content, of what the dialogue model is trained from, of the
    reader with its rules and examples, and of the code that decides."""

    model: str
    rules: str
    code: str
    knowledge: str = ""


@dataclass(frozen=True)
class Entry:
    """An answer as it was given, before it has its place in the chain.

    `at` is UTC in ISO 8601; `conversation` a pseudonym (privacy.pseudonyms); `message` the id of the message answered;
    `kind` the type of the answer's payload; `facts` those it was given for, each with `value` and `basis`, without
    anybody's words; `digest` that of the answer (`digest_of`); `begins` whether the session begins with the message,
    whose `text` is without identifiers; `follows` the id of the message before it that the conversation holds, "" if
    it holds none.
    """

    at: str
    channel: str
    conversation: str
    message: str
    action: str
    kind: str
    facts: Mapping[str, Mapping[str, str]]
    outcome: str | None
    digest: str
    versions: Versions
    begins: bool
    text: str
    follows: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the table. `facts` is JSON; `text` and its `salt` are None once they were purged, `follows` is where the
    row was written before there was such a column."""

    sequence: int
    at: str
    channel: str
    conversation: str
    message: str
    action: str
    kind: str
    facts: str
    outcome: str | None
    digest: str
    knowledge: str
    model: str
    rules: str
    code: str
    begins: bool
    text_digest: str
    previous: str
    hash: str
    text: str | None
    salt: str | None
    follows: str | None = None

    @property
    def versions(self) -> Versions:
        """What the answer depended on."""
        return Versions(self.model, self.rules, self.code, self.knowledge)


@dataclass(frozen=True)
class Head:
    """The end of the chain: the number of its last row, and its hash."""

    sequence: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


COLUMNS = tuple(field.name for field in fields(Row))


def row_after(head: Head, entry: Entry) -> Row:
    """The row of `entry` behind `head`."""
    salt = secrets.token_hex(16)
    values: dict[str, Any] = vars(entry) | vars(entry.versions)
    del values["versions"]
    values |= {"sequence": head.sequence + 1, "previous": head.hash, "facts": canonical(entry.facts), "salt": salt}
    values["text_digest"] = text_digest(salt, entry.text)
    return Row(**values, hash=hash_of(values))


def hash_of(values: Mapping[str, Any]) -> str:
    """The hash of a row's values: of everything in it but what may be purged."""
    told = {name: value for name, value in values.items() if name not in PURGED}
    if told.get("follows") is None:
        told.pop("follows", None)  # a row of before there was the column keeps its hash
    return _sha256(canonical(told))


def text_digest(salt: str, text: str) -> str:
    """The digest by which a row holds on to its text; without the salt nobody can try texts out on it."""
    return _sha256(f"{salt}\0{text}")


def digest_of(messages: Sequence[Mapping[str, Any]]) -> str:
    """The digest of an answer: its words, its data and its buttons, but for the moment at which it was given."""
    told = [{key: message.get(key) for key in ("text", "custom", "buttons")} for message in messages]
    return _sha256(CHANGING.sub("", canonical(_readable(told))))


def _readable(data: Any) -> Any:
    """`data` with the attachments of FHIR (contentType and data, in base64) as text, whose moments can be seen."""
    if isinstance(data, list):
        return [_readable(item) for item in data]
    if not isinstance(data, dict):
        return data
    if data.keys() >= {"contentType", "data"}:
        return data | {"data": base64.b64decode(data["data"]).decode(errors="replace")}
    return {key: _readable(value) for key, value in data.items()}


def canonical(data: Any) -> str:
    """Data as JSON that is the same wherever it is written."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
