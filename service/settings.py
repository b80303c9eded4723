"""Settings, read from the environment in this one place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.store import STORE

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
PLATFORMS = {
    "SLACK_BOT_TOKEN": "",
    "SLACK_SIGNING_SECRET": "",
    "SLACK_API_URL": "https://slack.com/api/",
    "TEAMS_APP_ID": "",
    "TEAMS_APP_PASSWORD": "",
    "TEAMS_TENANT": "",
    "TEAMS_OPENID_URL": "https://login.botframework.com/v1/.well-known/openidconfiguration",
    "TEAMS_LOGIN_URL": "https://login.microsoftonline.com",
    "TEAMS_SERVICE_URLS": "https://smba.trafficmanager.net/",
}
"""What the Slack and Teams channels read from the environment, with defaults; a channel without secrets is off.

TEAMS_TENANT is a tenant's ID, several with spaces between them, or `multi` for every tenant (docs/teams.md).
"""


@dataclass(frozen=True)
class Settings:
    """Ports on 127.0.0.1, the folder for everything that is built or kept, and what the web channel allows.

    `web_origins` are the pages beside its own that may embed the widget, `address_rate` is how often one address may
    ask for anything and `message_rate` how often one session may send, as the `limits` library writes it.
    """

    rasa_port: int
    action_port: int
    build: Path
    web_origins: tuple[str, ...]
    address_rate: str
    message_rate: str

    @property
    def models(self) -> Path:
        """Trained models, named by the hash of what they were trained from."""
        return self.build / "models"

    @property
    def page_url(self) -> str:
        """Where a browser finds the page with the widget."""
        return f"http://{HOST}:{self.rasa_port}/webhooks/web/"

    @property
    def rest_url(self) -> str:
        """Where the REST channel takes messages."""
        return f"http://{HOST}:{self.rasa_port}/webhooks/rest/webhook"

    def environment(self) -> dict[str, str]:
        """The environment of the servers: what endpoints.yml and credentials.yml refer to, and no telemetry."""
        return {
            **PLATFORMS,
            **os.environ,
            "ACTION_PORT": str(self.action_port),
            "TRACKER_DATABASE": f"sqlite:///{self.build / 'conversations.sqlite'}",
            "DELIVERIES_DATABASE": f"sqlite:///{self.build / 'deliveries.sqlite'}",
            "SESSION_KEY_FILE": str(self.build / "session.key"),
            "WEB_ADDRESS_RATE": self.address_rate,
            "WEB_MESSAGE_RATE": self.message_rate,
            "RASA_TELEMETRY_ENABLED": "false",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "SQLALCHEMY_WARN_20": "0",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONWARNINGS": "ignore",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "LOG_LEVEL_LIBRARIES": "ERROR",
        }


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process.

    Raises ValueError if a port is not a number, or every origin is to be allowed.
    """
    return Settings(
        rasa_port=_port("RASA_PORT", 5005),
        action_port=_port("ACTION_PORT", 5055),
        build=STORE.parent,
        web_origins=_origins("WEB_ORIGINS"),
        address_rate=os.environ.get("WEB_ADDRESS_RATE", "1200/minute"),
        message_rate=os.environ.get("WEB_MESSAGE_RATE", "60/minute"),
    )


def _port(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise ValueError(f"{name} is {value!r}; give a port number between 1 and 65535")
    return int(value)


def _origins(name: str) -> tuple[str, ...]:
    origins = tuple(os.environ.get(name, "").split())
    if "*" in origins:
        raise ValueError(f"{name} must list the origins of the pages that embed the widget; * would let in every page")
    return origins
