"""Slack and Bot Framework as the load generator plays them: all that the servers ask of either, and nothing looked at.

The stand-ins of the channels' own tests look at every call, which would be measured here, and need the project's
packages.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from gevent.event import Event
from gevent.pywsgi import WSGIServer
from jwt.algorithms import RSAAlgorithm

SLACK_TOKEN, SIGNING_SECRET = "xoxb-bench", "8f742231b10e8888abcd99yyyzzz85a5"
APP, TENANT = "11111111-2222-3333-4444-555555555555", "99999999-8888-7777-6666-555555555555"
BOT_FRAMEWORK = "https://api.botframework.com"
TOKEN_LASTS = 300
"""Seconds that a token of Bot Framework is used again: making one takes longer than all else of a message."""
Sent = tuple[dict[str, str], str, Event]
"""Headers and body of a message, and what is set when an answer to it is posted."""


@dataclass
class Platforms:
    """Both, listening on a port of 127.0.0.1; who waits in a conversation is told that an answer was posted."""

    waiting: dict[str, Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._server = WSGIServer(("127.0.0.1", 0), self._asked, log=None, error_log=None)
        self._server.start()

    @property
    def url(self) -> str:
        """Where they listen."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a server needs to take this for Slack and for Bot Framework."""
        return {
            "SLACK_BOT_TOKEN": SLACK_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": f"{self.url}/api/",
            "TEAMS_APP_ID": APP,
            "TEAMS_APP_PASSWORD": "a secret of the registration",
            "TEAMS_TENANT": TENANT,
            "TEAMS_OPENID_URL": f"{self.url}/openid",
            "TEAMS_LOGIN_URL": self.url,
            "TEAMS_SERVICE_URLS": f"{self.url}/amer/",
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def slack_message(self, text: str, channel: str, user: str, thread: str | None) -> tuple[str, Sent]:
        """A direct message that belongs to `thread` if that is given; returns its thread, too."""
        ts = f"{time.time():.6f}"
        event = {"type": "message", "channel": channel, "user": user, "text": text, "ts": ts, "event_ts": ts}
        event |= {"channel_type": "im"} | ({"thread_ts": thread} if thread else {})
        authorized = [{"team_id": "T0CLINIC", "user_id": "U0ASSISTANT", "is_bot": True}]
        about = {"team_id": "T0CLINIC", "event_id": f"Ev{secrets.token_hex(8)}", "authorizations": authorized}
        body, at = json.dumps({"type": "event_callback", **about, "event": event}), str(int(time.time()))
        signature = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}
        return thread or ts, (headers | {"Content-Type": "application/json"}, body, self._awaited(channel))

    def teams_message(self, text: str, conversation: str) -> Sent:
        """A message in a chat."""
        body = {
            "type": "message",
            "id": secrets.token_hex(8),
            "channelId": "msteams",
            "serviceUrl": f"{self.url}/amer/",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "from": {"id": f"29:{conversation}", "name": "Some Body", "aadObjectId": "x"},
            "recipient": {"id": f"28:{APP}", "name": "VCF"},
            "conversation": {"id": conversation, "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "textFormat": "plain",
            "text": text,
        }
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
        return headers, json.dumps(body), self._awaited(conversation)

    def _awaited(self, conversation: str) -> Event:
        return self.waiting.setdefault(conversation, Event())

    def _posted(self, conversation: str) -> None:
        if waiting := self.waiting.pop(conversation, None):
            waiting.set()

    def _asked(self, environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environment["wsgi.input"].read()
        content = json.dumps(self._answer(environment["PATH_INFO"], body)).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [content]

    def _answer(self, path: str, body: bytes) -> dict[str, Any]:
        if path.startswith("/api/"):
            if path == "/api/chat.postMessage":
                self._posted(json.loads(body)["channel"])
            return {"ok": True, "ts": f"{time.time():.6f}", "messages": []}
        if path == "/openid":
            return {"issuer": BOT_FRAMEWORK, "jwks_uri": f"{self.url}/keys"}
        if path == "/keys":
            public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
            return {"keys": [{**public, "kid": "bench", "use": "sig", "endorsements": ["msteams"]}]}
        if path.endswith("/token"):
            return {"token_type": "Bearer", "expires_in": 3600, "access_token": "bench"}
        if json.loads(body)["type"] == "message":
            self._posted(unquote(path).split("/")[4])
        return {"id": secrets.token_hex(8)}

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def _token(self) -> str:
        now = int(time.time())
        made, token = self.__dict__.get("_made", (0, ""))
        if now - made > TOKEN_LASTS:
            claims = {"iss": BOT_FRAMEWORK, "aud": APP, "nbf": now - 60, "exp": now + 2 * TOKEN_LASTS}
            token = jwt.encode({**claims, "serviceurl": f"{self.url}/amer/"}, self._key, "RS256", {"kid": "bench"})
            self._made = now, token
        return token
