"""What has the database itself refuse changes: triggers, so that no program with ordinary rights can make one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.engine import Connection

EMPTIED = ("text", "salt")
"""The columns that may be emptied, and nothing else be done with them."""
REFUSAL = "the audit is append-only"
EVENTS = {"answers_keep": ("UPDATE OR DELETE", "ROW", 27), "answers_stay": ("TRUNCATE", "STATEMENT", 34)}
"""Of each guard in PostgreSQL what it refuses, for each of what, and both as pg_trigger.tgtype has them."""
STANDING = """
    SELECT tgname, tgtype FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid = 'answers'::regclass AND tgenabled IN ('O', 'A') AND tgqual IS NULL AND tgattr::text = ''
    AND prosrc = :body
"""
"""The triggers of this very table that are at work, for all rows and with our function, and not only look like it."""


def missing(connection: Connection, columns: Sequence[str]) -> set[str]:
    """The names of the guards of the table `answers` with these `columns` that do not stand, or are not what they
    were."""
    if connection.dialect.name == "sqlite":
        wanted = _sqlite(columns)
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'answers'"))
        found = {name: sql for name, sql in rows if name in wanted}
        return {name for name, statement in wanted.items() if found.get(name) != statement}
    standing = connection.execute(text(STANDING), {"body": _body()})
    return EVENTS.keys() - {name for name, kind in standing if name in EVENTS and EVENTS[name][2] == kind}


def guard(connection: Connection, columns: Sequence[str]) -> None:
    """Set up the guards, in place of what goes by their names."""
    if connection.dialect.name == "sqlite":
        for name, statement in _sqlite(columns).items():
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.execute(text(statement))
        return
    connection.execute(
        text(f"CREATE OR REPLACE FUNCTION answers_kept() RETURNS trigger LANGUAGE plpgsql AS $${_body()}$$")
    )
    for name, (refused, each, _) in EVENTS.items():
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON answers"))
        call = f"FOR EACH {each} EXECUTE FUNCTION answers_kept()"
        connection.execute(text(f"CREATE TRIGGER {name} BEFORE {refused} ON answers {call}"))


def _sqlite(columns: Sequence[str]) -> Mapping[str, str]:
    """Each guard as SQLite stores it."""
    kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns if name not in EMPTIED)
    emptied = " AND ".join(f"NEW.{name} IS NULL" for name in EMPTIED)
    # INSERT OR REPLACE would delete without asking the guard of deletions.
    replaces = "NEW.sequence <= (SELECT COALESCE(MAX(sequence), 0) FROM answers)"
    when = {
        "answers_stay": "DELETE ON answers",
        "answers_keep": f"UPDATE ON answers WHEN NOT ({kept} AND {emptied})",
        "answers_follow": f"INSERT ON answers WHEN {replaces}",
    }
    refused = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return {name: f"CREATE TRIGGER {name} BEFORE {event} {refused}" for name, event in when.items()}


def _body() -> str:
    """What the function of the guards does in PostgreSQL."""
    rest = "".join(f" - '{name}'" for name in EMPTIED)
    emptied = " AND ".join(f"NEW.{name} IS NULL" for name in EMPTIED)
    return (
        f" BEGIN IF TG_OP = 'UPDATE' THEN IF to_jsonb(NEW){rest} = to_jsonb(OLD){rest} AND {emptied} "
        f"THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '{REFUSAL}'; END "
    )
