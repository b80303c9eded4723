"""What has to be so before the assistant starts in production; each problem says what is wrong, where, how to mend."""

from __future__ import annotations

import logging
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from knowledge.yaml_source import read_document
from service import addresses
from service.secrets import ADDRESSES, PREVIOUS_SESSION_KEY, PSEUDONYM_KEY, SECRETS, SESSION_KEY, secret_files
from service.settings import ROOT, Settings, settings

CREDENTIALS = ROOT / "credentials.yml"
CHANNELS = frozenset(
    (
        "channels.web.channel.WebInput",
        "channels.slack.channel.SlackChannel",
        "channels.teams.channel.TeamsChannel",
        "channels.operations.channel.OperationsInput",
    )
)
"""The channels of production: each knows who is speaking, or takes no messages."""
SHORTEST = {SESSION_KEY: 32, PREVIOUS_SESSION_KEY: 32, PSEUDONYM_KEY: 32}
SHORTEST_OF_PLATFORM = 16
"""Characters that a secret needs; the platforms choose the length of theirs."""
FEWEST_DIFFERENT = 8
PLACEHOLDER = re.compile(r"change.?me|placeholder|example|password|your[-_ ]|x{6}|[<>]", re.IGNORECASE)
API_VARIABLES = (
    "ENABLE_API",
    "RASA_ENABLE_API",
    "AUTH_TOKEN",
    "RASA_AUTH_TOKEN",
    "RASA_TOKEN",
    "JWT_SECRET",
    "RASA_JWT_SECRET",
    "JWT_METHOD",
    "JWT_PRIVATE_KEY",
)
"""By these, deployments of Rasa turn its HTTP API on; it reads and changes every conversation."""
TOGETHER = {
    "Slack": ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
    "Teams": ("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT"),
}
"""What turns a channel on: all of it or nothing."""
PG_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGSSLMODE")
"""By these, PostgreSQL's client (libpq) goes elsewhere than an address says, or without TLS."""
NEW_KEY = "make one with `openssl rand -base64 48`"


BY_HAND = (
    "Rasa was started by hand: it checks nothing, bounds nothing, logs messages, and may open its HTTP API. Start with "
    "`python -m service serve`."
)
_admitted: list[Path] = []
"""The credentials that this process was admitted with."""


class Unsafe(SystemExit):
    """Production may not start like this; the message lists every reason and holds no secret.

    No Exception: Rasa passes over those, and serves all the same.
    """

    def __init__(self, problems: list[str]) -> None:
        listed = [f"- {problem}" for problem in problems]
        super().__init__("\n".join(["The assistant does not start in production like this:", *listed]))
        self.problems = tuple(problems)


def admitted(settings: Settings, environment: Mapping[str, str]) -> Path:
    """The credentials file that Rasa is to be started with; in production everything is checked first.

    Raises Unsafe if production may not start like this.
    """
    if not settings.production:
        return CREDENTIALS
    credentials = production_credentials(settings)
    check_production(settings, environment, credentials)
    _admitted.append(credentials)
    return credentials


def check_admitted() -> None:
    """Raises Unsafe in production if this process was not admitted."""
    if settings().production and not _admitted:
        raise Unsafe([BY_HAND])


def production_credentials(settings: Settings) -> Path:
    """Write the credentials of production, which are those of the project without the REST channel; returns where.

    They refer to secrets by name and hold none.
    """
    channels = read_document(CREDENTIALS).data
    path = settings.run / "credentials.production.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    YAML().dump({name: channels[name] for name in channels if name in CHANNELS}, draft)
    # It is whole at every moment: each worker writes it, and reads it when another may be doing so.
    draft.replace(path)
    return path


def check_production(settings: Settings, environment: Mapping[str, str], credentials: Path) -> None:
    """Check the `environment` and the `credentials` file that Rasa is to be started with.

    Raises Unsafe with everything that is wrong.
    """
    problems = [
        *_missing(settings, environment),
        *_weak(settings.secrets),
        *_files(settings, environment),
        *_api(environment),
        *addresses.problems({name: settings.secrets[name] for name in ADDRESSES if name in settings.secrets}),
        *_libpq(environment),
        *_origins(settings.web_origins),
        *_logging(environment),
        *_channels(credentials),
    ]
    if problems:
        raise Unsafe(problems)


