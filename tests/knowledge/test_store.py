"""The SQLite store: what is written is read, bad rows are refused, nobody writes to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from knowledge.model import Guideline
from knowledge.store import StoreMissing, _connect, build, is_current, load
from knowledge.yaml_source import BadContent
from tests.knowledge.conftest import TOY


def test_build_then_load_gives_an_equal_guideline(built: Path, guideline: Guideline) -> None:
    """Nothing of the real edition is lost, added or reordered on the way through the store."""
    assert load(built) == guideline


def test_second_topic_goes_through_the_store(toy: Guideline, tmp_path: Path) -> None:
    """A guideline on another topic is stored by the same tables."""
    store = tmp_path / "toy.sqlite"
    assert build(TOY, store) == toy == load(store)


def test_store_holds_the_published_numbers(built: Path) -> None:
    """Nine variants and 71 ratings stand in the file itself, for whoever opens it with another tool."""
    with closing(sqlite3.connect(built)) as connection:
        assert connection.execute("SELECT count(*) FROM rating").fetchone() == (71,)
        assert connection.execute("SELECT count(*) FROM outcome WHERE kind = 'variant'").fetchone() == (9,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE rating SET category = 'Perhaps'", "FOREIGN KEY"),
        ("UPDATE rating SET procedure = 'Reiki'", "FOREIGN KEY|UNIQUE"),
        ("UPDATE rating SET source = 'hearsay'", "FOREIGN KEY"),
        ("UPDATE rating SET source = NULL", "NOT NULL"),
        ("UPDATE rating SET panel_disagreement = 7", "CHECK"),
        (
            "INSERT INTO rating SELECT outcome, procedure, 99, category, panel_disagreement, source FROM rating",
            "UNIQUE",
        ),
        ("UPDATE statement SET source = 'hearsay'", "FOREIGN KEY"),
        ("UPDATE statement SET text = ''", "CHECK"),
        ("UPDATE note SET source = 'hearsay'", "FOREIGN KEY"),
        ("UPDATE outcome SET number = NULL WHERE kind = 'variant'", "CHECK"),
        ("UPDATE outcome SET number = 1 WHERE id = 'v2'", "UNIQUE"),
        ("UPDATE outcome SET kind = 'maybe'", "CHECK"),
        ("UPDATE source SET url = 'http://example.org'", "CHECK"),
        ("UPDATE procedure SET scope = 'surgery'", "CHECK"),
        ("UPDATE fact SET question = NULL WHERE decides", "CHECK"),
        ("UPDATE fact_value SET share = 0", "CHECK"),
        ("UPDATE decision_row SET outcome = 'v10'", "FOREIGN KEY"),
        ("UPDATE implication SET kind = 'guess'", "CHECK"),
        ("UPDATE condition SET value = 'perhaps' WHERE id = 1", "FOREIGN KEY"),
        ("UPDATE condition SET role = 'because'", "CHECK"),
        ("INSERT INTO condition SELECT NULL, owner, owner_key, role, fact, value FROM condition", "UNIQUE"),
        ("DELETE FROM source", "FOREIGN KEY"),
    ],
)
def test_schema_refuses_bad_rows(statement: str, constraint: str, built: Path, tmp_path: Path) -> None:
    """Even a program that bypasses the validation cannot put an inconsistent row into a store."""
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(built.read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match=constraint):
            connection.execute(statement)


def test_store_is_opened_read_only(built: Path) -> None:
    """The connection that reads the store cannot write to it."""
    before = built.read_bytes()
    with _connect(built, "ro").connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.exec_driver_sql("DELETE FROM rating")
    assert built.read_bytes() == before


def test_loading_leaves_no_trace(built: Path) -> None:
    """Reading makes no journal or lock file and does not change the store."""
    before = built.read_bytes()
    load(built)
    assert [path.name for path in built.parent.iterdir()] == [built.name]
    assert built.read_bytes() == before


def test_missing_store_says_how_to_make_one(tmp_path: Path) -> None:
    """Without a store the message names the path and the command."""
    with pytest.raises(StoreMissing, match=r"No knowledge store at .*absent.sqlite. Run: python -m knowledge build"):
        load(tmp_path / "absent.sqlite")
    assert not (tmp_path / "absent.sqlite").exists()


@pytest.mark.parametrize("data", [b"", b"not a database, but text that is long enough to look at"])
def test_file_that_is_no_store(data: bytes, tmp_path: Path) -> None:
    """An empty or foreign file is not a store of this version."""
    store = tmp_path / "knowledge.sqlite"
    store.write_bytes(data)
    with pytest.raises(StoreMissing, match="is not a store of this version"):
        load(store)


def test_store_of_another_schema(built: Path, tmp_path: Path) -> None:
    """A store that an older program wrote asks to be built again."""
    store = tmp_path / "old.sqlite"
    store.write_bytes(built.read_bytes())
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("ALTER TABLE fact RENAME COLUMN why TO reason")
        connection.commit()
    with pytest.raises(StoreMissing, match="python -m knowledge build"):
        load(store)


@pytest.mark.parametrize("folder", ["a b", "a#b", "a?b", "a%20b", "ä"])
def test_folder_with_unusual_name(folder: str, toy: Guideline, tmp_path: Path) -> None:
    """The store may live in any folder, also one whose name means something in an address."""
    store = tmp_path / folder / "toy.sqlite"
    build(TOY, store)
    assert load(store) == toy
    assert [path.name for path in tmp_path.iterdir()] == [folder]


def test_current_until_the_content_changes(toy_content: Path, tmp_path: Path) -> None:
    """A store is current exactly as long as the content is what it was built from."""
    store = tmp_path / "toy.sqlite"
    assert not is_current(toy_content, store)
    build(toy_content, store)
    assert is_current(toy_content, store)
    (toy_content / "sources.yml").write_bytes((toy_content / "sources.yml").read_bytes() + b"\n")
    assert not is_current(toy_content, store)


def test_same_content_gives_the_same_store(tmp_path: Path) -> None:
    """Two builds of one edition differ in no byte."""
    build(TOY, tmp_path / "one.sqlite")
    build(TOY, tmp_path / "other.sqlite")
    assert (tmp_path / "one.sqlite").read_bytes() == (tmp_path / "other.sqlite").read_bytes()


def test_failed_build_makes_no_store(toy_content: Path, tmp_path: Path) -> None:
    """Bad content leaves nothing behind where there was no store yet."""
    (toy_content / "decisions.yml").write_text("[]\n")
    with pytest.raises(BadContent):
        build(toy_content, tmp_path / "new" / "toy.sqlite")
    assert not (tmp_path / "new").exists()
