"""What every channel removes from a message before anything is kept or read, and what its sender is told of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.limits import LONG
from knowledge.document.common import say
from privacy import identifiers
from privacy.identifiers import Redacted

__all__ = ["REMOVED", "Redacted", "metadata", "redacted", "redacted_beside_others", "warning"]

REMOVED = "removed"
"""The key of a message's metadata, which Rasa keeps beside its text."""


BESIDE = ThreadPoolExecutor(1, "long-texts")
UNKEPT = re.compile("[\x00\ud800-\udfff]")
"""Characters that databases refuse: NUL (PostgreSQL) and halves of characters (SQLite)."""


def redacted(text: str) -> Redacted:
    """`text` as it may be kept and read: without what points to a person, and of characters that can be stored."""
    return identifiers.redacted(UNKEPT.sub(" ", text))


async def redacted_beside_others(text: str) -> Redacted:
    """The same; a long text in a thread, one after the other, so that nobody else waits for it."""
    if len(text) <= LONG:
        return redacted(text)
    return await asyncio.get_running_loop().run_in_executor(BESIDE, redacted, text)


def metadata(message: Redacted) -> dict[str, Any]:
    """What goes to Rasa beside the text, so that the sender can be warned whenever the conversation is read back."""
    return {REMOVED: list(message.removed)} if message.removed else {}


def warning(beside: Mapping[str, Any] | None) -> str:
    """The words for what was removed from a message with this metadata, after its answer; "" if nothing was."""
    removed = (beside or {}).get(REMOVED)
    return say("removed", kinds=", ".join(removed)) if removed else ""
