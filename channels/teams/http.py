"""One HTTP client for all calls of the Teams channel: with timeouts, opened when first needed, closed at the end."""

from __future__ import annotations

from aiohttp import ClientSession, ClientTimeout

TIMEOUT = ClientTimeout(total=15, connect=5)
"""Seconds for a call, and for its connection."""


class Client:
    """Holds the session of this process; needs no network until the first call."""

    def __init__(self) -> None:
        self._session: ClientSession | None = None

    def session(self) -> ClientSession:
        """The session; to be called where an event loop runs."""
        if self._session is None or self._session.closed:
            # trust_env: many hospitals reach the internet through a proxy only.
            self._session = ClientSession(timeout=TIMEOUT, trust_env=True)
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
