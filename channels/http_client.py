"""One HTTP client for all calls of a channel: with timeouts, opened when first needed, closed at the end."""

from __future__ import annotations

from urllib.request import getproxies

from aiohttp import ClientSession, ClientTimeout

PROXIES = frozenset(("http", "https", "all"))
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
"""Hosts that are this machine, to which nothing needs to be encrypted."""
CONNECT = 5
"""Seconds that a connection may take."""


class Client:
    """Holds the session of this process; needs no network until the first call."""

    def __init__(self, timeout: float) -> None:
        """`timeout` is in seconds, for a call with its connection."""
        self._timeout = ClientTimeout(total=timeout, connect=CONNECT)
        self._session: ClientSession | None = None

    def session(self) -> ClientSession:
        """The session; to be called where an event loop runs."""
        if self._session is None or self._session.closed:
            # Many hospitals reach the internet through a proxy only; where there is none, the library would look for a
            # netrc file, in a thread, at every call.
            self._session = ClientSession(timeout=self._timeout, trust_env=not PROXIES.isdisjoint(getproxies()))
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
