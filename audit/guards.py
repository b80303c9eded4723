"""What has the database itself refuse changes: triggers, so that no program with ordinary rights can make one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.engine import Connection

EMPTIED = ("text", "salt")
"""The columns that may be emptied, and nothing else be done with them."""
THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'answers'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'answers'::regclass AND tgenabled <> 'D'",
}
"""What tells the guards of this very table that are at work: another schema may have its own."""
NAMES = {
    "sqlite": {"answers_keep", "answers_stay", "answers_follow"},
    "postgresql": {"answers_keep", "answers_stay"},
}
REFUSAL = "the audit is append-only"


def guard(connection: Connection, columns: Sequence[str]) -> None:
    """Set up the guards of the table `answers` with these `columns`, unless they stand.

    Where they do, no right is needed but to read and to add rows.
    """
    database = connection.dialect.name
    if missing(connection):
        for statement in _sqlite(columns) if database == "sqlite" else _postgresql():
            connection.execute(text(statement))


def missing(connection: Connection) -> set[str]:
    """The names of the guards that do not stand, or are turned off."""
    database = connection.dialect.name
    return NAMES[database] - {row[0] for row in connection.execute(text(THERE[database]))}


def _sqlite(columns: Sequence[str]) -> list[str]:
    kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns if name not in EMPTIED)
    emptied = " AND ".join(f"NEW.{name} IS NULL" for name in EMPTIED)
    refused = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS answers_stay BEFORE DELETE ON answers {refused}",
        f"CREATE TRIGGER IF NOT EXISTS answers_keep BEFORE UPDATE ON answers WHEN NOT ({kept} AND {emptied}) {refused}",
        # INSERT OR REPLACE would delete without asking the first trigger.
        "CREATE TRIGGER IF NOT EXISTS answers_follow BEFORE INSERT ON answers "  # noqa: S608
        f"WHEN NEW.sequence <= (SELECT COALESCE(MAX(sequence), 0) FROM answers) {refused}",
    ]


def _postgresql() -> list[str]:
    rest = "".join(f" - '{name}'" for name in EMPTIED)
    emptied = " AND ".join(f"NEW.{name} IS NULL" for name in EMPTIED)
    return [
        "CREATE OR REPLACE FUNCTION answers_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF to_jsonb(NEW){rest} = to_jsonb(OLD){rest} AND {emptied} "
        f"THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE OR REPLACE TRIGGER answers_keep BEFORE UPDATE OR DELETE ON answers "
        "FOR EACH ROW EXECUTE FUNCTION answers_kept()",
        "CREATE OR REPLACE TRIGGER answers_stay BEFORE TRUNCATE ON answers "
        "FOR EACH STATEMENT EXECUTE FUNCTION answers_kept()",
    ]
