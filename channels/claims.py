"""The messages that a process has in hand, each for as long as nobody else may take it over (channels.deliveries)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from channels.deliveries import Deliveries, NotOurs, Waiting, remaining

LOOK = 0.5
"""Seconds between two looks whether another process is done with what comes first in a conversation."""
SURE = 5.0
"""Seconds that a lease has to have left if nobody is asked: the clocks of two processes differ by some."""


class Claims:
    """What this process works on; whatever is asynchronous but `release` raises SQLAlchemyError while the database is
    away."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._in_hand: dict[str, datetime | None] = {}
        """Until when each message is this process's; None until it is."""
        self._released = asyncio.Condition()
        self._releases = 0

    def take(self, key: str) -> bool:
        """Take a message in hand; False if it is."""
        if key in self._in_hand:
            return False
        self._in_hand[key] = None
        return True

    async def release(self, key: str) -> None:
        """Work on a message no more."""
        self._in_hand.pop(key, None)
        self._releases += 1
        async with self._released:
            self._released.notify_all()

    async def claimed(self, key: str) -> Waiting | None:
        """A message in hand once it is its turn in its conversation; None if another process has answered it or works
        on it."""
        while True:
            seen = self._releases
            if claimed := await self._deliveries.do(self._deliveries.claim, key):
                self._in_hand[key] = claimed.leased_until
                return claimed
            if key not in await self._deliveries.do(self._deliveries.waiting):
                return None
            # What comes before it may be in this process, which tells, or in another, which does not.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._released_since(seen), LOOK)

    async def _released_since(self, seen: int) -> None:
        async with self._released:
            await self._released.wait_for(lambda: self._releases != seen)

    async def claimed_again(self, key: str) -> Waiting:
        """A message of this process as it stands in the table now. Raises NotOurs."""
        if waiting := await self.claimed(key):
            return waiting
        raise NotOurs

    async def renew(self) -> None:
        """Keep what is in hand."""
        await self._renewed(tuple(self._in_hand))

    async def hold(self, key: str) -> None:
        """Make sure that a claimed message is this process's still; asks the database only if that may have changed by
        the clock. Raises NotOurs."""
        until = self._in_hand[key]
        if (until is None or remaining(until) < SURE) and key not in await self._renewed((key,)):
            raise NotOurs

    async def _renewed(self, keys: Collection[str]) -> Collection[str]:
        """Those of the `keys` that are this process's, for another lease."""
        renewed = await self._deliveries.do(self._deliveries.renew, keys)
        self._in_hand.update((key, until) for key, until in renewed.items() if key in self._in_hand)
        return renewed.keys()
