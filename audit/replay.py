"""Holds every recorded conversation again, with this checkout's model and actions, and compares the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.domain import SessionConfig

from actions.record import Recorder
from audit.rows import UNRECORDED, Entry, Row, Versions
from audit.sessions import Message, Session, held
from privacy.pseudonyms import pseudonym
from service.in_process import load_assistant

AT_ONCE = 1e-6
"""Minutes without a message after which a session ends, where one is to end now."""


class Unrecordable(Exception):
    """What could not be recorded when it was held, cannot be recorded again either."""


KEY = "replay"
"""What the names of a replay are made with; they are kept nowhere."""


@dataclass
class Replayed:
    """How many answers were given again: `same`, or not (`different`), by the versions that gave them first.

    `of_others` counts answers of other versions, which may differ. Not held again are answers whose messages were
    `purged`, whose sessions began before the record did (`unbegun`), or whose turns were not stored (`not_given`);
    `refused` could not be recorded in time.
    """

    same: int = 0
    different: list[Row] = field(default_factory=list)
    of_others: int = 0
    of_others_different: int = 0
    purged: int = 0
    unbegun: int = 0
    not_given: int = 0
    refused: int = 0

    @property
    def proved(self) -> int:
        """How many answers of these versions were given a second time: the others may differ, and prove nothing."""
        return self.same + len(self.different)


def again(message: str) -> str:
    """The name that a message of the record has when it is given again."""
    return pseudonym(KEY, message)


class Replay:
    """Holds conversations with the model in the file `model`; `now` are the versions that it and the code have."""

    def __init__(self, model: Path, now: Versions, knowledge: frozenset[str]) -> None:
        """`knowledge` are the versions of the guidelines of all topics."""
        self._now = (now.model, now.rules, now.code)
        self._knowledge = knowledge
        self._given: list[Entry] = []
        self._refused: set[tuple[str, str]] = set()
        self._agent = load_assistant(model, Recorder(self._keep, KEY, now))

    def all(self, recorded: Iterable[Iterable[Row]], tell: Callable[[int], None] = lambda _done: None) -> Replayed:
        """Hold what is recorded again, the rows of one pseudonym after the other; `tell` hears how many are done."""
        result = Replayed()
        for number, rows in enumerate(recorded, start=1):
            found = held(rows)
            result.not_given += len(found.not_given)
            for part, sessions in enumerate(found.conversations):
                asyncio.run(self._conversation(f"replay-{number}-{part}", sessions, result))
            tell(number)
        return result

    async def _conversation(self, sender: str, sessions: Sequence[Session], result: Replayed) -> None:
        whole = True
        for session in sessions:
            if not session.begun:
                result.unbegun += len(session.rows)
                whole = False
            # What follows a session that cannot be held depends on it: whether its case had ended, for one.
            elif not whole or any(message.text is None for message in session.messages):
                result.purged += len(session.rows)
                whole = False
            else:
                await self._session(sender, session, result)

    async def _session(self, sender: str, session: Session, result: Replayed) -> None:
        for message in session.messages:
            self._given.clear()
            given = {row.action for row in _given(message)}
            # Withheld at first, and answered when it was sent again: the latter counts.
            self._refused = {(again(row.message), row.action) for row in message.rows if row.action not in given}
            with self._beginning(message):
                row = message.rows[0]
                said = UserMessage(
                    message.text, CollectingOutputChannel(), sender, input_channel=row.channel, message_id=message.id
                )
                await self._agent.handle_message(said)
            self._compare(message, result)

    @contextmanager
    def _beginning(self, message: Message) -> Iterator[None]:
        """If the session begins with `message`, that before it has ended."""
        domain = self._agent.domain
        usual = domain.session_config
        if message.begins:
            domain.session_config = SessionConfig(AT_ONCE, usual.carry_over_slots)
        try:
            yield
        finally:
            domain.session_config = usual

    def _keep(self, *entries: Entry, **_: object) -> None:
        for entry in entries:
            if entry.kind != UNRECORDED and (entry.message, entry.action) in self._refused:
                raise Unrecordable
        self._given += entries

    def _compare(self, message: Message, result: Replayed) -> None:
        recorded = _given(message)
        given = [one.digest for one in self._given if one.message == again(message.id) and one.kind != UNRECORDED]
        result.refused += sum(row.kind == UNRECORDED for row in message.rows)
        told = [row.digest for row in recorded]
        # A message that was sent again, because nothing had answered it, was answered twice: the latter counts, and
        # the former said nothing else.
        agree = told[-len(given) :] == given and set(told) <= set(given) if given else not told
        for row in recorded:
            if (row.model, row.rules, row.code) == self._now and row.knowledge in self._knowledge:
                result.same += agree
                result.different += [] if agree else [row]
            else:
                result.of_others += 1
                result.of_others_different += not agree


def _given(message: Message) -> list[Row]:
    """The rows of what was given; not those that say that nothing was, nor what they stand for, if it came in late."""
    withheld = {(row.action, row.at) for row in message.rows if row.kind == UNRECORDED}
    return [row for row in message.rows if (row.action, row.at) not in withheld]
