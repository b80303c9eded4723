"""Settings, read from the environment in this one place."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address
from pathlib import Path

from knowledge.store import STORE
from service.secrets import (
    AUDIT_DATABASE,
    DATABASE_URL,
    PSEUDONYM_KEY,
    SECRETS,
    SESSION_KEY,
    derived_key,
    generated_key,
    read_secrets,
)

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
EVERY_INTERFACE = "0.0.0.0"  # noqa: S104 - to be recognized, not to be bound to
ENVIRONMENTS = ("development", "production")
ORIGIN = re.compile(r"https?://[\w-]+(\.[\w-]+)*(:\d+)?", re.ASCII)
"""How a page's origin is written (RFC 6454): no path, and nothing that the server would read as a pattern."""
MOST = 64
MOST_DAYS = 36_500
PLATFORMS = {
    "SLACK_API_URL": "https://slack.com/api/",
    "TEAMS_APP_ID": "",
    "TEAMS_TENANT": "",
    "TEAMS_OPENID_URL": "https://login.botframework.com/v1/.well-known/openidconfiguration",
    "TEAMS_LOGIN_URL": "https://login.microsoftonline.com",
    "TEAMS_SERVICE_URLS": "https://smba.trafficmanager.net/",
}
"""What the Slack and Teams channels read from the environment beside secrets; a channel without secrets is off.

TEAMS_TENANT is a tenant's ID, several with spaces between them, or `multi` for every tenant (docs/teams.md).
"""


@dataclass(frozen=True)
class Retention:
    """How many days are kept: what was said in conversations, messages of Slack and Teams that never got their answer,
    and what clinicians wrote in the record of answers, whose rows themselves stay."""

    conversations: int = 30
    deliveries: int = 1
    audit_texts: int = 365


