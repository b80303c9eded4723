"""The parts that an answer needs, and which of them are there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from redis.asyncio import Redis
from sqlalchemy import select

from knowledge.current import engine

PATIENCE = 2.0
"""Seconds that a part may take to answer."""
SPARED = frozenset(("redis",))
"""Parts without which the assistant goes on: locks are then held in each process, and limits counted there."""


@dataclass(frozen=True)
class Found:
    """By part, "ok" or "away" ("unused" for one that is not set up); and whether every part that is needed is there."""

    parts: dict[str, str]

    @property
    def ready(self) -> bool:
        return all(state != "away" for name, state in self.parts.items() if name not in SPARED)


class Parts:
    """What is asked whether it is there: `action_server` and `redis` by their URLs; `action_key` is a worker's."""

    def __init__(self, action_server: str, action_key: str, redis: str) -> None:
        self._action_server = action_server
        self._known_by = {"Authorization": f"Bearer {action_key}"}
        self._redis = Redis.from_url(redis, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) if redis else None

    async def asked(self, agent: Any) -> Found:
        """Ask all parts at once; `agent` is Rasa's."""
        asked: dict[str, Callable[[], Awaitable[object]]] = {
            "model": lambda: _model(agent),
            "knowledge": _knowledge,
            "action_server": lambda: self._asked("health"),
            "record": lambda: self._asked("record"),
            "database": lambda: asyncio.to_thread(_database, agent.tracker_store.engine),
        }
        if self._redis is not None:
            asked["redis"] = self._redis.ping
        states = await asyncio.gather(*(_state(ask) for ask in asked.values()))
        return Found({"redis": "unused"} | dict(zip(asked, states, strict=True)))

    async def _asked(self, path: str) -> None:
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=self._known_by) as session,
            session.get(f"{self._action_server}/{path}", raise_for_status=True),
        ):
            pass


async def _state(ask: Callable[[], Awaitable[object]]) -> str:
    try:
        await asyncio.wait_for(ask(), PATIENCE)
    except Exception:
        # Whatever it was: the part does not do its work.
        return "away"
    return "ok"


async def _model(agent: Any) -> None:
    if not agent.is_ready():
        raise RuntimeError("no model is loaded")


async def _knowledge() -> None:
    engine()


def _database(database: Any) -> None:
    with database.connect() as connection:
        connection.execute(select(1))
