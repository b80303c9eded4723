"""The knowledge store: a read-only SQLite file, written whole and read whole through SQLAlchemy."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from knowledge import index, schema, topic_words
from knowledge.content import CONTENT, content_version, read_content
from knowledge.model import (
    Conditions,
    Fact,
    FactValue,
    Guideline,
    Implication,
    Note,
    Outcome,
    Procedure,
    Rating,
    Row,
    Source,
    Statement,
)
from knowledge.proof import table_errors

STORE = Path(__file__).parent.parent / ".build" / "knowledge.sqlite"
"""Where `build` writes and everything else reads, unless told otherwise."""


class StoreMissing(Exception):
    """There is no usable store at the path; the message says how to make one."""


def build(content: Path = CONTENT, store: Path = STORE) -> Guideline:
    """Validate the folder `content` and write it to the SQLite file `store`.

    The file is replaced in one step and only after everything was checked, so a running assistant and
    the last good store are never harmed. Raises BadContent if anything is wrong with the content.
    """
    guideline = read_content(content)
    table_errors(guideline, content)
    store.parent.mkdir(parents=True, exist_ok=True)
    draft = store.with_suffix(f".{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    try:
        engine = _connect(draft, "rwc")
        schema.metadata.create_all(engine)
        with engine.begin() as connection:
            _write(connection, guideline)
            index.write(connection, guideline)
        engine.dispose()
        os.replace(draft, store)
    finally:
        draft.unlink(missing_ok=True)
    return guideline


def is_current(content: Path = CONTENT, store: Path = STORE) -> bool:
    """Whether `store` was built from the content as it is now."""
    try:
        return load(store).version == content_version(content)
    except StoreMissing:
        return False


def current(content: Path = CONTENT, store: Path = STORE) -> Guideline:
    """The guideline as the folder `content` has it now: from `store` if that was built from it, which is faster.

    Raises BadContent if anything is wrong with the content.
    """
    try:
        stored = load(store)
    except StoreMissing:
        return read_content(content)
    return stored if stored.version == content_version(content) else read_content(content)


def load(store: Path = STORE) -> Guideline:
    """The guideline in the SQLite file `store`.

    Raises StoreMissing if there is none or it was written by another version of the schema.
    """
    with reading(store) as connection:
        return _read(connection)


@contextmanager
def reading(store: Path = STORE) -> Iterator[Connection]:
    """A connection that can only read the SQLite file `store`; closed at the end of the block.

    Raises StoreMissing if there is none or what is read in the block is not in it.
    """
    if not store.exists():
        raise StoreMissing(f"No knowledge store at {store}. Run: python -m knowledge build")
    engine = _connect(store, "ro")
    try:
        with engine.connect() as connection:
            yield connection
    except DatabaseError as error:
        raise StoreMissing(
            f"{store} is not a store of this version ({error.orig}). Run: python -m knowledge build"
        ) from error
    finally:
        engine.dispose()


def _connect(path: Path, mode: str) -> Engine:
    # A file URI, so that SQLite itself keeps a read-only store from being written, whatever the folder is called.
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=NullPool, future=True)

    @event.listens_for(engine, "connect")
    def _enforce_foreign_keys(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    return engine


def _write(connection: Connection, guideline: Guideline) -> None:
    head = ("id", "topic", "short_name", "organization", "title", "edition", "citation", "source", "notice", "version")
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows["guideline"] = [{name: getattr(guideline, name) for name in head}]
    rows["category"] = [{"name": name, "position": i} for i, name in enumerate(guideline.categories)]
    for i, source in enumerate(guideline.sources):
        rows["source"].append({**vars(source), "position": i})
    for i, procedure in enumerate(guideline.procedures):
        rows["procedure"].append(
            {
                "name": procedure.name,
                "scope": procedure.scope,
                "adult_radiation": procedure.adult_radiation,
                "position": i,
            }
        )
        for j, name in enumerate(procedure.other_names):
            rows["procedure_name"].append({"procedure": procedure.name, "other_name": name, "position": j})
    for i, fact in enumerate(guideline.facts):
        plain = "name label decides always_known many may_change assume unknown_means unit question why".split()
        rows["fact"].append({**{name: getattr(fact, name) for name in plain}, "position": i})
        rows["fact_value"] += [{**vars(value), "fact": fact.name, "position": j} for j, value in enumerate(fact.values)]
        rows["condition"] += _conditions("fact", fact.name, "ask_when", fact.ask_when)
        rows["condition"] += _conditions("fact", fact.name, "only_with", fact.only_with)
    for i, row in enumerate(guideline.rows):
        rows["decision_row"].append({"position": i, "outcome": row.outcome, "because": row.because})
        rows["condition"] += _conditions("row", str(i), "when", row.when)
    for i, rule in enumerate(guideline.implications):
        rows["implication"].append({"position": i, "kind": rule.kind})
        rows["condition"] += _conditions("implication", str(i), "when", rule.when)
        rows["condition"] += _conditions("implication", str(i), "unless", rule.unless)
        rows["condition"] += _conditions(
            "implication", str(i), "then", {key: (value,) for key, value in rule.then.items()}
        )
    for i, outcome in enumerate(guideline.outcomes):
        _write_outcome(rows, outcome, i)
    for note in guideline.notes:
        plain_note = {"group": note.group, "key": note.key, "text": note.text, "source": note.source}
        rows["note"].append({**plain_note, "data": json.dumps(note.data)})
    phrases = [(phrase, word) for word, others in guideline.synonyms.items() for phrase in others]
    rows["synonym"] = [{"phrase": phrase, "word": word, "position": i} for i, (phrase, word) in enumerate(phrases)]
    rows["stop_word"] = [{"word": word, "position": i} for i, word in enumerate(guideline.stop_words)]
    rows |= topic_words.rows(guideline)
    for table in schema.metadata.sorted_tables:
        if rows[table.name]:
            connection.execute(insert(table), rows[table.name])


def _write_outcome(rows: dict[str, list[dict[str, Any]]], outcome: Outcome, position: int) -> None:
    plain = ("id", "kind", "title", "summary", "number", "scope")
    rows["outcome"].append({**{name: getattr(outcome, name) for name in plain}, "position": position})
    rows["rating"] += [
        {**vars(rating), "outcome": outcome.id, "position": i} for i, rating in enumerate(outcome.ratings)
    ]
    for statement in (outcome.because, *outcome.statements):
        number = len(rows["statement"]) + 1
        rows["statement"].append(
            {
                "id": number,
                "outcome": outcome.id,
                "kind": statement.kind,
                "text": statement.text,
                "source": statement.source,
            }
        )
        rows["statement_procedure"] += [
            {"statement": number, "procedure": name, "position": i} for i, name in enumerate(statement.procedures)
        ]
        rows["condition"] += _conditions("statement", str(number), "when", statement.when)


def _conditions(owner: str, key: str, role: str, conditions: Conditions) -> Iterator[dict[str, str]]:
    for fact, values in conditions.items():
        for value in values:
            yield {"owner": owner, "owner_key": key, "role": role, "fact": fact, "value": value}


def _read(connection: Connection) -> Guideline:
    def rows(table: Any, order: str = "position") -> list[dict[str, Any]]:
        return [dict(row._mapping) for row in connection.execute(select(table).order_by(table.c[order]))]

    def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name not in ("position", *names)}

    when: dict[tuple[str, str, str], dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in rows(schema.condition, "id"):
        conditions = when[row["owner"], row["owner_key"], row["role"]]
        conditions[row["fact"]] = (*conditions.get(row["fact"], ()), row["value"])

    names = rows(schema.procedure_name)
    values = rows(schema.fact_value)
    ratings = rows(schema.rating)
    about = rows(schema.statement_procedure)
    statements = [
        (
            row["outcome"],
            Statement(
                row["kind"],
                row["text"],
                row["source"],
                when["statement", str(row["id"]), "when"],
                tuple(item["procedure"] for item in about if item["statement"] == row["id"]),
            ),
        )
        for row in rows(schema.statement, "id")
    ]
    synonyms: dict[str, tuple[str, ...]] = {}
    for row in rows(schema.synonym):
        synonyms[row["word"]] = (*synonyms.get(row["word"], ()), row["phrase"])
    head = rows(schema.guideline, "id")[0]
    return Guideline(
        **head,
        categories=tuple(row["name"] for row in rows(schema.category)),
        sources=tuple(Source(**without(row)) for row in rows(schema.source)),
        procedures=tuple(
            Procedure(
                **without(row), other_names=tuple(n["other_name"] for n in names if n["procedure"] == row["name"])
            )
            for row in rows(schema.procedure)
        ),
        facts=tuple(
            Fact(
                **without(row),
                ask_when=when["fact", row["name"], "ask_when"],
                only_with=when["fact", row["name"], "only_with"],
                values=tuple(FactValue(**without(v, "fact")) for v in values if v["fact"] == row["name"]),
            )
            for row in rows(schema.fact)
        ),
        implications=tuple(
            Implication(
                row["kind"],
                when["implication", str(row["position"]), "when"],
                when["implication", str(row["position"]), "unless"],
                {key: value[0] for key, value in when["implication", str(row["position"]), "then"].items()},
            )
            for row in rows(schema.implication)
        ),
        rows=tuple(
            Row(row["outcome"], when["row", str(row["position"]), "when"], row["because"])
            for row in rows(schema.decision_row)
        ),
        outcomes=tuple(
            Outcome(
                **without(row),
                because=next(s for owner, s in statements if owner == row["id"] and s.kind == "because"),
                ratings=tuple(Rating(**without(r, "outcome")) for r in ratings if r["outcome"] == row["id"]),
                statements=tuple(s for owner, s in statements if owner == row["id"] and s.kind != "because"),
            )
            for row in rows(schema.outcome)
        ),
        notes=tuple(
            Note(row["group"], row["key"], row["text"], row["source"], json.loads(row["data"]))
            for row in rows(schema.note, "id")
        ),
        synonyms=synonyms,
        stop_words=tuple(row["word"] for row in rows(schema.stop_word)),
        about=tuple(row["word"] for row in rows(schema.topic_word)),
        said=topic_words.said(rows(schema.said_word)),
    )
