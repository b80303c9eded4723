"""The channel by itself: what depends on its settings, and what it logs at most."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from channels.teams.answers import notice
from tests.channels.teams.client import Thread
from tests.channels.teams.contract import words
from tests.channels.teams.local import running_channel
from tests.channels.teams.platform import TENANT, Platform, running_platform

PASSING_TENANT = "33333333-8888-7777-6666-555555555555"
OTHER_TENANT = "00000000-8888-7777-6666-555555555555"


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """A stand-in without the assistant's servers."""
    with running_platform() as running:
        yield running


def test_off_says_so(platform: Platform, tmp_path: Path) -> None:
    """Without an app the channel answers nothing but that it is off."""
    with running_channel(platform, tmp_path, app_id="", app_password="", tenant="") as url:
        response = requests.post(url, json={}, timeout=10)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "off")


def test_nothing_needs_the_network_before_the_first_message(platform: Platform, tmp_path: Path) -> None:
    """The server starts while Bot Framework is out of reach; a token can then not be judged, which is said, a number of
    times to one address."""
    rates = {"requests_of_address": "3/minute", "messages_of_session": "3/minute"}
    with running_channel(platform, tmp_path, openid_url="http://127.0.0.1:9/openid", rates=rates) as url:
        chat = Thread(platform, url)
        responses = [chat.post(chat.activity(text="x")) for _ in range(4)]
    assert [response.status_code for response in responses] == [503, 503, 503, 429]
    assert responses[0].json()["error"]["code"] == "no_keys"


def test_a_multi_tenant_app_answers_every_tenant(platform: Platform, tmp_path: Path) -> None:
    """With `multi`, people of any tenant are answered, with a token of Bot Framework's own directory."""
    platform.directory = "botframework.com"
    try:
        with running_channel(platform, tmp_path, tenant="multi") as url:
            for tenant in (TENANT, OTHER_TENANT):
                assert words(Thread(platform, url, tenant=tenant).say("x")) == "You said: x"
    finally:
        platform.directory = TENANT


def test_several_tenants_are_answered_and_no_other(platform: Platform, tmp_path: Path) -> None:
    """Two that are named are let in, a third is not."""
    with running_channel(platform, tmp_path, tenant=f"{TENANT} {OTHER_TENANT}") as url:
        chats = [Thread(platform, url, tenant=tenant) for tenant in (TENANT, OTHER_TENANT, PASSING_TENANT)]
        assert [chat.post(chat.activity(text=" ", type="typing")).status_code for chat in chats] == [200, 200, 403]


def test_too_many_messages_are_asked_to_wait(platform: Platform, tmp_path: Path) -> None:
    """Over the limit of a conversation a notice asks to wait; repetitions do not count, other conversations go on."""
    rates = {"requests_of_address": "3/minute", "messages_of_session": "3/minute"}
    with running_channel(platform, tmp_path, rates=rates) as url:
        chat, other = Thread(platform, url), Thread(platform, url)
        first = chat.activity(text="first")
        assert [chat.post(first).status_code for _ in range(5)] == [202] * 5
        answers = [words(chat.say("x")) for _ in range(3)]
        assert answers == ["You said: x"] * 2 + [notice("too_many")["text"]]
        assert words(platform.answers(first["id"])) == "You said: first"
        assert words(other.say("y")) == "You said: y"
        guesses = [chat.post(chat.activity(text="x"), token="guess").status_code for _ in range(4)]
        assert guesses == [401, 401, 401, 429]
        assert other.post(other.activity(text="x")).status_code == 202


def test_one_person_is_held_up_in_all_conversations_together(platform: Platform, tmp_path: Path) -> None:
    """Who writes in one thread after the other is asked to wait; somebody else in the same thread goes on."""
    rates = {"requests_of_address": "9/minute", "messages_of_session": "9/minute", "messages_of_person": "2/minute"}
    with running_channel(platform, tmp_path, rates=rates) as url:
        threads = [Thread(platform, url) for _ in range(3)]
        answers = [words(thread.say("x")) for thread in threads]
        assert answers == ["You said: x"] * 2 + [notice("too_many")["text"]]
        another = {"id": "29:another", "name": "An Other"}
        last = threads[-1].activity(text="y", **{"from": another})
        assert threads[-1].post(last).status_code == 202
        assert words(platform.answers(last["id"])) == "You said: y"


def test_nothing_of_a_message_is_logged_even_at_debug(
    platform: Platform, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever libraries tell at DEBUG, the text of messages is not in it; nor are secrets and tokens."""
    word = f"sentinel{secrets.token_hex(6)}"
    loggers = [logging.getLogger(name) for name in ("", "sqlalchemy.engine", "aiohttp", "sanic.root", "asyncio")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    try:
        with running_channel(platform, tmp_path) as url:
            chat = Thread(platform, url)
            assert word in words(chat.say(f"{word} **x**"))
            chat.click({"send": word, "mark": word})
            chat.click({word: word})
            platform.fail = iter([(503, {}), (400, {}), *[(0, {})] * 9]).__next__
            chat.post(chat.activity(text=word))
            requests.post(url, data=f"{{{word}", headers={"Authorization": f"Bearer {platform.token()}"}, timeout=10)
            chat.post(chat.activity(text=word), token=f"{word}.{word}.{word}")
            chat.say(word)
    finally:
        platform.fail = None
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
    assert caplog.records
    for record in caplog.records:
        told = f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}"
        assert not [secret for secret in (word, platform.granted[-1], "a secret of") if secret in told], record.name
