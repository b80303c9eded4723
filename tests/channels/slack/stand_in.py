"""A stand-in of Slack's Web API on the loopback interface: it checks every call as Slack would, and keeps messages."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.channels.slack.block_kit import problems

TOKEN = "xoxb-stand-in"
METHODS = {
    "chat.postMessage": ({"channel", "text"}, {"thread_ts", "blocks", "unfurl_links", "unfurl_media"}),
    "chat.update": ({"channel", "ts", "text"}, {"blocks"}),
    "chat.postEphemeral": ({"channel", "user", "text"}, {"thread_ts"}),
    "conversations.replies": ({"channel", "ts"}, {"limit", "cursor"}),
    "conversations.history": ({"channel"}, {"limit", "cursor"}),
}
"""What the assistant may call: required and optional arguments (docs.slack.dev/reference/methods)."""
RESPONSE = {"text", "response_type", "replace_original"}
Reply = tuple[int, dict[str, Any], dict[str, str]]


@dataclass
class Call:
    """A call that was carried out, or a response that came by a response_url (`method` is then "respond")."""

    method: str
    arguments: dict[str, Any]


@dataclass
class StandIn:
    """The workspace. `down` drops every connection; `next` are the fates of the next posts in a channel.

    A fate is an error code, a number of seconds to wait (429), "lost": carried out, but the connection drops, or None:
    carried out. Those of "respond" are the statuses of the next responses.
    """

    down: bool = False
    calls: list[Call] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    next: dict[str, deque[str | int | None]] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    """Channels that the assistant is no member of."""
    refused: int = 0
    """Calls while it was down."""

    def __post_init__(self) -> None:
        stand_in = self
        self._lock = threading.Lock()
        self._numbers = count(1)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                address = urlsplit(self.path)
                with stand_in._lock:
                    reply = stand_in._reply(address.path, self.headers, body, parse_qs(address.query))
                if reply is None:
                    self.close_connection = True
                    return
                status, answer, headers = reply
                content = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Type": "application/json"}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Nothing: pytest's output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """The address of the Web API."""
        return f"http://127.0.0.1:{self._server.server_port}/api/"

    @property
    def response_url(self) -> str:
        """An address for responses to a command or a shortcut."""
        return f"http://127.0.0.1:{self._server.server_port}/respond"

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()

    def new_ts(self) -> str:
        """The ts of a new message; each is later than the one before."""
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def _reply(self, path: str, headers: Any, body: bytes, query: dict[str, list[str]]) -> Reply | None:
        if self.down:
            self.refused += 1
            return None
        if path == "/respond":
            given = json.loads(body)
            self._check("respond", given, ({"text"}, RESPONSE))
            if statuses := self.next.get("respond"):
                return int(statuses.popleft() or 200), {}, {}
            self.calls.append(Call("respond", given))
            return 200, {"ok": True}, {}
        method = path.removeprefix("/api/")
        given = json.loads(body) if body[:1] == b"{" else {name: values[0] for name, values in query.items()}
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 200, {"ok": False, "error": "invalid_auth"}, {}
        if method not in METHODS or not self._check(method, given, METHODS[method]):
            return 200, {"ok": False, "error": "invalid_arguments"}, {}
        fates = self.next.get(given["channel"]) if method == "chat.postMessage" else None
        fate = fates.popleft() if fates else None
        if isinstance(fate, int):
            return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(fate)}
        if fate not in (None, "lost"):
            return (503 if fate == "service_unavailable" else 200), {"ok": False, "error": fate}, {}
        if given["channel"] in self.strangers:
            return 200, {"ok": False, "error": "not_in_channel"}, {}
        self.calls.append(Call(method, given))
        answer = self._carried_out(method, given)
        return None if fate == "lost" else (200, {"ok": True, **answer}, {})

    def _check(self, method: str, given: dict[str, Any], allowed: tuple[set[str], set[str]]) -> bool:
        required, optional = allowed
        wrong = [f"{name} is missing" for name in sorted(required - given.keys())]
        wrong += [f"{name} is unknown" for name in sorted(given.keys() - required - optional)]
        wrong += problems(given["blocks"]) if "blocks" in given else []
        wrong += ["text is empty"] if "text" in required and not str(given.get("text", "")).strip() else []
        self.complaints += [f"{method}: {problem}" for problem in wrong]
        return not wrong

    def _carried_out(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        here = [message for message in self.messages if message["channel"] == given["channel"]]
        if method == "chat.postMessage":
            message = {name: given[name] for name in ("channel", "text", "blocks", "thread_ts") if given.get(name)}
            self.messages.append({**message, "ts": self.new_ts()})
            return {"ts": self.messages[-1]["ts"]}
        if method == "chat.update":
            for message in here:
                if message["ts"] == given["ts"]:
                    message |= {"text": given["text"], "blocks": given["blocks"]}
        if method == "conversations.replies":
            return {"messages": [message for message in here if message.get("thread_ts") == given["ts"]]}
        if method == "conversations.history":
            return {"messages": [message for message in here if "thread_ts" not in message]}
        return {"ts": self.new_ts()}
