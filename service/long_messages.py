"""Long messages are read beside the turns of others, one after the other: all others keep half the processor."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

from channels.outages import Overloaded

MOST_WAITING = 10
"""Long messages that wait to be read at most, so that the last one is read before its sender is told to ask again."""


class LongMessages:
    """Reads them in a thread of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "long-messages")
        self._waiting = 0

    async def read(self, reading: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
        """The result of `reading`, which waits for nothing itself. Raises channels.outages.Overloaded."""
        if self._waiting >= MOST_WAITING:
            reading.close()
            raise Overloaded
        self._waiting += 1
        try:
            read = partial(copy_context().run, asyncio.run, reading)
            return await asyncio.get_running_loop().run_in_executor(self._thread, read)
        finally:
            self._waiting -= 1
