"""Rasa's server: python -m service.rasa_server --port N --model FILE. Listens on 127.0.0.1, if not told in production.

What `rasa run` does, but that a tracker store that fails is heard of: Rasa would go on with an empty conversation.
"""

from __future__ import annotations

import argparse
import os
from asyncio import AbstractEventLoop
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.lock_store import LockStore
from rasa.core.run import close_resources, configure_app, create_http_input_channels
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints, number_of_sanic_workers
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.utils.common import configure_logging_and_warnings, update_sanic_log_level
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from service.http_server import Prompt, bound
from service.models import check_model
from service.production import admitted
from service.rasa_mends import mend
from service.settings import ROOT, settings


class Assistant(Agent):  # type: ignore[misc]
    """Rasa's agent without the fall-back that answers from an empty conversation while the tracker store fails."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore, domain: Domain | None) -> TrackerStore:
        store.domain = domain
        return store


def main(arguments: list[str] | None = None) -> None:
    """Serve until stopped.

    Raises rasa.shared.exceptions.RasaException if an endpoint, a channel or the model cannot be used, and
    service.production.Unsafe or service.models.BadModel if it may not start like this.
    """
    parser = argparse.ArgumentParser(prog="python -m service.rasa_server", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", required=True)
    given = parser.parse_args(arguments)
    configure_logging_and_warnings(logging_config_file=str(ROOT / "logging.yml"))
    configure_structlog()
    credentials = admitted(settings(), os.environ)
    check_model(Path(given.model), settings().models)
    mend()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    channels = create_http_input_channels(None, str(credentials))
    app = configure_app(channels, enable_api=False, port=given.port, endpoints=endpoints)
    bound(app, settings().proxies)

    async def load(app: Sanic, _: AbstractEventLoop) -> None:
        app.ctx.agent = _assistant(endpoints, given.model)

    app.register_listener(load, "before_server_start")
    app.register_listener(close_resources, "after_server_stop")
    update_sanic_log_level()
    app.run(settings().interface, given.port, protocol=Prompt, workers=number_of_sanic_workers(endpoints.lock_store))


def _assistant(endpoints: AvailableEndpoints, model: str) -> Assistant:
    store = TrackerStore.create(endpoints.tracker_store)
    if isinstance(store, InMemoryTrackerStore):
        # What Rasa silently takes for a store that it cannot import.
        raise RasaException("endpoints.yml names no tracker store that can be used; its type has to be a class")
    assistant = Assistant(
        tracker_store=store,
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=endpoints.action,
    )
    assistant.load_model(model)
    return assistant


if __name__ == "__main__":
    main()
