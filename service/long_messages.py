"""Long messages are read beside the turns of others, one after the other: all others keep half the processor."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

from channels.outages import Overloaded

MOST = 10
"""Long messages that are read or wait for it at most, so that the last one is read before its sender is told to ask
again."""


class LongMessages:
    """Reads them in a thread of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "long-messages")
        self._under_way = 0

    async def read(self, reading: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
        """The result of `reading`, which waits for nothing itself. Raises channels.outages.Overloaded."""
        if self._under_way >= MOST:
            reading.close()
            raise Overloaded
        self._under_way += 1
        done = asyncio.get_running_loop().run_in_executor(
            self._thread, partial(copy_context().run, asyncio.run, reading)
        )
        done.add_done_callback(self._ended)
        # Who waits may go away; the thread goes on.
        return await asyncio.shield(done)

    def _ended(self, done: asyncio.Future[dict[str, Any]]) -> None:
        self._under_way -= 1
        # Heard even if nobody waits any more: left to itself, asyncio would log the failure with its text.
        done.cancelled() or done.exception()
