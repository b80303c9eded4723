"""Sessions of the web channel: issued by the server, signed, unguessable, expiring (RFC 7519)."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import jwt

from channels.replies import Refused

ALGORITHM = "HS256"
KEY_BYTES = 32
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
    """Issues and checks sessions with one signing key; keeps nothing."""

    def __init__(self, key: bytes, lifetime: int) -> None:
        """`lifetime` is in seconds."""
        self._key = key
        self._lifetime = lifetime

    def open(self) -> Session:
        """A new session with a conversation of its own."""
        conversation, expires_at = secrets.token_urlsafe(24), int(time.time()) + self._lifetime
        claims = {"sub": conversation, "exp": expires_at, "aud": PURPOSE}
        return Session(jwt.encode(claims, self._key, ALGORITHM), conversation, expires_at)

    def conversation(self, authorization: str | None) -> str:
        """The conversation that an Authorization header opens.

        Raises NoSession if it holds no token of this server that is still valid.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NoSession("Open a session first and send its token as “Authorization: Bearer …”.")
        try:
            claims = jwt.decode(
                token, self._key, [ALGORITHM], audience=PURPOSE, options={"require": ["exp", "sub", "aud"]}
            )
        except jwt.ExpiredSignatureError:
            raise NoSession("This session has expired. Start a new patient.") from None
        except jwt.InvalidTokenError:
            raise NoSession("This is not a session of this server. Start a new patient.") from None
        return str(claims["sub"])


def signing_key(path: Path) -> bytes:
    """The key kept in the file `path`, which is made, readable by its owner only, if it does not exist yet.

    Raises ValueError if the file holds too little for a key.
    """
    try:
        # Born with these rights: no moment in which others could read it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
    except FileExistsError:
        pass  # made by an earlier start
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise ValueError(
            f"{path} holds {len(key)} bytes; a session key needs {KEY_BYTES}. Delete it to make a new one."
        )
    return key
