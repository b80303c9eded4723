"""Who may speak to the bot: real signed tokens to the running servers, forged ones in every way."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from channels.http_client import Client
from channels.teams.tokens import FAILED_PAUSE, GRACE, KEYS_LAST, UNKNOWN_KEY_PAUSE, BadToken, Keys, NoKeys
from tests.channels.teams.client import Thread
from tests.channels.teams.conftest import Teams
from tests.channels.teams.contract import words
from tests.channels.teams.platform import APP_ID, ISSUER, TENANT, Platform, running_platform

Threads = Callable[..., Thread]
GREETING = "hello"


def confused(platform: Platform) -> str:
    """A token signed with HS256, the public key as its secret: what a careless verifier takes."""
    (name, key), *_ = platform.keys.items()
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    header, payload = (_part(part) for part in ({"alg": "HS256", "kid": name}, _claims(platform)))
    signature = base64.urlsafe_b64encode(hmac.digest(public, f"{header}.{payload}".encode(), hashlib.sha256))
    return f"{header}.{payload}.{signature.decode().rstrip('=')}"


def forgeries(platform: Platform) -> dict[str, str]:
    """Tokens that are not valid, by what is wrong with them."""
    now = int(time.time())
    (name, _key), *_ = platform.keys.items()
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    good = platform.token()
    return {
        "signed by another": platform.token(key=stranger),
        "no algorithm": platform.token(key="", algorithm="none"),
        "symmetric": platform.token(key="x" * 32, algorithm="HS256"),
        "public key as a secret": confused(platform),
        "another algorithm": platform.token(algorithm="PS256"),
        "expired": platform.token(exp=now - 3600),
        "no expiry": platform.token(exp=None),
        "not yet": platform.token(nbf=now + 3600),
        "another bot's": platform.token(aud="00000000-0000-0000-0000-000000000000"),
        "for no bot": platform.token(aud=None),
        "for several": platform.token(aud=[APP_ID, "x"]),
        "another issuer": platform.token(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"),
        "no issuer": platform.token(iss=None),
        "a skill's": platform.token(ver="2.0", azp="another", iss=f"https://login.microsoftonline.com/{TENANT}/v2.0"),
        "no key named": platform.token(headers={"kid": None}),
        "another service": platform.token(serviceurl="https://smba.trafficmanager.net/emea/"),
        "for no service": platform.token(serviceurl=None),
        "payload changed": f"{good.split('.')[0]}.{_part(_claims(platform) | {'exp': now + 9})}.{good.split('.')[2]}",
        "signature cut": good[:-8],
        "not a token": "x",
        "three dots": "...",
        "empty": "",
        "too long": f"{name}." * 300,
    }


def test_forged_tokens_are_refused_alike(teams: Teams, thread: Threads) -> None:
    """401 for each, never 500, with the same words: a forger learns nothing. Nothing is taken in."""
    chat = thread()
    refusals = set()
    for what, token in forgeries(teams.platform).items():
        response = chat.post(chat.activity(text=GREETING), token=token)
        assert response.status_code == 401, what
        refusals.add(response.text)
    for header in ({}, {"Authorization": "Basic x"}, {"Authorization": "Bearer"}, {"Authorization": "Bearer a b c"}):
        response = requests.post(chat.url, json=chat.activity(text=GREETING), headers=header, timeout=10)
        assert response.status_code == 401, header
        refusals.add(response.text)
    assert len(refusals) == 1 and json.loads(refusals.pop())["error"]["code"] == "unauthorized"
    assert not [posted for posted in teams.platform.posted if posted.conversation == chat.id]


def test_a_key_rolls_over_and_invented_keys_cause_no_storm(teams: Teams, thread: Threads) -> None:
    """A token of a new key is taken at once; names of keys that do not exist make no further requests."""
    chat = thread()
    chat.say(GREETING)
    fetched = teams.platform.key_fetches
    teams.platform.roll_over()
    assert words(chat.say(GREETING))
    assert teams.platform.key_fetches == fetched + 1
    for name in ("invented", "another", "../../etc/passwd", ""):
        invented = teams.platform.token(headers={"kid": name})
        assert chat.post(chat.activity(text=GREETING), token=invented).status_code == 401
    assert teams.platform.key_fetches == fetched + 1


def test_other_tenants_and_services_are_refused(teams: Teams, thread: Threads) -> None:
    """A single-tenant bot answers its own tenant, and posts to allowed addresses only: 403 and which it was."""
    other = thread(tenant="00000000-8888-7777-6666-555555555555")
    response = other.post(other.activity(text=GREETING))
    assert (response.status_code, response.json()["error"]["code"]) == (403, "other_tenant")
    chat = thread()
    for url in ("https://evil.test/", f"{teams.platform.url}/apac/", "http://169.254.169.254/amer/"):
        token = teams.platform.token(serviceurl=url)
        response = chat.post(chat.activity(text=GREETING, serviceUrl=url), token=token)
        assert (response.status_code, response.json()["error"]["code"]) == (403, "service_url")


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": 7},
        {"type": None},
        {"conversation": None},
        {"conversation": "x"},
        {"conversation": {"tenantId": TENANT}},
        {"recipient": None},
        {"recipient": {"name": "x"}},
        {"channelId": "directline"},
        {"conversation": {"id": "x"}, "channelData": {}},
        {"conversation": {"id": "x", "tenantId": "another"}},
    ],
)
def test_what_is_no_activity_is_told_so(thread: Threads, change: dict[str, Any]) -> None:
    """400 and what is missing, in JSON."""
    chat = thread()
    response = chat.post(chat.activity(text=GREETING, **change))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "no_activity")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"7", b'"x"', b"null"])
def test_a_body_that_is_no_object_is_told_so(teams: Teams, body: bytes) -> None:
    """400, whatever it is."""
    headers = {"Authorization": f"Bearer {teams.platform.token()}"}
    response = requests.post(teams.url, data=body, headers=headers, timeout=10)
    assert response.status_code == 400 and response.json()["error"]["message"]


def test_a_body_too_large_is_refused(teams: Teams) -> None:
    """413 beyond a megabyte."""
    headers = {"Authorization": f"Bearer {teams.platform.token()}"}
    assert requests.post(teams.url, data=b" " * 1_000_001, headers=headers, timeout=10).status_code == 413


def test_keys_are_fetched_once_a_day_and_once_a_minute_for_unknown_ones() -> None:
    """Lazily, once for many at once; a key that stays unknown costs one fetch a minute at most."""

    async def told(platform: Platform) -> list[int]:
        now = [0.0]
        client = Client(timeout=15)
        keys = Keys(client, f"{platform.url}/openid", lambda: now[0])
        known, *_ = platform.keys
        counts = [platform.key_fetches]
        await asyncio.gather(*(keys.get(known) for _ in range(5)))
        counts.append(platform.key_fetches)
        for seconds in (1.0, 2.0, UNKNOWN_KEY_PAUSE + 2, KEYS_LAST * 2):
            now[0] = seconds
            for _ in range(3):
                with pytest.raises(BadToken):
                    await keys.get("unknown")
            counts.append(platform.key_fetches)
        assert await keys.get(known)
        await client.close()
        return counts

    with running_platform() as platform:
        assert asyncio.run(told(platform)) == [0, 1, 2, 2, 3, 4]


def test_keys_are_used_on_while_they_cannot_be_fetched() -> None:
    """A refresh that is due and fails holds nobody up: a known key is taken for a day more, then nothing is."""

    async def told(platform: Platform) -> None:
        now = [0.0]
        client = Client(timeout=15)
        keys = Keys(client, f"{platform.url}/openid", lambda: now[0])
        known, *_ = platform.keys
        await keys.get(known)
        platform.keys_down = True
        now[0] = KEYS_LAST + 1
        for _ in range(3):
            assert await keys.get(known)
            await asyncio.sleep(0.2)
        assert platform.key_fetches == 2  # after the failure a pause
        now[0] += FAILED_PAUSE + 1
        with pytest.raises(NoKeys):
            await keys.get("unknown")
        assert platform.key_fetches == 3
        now[0] = KEYS_LAST + GRACE + 1
        for _ in range(3):
            with pytest.raises(NoKeys):
                await keys.get(known)
        assert platform.key_fetches == 4
        platform.keys_down = False
        now[0] += FAILED_PAUSE + 1
        assert await keys.get(known)
        await client.close()

    with running_platform() as platform:
        asyncio.run(told(platform))


def test_invented_keys_hold_up_nobody() -> None:
    """While a fetch for names that nobody knows takes its time, a known key is there at once."""

    async def told(platform: Platform) -> float:
        client = Client(timeout=15)
        keys = Keys(client, f"{platform.url}/openid")
        known, *_ = platform.keys
        await keys.get(known)
        platform.keys_take = 1.0
        storm = [asyncio.create_task(keys.get(f"invented {number}")) for number in range(50)]
        await asyncio.sleep(0.1)
        started = time.monotonic()
        assert await keys.get(known)
        took = time.monotonic() - started
        refused = await asyncio.gather(*storm, return_exceptions=True)
        assert {type(refusal) for refusal in refused} == {BadToken} and platform.key_fetches == 2
        await client.close()
        return took

    with running_platform() as platform:
        assert asyncio.run(told(platform)) < 0.1


def test_a_signed_request_sent_again_is_taken_once(teams: Teams, thread: Threads) -> None:
    """Whoever repeats a request to the letter, its token included, is acknowledged, and nothing more happens."""
    chat = thread()
    token, activity = teams.platform.token(), chat.activity(text=GREETING)
    assert chat.post(activity, token=token).status_code == 202
    answers = chat.platform.answers(activity["id"])
    assert [chat.post(activity, token=token).status_code for _ in range(3)] == [202] * 3
    assert chat.platform.answers(activity["id"], quiet=1.5) == answers


def _claims(platform: Platform) -> dict[str, Any]:
    return {"iss": ISSUER, "aud": APP_ID, "exp": int(time.time()) + 600, "serviceurl": platform.service_url}


def _part(data: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
