"""The action server: python -m actions. Listens on 127.0.0.1 only."""

from __future__ import annotations

from rasa_sdk.endpoint import create_app

from knowledge.current import engine
from service.logs import listen
from service.settings import settings


def main() -> None:
    """Load the knowledge store, then serve until stopped."""
    listen()
    engine()
    app = create_app("actions.actions", cors_origins=[])
    app.run("127.0.0.1", settings().action_port, access_log=False)


if __name__ == "__main__":
    main()
