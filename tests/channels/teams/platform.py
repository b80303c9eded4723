"""A stand-in of Bot Framework on loopback: keys, tokens, and the connector API that answers are posted to."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.channels.teams.contract import check_activity

APP_ID = "11111111-2222-3333-4444-555555555555"
PASSWORD = "a secret of the registration"
TENANT = "99999999-8888-7777-6666-555555555555"
ISSUER = "https://api.botframework.com"


@dataclass(frozen=True)
class Posted:
    """An activity as it arrived: where, in reply to what, when."""

    conversation: str
    reply_to: str | None
    activity: dict[str, Any]
    at: float


@dataclass
class Platform:
    """What the stand-in holds; `fail`, if set, says how the connector answers instead of taking an activity: a status
    with its headers, or None to drop the connection. Keys are not had while
    `keys_down`, and take `keys_take` seconds. `directory` is where tokens are had, `no_cards` the status that
    cards are refused with, `typing_takes` the seconds that a sign of typing takes. With `one_token` a token is
    valid until the next is granted, so that whoever keeps an old one has to ask again; workers need one each."""

    server: ThreadingHTTPServer = field(repr=False)
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    posted: list[Posted] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)
    key_fetches: int = 0
    keys_down: bool = False
    keys_take: float = 0.0
    directory: str = TENANT
    no_cards: int | None = None
    typing_takes: float = 0.0
    one_token: bool = True
    fail: Callable[[], tuple[int, dict[str, str]] | None] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def service_url(self) -> str:
        """The connector's address, of a region as Teams has them."""
        return f"{self.url}/amer/"

    @property
    def environment(self) -> dict[str, str]:
        """What a server needs to take this for Bot Framework."""
        return {
            "TEAMS_APP_ID": APP_ID,
            "TEAMS_APP_PASSWORD": PASSWORD,
            "TEAMS_TENANT": TENANT,
            "TEAMS_OPENID_URL": f"{self.url}/openid",
            "TEAMS_LOGIN_URL": self.url,
            "TEAMS_SERVICE_URLS": f"{self.url}/amer/ {self.url}/emea/",
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def roll_over(self) -> str:
        """Publish a new signing key instead of the old ones; returns its name."""
        name = secrets.token_hex(8)
        self.keys = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        return name

    def token(
        self, headers: dict[str, Any] | None = None, key: Any = None, algorithm: str = "RS256", **claims: Any
    ) -> str:
        """A signed token; `claims` replace the usual ones, those that are None are left out."""
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 60, "exp": now + 600, "serviceurl": self.service_url}
        content = {name: value for name, value in (usual | claims).items() if value is not None}
        (name, own_key), *_ = self.keys.items()
        given = {"kid": name, **(headers or {})}
        return jwt.encode(
            content,
            own_key if key is None else key,
            algorithm,
            headers={name: value for name, value in given.items() if value is not None},
        )

    def answers(self, reply_to: str, within: float = 60.0, quiet: float = 0.5) -> list[dict[str, Any]]:
        """The messages posted in reply to an activity, once the first is there and no more come; fails if none do."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            found = self.replies(reply_to)
            if found and time.monotonic() - found[-1].at > quiet:
                assert not self.complaints, self.complaints
                return [posted.activity for posted in found]
            time.sleep(0.05)
        raise AssertionError(f"nothing was posted in reply to {reply_to}; complaints: {self.complaints}")

    def replies(self, reply_to: str, kind: str = "message") -> list[Posted]:
        """What has been posted in reply to an activity so far."""
        return [posted for posted in self.posted if posted.reply_to == reply_to and posted.activity["type"] == kind]


@contextmanager
def running_platform() -> Iterator[Platform]:
    """The stand-in, listening."""
    own = type("OwnHandler", (Handler,), {})  # several stand-ins may listen at once
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    server.daemon_threads = True
    platform = Platform(server)
    platform.roll_over()
    own.platform = platform  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Answers as Bot Framework does, and complains where a call is not as its documentation asks for."""

    protocol_version = "HTTP/1.1"
    platform: Platform

    def do_GET(self) -> None:
        """The OpenID configuration and the keys."""
        if self.path == "/openid":
            self._reply(200, {"issuer": ISSUER, "jwks_uri": f"{self.platform.url}/keys"})
        elif self.path == "/keys":
            self.platform.key_fetches += 1
            time.sleep(self.platform.keys_take)
            if self.platform.keys_down:
                self._reply(503, {})
                return
            published = [
                {
                    **json.loads(RSAAlgorithm.to_jwk(key.public_key())),
                    "kid": name,
                    "use": "sig",
                    "endorsements": ["msteams"],
                }
                for name, key in self.platform.keys.items()
            ]
            self._reply(200, {"keys": published})
        else:
            self._reply(404, {"error": {"code": "NotFound"}})

    def do_POST(self) -> None:
        """A token, or an activity."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.endswith("/oauth2/v2.0/token"):
            self._grant(body.decode())
        else:
            self._take(body)

    def _grant(self, body: str) -> None:
        form = {name: values[0] for name, values in parse_qs(body).items()}
        wanted = {
            "grant_type": "client_credentials",
            "client_id": APP_ID,
            "client_secret": PASSWORD,
            "scope": "https://api.botframework.com/.default",
        }
        if form != wanted or self.path != f"/{self.platform.directory}/oauth2/v2.0/token":
            self.platform.complaints.append(f"a token was asked for at {self.path} with {sorted(form)}")
            self._reply(401, {"error": "invalid_client"})
            return
        self.platform.granted.append(secrets.token_urlsafe(24))
        self._reply(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": self.platform.granted[-1]})

    def _take(self, body: bytes) -> None:
        platform = self.platform
        if platform.fail and (failing := platform.fail()) != (0, {}):
            if failing is None:
                self.close_connection = True
                self.connection.close()
            else:
                self._reply(failing[0], {"error": {"code": "ServiceError", "message": "later"}}, failing[1])
            return
        valid = platform.granted[-1:] if platform.one_token else platform.granted
        if self.headers.get("Authorization") not in [f"Bearer {token}" for token in valid]:
            self._reply(401, {"error": {"code": "Unauthorized", "message": "no"}})
            return
        activity = json.loads(body)
        if platform.no_cards and "attachments" in activity:
            self._reply(platform.no_cards, {"error": {"code": "BadSyntax", "message": "no"}})
            return
        if activity["type"] == "typing":
            time.sleep(platform.typing_takes)
        try:
            self._record(activity)
        except Exception as fault:
            platform.complaints.append(f"{type(fault).__name__}: {str(fault)[:500]}")
            self._reply(400, {"error": {"code": "BadSyntax", "message": "no"}})
            return
        self._reply(201, {"id": secrets.token_hex(8)})

    def _record(self, activity: dict[str, Any]) -> None:
        region, version, kind, conversation, last, *reply_to = [unquote(part) for part in self.path[1:].split("/")]
        assert (region, version, kind, last) == ("amer", "v3", "conversations", "activities"), self.path
        assert activity["type"] in ("message", "typing")
        assert activity["from"]["id"].startswith("28:") and activity["conversation"]["id"] == conversation
        assert [activity[name] for name in ("replyToId",) if name in activity] == reply_to
        check_activity(activity)
        at = time.monotonic()
        self.platform.posted.append(Posted(conversation, reply_to[0] if reply_to else None, activity, at))

    def _reply(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        with suppress(BrokenPipeError):  # nobody waits for it any more
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests print what they need."""
