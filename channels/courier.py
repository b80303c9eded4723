"""Answers after the acknowledgment: platforms want a reply within seconds, an answer may follow whenever it can."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from itertools import chain, repeat
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.tracker_store import TrackerStore

from channels.deliveries import Deliveries, Waiting, age
from channels.redaction import REMOVED, Redacted, metadata, redacted
from channels.turns import Turns
from knowledge.document.common import say

PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Seconds between attempts; the last is repeated."""
FAULTS = (1.0, 5.0, 20.0)
"""Seconds between attempts after a fault of our own."""
GIVEN_UP_AFTER = 3600.0
"""Seconds after a message came in when its answer is given up, whatever restarts lie between."""
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


class Courier:
    """Has messages answered and posts the answers, in order, each once, until the platform takes them.

    A message is a mapping with `conversation`, `text`, and whatever its channel needs to post the answers. With a
    `mark` it is a click on what was offered with it (channels.offers); without a text it has no turn of its own, and
    what is answered is for `draw` to say.
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
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[asyncio.Task[None]] = set()
        self._in_hand: set[str] = set()

    async def take(self, store: TrackerStore, key: str, message: Mapping[str, Any]) -> bool:
        """Take a message in and answer it in the background; False if it was taken before, under the same `key`.

        Nothing that points to a person is kept of it.
        """
        taken = await asyncio.to_thread(self._deliveries.take, key, _redacted(message))
        if taken:
            self._start(store, key, message["conversation"])
        return taken

    async def resume(self, store: TrackerStore) -> None:
        """Go on with what an earlier process took in and did not get done."""
        for key in await asyncio.to_thread(self._deliveries.waiting):
            if waiting := await asyncio.to_thread(self._deliveries.read, key):
                self._start(store, key, waiting.message["conversation"])

    def is_busy(self, conversation: str) -> bool:
        """Whether a message of `conversation` is being answered."""
        return conversation in self._queues

    def _start(self, store: TrackerStore, key: str, conversation: str) -> None:
        if key in self._in_hand:
            return  # it came in while what was left by an earlier process was looked through
        self._in_hand.add(key)
        task = asyncio.create_task(self._deliver(store, key, self._queue(conversation)))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, store: TrackerStore, key: str, queue: asyncio.Lock) -> None:
        try:
            async with queue:
                await self._attempted(store, key)
                await asyncio.to_thread(self._deliveries.done, key)
        finally:
            self._in_hand.discard(key)

    async def _attempted(self, store: TrackerStore, key: str) -> None:
        """Answer a message, again after a fault; one that cannot be answered is said to be so, and never silent."""
        for pause in (*FAULTS, None):
            try:
                await self._handled(store, key)
                return
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
        await self._tell_unanswered(key)

    async def _tell_unanswered(self, key: str) -> None:
        """Tell who wrote a message that it has no answer, if the platform lets us."""
        try:
            if waiting := await asyncio.to_thread(self._deliveries.read, key):
                unanswered: dict[str, Any] = {"text": say("unanswered"), "payload": None, "choices": [], "mark": ""}
                for answer in self._draw(waiting.message, [unanswered]):
                    await self._post(waiting.message, answer)
        except Exception as fault:
            logger.error("Nor could that be told: %s", type(fault).__name__)

    async def _handled(self, store: TrackerStore, key: str) -> None:
        waiting = await asyncio.to_thread(self._deliveries.read, key)
        if waiting is None:
            return
        left = GIVEN_UP_AFTER - age(waiting)
        if left <= 0:
            # Days later it would come after what was said since, and change a case that has moved on.
            raise Passing
        conversation = waiting.message["conversation"]
        waiting = await self._prepared(waiting, left)
        async with AsyncExitStack() as held:
            if waiting.message["conversation"] != conversation:
                conversation = waiting.message["conversation"]
                await held.enter_async_context(self._queue(conversation))
            await self._answer(store, waiting, conversation, left)

    def _queue(self, conversation: str) -> asyncio.Lock:
        return self._queues.setdefault(conversation, asyncio.Lock())

    async def _prepared(self, waiting: Waiting, left: float) -> Waiting:
        if self._prepare is None or waiting.message.get("prepared"):
            return waiting
        learned = await _patiently(partial(self._prepare, waiting.message), left)
        message = {**learned, "prepared": True}
        await asyncio.to_thread(self._deliveries.amend, waiting.key, message)
        return replace(waiting, message=message)

    async def _answer(self, store: TrackerStore, waiting: Waiting, conversation: str, left: float) -> None:
        message = waiting.message

        async def turn() -> Mapping[str, Any]:
            sent = Redacted(message["text"], tuple(message.get(REMOVED, ())))
            answered = await self._turns.answered(store, conversation, waiting.key, sent, message.get("mark"))
            if answered is None:
                raise Passing
            return answered

        answers = (await _patiently(turn, left))["answers"] if message.get("text") is not None else []
        posts = self._draw(message, answers)
        for number, answer in enumerate(posts[waiting.posted :], start=waiting.posted + 1):
            await _patiently(partial(self._post, message, answer), left)
            await asyncio.to_thread(self._deliveries.posted, waiting.key, number)


def _redacted(message: Mapping[str, Any]) -> Mapping[str, Any]:
    if message.get("text") is None:
        return message
    sent = redacted(message["text"])
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
