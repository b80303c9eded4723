"""What a process knows of the messages that it has in hand without asking, and when it asks."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import SQLAlchemyError

from channels import deliveries
from channels.claims import Claims
from channels.deliveries import LEASE, Deliveries, NotOurs
from tests import databases


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let time pass."""
    now = deliveries._now
    monkeypatch.setattr(deliveries, "_now", lambda: now() + by)


def away(kept: Deliveries) -> None:
    """Wait until the last of a killed server's processes is gone."""
    until = time.monotonic() + 10
    with pytest.raises(SQLAlchemyError):
        while time.monotonic() < until:
            kept.waiting()


def claimed(kept: Deliveries) -> Claims:
    """A message "key", taken and claimed."""
    kept.take("key", {"conversation": "a"})
    claims = Claims(kept)
    assert claims.take("key") and not claims.take("key")
    assert asyncio.run(claims.claimed("key"))
    return claims


def test_a_claim_is_sure_without_the_database_while_its_lease_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renewed, too; afterwards the database has to say."""
    with databases.postgres() as server:
        kept = Deliveries(server.url, "test", "one")
        claims = claimed(kept)
        later(monkeypatch, LEASE - timedelta(seconds=1))
        asyncio.run(claims.renew())
        server.kill()
        away(kept)
        asyncio.run(claims.hold("key"))
        later(monkeypatch, LEASE)
        with pytest.raises(SQLAlchemyError):
            asyncio.run(claims.hold("key"))


def test_a_lease_that_ran_out_is_ours_again_unless_somebody_took_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stood still is not late as such."""
    channel = uuid4().hex[:12]
    one, two = Deliveries(url, channel, "one"), Deliveries(url, channel, "two")
    claims = claimed(one)
    later(monkeypatch, LEASE * 2)
    asyncio.run(claims.hold("key"))
    assert two.claim("key") is None
    later(monkeypatch, LEASE * 2)
    assert two.claim("key")
    with pytest.raises(NotOurs):
        asyncio.run(claims.hold("key"))
    two.done("key")