def _missing(settings: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    for name in (SESSION_KEY, PSEUDONYM_KEY):
        if name not in settings.secrets:
            yield f"{name} is not set. Set it or {name}_FILE, the same for every process; {NEW_KEY}."
    for channel, names in TOGETHER.items():
        given = [name for name in names if name in settings.secrets or environment.get(name, "").strip()]
        for name in names:
            if given and name not in given:
                yield f"{name} is not set, but {given[0]} is. Set it too, or unset both to leave {channel} off."


def _weak(secrets: Mapping[str, str]) -> Iterator[str]:
    for name, value in secrets.items():
        if name in ADDRESSES:
            continue  # whose passwords are for the servers to judge
        shortest = SHORTEST.get(name, SHORTEST_OF_PLATFORM)
        if PLACEHOLDER.search(value) or len(set(value)) < FEWEST_DIFFERENT:
            yield f"{name} is a placeholder, no secret. Set the real one; for a key, {NEW_KEY}."
        elif len(value) < shortest:
            yield f"{name} has {len(value)} characters and needs {shortest}. Set a longer one; for a key, {NEW_KEY}."
    values = [secrets[name] for name in SECRETS if name in secrets]
    if len(set(values)) < len(values):
        yield f"Two secrets are the same. Each needs a value of its own; for a key, {NEW_KEY}."


def _files(settings: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    made = {path.read_text(encoding="ascii") for path in (settings.build / "keys").glob("*_KEY")}
    for name, value in settings.secrets.items():
        if value in made and f"{name}_FILE" not in environment:
            yield f"{name} is a key made for development. Set one of your own; {NEW_KEY}."
    for name, path in secret_files(environment).items():
        if path.resolve().is_relative_to(settings.build.resolve()):
            yield f"{name}_FILE names {path}, a key made for development. Put one of your own elsewhere; {NEW_KEY}."
        if path.stat().st_mode & stat.S_IRWXO:
            yield f"{name}_FILE names {path}, which every user of this machine may read. Run `chmod o= {path}`."


def _libpq(environment: Mapping[str, str]) -> Iterator[str]:
    for name in PG_VARIABLES:
        if environment.get(name, "").strip():
            yield f"{name} is set. Say in DATABASE_URL where the database is and how it is reached, and unset it."


def _api(environment: Mapping[str, str]) -> Iterator[str]:
    for name in API_VARIABLES:
        if environment.get(name, "").strip():
            yield f"{name} is set. Rasa's HTTP API opens every conversation and stays off: unset it."


def _origins(origins: tuple[str, ...]) -> Iterator[str]:
    for origin in origins:
        if urlsplit(origin).scheme != "https":
            yield f"WEB_ORIGINS holds {origin}. Patient text crosses the network: give origins with https:// only."


def _logging(environment: Mapping[str, str]) -> Iterator[str]:
    for name in ("LOG_LEVEL", "LOG_LEVEL_LIBRARIES"):
        level = environment.get(name, "").strip().upper()
        if level and logging.getLevelName(level) in (logging.NOTSET, logging.DEBUG):
            yield f"{name} is {level}. At that level messages reach the log: unset it or set it to WARNING."


def _channels(credentials: Path) -> Iterator[str]:
    channels: dict[str, Any] = read_document(credentials).data
    for name, given in channels.items():
        if name not in CHANNELS:
            yield f"{credentials} has the channel {name}, which does not know who is speaking. Take it out."
        for key, value in _strings(given):
            if re.search(r"key|secret|token|password", key) and not re.fullmatch(r"\$\{[A-Z_]+\}|", value):
                yield f"{credentials} holds {key} itself. Write ${{NAME}} there, and set NAME in the environment."


def _strings(given: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(given, Mapping):
        for name, value in given.items():
            yield from _strings(value, str(name))
    elif given is not None:
        yield key, str(given)
