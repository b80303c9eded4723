"""What the Teams channel is told in credentials.yml, checked before the server starts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from channels.http_client import LOOPBACK

EVERY_TENANT = "multi"
"""What TEAMS_TENANT holds if every tenant is answered; nobody opens a bot to all by leaving something out."""


@dataclass(frozen=True)
class TeamsSettings:
    """A registration with Bot Framework; `tenants` are those that are answered, every one if it is empty."""

    app_id: str
    app_password: str
    tenants: tuple[str, ...]
    openid_url: str
    login_url: str
    service_urls: tuple[str, ...]

    @property
    def token_url(self) -> str:
        """Where tokens for outgoing calls are had: an app of one tenant has them there, others of Bot Framework."""
        directory = self.tenants[0] if len(self.tenants) == 1 else "botframework.com"
        return f"{self.login_url.rstrip('/')}/{directory}/oauth2/v2.0/token"

    def answers(self, tenant: str) -> bool:
        """Whether people of `tenant` are answered."""
        return not self.tenants or tenant in self.tenants

    def allows(self, service_url: str) -> bool:
        """Whether answers may be posted to `service_url`: it lies below one of those that are allowed."""
        return any(_below(urlsplit(allowed), service_url) for allowed in self.service_urls)


def teams_settings(given: Mapping[str, Any]) -> TeamsSettings | None:
    """The settings of credentials.yml; None if the channel is off.

    Raises ValueError if only a part of them is there, or one of them cannot be right.
    """
    app_id, password, tenant = (_text(given, name) for name in ("app_id", "app_password", "tenant"))
    if not (app_id or password or tenant):
        return None
    missing = [name for name, value in (("TEAMS_APP_ID", app_id), ("TEAMS_APP_PASSWORD", password)) if not value]
    if missing:
        raise ValueError(
            f"The Teams channel is half configured: {' and '.join(missing)} not set. "
            "Set it, or unset every TEAMS_ variable to switch the channel off (docs/teams.md)."
        )
    if not tenant:
        raise ValueError(
            "The Teams channel is half configured: TEAMS_TENANT not set. Write the App Tenant ID (several with spaces "
            f"between them), or {EVERY_TENANT} if every tenant may use the assistant (docs/teams.md)."
        )
    return TeamsSettings(
        app_id=_guid("TEAMS_APP_ID", app_id),
        app_password=password,
        tenants=() if tenant == EVERY_TENANT else tuple(_guid("TEAMS_TENANT", each) for each in tenant.split()),
        openid_url=_safe("TEAMS_OPENID_URL", _text(given, "openid_url")),
        login_url=_safe("TEAMS_LOGIN_URL", _text(given, "login_url")),
        service_urls=tuple(_safe("TEAMS_SERVICE_URLS", url) for url in _text(given, "service_urls").split())
        or _none_allowed(),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return "" if value is None else str(value).strip()


def _guid(name: str, value: str) -> str:
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise ValueError(f"{name} must be an ID such as 00000000-0000-0000-0000-000000000000") from None


def _safe(name: str, url: str) -> str:
    parts = urlsplit(url)
    if not _is_safe(parts):
        raise ValueError(f"{name} holds {url!r}; give an address that begins with https://")
    return url


def _none_allowed() -> tuple[str, ...]:
    raise ValueError("TEAMS_SERVICE_URLS is empty; give the addresses that answers may be posted to")


def _is_safe(url: SplitResult) -> bool:
    return bool(url.hostname) and (url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK))


def _below(allowed: SplitResult, service_url: str) -> bool:
    try:
        url = urlsplit(service_url)
        same_place = (url.scheme, url.hostname, url.port) == (allowed.scheme, allowed.hostname, allowed.port)
    except ValueError:  # a port that is none
        return False
    path = unquote(url.path)
    plain = not (url.username or url.password or url.query or url.fragment or "\\" in path or ".." in path)
    return plain and same_place and _is_safe(url) and f"{path.rstrip('/')}/".startswith(f"{allowed.path.rstrip('/')}/")
