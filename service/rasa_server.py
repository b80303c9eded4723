"""A worker of Rasa (started by service.worker).

What `rasa run` does, but that parts which fail are heard of (service.assistant), and that the socket is its caller's.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import socket
from asyncio import AbstractEventLoop
from pathlib import Path

from rasa.core.channels.channel import register
from rasa.core.lock_store import LockStore
from rasa.core.run import close_resources, create_http_input_channels
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.server import configure_cors
from rasa.shared.exceptions import RasaException
from rasa.utils.common import configure_logging_and_warnings, update_sanic_log_level
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from channels.redaction import redacted
from service.assistant import Assistant
from service.calls import ActionServer
from service.http_server import Prompt, bound
from service.logs import listen
from service.models import check_model
from service.production import admitted
from service.rasa_mends import mend
from service.settings import ROOT, settings

READ_FIRST = 8
"""Messages that a worker reads before it takes any: each of the first few takes a second, the later ones hundredths."""


def main(arguments: list[str] | None = None) -> None:
    """Serve until stopped.

    Raises rasa.shared.exceptions.RasaException if an endpoint, a channel or the model cannot be used, and
    service.production.Unsafe or storage.built.NotAsBuilt if it may not start like this.
    """
    parser = argparse.ArgumentParser(prog="python -m service.worker", description=__doc__)
    parser.add_argument("--socket", type=int, required=True, help="the socket to take requests from, by its number")
    parser.add_argument("--ready", type=int, required=True, help="the pipe that is told that requests are taken")
    parser.add_argument("--model", required=True)
    given = parser.parse_args(arguments)
    # Each turn is a line of the log, however alike they are.
    configure_logging_and_warnings(filter_repeated_logs=False)
    listen()
    configure_structlog()
    credentials = admitted(settings(), os.environ)
    check_model(Path(given.model), settings().models)
    mend()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    app = channels_app(credentials, settings().proxies)

    async def load(app: Sanic, _: AbstractEventLoop) -> None:
        app.ctx.agent = _assistant(endpoints, given.model)
        # Patterns are compiled when a message first needs them: let that be no clinician's.
        for text in _typical():
            await app.ctx.agent.parse_message(redacted(text).text)
        # What is loaded stays: each search for garbage would go through all of it, in the middle of somebody's turn.
        gc.freeze()

    async def tell(_app: Sanic, _: AbstractEventLoop) -> None:
        os.write(given.ready, b".")

    async def close(app: Sanic, loop: AbstractEventLoop) -> None:
        await app.ctx.agent.action_endpoint.close()
        await close_resources(app, loop)

    app.register_listener(load, "before_server_start")
    app.register_listener(tell, "after_server_start")
    app.register_listener(close, "after_server_stop")
    update_sanic_log_level()
    app.run(sock=socket.socket(fileno=given.socket), protocol=Prompt)


def channels_app(credentials: Path, proxies: int) -> Sanic:
    """The server of the channels in a credentials file, and of nothing else: neither Rasa's API nor its page at `/`.

    `proxies` is how many trusted ones it has before it. Raises rasa.shared.exceptions.RasaException.
    """
    app = Sanic("rasa", configure_logging=False)
    # Which origins may do what, the channels say; this only answers what browsers ask beforehand.
    configure_cors(app, [])
    register(create_http_input_channels(None, str(credentials)), app, route="/webhooks/")
    bound(app, proxies)
    return app


def _typical() -> list[str]:
    """Messages as clinicians write them, with a name to be removed."""
    lines = (ROOT / "nlu" / "examples" / "vignettes.jsonl").read_text(encoding="utf-8").splitlines()
    return [f"pt john doe. {json.loads(line)['text']}" for line in lines[:READ_FIRST]]


def _assistant(endpoints: AvailableEndpoints, model: str) -> Assistant:
    store = TrackerStore.create(endpoints.tracker_store)
    if isinstance(store, InMemoryTrackerStore):
        # What Rasa silently takes for a store that it cannot import.
        raise RasaException("endpoints.yml names no tracker store that can be used; its type has to be a class")
    assistant = Assistant(
        tracker_store=store,
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=ActionServer(endpoints.action.url, headers=endpoints.action.headers, **endpoints.action.kwargs),
    )
    assistant.load_model(model)
    return assistant
