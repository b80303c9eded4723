"""Settings from the environment."""

from __future__ import annotations

import pytest

from service.settings import settings


@pytest.mark.parametrize(("name", "value"), [("WEB_ORIGINS", "*"), ("RASA_PORT", "http"), ("ACTION_PORT", "70000")])
def test_a_setting_that_cannot_be_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Every origin, or a port that is none, stops the start, and the message names the setting."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=name):
        settings.__wrapped__()
