"""Answers after the acknowledgment: platforms want a reply within seconds, an answer may follow whenever it can."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain, count, repeat
from typing import Any

from rasa.core.tracker_store import TrackerStore
from sqlalchemy.exc import SQLAlchemyError

from channels.claims import Claims
from channels.deliveries import Deliveries, NotOurs, Waiting, age
from channels.redaction import REMOVED, Redacted, metadata, redacted_beside_others
from channels.turns import Turns
from knowledge.document.common import say

PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Seconds between attempts; the last is repeated."""
FAULTS = (1.0, 5.0, 20.0)
"""Seconds between attempts after a fault of our own."""
GIVEN_UP_AFTER = 3600.0
"""Seconds after a message came in when its answer is given up, whatever restarts lie between."""
DELAYED = 3
"""The attempt after which its author is told that an answer takes longer: some seconds after the message came in."""
SWEEP = 5.0
"""Seconds between two looks for messages that nobody works on."""
NOTED_AGAIN = 0.5
"""Seconds between attempts to note what was done while the database is away."""
logger = logging.getLogger(__name__)
Post = Callable[[Mapping[str, Any], Mapping[str, Any]], Awaitable[None]]
"""Posts one answer (its second argument, as drawn) where a message (its first) came from."""
Draw = Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Any]]]
"""What is to be posted for the answers (of channels.turns.Turn) to a message, in order.

It has to draw the same again after a restart: what was posted is remembered by its number.
"""
Prepare = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""Does on the platform what comes before the answers to a message, such as opening a thread; returns the message with
what was learned by it, which may be another conversation."""


class Passing(Exception):
    """The platform cannot be reached or asks to wait; `wait` is in seconds if it says how long."""

    def __init__(self, wait: float | None = None) -> None:
        super().__init__("the platform is not available for now")
        self.wait = wait


class Permanent(Exception):
    """The platform refuses an answer for good; the message gives the platform's own code and no text of the case."""


class Outdated(Exception):
    """What a message was about has passed: it is dropped without an answer; its author has been told."""


class Untaken(Exception):
    """A message cannot be kept now, because the database is away."""


