"""The chain of answers in both databases: whole while it is written, and telling where it was tampered with."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from audit.__main__ import main
from audit.export import export
from audit.rows import Entry, Head, Withdrawn
from audit.store import Audit
from audit.verify import Verified, verify
from service.settings import ROOT
from tests import databases

Make = Callable[..., Entry]
SECRET = "4711-0815"
AWAY = "postgresql://somebody:" + SECRET + "@127.0.0.1:1/none"
WRITERS, EACH = 4, 25
GUARDS = {
    "sqlite": [f"DROP TRIGGER answers_{name}" for name in ("keep", "stay", "follow")],
    "postgresql": ["ALTER TABLE answers DISABLE TRIGGER ALL"],
}
HOLLOW = {
    "sqlite": [
        "DROP TRIGGER answers_stay",
        "CREATE TRIGGER answers_stay BEFORE DELETE ON answers WHEN 0 BEGIN SELECT RAISE(ABORT, 'no'); END",
    ],
    "postgresql": ["ALTER TABLE answers ENABLE REPLICA TRIGGER answers_stay"],
}
INSERTED = (
    "INSERT INTO answers SELECT 5, at, channel, conversation, message, action, kind, facts, outcome, digest, "
    "knowledge, model, rules, code, begins, text_digest, 'x', 'y', text, salt, follows FROM answers WHERE sequence = 4"
)


@pytest.fixture
def audit(url: str, entry: Make) -> Audit:
    """A record of nine answers."""
    made = Audit(url)
    for number in range(1, 10):
        made.record(entry(number))
    return made


def run(url: str, *statements: str) -> None:
    """Run statements in the database."""
    engine = create_engine(url, future=True)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def tampered(url: str, *statements: str) -> Verified:
    """What is found after somebody who may do everything in the database has taken the guards away."""
    run(url, *GUARDS[url.split(":")[0]], *statements)
    return verify(Audit(url).rows())


def test_what_is_recorded_is_read_back_in_its_order(audit: Audit) -> None:
    """Rows are numbered without a gap, each follows the one before, and the text is there."""
    rows = list(audit.rows())
    assert [row.sequence for row in rows] == list(range(1, 10))
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert rows[3].text == "71F, new T12 fracture, message 4"
    assert verify(rows) == Verified(audit.head(), 0)


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        (["UPDATE answers SET outcome = 'v2' WHERE sequence = 4"], "Row 4, of 2026-11-05"),
        (["UPDATE answers SET text = 'another' WHERE sequence = 4"], "The text of row 4"),
        (["UPDATE answers SET at = '2026-01-01' WHERE sequence = 4"], "Row 4, of 2026-01-01, was changed"),
        (["DELETE FROM answers WHERE sequence = 4"], "Row 4 is missing"),
        (["DELETE FROM answers WHERE sequence = 1"], "Row 1 is missing"),
        (
            [
                "DELETE FROM answers WHERE sequence = 4",
                "UPDATE answers SET sequence = -sequence WHERE sequence > 4",
                "UPDATE answers SET sequence = -sequence - 1 WHERE sequence < 0",
            ],
            "Row 4 does not follow row 3",
        ),
        (
            [
                "UPDATE answers SET sequence = 100 WHERE sequence = 4",
                "UPDATE answers SET sequence = 4 WHERE sequence = 5",
                "UPDATE answers SET sequence = 5 WHERE sequence = 100",
            ],
            "Row 4 does not follow row 3",
        ),
        (
            [
                "UPDATE answers SET sequence = -sequence WHERE sequence > 4",
                "UPDATE answers SET sequence = 1 - sequence WHERE sequence < 0",
                INSERTED,
            ],
            "Row 5 does not follow row 4",
        ),
    ],
    ids=["changed", "text", "time", "deleted", "first", "closed up", "reordered", "inserted"],
)
def test_tampering_shows_with_its_place(url: str, audit: Audit, statements: Sequence[str], problem: str) -> None:
    """Whatever is done to a row, the first one that is not as it was is named."""
    assert problem in tampered(url, *statements).problem


def test_cutting_off_the_end_shows_by_the_head_that_was_kept(url: str, audit: Audit) -> None:
    """A chain cut short is whole in itself; who kept its end knows better."""
    kept = audit.head()
    cut = tampered(url, "DELETE FROM answers WHERE sequence > 7")
    assert not cut.problem and cut.head.sequence == 7
    assert "ends at row 7" in verify(Audit(url).rows(), kept).problem


def test_writing_everything_anew_shows_by_the_head_that_was_kept(url: str, audit: Audit, entry: Make) -> None:
    """Another chain of the same length has another end."""
    kept = audit.head()
    tampered(url, "DELETE FROM answers")
    for number in range(1, 10):
        audit.record(entry(number, outcome="v2"))
    assert not verify(audit.rows()).problem
    assert "Row 9 is whole, but not the one" in verify(audit.rows(), kept).problem


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answers SET outcome = 'v2' WHERE sequence = 4",
        "UPDATE answers SET text = 'another' WHERE sequence = 4",
        "UPDATE answers SET text = NULL WHERE sequence = 4",
        "UPDATE answers SET text = NULL, salt = NULL, outcome = 'v2' WHERE sequence = 4",
        "DELETE FROM answers WHERE sequence = 9",
        "DELETE FROM answers",
    ],
)
def test_the_database_refuses_changes(url: str, audit: Audit, statement: str) -> None:
    """Who may only write, and take no guard away, can neither change nor remove a row."""
    with pytest.raises(DatabaseError, match="append-only"):
        run(url, statement)
    assert verify(audit.rows()) == Verified(audit.head(), 0)


def test_a_table_in_another_schema_has_guards_of_its_own(entry: Make) -> None:
    """One database may hold several chains."""
    with databases.postgres() as server:
        Audit(server.url).record(entry(1))
        run(server.url, "CREATE SCHEMA other", "ALTER ROLE CURRENT_USER SET search_path = other")
        Audit(server.url).record(entry(1))
        for schema in ("public", "other"):
            with pytest.raises(DatabaseError, match="append-only"):
                run(server.url, f"DELETE FROM {schema}.answers")


def test_purging_texts_leaves_the_chain_whole(audit: Audit) -> None:
    """Retention empties texts, says of how many, and nothing else is lost."""
    assert audit.forget_texts("2026-11-06", dry=True) == 4
    assert verify(audit.rows()).purged == 0
    assert audit.forget_texts("2026-11-06") == 4
    assert [row.text is None for row in audit.rows()] == [True] * 4 + [False] * 5
    assert verify(audit.rows()) == Verified(audit.head(), 4)
    assert audit.forget_texts("2026-11-06") == 0


def test_several_processes_write_one_chain(url: str) -> None:
    """Answers of several servers at once stand in one chain, none lost, none beside another."""
    program = f"import sys; from tests.audit.entries import write; write({url!r}, sys.argv[1], {EACH})"
    writers = [subprocess.Popen([sys.executable, "-c", program, str(one)], cwd=ROOT) for one in range(WRITERS)]
    assert [writer.wait(60) for writer in writers] == [0] * WRITERS
    rows = list(Audit(url).rows())
    assert len(rows) == len({row.message for row in rows}) == WRITERS * EACH
    assert not verify(rows).problem


def test_a_row_is_written_in_milliseconds(url: str, entry: Make) -> None:
    """The record adds little to a turn."""
    audit, times = Audit(url), []
    for number in range(60):
        started = time.perf_counter()
        audit.record(entry(number))
        times.append(time.perf_counter() - started)
    assert sorted(times)[30] < 0.02


def test_export_tells_a_time_in_both_formats(audit: Audit) -> None:
    """JSON Lines and CSV hold the rows of the time that was asked for, the facts as data."""
    lines, table = io.StringIO(), io.StringIO()
    export(audit.rows("2026-11-04", "2026-11-06"), "jsonl", lines)
    export(audit.rows("2026-11-04", "2026-11-06"), "csv", table)
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [row["sequence"] for row in told] == [3, 4]
    assert told[0]["facts"] == {"level": {"value": "T12", "basis": "stated"}}
    assert [row["sequence"] for row in csv.DictReader(io.StringIO(table.getvalue()))] == ["3", "4"]


def test_a_spreadsheet_takes_no_text_for_a_formula(url: str, entry: Make) -> None:
    """What a clinician wrote is never run by the program that opens the table."""
    audit, table = Audit(url), io.StringIO()
    audit.record(entry(text="=1+1"))
    export(audit.rows(), "csv", table)
    assert next(csv.DictReader(io.StringIO(table.getvalue())))["text"] == "'=1+1"


def test_the_commands_say_what_is_so(url: str, audit: Audit, capsys: pytest.CaptureFixture[str]) -> None:
    """verify prints the head, which it takes back; export prints rows; a fault ends in status 1 and its place."""
    assert main(["verify", "--database", url]) == 0
    shown = capsys.readouterr().out
    assert "9 answers, none missing or changed" in shown
    assert main(["verify", "--database", url, "--head", shown.rpartition("Head: ")[2].strip()]) == 0
    assert main(["export", "--database", url, "--since", "2026-11-10"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["sequence"] == 9
    tampered(url, "DELETE FROM answers WHERE sequence = 2")
    assert main(["verify", "--database", url]) == 1
    assert "Row 2 is missing" in capsys.readouterr().err


def test_a_guard_that_was_taken_away_is_told_until_it_is_set_up_again(
    url: str, audit: Audit, entry: Make, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A record that is whole is all the same no longer proved, where somebody could change it; the next process that
    records sets the guards up, and logs it."""
    run(url, *GUARDS[url.split(":")[0]])
    assert main(["verify", "--database", url]) == 1
    shown = capsys.readouterr()
    assert "answers_keep" in shown.err and "answers_stay" in shown.err and "none missing or changed" in shown.out
    assert main(["verify", "--database", url]) == 1
    with caplog.at_level("ERROR"):
        Audit(url).record(entry(10))
    assert "Guards of the record were gone" in caplog.text
    with pytest.raises(DatabaseError, match="append-only"):
        run(url, "DELETE FROM answers")
    assert main(["verify", "--database", url]) == 0


