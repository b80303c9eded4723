"""Changes of many rows in small transactions, between which others write."""

from __future__ import annotations

import time

from sqlalchemy import Column, select
from sqlalchemy.engine import Engine
from sqlalchemy.sql import Delete, Update
from sqlalchemy.sql.expression import ColumnClause

AT_ONCE = 1000
"""Rows that one transaction changes; it takes some hundredths of a second."""
PAUSE = 0.05
"""Seconds between two of them: in SQLite one process writes at a time, and those that wait have to get their turn."""


def in_batches(engine: Engine, change: Delete | Update, key: Column | ColumnClause) -> int:
    """Make `change`, which leaves nothing to be changed where it was made; returns how many rows it was made to.

    `key` tells the table's rows apart. Several processes may do the same at once: none waits for another's rows, and
    each row is counted once. Raises sqlalchemy.exc.SQLAlchemyError; the transactions before stand then.
    """
    some = select(key).where(change.whereclause).limit(AT_ONCE).with_for_update(skip_locked=True)
    step, every = change.where(key.in_(some)), 0
    while True:
        with engine.begin() as connection:
            count = int(connection.execute(step).rowcount)
        every += count
        if count < AT_ONCE:
            return every
        time.sleep(PAUSE)