class Courier:
    """Has messages answered and posts the answers, in order, each once, until the platform takes them.

    A message is a mapping with `conversation`, `text`, and whatever its channel needs to post the answers. With a
    `mark` it is a click on what was offered with it (channels.offers); without a text it has no turn of its own, and
    what is answered is for `draw` to say; `prepared` ones need no `prepare`.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        turns: Turns,
        post: Post,
        draw: Draw = lambda _message, answers: answers,
        prepare: Prepare | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._turns = turns
        self._post = post
        self._draw = draw
        self._prepare = prepare
        self._under_way: set[asyncio.Task[None]] = set()
        self._claims = Claims(deliveries)

    async def take(self, store: TrackerStore, key: str, message: Mapping[str, Any]) -> bool:
        """Take a message in and answer it in the background; False if it was taken before, under the same `key`.

        Nothing that points to a person is kept of it. Raises Untaken if it cannot be kept now.
        """
        try:
            taken = await self._deliveries.do(self._deliveries.take, key, await _redacted(message))
        except SQLAlchemyError as failure:
            raise Untaken from failure
        if taken:
            self._start(store, key)
        return taken

    def begin(self, store: TrackerStore) -> None:
        """From now on go on with what was taken in and nobody works on: what an earlier process left, or one that died,
        or what could not be stored while the database was away."""
        self._keep(asyncio.create_task(self._keep_on(store)))

    def end(self) -> None:
        """Leave everything as it is in the table."""
        for task in self._under_way:
            task.cancel()

    async def _keep_on(self, store: TrackerStore) -> None:
        while True:
            try:
                await self.resume(store)
            except Exception as failure:  # whatever it is, the next look follows
                logger.error("What waits could not be looked through: %s", type(failure).__name__)
            await asyncio.sleep(SWEEP)

    async def resume(self, store: TrackerStore) -> None:
        """Go on with what waits now, and keep the claims of this process."""
        await self._claims.renew()
        await self._deliveries.do(self._deliveries.forget)
        for key in await self._deliveries.do(self._deliveries.waiting):
            self._start(store, key)

    async def is_busy(self, conversation: str) -> bool:
        """Whether a message of `conversation` is being answered. Raises Untaken if that cannot be known now."""
        try:
            return await self._deliveries.do(self._deliveries.is_busy, conversation)
        except SQLAlchemyError as failure:
            raise Untaken from failure

    async def tell_untaken(self, message: Mapping[str, Any]) -> None:
        """Tell who wrote a message that it could not be taken in. Raises Passing, Permanent."""
        await self._tell(message, say("untaken"))

    def _start(self, store: TrackerStore, key: str) -> None:
        if self._claims.take(key):
            self._keep(asyncio.create_task(self._deliver(store, key)))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, store: TrackerStore, key: str) -> None:
        try:
            if waiting := await self._claims.claimed(key):
                await self._attempted(store, waiting)
                await self._noted(partial(self._deliveries.done, key))
        except NotOurs:
            logger.error("A message was left to another worker, because this one stood still")
        except SQLAlchemyError as failure:
            # It waits in the table; once that can be reached again, it is taken up.
            logger.error("A message has to wait for the database: %s", type(failure).__name__)
        finally:
            await self._claims.release(key)

    async def _attempted(self, store: TrackerStore, waiting: Waiting) -> None:
        """Answer a message, again after a fault; one that cannot be answered is said to be so, and never silent."""
        message = waiting.message
        for pause in (*FAULTS, None):
            try:
                await self._handled(store, waiting)
                return
            except (NotOurs, SQLAlchemyError):
                raise
            except Outdated:
                return  # nothing to be answered
            except Permanent as refusal:
                logger.error("An answer was refused for good: %s", refusal)
                return
            except Passing:
                logger.error("An answer was given up %d seconds after its message came in", GIVEN_UP_AFTER)
                break
            except Exception as fault:
                # The type alone: an exception's text may quote the message.
                logger.error("A message could not be answered: %s", type(fault).__name__)
                if pause is not None:
                    await asyncio.sleep(pause)
                    waiting = await self._claims.claimed_again(waiting.key)
        await self._claims.hold(waiting.key)
        await self._told(message, say("unanswered"))

    async def _told(self, message: Mapping[str, Any], text: str) -> None:
        """Tell who wrote a message, if the platform lets us."""
        try:
            await self._tell(message, text)
        except Exception as fault:
            logger.error("Nor could that be told: %s", type(fault).__name__)

    async def _tell(self, message: Mapping[str, Any], text: str) -> None:
        told: dict[str, Any] = {"text": text, "payload": None, "choices": [], "mark": ""}
        for answer in self._draw(message, [told]):
            await self._post(message, answer)

    async def _handled(self, store: TrackerStore, waiting: Waiting) -> None:
        left = GIVEN_UP_AFTER - age(waiting)
        if left <= 0:
            # Days later it would come after what was said since, and change a case that has moved on.
            raise Passing
        await self._answer(store, await self._prepared(waiting, left), left)

    async def _prepared(self, waiting: Waiting, left: float) -> Waiting:
        if self._prepare is None or waiting.message.get("prepared"):
            return waiting
        learned = await self._while_ours(waiting.key, partial(self._prepare, waiting.message), left)
        message = {**learned, "prepared": True}
        await self._noted(partial(self._deliveries.amend, waiting.key, message))
        if message["conversation"] != waiting.message["conversation"]:
            # Somebody may have written there already.
            await self._claims.claimed_again(waiting.key)
        return replace(waiting, message=message)

    async def _answer(self, store: TrackerStore, waiting: Waiting, left: float) -> None:
        message, attempts = waiting.message, count(start=1)

        async def turn() -> Mapping[str, Any]:
            sent = Redacted(message["text"], tuple(message.get(REMOVED, ())))
            answered = await self._turns.answered(
                store, message["conversation"], waiting.key, sent, message.get("mark")
            )
            if answered is not None:
                return answered
            if next(attempts) == DELAYED:
                with suppress(SQLAlchemyError):  # what is away may be the database; then nobody else claims it either
                    await self._claims.hold(waiting.key)
                await self._told(message, say("delayed"))
            raise Passing

        answers = (await _patiently(turn, left))["answers"] if message.get("text") is not None else []
        posts = self._draw(message, answers)
        for number, answer in enumerate(posts[waiting.posted :], start=waiting.posted + 1):
            await self._while_ours(waiting.key, partial(self._post, message, answer), left)
            if number < len(posts):  # after the last, the message is done
                await self._noted(partial(self._deliveries.posted, waiting.key, number))

    async def _while_ours(self, key: str, act: Callable[[], Awaitable[Any]], left: float) -> Any:
        """Attempt what is to be done on the platform for a message until it succeeds. Raises NotOurs, Passing."""

        async def attempt() -> Any:
            await self._claims.hold(key)
            return await act()

        return await _patiently(attempt, left)

    async def _noted(self, note: Callable[[], None]) -> None:
        """Note what has been posted, as soon as the database takes it: as the table was, it would be posted again.

        Raises NotOurs.
        """
        for attempt in count():
            try:
                await self._deliveries.do(note)
                return
            except SQLAlchemyError as failure:
                if attempt == 0:
                    logger.error("What was posted is noted once the database is back: %s", type(failure).__name__)
                await asyncio.sleep(NOTED_AGAIN)


async def _redacted(message: Mapping[str, Any]) -> Mapping[str, Any]:
    if message.get("text") is None:
        return message
    sent = await redacted_beside_others(message["text"])
    return {**message, "text": sent.text, **metadata(sent)}


async def _patiently(attempt: Callable[[], Awaitable[Any]], left: float) -> Any:
    """Attempt until it succeeds. Raises Passing when `left` seconds are over."""
    until = time.monotonic() + left
    pauses = chain(PAUSES, repeat(PAUSES[-1]))
    while True:
        try:
            return await attempt()
        except Passing as failure:
            pause = failure.wait or next(pauses)
            if time.monotonic() + pause > until:
                raise
            await asyncio.sleep(pause)
