"""Settings from the environment."""

from __future__ import annotations

import pytest

from service.settings import settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_ORIGINS", "*"),
        ("RASA_PORT", "http"),
        ("ACTION_PORT", "70000"),
        ("RASA_INTERFACE", "0.0.0.0"),
        ("RASA_INTERFACE", "192.0.2.1"),
        ("RASA_INTERFACE", "localhost"),
        ("TRUSTED_PROXIES", "some"),
        ("ENVIRONMENT", "prod"),
        ("SESSION_KEY_FILE", "/nowhere"),
        ("SLACK_BOT_TOKEN", "xoxb-${HOME}"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Every origin, a port that is none, an interface that others reach: the message names the setting."""
    monkeypatch.delenv("SESSION_KEY", raising=False)
    monkeypatch.delenv("ENVIRONMENT", raising=False)
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=name):
        settings.__wrapped__()
