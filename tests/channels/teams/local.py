"""The channel alone, with a stand-in of Bot Framework (tests.channels.local)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from channels.teams.channel import TeamsChannel
from tests.channels.local import running
from tests.channels.teams.platform import Platform

RATES = {"requests_of_address": "100000/minute", "messages_of_session": "100000/minute"}


@contextmanager
def running_channel(platform: Platform, folder: Path, **given: Any) -> Iterator[str]:
    """The channel on a free port; yields where activities are sent. `given` replaces settings of credentials.yml."""
    environment = platform.environment
    names = ("app_id", "app_password", "tenant", "openid_url", "login_url", "service_urls")
    usual = {name: environment[f"TEAMS_{name.upper()}"] for name in names}
    kept = {"url": f"sqlite:///{folder / 'deliveries.sqlite'}", "worker": "one"}
    channel = TeamsChannel.from_credentials({**usual, "deliveries": kept, "locks": "", "rates": RATES, **given})
    with running(channel) as url:
        yield f"{url}messages"
