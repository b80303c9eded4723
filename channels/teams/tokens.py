"""Tokens of incoming requests: botframework-connector validates them, with keys that are fetched and kept here."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError
from botframework.connector.auth import ChannelValidation, JwtTokenExtractor, SimpleCredentialProvider
from botframework.connector.auth.authentication_constants import AuthenticationConstants
from jwt.algorithms import RSAAlgorithm

from channels.http_client import Client
from channels.teams.settings import TeamsSettings

CHANNEL = "msteams"
"""How Bot Framework calls Teams; keys are endorsed for it."""
KEYS_LAST = 24 * 3600.0
"""Seconds after which the keys are fetched again, as Bot Framework asks for."""
GRACE = 24 * 3600.0
"""Seconds for which they are used beyond that while they cannot be fetched."""
FAILED_PAUSE = 30.0
"""Seconds after a failed fetch in which none is tried."""
UNKNOWN_KEY_PAUSE = 60.0
"""Seconds between fetches that an unknown key may cause: keys roll over, but anybody can invent a key's name."""


class BadToken(Exception):
    """A request carries no token of Bot Framework for this bot; says nothing of why, because a forger would learn."""


class NoKeys(Exception):
    """The keys cannot be fetched for now, so that no token can be judged."""


@dataclass(frozen=True)
class Key:
    """A public key and the channels that it is endorsed for, in the shape that botframework-connector reads."""

    public_key: Any
    endorsements: list[str]


class Keys:
    """The signing keys that an OpenID configuration names, fetched when first needed."""

    def __init__(self, client: Client, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._url = url
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._fetched_at: float | None = None
        self._unknown_at: float | None = None
        self._failed_at: float | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def get(self, key_id: str | None) -> Key:
        """A key by its name. Raises BadToken if there is none, NoKeys if none can be fetched."""
        if not isinstance(key_id, str):
            raise BadToken
        if key_id not in self._keys or self._older(self._fetched_at, KEYS_LAST + GRACE):
            await self._look_for(key_id)
        elif self._older(self._fetched_at, KEYS_LAST) and (not self._refreshing or self._refreshing.done()):
            self._refreshing = asyncio.create_task(self._refresh())  # a key that is known never waits for it
        if key_id not in self._keys:
            raise BadToken
        return self._keys[key_id]

    async def _look_for(self, key_id: str) -> None:
        async with self._lock:  # many requests at once fetch once
            if self._older(self._fetched_at, KEYS_LAST + GRACE):
                await self._fetch()
            if key_id not in self._keys and self._older(self._unknown_at, UNKNOWN_KEY_PAUSE):
                await self._fetch()
                self._unknown_at = self._clock()

    async def _refresh(self) -> None:
        with suppress(NoKeys):
            async with self._lock:
                if self._older(self._fetched_at, KEYS_LAST):
                    await self._fetch()

    def _older(self, moment: float | None, seconds: float) -> bool:
        return moment is None or self._clock() - moment > seconds

    async def _fetch(self) -> None:
        if not self._older(self._failed_at, FAILED_PAUSE):
            raise NoKeys
        try:
            configuration = await self._json(self._url)
            published = (await self._json(configuration["jwks_uri"]))["keys"]
            keys = {
                key["kid"]: Key(RSAAlgorithm.from_jwk(json.dumps(key)), list(key.get("endorsements") or ()))
                for key in published
                if key.get("kty") == "RSA" and "kid" in key
            }
        except (ClientError, TimeoutError, ValueError, KeyError, TypeError) as failure:
            self._failed_at = self._clock()
            raise NoKeys from failure
        self._keys, self._fetched_at = keys, self._clock()

    async def _json(self, url: str) -> Any:
        async with self._client.session().get(url, raise_for_status=True, allow_redirects=False) as reply:
            return await reply.json(content_type=None)


class Gate:
    """Lets in what Bot Framework signed for this bot."""

    def __init__(self, settings: TeamsSettings, client: Client) -> None:
        self._keys = Keys(client, settings.openid_url)
        self._url = settings.openid_url
        self._credentials = SimpleCredentialProvider(settings.app_id, "")

    async def claims(self, authorization: str | None) -> dict[str, Any]:
        """The claims of a valid token. Raises BadToken, NoKeys.

        Only tokens of channels are taken; those of emulators and skills, which the library would take too, have
        keys elsewhere, and Teams sends none.
        """
        extractor = JwtTokenExtractor(
            ChannelValidation.TO_BOT_FROM_CHANNEL_TOKEN_VALIDATION_PARAMETERS,
            self._url,
            AuthenticationConstants.ALLOWED_SIGNING_ALGORITHMS,
        )
        # The library's own cache fetches without a timeout, holding up everything, and stumbles over unknown keys.
        extractor.open_id_metadata = self._keys
        try:
            identity = await extractor.get_identity_from_auth_header(authorization, CHANNEL)
            claims: dict[str, Any] = (await ChannelValidation.validate_identity(identity, self._credentials)).claims
        except NoKeys:
            raise
        except Exception:
            # The library raises whatever the malformed token led to; all of it means the same.
            raise BadToken from None
        if "exp" not in claims:  # the library checks an expiry only where there is one
            raise BadToken
        return claims


def is_for(claims: dict[str, Any], service_url: str) -> bool:
    """Whether a token was issued for activities of `service_url`."""
    return bool(service_url) and claims.get(ChannelValidation.SERVICE_URL_CLAIM) == service_url
