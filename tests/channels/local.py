"""A channel alone, in this process: a server of its own, and an assistant that says what it is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

from service.http_server import bound
from service.tracker_store import ConversationStore
from tests.served import free_port


@contextmanager
def running(channel: InputChannel) -> Iterator[str]:
    """The channel on a free port; yields where its routes are."""
    path = f"/webhooks/{channel.url_prefix()}"

    def made() -> Sanic:
        app = Sanic(f"{channel.name()}-{uuid4().hex}", configure_logging=False)
        store = ConversationStore(Domain.empty(), "sqlite://")
        app.ctx.agent = SimpleNamespace(tracker_store=store)
        app.blueprint(channel.blueprint(_echo(store)), url_prefix=path)
        bound(app)
        return app

    with serving(made) as (url, _):
        yield f"{url}{path}/"


@contextmanager
def serving(make: Callable[[], Sanic]) -> Iterator[tuple[str, Sanic]]:
    """The app that `make` makes on a free port; yields its address, without a slash, and the app."""
    ready, stop, port = threading.Event(), threading.Event(), free_port()
    apps: list[Sanic] = []

    async def serve() -> None:
        app = make()
        apps.append(app)
        server: Any = await app.create_server("127.0.0.1", port, return_asyncio_server=True)
        with patch.object(Sanic, "test_mode", True):  # it rewrites its own methods, and several starts need them all
            await server.startup()
        await server.after_start()
        ready.set()
        while not stop.is_set():
            await asyncio.sleep(0.02)
        await server.before_stop()
        server.close()
        await server.after_stop()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield f"http://127.0.0.1:{port}", apps[0]
    finally:
        stop.set()
        thread.join(20)


def _echo(store: ConversationStore) -> Any:
    """A handler that answers every message with its own text."""

    async def handled(message: UserMessage) -> None:
        tracker = await store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        tracker.update(BotUttered(f"You said: {message.text}", {}))
        await store.save(tracker)

    return handled
