"""Calls of the action server by Rasa, and what becomes of a message while it is away."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import ClientError
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

PATIENCE = 10.0
"""Seconds that an action may take; the slowest takes less than one."""
REJECTED = 400
"""The status of an action that declines, which is an answer."""


class Away(BaseException):
    """The action server did not do what it was asked for.

    Not an Exception: after those Rasa goes on with the turn, and stores it, as if the action had had nothing to say. A
    deficit that was told in this message would then be neither answered nor remembered as it should be. So the whole
    turn is given up, nothing of it is stored, and whoever wrote it is told to send it again.
    """


class ActionServer(EndpointConfig):  # type: ignore[misc]
    """The action server of endpoints.yml."""

    async def request(self, *given: Any, **named: Any) -> Any:
        """As Rasa's own. Raises Away where that would raise what Rasa passes over."""
        try:
            return await asyncio.wait_for(super().request(*given, **named), PATIENCE)
        except ClientResponseError as refusal:
            if refusal.status == REJECTED:
                raise
            raise Away from None
        except (ClientError, OSError, TimeoutError):
            raise Away from None
