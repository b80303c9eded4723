"""Sessions of the web channel: issued by the server, signed, unguessable, expiring (RFC 7519)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

import jwt

from channels.replies import Refused

ALGORITHM = "HS256"
SHORTEST_KEY = 32
"""Bytes: those of the hash, which RFC 7518 asks for."""
PURPOSE = "vcf-web-session"
"""The audience of the tokens, so that a token signed for something else opens no conversation."""


class NoSession(Refused):
    """A request carries no session, or one that is forged or has expired; the message says which."""

    def __init__(self, message: str) -> None:
        super().__init__(401, "no_session", message, {"WWW-Authenticate": "Bearer"})


@dataclass(frozen=True)
class Session:
    """A session: its token, the conversation it opens, and when it ends (seconds since 1970)."""

    token: str
    conversation: str
    expires_at: int


class Sessions:
    """Issues sessions signed with the first of its keys, and checks those signed with any; keeps nothing."""

    def __init__(self, keys: Sequence[str], lifetime: int) -> None:
        """`lifetime` is in seconds. Raises ValueError if there is no key, or one is too short."""
        if not keys or min(len(key.encode()) for key in keys) < SHORTEST_KEY:
            raise ValueError(f"SESSION_KEY is missing or shorter than {SHORTEST_KEY} bytes (docs/security.md).")
        self._keys = tuple(key.encode() for key in keys)
        self._lifetime = lifetime

    def open(self) -> Session:
        """A new session with a conversation of its own."""
        conversation, expires_at = secrets.token_urlsafe(24), int(time.time()) + self._lifetime
        claims = {"sub": conversation, "exp": expires_at, "aud": PURPOSE}
        return Session(jwt.encode(claims, self._keys[0], ALGORITHM), conversation, expires_at)

    def conversation(self, authorization: str | None) -> str:
        """The conversation that an Authorization header opens.

        Raises NoSession if it holds no token of this server that is still valid.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NoSession("Open a session first and send its token as “Authorization: Bearer …”.")
        for key in self._keys:
            try:
                return _conversation(token, key)
            except jwt.ExpiredSignatureError:
                raise NoSession("This session has expired. Start a new patient.") from None
            except (jwt.InvalidTokenError, UnicodeError):
                continue  # perhaps signed with the key before this one
        raise NoSession("This is not a session of this server. Start a new patient.")


def _conversation(token: str, key: bytes) -> str:
    """The conversation of a valid token. Raises jwt.InvalidTokenError."""
    # The algorithm is ours to say, not the token's: one that names another, or none, is no token.
    claims = jwt.decode(token, key, [ALGORITHM], audience=PURPOSE, options={"require": ["exp", "sub", "aud"]})
    return str(claims["sub"])
