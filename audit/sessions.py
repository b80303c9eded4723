"""Recorded answers as what was held: the sessions of each conversation, message by message.

An answer is recorded before it is given, and its turn is stored after it. Where that failed, the message was sent again
or given up, and the conversation went on from the message before. So each row names the message that its own follows,
and clocks, of which every machine has another, decide nothing between messages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from audit.rows import UNRECORDED, Row


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


@dataclass(frozen=True)
class Held:
    """What was held under one pseudonym: `conversations`, of which one ends where all of it was purged, and the rows of
    turns that were not stored, whose answers nobody was given."""

    conversations: list[list[Session]]
    not_given: list[Row]


@dataclass(frozen=True)
class _Turn:
    """The rows of what was answered to a message from the same place: of one attempt, and of those before it that could
    not be stored and were repeated there."""

    rows: Sequence[Row]

    @property
    def message(self) -> str:
        return self.rows[0].message

    @property
    def follows(self) -> str | None:
        return self.rows[0].follows

    @property
    def last(self) -> int:
        return max(row.sequence for row in self.rows)

    @property
    def is_answer(self) -> bool:
        """Whether anything but a refusal was said."""
        return any(row.kind != UNRECORDED for row in self.rows)


def held(rows: Iterable[Row]) -> Held:
    """What the rows of one pseudonym tell."""
    # By their moments only within a turn: what could not be recorded when it was given stands later in the chain.
    of: defaultdict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.at, row.sequence)):
        of[row.message, row.follows].append(row)
    turns = [_Turn(each) for each in of.values()]
    stored = _stored(turns)
    conversations: list[list[_Turn]] = []
    of_message: dict[str, list[_Turn]] = {}
    for turn in _in_order(stored):
        if turn.follows == "" or not conversations:
            conversations.append([])
        of_message[turn.message] = of_message.get(turn.follows or "", conversations[-1])
        of_message[turn.message].append(turn)
    kept = {(turn.message, turn.follows) for turn in stored}
    lost = [row for turn in turns if (turn.message, turn.follows) not in kept for row in turn.rows]
    return Held([_sessions(each) for each in conversations], lost)


def _stored(turns: Iterable[_Turn]) -> list[_Turn]:
    """The turns that were stored: the last attempt to answer each message, and of messages that follow the same one
    that which the conversation went on from, or the last. One that follows none stays: whether it was lost, or what
    followed it was purged, cannot be told."""
    of_message: dict[str, _Turn] = {}
    for turn in turns:
        other = of_message.get(turn.message)
        if other is None or (turn.is_answer, turn.last) > (other.is_answer, other.last):
            of_message[turn.message] = turn
    attempts = list(of_message.values())
    followed = {turn.follows for turn in attempts}
    going_on: dict[str, _Turn] = {}
    for turn in attempts:
        if turn.follows:
            other = going_on.setdefault(turn.follows, turn)
            if (turn.message in followed, turn.last) > (other.message in followed, other.last):
                going_on[turn.follows] = turn
    return [turn for turn in attempts if not turn.follows or going_on[turn.follows] is turn]


def _in_order(turns: Sequence[_Turn]) -> list[_Turn]:
    """Each turn behind the one that it follows; where that is not recorded, or was purged, where it was given: among
    rows of an earlier version, which name nothing, those of this one may stand while one takes the other's place."""
    of_message = {turn.message: turn for turn in turns}
    placed: dict[str, _Turn] = {}
    for turn in turns:
        waiting: list[_Turn] = []
        before: _Turn | None = turn
        met: set[str] = set()
        while before is not None and before.message not in placed and before.message not in met:
            waiting.append(before)
            met.add(before.message)
            before = of_message.get(before.follows or "")
        placed |= {each.message: each for each in reversed(waiting)}
    return list(placed.values())


def _sessions(turns: Iterable[_Turn]) -> list[Session]:
    found: list[Session] = []
    for turn in turns:
        row = turn.rows[0]
        if row.begins or not found:
            found.append(Session(begun=row.begins))
        found[-1].messages.append(Message(row.message, row.text, row.begins, list(turn.rows)))
    return found
