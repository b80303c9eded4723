"""The action server: python -m actions. Listens on 127.0.0.1 only."""

from __future__ import annotations

from rasa_sdk.endpoint import create_app

from actions.record import Recorder, use
from audit.store import Audit
from knowledge.current import engine
from service.logs import listen
from service.secrets import PSEUDONYM_KEY
from service.settings import settings
from service.versions import versions

LARGEST = 20_000_000
"""Bytes of a request; Rasa sends the case and what was said in it."""

KEEPS = 120
"""Seconds that an unused connection is kept open; longer than those who call do (service.calls)."""


def main() -> None:
    """Load the knowledge store, then serve until stopped."""
    listen()
    engine()
    given = settings()
    use(Recorder(Audit(given.audit_database).record, given.key(PSEUDONYM_KEY), versions()))
    app = create_app("actions.actions", cors_origins=[])
    app.config.KEEP_ALIVE_TIMEOUT = KEEPS
    app.config.REQUEST_MAX_SIZE = LARGEST
    app.run("127.0.0.1", given.action_port, access_log=False)


if __name__ == "__main__":
    main()
