"""Calls to Bot Framework's connector API: activities posted to conversations, with a token of our own."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from aiohttp import ClientError, ClientResponse
from yarl import URL

from channels.courier import Passing, Permanent
from channels.http_client import Client
from channels.teams.packing import wire
from channels.teams.settings import TeamsSettings

SCOPE = "https://api.botframework.com/.default"
EARLY = 300.0
"""Seconds before its expiry from which a token is not used any more."""
LATER = frozenset({408, 412, 425, 429})
"""Statuses beside 5xx after which Teams asks to try again."""
CODE = re.compile(r"[A-Za-z_]{1,60}")
"""What an error code looks like; nothing else of a reply is logged."""
UNREADABLE = frozenset({400, 413})
"""Statuses of an activity that is malformed or too large, where a plainer one may be taken."""
logger = logging.getLogger(__name__)


class Unreadable(Permanent):
    """The platform cannot read this activity; another one in its place may be taken."""


class Connector:
    """Posts activities as the bot."""

    def __init__(self, settings: TeamsSettings, client: Client) -> None:
        self._settings = settings
        self._client = client
        self._token = ""
        self._token_until = 0.0
        self._lock = asyncio.Lock()

    async def post(self, service_url: str, conversation: str, activity: Mapping[str, Any]) -> None:
        """Post an activity into a conversation, as a reply where it names one.

        Raises Passing if it may be taken later, Permanent if it never will, Unreadable if that is for its form.
        """
        path = f"v3/conversations/{quote(conversation, safe='')}/activities"
        if reply_to := activity.get("replyToId"):
            path += f"/{quote(reply_to, safe='')}"
        url = URL(f"{service_url.rstrip('/')}/{path}", encoded=True)
        token = await self._bearer()
        if await self._posted(url, token, activity):
            return
        if not await self._posted(url, await self._bearer(instead_of=token), activity):
            # Microsoft's own trouble, or a bot that is being set up anew; the answer waits as it does for a token.
            logger.error("Teams takes no token of ours, not even a new one")
            raise Passing

    async def _posted(self, url: URL, token: str, activity: Mapping[str, Any]) -> bool:
        """Whether an activity was taken; False if the token was refused."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"}
        try:
            async with self._client.session().post(
                url, data=wire(activity), headers=headers, allow_redirects=False
            ) as reply:
                if reply.status in (200, 201, 202):
                    with suppress(ClientError, TimeoutError, OSError):
                        await reply.read()  # of what is not read the connection is closed
                    return True
                if reply.status == 401:
                    return False
                if reply.status in LATER or reply.status >= 500:
                    raise Passing(_wait(reply))
                refused = Unreadable if reply.status in UNREADABLE else Permanent
                raise refused(f"{reply.status} {await _code(reply)}")
        except (ClientError, TimeoutError, OSError):
            raise Passing from None

    async def _bearer(self, instead_of: str | None = None) -> str:
        """The token, a new one if there is none that lasts or it would be `instead_of`."""
        async with self._lock:
            if self._token == instead_of or time.monotonic() > self._token_until:
                await self._fetch_token()
            return self._token

    async def _fetch_token(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.app_id,
            "client_secret": self._settings.app_password,
            "scope": SCOPE,
        }
        try:
            async with self._client.session().post(self._settings.token_url, data=form, allow_redirects=False) as reply:
                if reply.status != 200:
                    # Answers wait for it: a secret that has expired is replaced by somebody, and nothing is lost.
                    logger.error("No token for Teams: %s %s", reply.status, await _code(reply))
                    raise Passing(_wait(reply))
                granted = await reply.json(content_type=None)
                self._token = str(granted["access_token"])
                self._token_until = time.monotonic() + float(granted["expires_in"]) - EARLY
        except (ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
            raise Passing from None


def _wait(reply: ClientResponse) -> float | None:
    """The seconds that Retry-After asks for, given as seconds or as a date."""
    asked = reply.headers.get("Retry-After", "")
    if asked.isdigit():
        return float(asked)
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    return None


async def _code(reply: ClientResponse) -> str:
    """The error's code; OAuth has it as `error`, the connector as `error.code`."""
    try:
        error = (await reply.json(content_type=None))["error"]
        code = error["code"] if isinstance(error, Mapping) else error
    except (ClientError, TimeoutError, ValueError, KeyError, TypeError):
        return ""
    return str(code) if CODE.fullmatch(str(code)) else ""
