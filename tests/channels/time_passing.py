"""Hours that pass without a message, in the conversations that the servers keep."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from service.settings import settings


def pass_by(conversation: str, hours: float) -> None:
    """Let everything in the conversations whose name ends so have been said `hours` earlier; fails if there is none."""
    earlier = {"seconds": hours * 3600, "name": f"%{conversation}"}
    moved = """
        UPDATE events SET timestamp = timestamp - :seconds,
        data = json_set(data, '$.timestamp', json_extract(data, '$.timestamp') - :seconds) WHERE sender_id LIKE :name
    """
    with closing(sqlite3.connect(settings().build / "conversations.sqlite", timeout=20)) as kept, kept:
        assert kept.execute(moved, earlier).rowcount
