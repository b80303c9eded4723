"""What the server says to requests that are too large, too slow, or for nobody."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import pytest
import requests

from service.http_server import HEADER_WITHIN, LARGEST
from tests.channels.web.client import Client
from tests.served import Served, start

CHANNELS = ("web/messages", "rest/webhook", "slack/webhook", "teams/messages")


def answer(served: Served, *parts: bytes, pause: float = 0.0, within: float = 5.0) -> bytes:
    """What the server says to bytes that are sent part by part."""
    with socket.create_connection(("127.0.0.1", served.ports[0]), timeout=within) as connection:
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
        except OSError:
            pass  # refused while we were still sending
        said = b""
        try:
            while received := connection.recv(65536):
                said += received
                if b"\r\n\r\n" in said and not pause:
                    break
        except OSError:
            pass
        return said


@pytest.mark.parametrize("path", CHANNELS)
def test_a_body_that_is_too_large_is_refused(served: Served, path: str) -> None:
    """With its length told and in chunks without one: 413, in JSON, whichever channel it is for."""
    url = served.web_url.replace("web/", path)
    large = b"x" * (LARGEST + 1)

    def chunks() -> Iterator[bytes]:
        yield from (large[i : i + 65536] for i in range(0, len(large), 65536))

    for body in (large, chunks()):
        try:
            reply = requests.post(url, data=body, timeout=10)
        except requests.ConnectionError:
            continue  # closed in our face: not taken either
        assert reply.status_code == 413 and reply.json()["error"]["code"] in ("too_large", "too_long")
    assert requests.get(served.web_url, timeout=10).status_code == 200


def test_a_header_that_is_too_large_or_none_is_refused(served: Served) -> None:
    """413 and 400 in JSON."""
    no_length = b"POST /webhooks/web/messages HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n"
    large = b"GET /webhooks/web/ HTTP/1.1\r\nHost: x\r\nCookie: " + b"x" * 20_000 + b"\r\n\r\n"
    none = b"no request at all\r\n\r\n"
    expected = ((large, b"413", "too_large"), (none, b"400", "bad_request"), (no_length, b"400", "bad_request"))
    for request, status, code in expected:
        said = answer(served, request)
        assert said.startswith(b"HTTP/1.1 " + status)
        assert json.loads(said.partition(b"\r\n\r\n")[2] or "{}").get("error", {}).get("code") in (code, None)


def test_who_sends_byte_by_byte_is_not_waited_for(served: Served) -> None:
    """A header that takes longer than it may is cut off, however steadily it drips."""
    drip = [b"GET /webhooks/web/ HTTP/1.1\r\n", *([b"X: y\r\n"] * (HEADER_WITHIN + 10))]
    said = answer(served, *drip, pause=1.0, within=HEADER_WITHIN + 15)
    assert b"408" in said.partition(b"\r\n")[0]
    assert requests.get(served.web_url, timeout=10).status_code == 200


@pytest.mark.parametrize(("path", "status"), [("conversations/x/tracker", 404), ("model/train", 404), ("nothing", 404)])
def test_what_is_not_there_is_said_in_json(served: Served, path: str, status: int) -> None:
    """Neither Rasa's API nor a page of the server's own is behind other addresses."""
    reply = requests.post(served.web_url.replace("webhooks/web/", path), json={}, timeout=10)
    assert reply.status_code == status and reply.json()["error"]["message"]


def test_every_address_that_is_asked_for_counts() -> None:
    """Over the limit of an address the page, its files, sessions and history wait alike, and so do strangers at Slack.

    Behind a trusted proxy the address is the one that the proxy tells, and only the last one counts; addresses of one
    IPv6 network count together.
    """
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
    running = start(more={"WEB_ADDRESS_RATE": "12/minute", "TRUSTED_PROXIES": "1", **slack})
    try:
        client = Client(running.web_url)
        one = {"X-Forwarded-For": "10.9.9.9, 192.0.2.1", **client.headers}
        for method, path in (("GET", ""), ("GET", "vcf-assistant.js"), ("POST", "sessions"), ("GET", "history")) * 3:
            assert requests.request(method, f"{running.web_url}{path}", headers=one, timeout=10).status_code < 400
        for method, path in (("GET", ""), ("GET", "vcf-assistant.js"), ("POST", "sessions"), ("GET", "history")):
            reply = requests.request(method, f"{running.web_url}{path}", headers=one, timeout=10)
            assert reply.status_code == 429 and int(reply.headers["Retry-After"]) >= 1
        other = {"X-Forwarded-For": "192.0.2.1, 192.0.2.2"}
        assert requests.get(running.web_url, headers=other, timeout=10).status_code == 200
        many = [f"2001:db8:0:1::{last:x}" for last in range(13)]
        asked = [requests.get(running.web_url, headers={"X-Forwarded-For": one}, timeout=10) for one in many]
        assert [reply.status_code for reply in asked] == [200] * 12 + [429]
        other = {"X-Forwarded-For": "2001:db8:0:2::1"}
        assert requests.get(running.web_url, headers=other, timeout=10).status_code == 200
        replies = [requests.post(f"{running.url('slack')}webhook", data="x", timeout=10) for _ in range(13)]
        assert [reply.status_code for reply in replies] == [401] * 12 + [429]
    finally:
        running.stop()
