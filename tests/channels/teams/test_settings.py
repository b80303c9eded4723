"""What the channel is told, checked before the server starts."""

from __future__ import annotations

from typing import Any

import pytest

from channels.teams.channel import TeamsChannel
from channels.teams.settings import teams_settings
from tests.channels.teams.platform import APP_ID, PASSWORD, TENANT

GIVEN = {
    "app_id": APP_ID,
    "app_password": PASSWORD,
    "tenant": TENANT,
    "openid_url": "https://login.botframework.com/v1/.well-known/openidconfiguration",
    "login_url": "https://login.microsoftonline.com",
    "service_urls": "https://smba.trafficmanager.net/ https://teams.example:8443/emea",
}


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"app_id": ""}, "TEAMS_APP_ID not set"),
        ({"app_password": None}, "TEAMS_APP_PASSWORD not set"),
        ({"app_id": "", "app_password": ""}, "TEAMS_APP_ID and TEAMS_APP_PASSWORD not set"),
        ({"tenant": ""}, "TEAMS_TENANT not set. Write the App Tenant ID .*, or multi if"),
        ({"tenant": f"{TENANT} contoso"}, "TEAMS_TENANT must be an ID"),
        ({"app_id": "my-bot"}, "TEAMS_APP_ID must be an ID"),
        ({"tenant": "contoso.example"}, "TEAMS_TENANT must be an ID"),
        ({"service_urls": ""}, "TEAMS_SERVICE_URLS is empty"),
        ({"service_urls": "http://smba.example/"}, "TEAMS_SERVICE_URLS holds 'http://smba.example/'"),
        ({"openid_url": "http://keys.example"}, "TEAMS_OPENID_URL"),
        ({"login_url": "login.example"}, "TEAMS_LOGIN_URL"),
    ],
)
def test_what_cannot_work_is_said_at_the_start(given: dict[str, Any], complaint: str) -> None:
    """Half a configuration starts nothing; the error names the variable, and no secret."""
    with pytest.raises(ValueError, match=complaint) as refusal:
        TeamsChannel.from_credentials({**GIVEN, **given})
    assert PASSWORD not in str(refusal.value)


def test_without_settings_the_channel_is_off() -> None:
    """Empty variables are none."""
    assert teams_settings({}) is None
    assert teams_settings(dict.fromkeys(GIVEN, "")) is None
    assert teams_settings({**GIVEN, "app_id": None, "app_password": "", "tenant": " "}) is None


def test_tokens_come_from_the_tenant_or_from_bot_framework() -> None:
    """An app of one tenant asks its own directory, one of several or of every tenant Bot Framework's."""
    single = teams_settings(GIVEN)
    assert single and single.token_url == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    for tenant in ("multi", f"{TENANT} {APP_ID}"):
        multi = teams_settings({**GIVEN, "tenant": tenant})
        assert multi and multi.token_url == "https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://smba.trafficmanager.net/amer/", True),
        ("https://smba.trafficmanager.net", True),
        ("https://SMBA.trafficmanager.net/teams", True),
        ("https://teams.example:8443/emea/x", True),
        ("https://teams.example:8443/emeax", False),
        ("https://teams.example/emea", False),
        ("http://smba.trafficmanager.net/amer/", False),
        ("https://smba.trafficmanager.net.evil.test/", False),
        ("https://smba.trafficmanager.net@evil.test/", False),
        ("https://user:word@smba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net:444/", False),
        ("https://smba.trafficmanager.net:x/", False),
        ("https://teams.example:8443/emea/../x", False),
        ("https://teams.example:8443/emea/%2e%2e/x", False),
        ("https://smba.trafficmanager.net/?to=evil", False),
        ("https://smba.trafficmanager.net/#evil", False),
        ("//smba.trafficmanager.net/", False),
        ("", False),
    ],
)
def test_answers_go_to_allowed_addresses_only(url: str, allowed: bool) -> None:
    """An address is compared part by part, never as a text."""
    found = teams_settings(GIVEN)
    assert found and found.allows(url) is allowed
