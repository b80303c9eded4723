"""Secrets: from the environment or from files (NAME or NAME_FILE), nowhere else, and never shown."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

SESSION_KEY = "SESSION_KEY"
PREVIOUS_SESSION_KEY = "SESSION_KEY_PREVIOUS"
PSEUDONYM_KEY = "PSEUDONYM_KEY"
PLATFORM_SECRETS = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "TEAMS_APP_PASSWORD")
CHANNEL_SECRETS = (SESSION_KEY, PREVIOUS_SESSION_KEY, *PLATFORM_SECRETS)
"""Of the channels, which run in Rasa's processes alone."""
DATABASE_URL = "DATABASE_URL"
REDIS_URL = "REDIS_URL"
AUDIT_DATABASE = "AUDIT_DATABASE"
ADDRESSES = (DATABASE_URL, REDIS_URL, AUDIT_DATABASE)
"""Of the servers that several workers share, and of the record of answers; they hold passwords."""
SECRETS = (SESSION_KEY, PREVIOUS_SESSION_KEY, PSEUDONYM_KEY, *PLATFORM_SECRETS, *ADDRESSES)
"""Every secret of the project. Each is read from the variable of its name, or from the file that NAME_FILE names, as
secrets of Docker and Kubernetes are mounted."""


def read_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The secrets that are given, by name; what is not given is left out.

    Raises ValueError, which never quotes a secret, if one is given twice or cannot be read.
    """
    found = {name: _secret(environment, name) for name in SECRETS}
    return {name: value for name, value in found.items() if value}


def secret_files(environment: Mapping[str, str]) -> dict[str, Path]:
    """The files that hold secrets, by the name of the secret."""
    return {name: Path(path) for name in SECRETS if (path := environment.get(f"{name}_FILE", "").strip())}


def generated_key(path: Path) -> str:
    """The key kept in the file `path`, which is made, for its owner only, if it does not exist yet."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}-{os.getpid()}")
        # Born with these rights, and whole before it has its name: no moment in which others could read it, or half.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")


def derived_key(key: str, purpose: str) -> str:
    """A key for one purpose, made of another, of which it tells nothing (HMAC-SHA-512, RFC 2104)."""
    return hmac.new(key.encode(), purpose.encode(), hashlib.sha512).hexdigest()


def _secret(environment: Mapping[str, str], name: str) -> str:
    value, file = environment.get(name, "").strip(), environment.get(f"{name}_FILE", "").strip()
    if value and file:
        raise ValueError(f"Both {name} and {name}_FILE are set; set one of them.")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as fault:
            why = type(fault).__name__
            raise ValueError(f"{name}_FILE names {file}, which cannot be read as text ({why}).") from None
        if not value:
            raise ValueError(f"{name}_FILE names {file}, which is empty.")
    if "$" in value or not value.isprintable():
        raise ValueError(f"{name} holds a $ or a line break, which the credentials cannot carry; make a new secret.")
    return value
