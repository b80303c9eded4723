"""Every address of either server, whatever added it, is asked as often as it may be, and then no more."""

from __future__ import annotations

import http.client
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from ruamel.yaml import YAML
from sanic import Sanic

from knowledge.yaml_source import read_document
from service.action_server import LARGEST as LARGEST_CALL
from service.action_server import action_app
from service.http_server import LARGEST
from service.production import CREDENTIALS
from service.rasa_server import channels_app
from service.settings import settings
from tests.channels.local import serving

ALLOWED = 3
RATE = f"{ALLOWED}/minute"
ADDRESSES = count(2)
"""Of this machine: each test comes from one that nobody has counted yet."""
SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
TEAMS = dict.fromkeys(("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT"), "0d1c8a52-7a2e-4ad5-9b1c-1f0a2b3c4d5e")
Make = Callable[[Path], Sanic]


def rasa(platforms: dict[str, str]) -> Make:
    """Makes Rasa's server with all channels; each address may ask ALLOWED times a minute."""

    def make(folder: Path) -> Sanic:
        channels = read_document(CREDENTIALS).data
        for given in channels.values():
            if "rates" in given:
                given["rates"]["requests_of_address"] = RATE
            else:
                given["rate"] = RATE
        file = folder / "credentials.yml"
        YAML().dump(channels, file)
        database = {"DELIVERIES_DATABASE": f"sqlite:///{folder / 'deliveries.sqlite'}"}
        with patch.dict(os.environ, {**settings().environment(), **platforms, **database}):
            app = channels_app(file, 0)
        app.ctx.agent = SimpleNamespace(tracker_store=InMemoryTrackerStore(Domain.empty()))
        return app

    return make


SERVERS: dict[str, Make] = {
    "Rasa": rasa({**SLACK, **TEAMS}),
    "Rasa, without Slack and Teams": rasa(dict.fromkeys((*SLACK, *TEAMS), "")),
    "actions": lambda _: action_app(settings(), list, RATE),
}


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Sanic]]:
    """Each of the servers, without what answers messages: nothing here gets so far."""
    make, folder = SERVERS[request.param], tmp_path_factory.mktemp("server")
    with patch.object(Sanic, "test_mode", True), serving(lambda: make(folder)) as running:
        yield running


def routes(app: Sanic) -> list[tuple[str, str]]:
    """Every method and address that something answers at, with an example for what is variable."""
    examples = {"name": "vcf-assistant.js", "path": "somewhere"}
    found = []
    for route in app.router.routes:
        path = "/" + "/".join(
            examples[part.strip("<>").split(":")[0]] if part.startswith("<") else part for part in route.parts
        )
        path += "/" if route.raw_path.endswith("/") else ""
        found += [(method, path) for method in sorted(route.methods) if method != "OPTIONS"]
    return found


def ask(url: str, method: str, path: str, source: str, body: bytes = b"{}") -> int:
    """The status of a request from one of this machine's addresses."""
    to = urlsplit(url)
    connection = http.client.HTTPConnection(str(to.hostname), to.port, timeout=20, source_address=(source, 0))
    try:
        connection.request(method, path, body if method == "POST" else None)
        return connection.getresponse().status
    finally:
        connection.close()


def test_no_address_may_be_asked_without_end(server: tuple[str, Sanic]) -> None:
    """By nobody who is not known: every route of every channel and of the action server."""
    url, app = server
    found = routes(app)
    assert len(found) >= 3
    for method, path in found:
        source = f"127.0.0.{next(ADDRESSES)}"
        statuses = [ask(url, method, path, source) for _ in range(ALLOWED + 1)]
        assert statuses[-1] == 429 and 429 not in statuses[:-1], (method, path, statuses)


def test_no_address_takes_a_body_of_any_size(server: tuple[str, Sanic]) -> None:
    """413, or closed in our face, before it is read to its end."""
    url, app = server
    largest = LARGEST_CALL if app.name == "rasa_sdk" else LARGEST
    for method, path in routes(app):
        if method == "POST":
            try:
                status = ask(url, method, path, f"127.0.0.{next(ADDRESSES)}", b" " * (largest + 1))
            except OSError:
                continue  # closed while we were still sending
            assert status == 413, (path, status)
