"""Sessions of the web channel: who signed them, with what, for what, and until when."""

from __future__ import annotations

import base64
import json
import secrets
import time
from typing import Any

import jwt
import pytest

from channels.web.sessions import ALGORITHM, PURPOSE, NoSession, Sessions

KEY, OLD, OTHER = (secrets.token_urlsafe(48) for _ in range(3))
HOUR = 3600


def bearer(claims: dict[str, Any], key: str | None = KEY, algorithm: str | None = ALGORITHM) -> str:
    """A header with a token of these claims beside the usual ones."""
    usual = {"sub": "chosen", "exp": int(time.time()) + HOUR, "aud": PURPOSE}
    given = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    return f"Bearer {jwt.encode(given, key, algorithm)}"


def test_a_session_opens_its_own_conversation_and_no_two_are_alike() -> None:
    """What was issued is taken; conversations cannot be guessed."""
    sessions = Sessions([KEY], HOUR)
    opened = [sessions.open() for _ in range(50)]
    assert len({session.conversation for session in opened}) == 50
    assert min(len(session.conversation) for session in opened) >= 32
    for session in opened:
        assert sessions.conversation(f"Bearer {session.token}") == session.conversation


def test_a_key_can_be_changed_while_sessions_last() -> None:
    """Sessions of the key before are taken while it is still given; new ones are signed with the new key alone."""
    before = Sessions([OLD], HOUR).open()
    rotating, after = Sessions([KEY, OLD], HOUR), Sessions([KEY], HOUR)
    assert rotating.conversation(f"Bearer {before.token}") == before.conversation
    new = rotating.open()
    assert after.conversation(f"Bearer {new.token}") == new.conversation
    with pytest.raises(NoSession):
        after.conversation(f"Bearer {before.token}")
    with pytest.raises(NoSession, match="expired"):
        rotating.conversation(bearer({"exp": int(time.time()) - 1}, OLD))


@pytest.mark.parametrize(
    "header",
    [
        bearer({}, OTHER),
        bearer({}, None, "none"),
        bearer({}, KEY, "HS512"),
        bearer({"aud": "vcf-something-else"}),
        bearer({"aud": None}),
        bearer({"exp": None}),
        bearer({"sub": None}),
        bearer({"exp": int(time.time()) - 1}),
        "Bearer x.y.z",
        "Bearer ",
        "Bearer a b c",
        "Bearer \ud800",
        "",
        None,
    ],
    ids=range(14),
)
def test_what_was_not_issued_here_opens_nothing(header: str | None) -> None:
    """Another key, no algorithm, another algorithm, another purpose, no end, no conversation, no token at all."""
    with pytest.raises(NoSession):
        Sessions([KEY, OLD], HOUR).conversation(header)


@pytest.mark.parametrize("changes", [{"alg": "none"}, {"alg": "RS256"}, {"kid": "../../dev/null"}, {"jku": "http://x"}])
def test_a_header_of_a_token_decides_nothing(changes: dict[str, str]) -> None:
    """The head of a valid token replaced, with and without its signature."""
    head, claims, signature = bearer({}).removeprefix("Bearer ").split(".")
    replaced = {**json.loads(base64.urlsafe_b64decode(f"{head}==")), **changes}
    forged = base64.urlsafe_b64encode(json.dumps(replaced).encode()).decode().rstrip("=")
    for token in (f"{forged}.{claims}.{signature}", f"{forged}.{claims}."):
        with pytest.raises(NoSession):
            Sessions([KEY], HOUR).conversation(f"Bearer {token}")


@pytest.mark.parametrize("keys", [[], ["short"], [KEY, "short"]])
def test_a_key_that_is_none_stops_the_start(keys: list[str]) -> None:
    """Every key has the length that its algorithm asks for."""
    with pytest.raises(ValueError, match="SESSION_KEY"):
        Sessions(keys, HOUR)
