"""One at a time: who works on a conversation, in this process and in every other that shares a Redis with it.

Nothing relies on these locks alone, for a lock can be lost: a Redis that dies forgets it, and a process that stands
still for longer than LEASE is taken for dead. Two turns that meet all the same are told apart where they are stored
(service.tracker_store): the second is refused, and worked out again. So a Redis that is away delays nobody: the lock is
then held in this process only.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from weakref import WeakValueDictionary

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

LEASE = 10.0
"""Seconds after which the lock of a process that is gone is another's; it is renewed three times in these."""
WAIT = 15.0
"""Seconds to wait for another process; less than a client waits for its answer."""
POLL = 0.02
"""Seconds between two looks at a lock that another process holds."""
PATIENCE = 1.0
"""Seconds that Redis may take to answer."""
AWAY = 5.0
"""Seconds for which a Redis that failed is not asked again."""
logger = logging.getLogger(__name__)


class Busy(Exception):
    """Another process has worked on the same conversation for longer than WAIT."""


class Locks:
    """Locks by name."""

    def __init__(self, redis: str = "") -> None:
        """`redis` is the URL of the Redis that is shared; empty where this process is the only one."""
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._redis = Redis.from_url(redis, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) if redis else None
        self._away_until = 0.0

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Hold the lock `name` within the block; who asked first in this process has it first. Raises Busy."""
        async with self._here.setdefault(name, asyncio.Lock()):
            held = await self._acquired(name)
            renewing = asyncio.create_task(self._renewed(held)) if held else None
            try:
                yield
            finally:
                if renewing and held:
                    renewing.cancel()
                    # The lease may have run out, and another may hold it by now.
                    with suppress(RedisError):
                        await held.release()

    async def _acquired(self, name: str) -> Lock | None:
        """The lock among all processes; None where there is no other, or Redis is away."""
        if self._redis is None or time.monotonic() < self._away_until:
            return None
        lock = Lock(self._redis, f"turn:{name}", timeout=LEASE, sleep=POLL, blocking_timeout=WAIT, thread_local=False)
        try:
            acquired = await lock.acquire()
        except (RedisError, OSError) as failure:
            self._away_until = time.monotonic() + AWAY
            logger.error("Locks are held in this process only for now: %s", type(failure).__name__)
            return None
        if not acquired:
            raise Busy("another process works on this conversation")
        return lock

    @staticmethod
    async def _renewed(held: Lock) -> None:
        while True:
            await asyncio.sleep(LEASE / 3)
            try:
                await held.reacquire()
            except LockError:
                return  # another's by now
            except (RedisError, OSError):
                continue
