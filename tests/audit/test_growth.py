"""A record of years goes on under versions that record more of an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text

from audit.guards import guard
from audit.rows import COLUMNS, Entry, Head
from audit.store import Audit
from audit.verify import verify

OLD = [name for name in COLUMNS if name != "follows"]


@pytest.fixture
def earlier(url: str, entry: Callable[..., Entry]) -> Audit:
    """A record of three answers as the version before `follows` left it."""
    Audit(url).record(*(entry(number, follows=None) for number in (1, 2, 3)))
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER answers_keep"))
        connection.execute(text("ALTER TABLE answers DROP COLUMN follows"))
        guard(connection, OLD)
    engine.dispose()
    return Audit(url)


def test_a_record_of_an_earlier_version_can_be_read(earlier: Audit) -> None:
    """It is whole and guarded, and nobody has to change it for that."""
    rows = list(earlier.rows())
    assert [row.follows for row in rows] == [None] * 3
    assert rows == sorted(
        (row for name in earlier.conversations() for row in earlier.of(name)), key=lambda row: row.sequence
    )
    assert not verify(rows).problem and not earlier.unguarded()


def test_a_record_of_an_earlier_version_goes_on(
    earlier: Audit, entry: Callable[..., Entry], caplog: pytest.LogCaptureFixture
) -> None:
    """The first answer adds what is missing; the rows before keep their hashes, and nobody is suspected."""
    with caplog.at_level("ERROR"):
        earlier.record(entry(4, follows="message-3"))
    rows = list(earlier.rows())
    assert [row.follows for row in rows] == [None, None, None, "message-3"]
    assert verify(rows).head == earlier.head() and not verify(rows).problem
    assert not earlier.unguarded() and not caplog.text


def test_the_rest_of_a_record_is_verified_by_itself(earlier: Audit, entry: Callable[..., Entry]) -> None:
    """From an end that was verified before; a row that is gone behind it shows all the same."""
    verified = verify(earlier.rows()).head
    earlier.record(entry(4), entry(5))
    rest = list(earlier.rows(after=verified.sequence - 1))
    assert [row.sequence for row in rest] == [3, 4, 5]
    assert verify(rest, begun=verified).head == earlier.head()
    assert "Row 4 is missing" in verify([rest[0], *rest[2:]], begun=verified).problem


def test_the_end_that_was_verified_has_to_be_there_still(earlier: Audit) -> None:
    """Cut off, or another by the same number: nothing that follows it is worth anything then."""
    verified = verify(earlier.rows()).head
    assert "Row 3, which was verified before, is missing" in verify([], begun=verified).problem
    another = Head(verified.sequence, "0" * 64)
    rest = list(earlier.rows(after=verified.sequence - 1))
    assert "Row 3 is not the one" in verify(rest, begun=another).problem
    assert not verify(rest, begun=verified).problem