@dataclass(frozen=True)
class Settings:
    """Where the servers listen, the folders for what is built and for what is written while they run, and what the web
    channel allows.

    Rasa listens at `interface`, which is another than HOST in production only; the action server always at HOST.
    `workers` is how many processes of Rasa share `rasa_port`. With `log_to_stderr` the servers' log goes there instead
    of into a file. `secrets` are those that were given, by name. `web_origins` are the pages beside its own that may
    embed the widget, `address_rate` is how often one address may ask for anything and `message_rate` how often one
    session may send, as the `limits` library writes it; `proxies` is how many trusted ones stand before Rasa and tell
    that address.
    """

    rasa_port: int
    action_port: int
    build: Path
    web_origins: tuple[str, ...]
    address_rate: str
    message_rate: str
    proxies: int = 0
    run: Path = STORE.parent
    workers: int = 1
    log_to_stderr: bool = False
    production: bool = False
    interface: str = HOST
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    retention: Retention = Retention()
    purges: bool = True

    @property
    def models(self) -> Path:
        """Trained models, named by the hash of what they were trained from."""
        return self.build / "models"

    @property
    def figures(self) -> Path:
        """Where the servers keep what they count (the library prometheus_client)."""
        return self.run / "figures"

    @property
    def log(self) -> Path:
        """What the servers log, unless it goes to standard error."""
        return self.run / "servers.log"

    @property
    def purge_log(self) -> Path:
        """What the daily purge says, unless it goes to standard error."""
        return self.run / "purge.log"

    @property
    def page_url(self) -> str:
        """Where a browser finds the page with the widget."""
        return f"{self.rasa_url}webhooks/web/"

    @property
    def rasa_url(self) -> str:
        """Where this machine reaches Rasa."""
        return f"http://{HOST if self.interface == EVERY_INTERFACE else self.interface}:{self.rasa_port}/"

    @property
    def rest_url(self) -> str:
        """Where the REST channel takes messages."""
        return f"{self.rasa_url}webhooks/rest/webhook"

    def kept(self, name: str) -> str:
        """The URL of the database that keeps `name`, as SQLAlchemy writes it: the one that is given, or a file."""
        return self.secrets.get(DATABASE_URL, "") or f"sqlite:///{self.run / name}.sqlite"

    @property
    def audit_database(self) -> str:
        """The URL of the database that answers are recorded in: one of its own, or where everything is kept."""
        return self.secrets.get(AUDIT_DATABASE, "") or self.kept("audit")

    @property
    def action_key(self) -> str:
        """By which the action server knows Rasa's workers; made of a key that both have, so nobody sets one more."""
        return derived_key(self.key(PSEUDONYM_KEY), "calls of the action server")

    def environment(self, worker: int = 0) -> dict[str, str]:
        """The environment of the servers: what endpoints.yml and credentials.yml refer to, and no telemetry.

        Outside production, keys that were not given are made and kept in the folder of what is built. `worker` is the
        place of a Rasa among those that share the port: by it, and where it runs, it is known again after a restart.
        """
        keys = {**self._keys(), **self.secrets}
        return {
            **PLATFORMS,
            **{name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in SECRETS},
            **dict.fromkeys(SECRETS, ""),
            **keys,
            "ENVIRONMENT": "production" if self.production else "development",
            "WEB_ORIGINS": " ".join(self.web_origins),
            "ACTION_PORT": str(self.action_port),
            "ACTION_KEY": self.action_key if PSEUDONYM_KEY in keys else "",
            "TRACKER_DATABASE": self.kept("conversations"),
            "DELIVERIES_DATABASE": self.kept("deliveries"),
            "WORKER_NAME": f"{socket.gethostname()}:{self.rasa_port}-{worker}",
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

    def key(self, name: str) -> str:
        """A key by its name: as it was given, or made. Raises KeyError in production if it was not given."""
        return self.secrets.get(name) or self._keys()[name]

    def _keys(self) -> dict[str, str]:
        needed = () if self.production else (SESSION_KEY, PSEUDONYM_KEY)
        return {name: generated_key(self.build / "keys" / name) for name in needed if name not in self.secrets}


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process.

    Raises ValueError if a number is none, every origin is to be allowed, a secret cannot be read, or Rasa is to
    listen beyond this machine outside production.
    """
    production = _choice("ENVIRONMENT", ENVIRONMENTS) == "production"
    return Settings(
        rasa_port=_port("RASA_PORT", 5005),
        action_port=_port("ACTION_PORT", 5055),
        workers=_count("RASA_WORKERS", 1, 1),
        log_to_stderr=_choice("SERVERS_LOG", ("file", "stderr")) == "stderr",
        build=STORE.parent,
        run=Path(os.environ.get("RUN_DIRECTORY", "") or STORE.parent),
        web_origins=_origins("WEB_ORIGINS"),
        address_rate=os.environ.get("WEB_ADDRESS_RATE", "3000/minute"),
        message_rate=os.environ.get("WEB_MESSAGE_RATE", "60/minute"),
        proxies=_count("TRUSTED_PROXIES", 0, 0),
        production=production,
        interface=_interface("RASA_INTERFACE", production),
        secrets=read_secrets(os.environ),
        retention=Retention(
            conversations=_count("KEEP_CONVERSATIONS_DAYS", Retention.conversations, 1, MOST_DAYS),
            deliveries=_count("KEEP_DELIVERIES_DAYS", Retention.deliveries, 1, MOST_DAYS),
            audit_texts=_count("KEEP_AUDIT_TEXTS_DAYS", Retention.audit_texts, 1, MOST_DAYS),
        ),
        purges=_choice("PURGE", ("daily", "elsewhere")) == "daily",
    )


def _choice(name: str, choices: tuple[str, ...]) -> str:
    value = os.environ.get(name, "") or choices[0]
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; it may be {' or '.join(choices)}")
    return value


def _interface(name: str, production: bool) -> str:
    value = os.environ.get(name, "") or HOST
    try:
        is_loopback = IPv4Address(value).is_loopback
    except ValueError:
        raise ValueError(f"{name} is {value!r}; give the IPv4 address that Rasa is to listen at") from None
    if not (is_loopback or production):
        raise ValueError(
            f"{name} is {value}, which other machines can reach. Only production may listen there, because it checks "
            "its secrets first and has no REST channel: set ENVIRONMENT=production (docs/security.md)."
        )
    return value


def _port(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise ValueError(f"{name} is {value!r}; give a port number between 1 and 65535")
    return int(value)


def _count(name: str, default: int, least: int, most: int = MOST) -> int:
    value = os.environ.get(name, "") or str(default)
    if not value.isdigit() or not least <= int(value) <= most:
        raise ValueError(f"{name} is {value!r}; give a number between {least} and {most}")
    return int(value)


def _origins(name: str) -> tuple[str, ...]:
    origins = tuple(os.environ.get(name, "").split())
    for origin in origins:
        if "*" in origin:
            raise ValueError(f"{name} must list the origins of the pages that embed the widget; * lets in every page")
        if not ORIGIN.fullmatch(origin):
            raise ValueError(f"{name} holds {origin!r}, which is no origin; write https://HOST or https://HOST:PORT")
    return origins