def test_a_guard_that_only_looks_like_one_is_none(url: str, audit: Audit) -> None:
    """One of the same name that lets everything pass."""
    run(url, *HOLLOW[url.split(":")[0]])
    assert audit.unguarded() == {"answers_stay"}


def test_whether_answers_can_be_recorded_is_found_out(url: str, audit: Audit, entry: Make) -> None:
    """Nothing is written by that; it fails where nothing could be, such as in a database that is away."""
    before = audit.head()
    audit.check()
    assert audit.head() == before
    with pytest.raises(SQLAlchemyError):
        Audit(AWAY).check()


def test_a_database_that_is_away_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    """No stack of calls and no address with a password."""
    assert main(["verify", "--database", AWAY]) == 1
    shown = capsys.readouterr().err
    assert "cannot be read" in shown and SECRET not in shown


def test_the_head_of_nothing_is_the_beginning(url: str) -> None:
    """A record in which nothing stands yet is whole."""
    assert verify(Audit(url).rows()) == Verified(Head(), 0)


def test_what_is_withdrawn_while_it_is_written_is_not_recorded(audit: Audit, entry: Make) -> None:
    """Nor what was to be recorded with it; the chain goes on as if nothing had been."""
    head = audit.head()
    with pytest.raises(Withdrawn):
        audit.record(entry(10), entry(11), unless=lambda: True)
    assert audit.head() == head
    audit.record(entry(10))
    assert not verify(audit.rows(), head).problem
