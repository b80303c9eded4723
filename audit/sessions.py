"""Recorded answers as what was held: the sessions of each conversation, message by message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from audit.rows import Row


@dataclass
class Message:
    """A message and the rows of what was answered to it, in the order in which that was given."""

    id: str
    text: str | None
    begins: bool
    rows: list[Row] = field(default_factory=list)


@dataclass
class Session:
    """A part of a conversation that begins clean; `begun` is false if its first messages are not recorded."""

    begun: bool
    messages: list[Message] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        """All answers of the session."""
        return [row for message in self.messages for row in message.rows]


def conversations(rows: Iterable[Row]) -> list[list[Session]]:
    """The sessions of every conversation, oldest first."""
    of: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of[row.conversation].append(row)
    # Not in the order of the chain: what could not be recorded when it was given stands there later.
    return [_sessions(sorted(held, key=lambda row: (row.at, row.sequence))) for held in of.values()]


def _sessions(rows: Iterable[Row]) -> list[Session]:
    found: list[Session] = []
    for row in rows:
        last = found[-1].messages[-1] if found else None
        if last is None or (row.begins and row.message != last.id):
            found.append(Session(begun=row.begins))
        if last is None or row.message != last.id:
            found[-1].messages.append(Message(row.message, row.text, row.begins))
        found[-1].messages[-1].rows.append(row)
    return found
