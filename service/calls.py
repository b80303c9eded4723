"""Calls of the action server by Rasa, and what becomes of a message while it is away."""

from __future__ import annotations

import asyncio
from typing import Any

import ujson
from aiohttp import ClientError, ClientSession, TCPConnector
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

PATIENCE = 10.0
"""Seconds that an action may take; the slowest takes less than one."""
IDLE = 30.0
"""Seconds that an unused connection is kept; less than the action server keeps it (service.action_server)."""
REJECTED = 400
"""The status of an action that declines, which is an answer."""


class Away(BaseException):
    """The action server did not do what it was asked for.

    Not an Exception: after those Rasa goes on with the turn, and stores it, as if the action had had nothing to say. A
    deficit that was told in this message would then be neither answered nor remembered as it should be. So the whole
    turn is given up, nothing of it is stored, and whoever wrote it is told to send it again.
    """


class ActionServer(EndpointConfig):  # type: ignore[misc]
    """The action server of endpoints.yml, over connections that are kept; Rasa's own opens one for every call."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._session: ClientSession | None = None

    async def request(self, method: str = "post", **named: Any) -> Any:
        """What the action server answers to the JSON of a call. Raises Away where Rasa's own raises what Rasa passes
        over."""
        try:
            return await asyncio.wait_for(self._answer(method, named["json"]), PATIENCE)
        except ClientResponseError as refusal:
            if refusal.status == REJECTED:
                raise
            raise Away from None
        except (ClientError, OSError, TimeoutError):
            raise Away from None

    async def _answer(self, method: str, call: dict[str, Any]) -> Any:
        if self._session is None:
            connections = TCPConnector(limit=0, keepalive_timeout=IDLE)
            self._session = ClientSession(connector=connections, json_serialize=ujson.dumps)
        async with self._session.request(method, self.url, json=call, headers=self.headers) as response:
            if response.status >= REJECTED:
                raise ClientResponseError(response.status, response.reason, await response.read())
            return await response.json(loads=ujson.loads)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
