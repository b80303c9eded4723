"""Texts of a record of years are emptied while answers are recorded, by several processes at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cache
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from audit.rows import Head, row_after
from audit.store import CHAIN, Audit, answers
from audit.verify import verify
from tests.audit.entries import made
from tests.databases import Postgres, database

OLD, MANY = "2020-01-01T10:00:00.000000+00:00", 100_000
SINCE = "2021-01-01"
PODS = 3
LONGEST = 2.0
"""Seconds that an answer may wait for its record meanwhile; it is refused after eight (actions.record.WITHIN)."""


@cache
def old_rows(count: int) -> list[dict[str, Any]]:
    """The rows of `count` old answers, as recording leaves them."""
    head, rows = Head(), []
    for number in range(count):
        row = row_after(head, made(number, at=OLD))
        head = Head(row.sequence, row.hash)
        rows.append(asdict(row))
    return rows


def fill(url: str, count: int) -> None:
    """A record of `count` old answers."""
    Audit(url).check()
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        connection.execute(answers.insert(), old_rows(count))
    engine.dispose()


@pytest.fixture
def years(url: str) -> str:
    """The URL of a record with many old answers."""
    fill(url, MANY)
    return url


def test_answers_are_recorded_while_the_texts_of_years_are_emptied(years: str) -> None:
    """Several pods purge at once: every text is emptied and counted once, and no answer waits for it."""
    done, slowest, recorded = threading.Event(), 0.0, 0

    def purge(_: int) -> int:
        return Audit(years).forget_texts(SINCE)

    with ThreadPoolExecutor(PODS + 1) as pods:
        audit = Audit(years)
        purging = [pods.submit(purge, pod) for pod in range(PODS)]
        pods.submit(lambda: ([one.result() for one in purging], done.set()))
        while not done.is_set():
            started = time.perf_counter()
            audit.record(made(recorded))
            slowest, recorded = max(slowest, time.perf_counter() - started), recorded + 1
            time.sleep(0.02)
        assert sum(one.result() for one in purging) == MANY
    assert recorded > 10
    assert slowest < LONGEST
    found = verify(audit.rows())
    assert (found.problem, found.purged, found.head.sequence) == ("", MANY, MANY + recorded)
    assert audit.forget_texts(SINCE) == 0


@pytest.fixture
def limited(postgres: Postgres) -> Iterator[tuple[str, str]]:
    """A record of ten old answers, and its URL for a user with the rights that docs/privacy.md names."""
    with database(postgres) as url:
        fill(url, 10)
        engine = create_engine(url, future=True)
        with engine.begin() as connection:
            connection.execute(text("CREATE ROLE clerk LOGIN"))
            connection.execute(text("GRANT SELECT, INSERT, UPDATE (text, salt) ON answers TO clerk"))
        yield url, url.replace("postgres@", "clerk@")
        with engine.begin() as connection:
            connection.execute(text("DROP OWNED BY clerk"))
            connection.execute(text("DROP ROLE clerk"))
        engine.dispose()


def test_texts_are_emptied_though_the_end_of_the_chain_is_held(limited: tuple[str, str]) -> None:
    """Who is about to record an answer, however long, and who empties texts, do not wait for each other."""
    audit, engine = Audit(limited[0]), create_engine(limited[0], future=True)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:chain)"), {"chain": CHAIN})
        assert audit.forget_texts(SINCE) == 10
    engine.dispose()


def test_the_servers_need_no_right_to_change_what_is_recorded(limited: tuple[str, str]) -> None:
    """With the rights that the guide names they record, empty texts and verify; all else the database refuses."""
    own = Audit(limited[1])
    own.record(made(11))
    assert own.forget_texts(SINCE) == 10
    assert verify(own.rows()).head.sequence == 11
    engine = create_engine(limited[1], future=True)
    for statement in (
        "UPDATE answers SET outcome = 'v2'",
        "DELETE FROM answers",
        "TRUNCATE answers",
        "DROP TABLE answers",
        "ALTER TABLE answers DISABLE TRIGGER ALL",
        "DROP TRIGGER answers_keep ON answers",
    ):
        with pytest.raises(ProgrammingError), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()
