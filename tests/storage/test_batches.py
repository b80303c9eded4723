"""Many rows are changed in small transactions: all of them, each counted once, whoever else does the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Column, Integer, MetaData, Table, delete, func, select

from storage.batches import AT_ONCE, in_batches
from storage.database import make_tables, open_database

ROWS, PODS = 3 * AT_ONCE + 7, 3
numbers = Table("numbers", MetaData(), Column("number", Integer, primary_key=True))


def test_all_that_is_meant_goes_and_nothing_else(url: str) -> None:
    """Three processes remove the even numbers at once; the odd ones stay."""
    engine = open_database(url, "test")
    make_tables(engine, numbers.metadata)
    with engine.begin() as connection:
        connection.execute(numbers.insert(), [{"number": number} for number in range(2 * ROWS)])
    even = delete(numbers).where(numbers.c.number % 2 == 0)
    with ThreadPoolExecutor(PODS) as pods:
        engines = [open_database(url, "test") for _ in range(PODS)]
        removed = list(pods.map(lambda own: in_batches(own, even, numbers.c.number), engines))
    assert sum(removed) == ROWS
    with engine.connect() as connection:
        left = connection.execute(select(func.count(), func.sum(numbers.c.number % 2))).one()
    assert tuple(left) == (ROWS, ROWS)
