"""Tables of the knowledge store. Everything is NOT NULL unless absence has a meaning."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()


def _text(name: str, **options: object) -> Column:
    return Column(name, Text, nullable=bool(options.pop("nullable", False)), **options)


def _position() -> Column:
    return Column("position", Integer, nullable=False)


guideline = Table(
    "guideline",
    metadata,
    Column("id", Text, primary_key=True),
    *(
        _text(name)
        for name in (
            "topic",
            "short_name",
            "organization",
            "title",
            "edition",
            "citation",
            "source",
            "notice",
            "version",
        )
    ),
)
category = Table("category", metadata, Column("name", Text, primary_key=True), _position())
source = Table(
    "source",
    metadata,
    Column("key", Text, primary_key=True),
    _position(),
    *(_text(name) for name in ("title", "publisher", "date")),
    _text("citation", nullable=True),
    _text("url", nullable=True),
    CheckConstraint("url IS NULL OR url LIKE 'https://%'"),
)
procedure = Table(
    "procedure",
    metadata,
    Column("name", Text, primary_key=True),
    _position(),
    _text("scope"),
    _text("adult_radiation", nullable=True),
    CheckConstraint("scope IN ('imaging', 'treatment')"),
)
procedure_name = Table(
    "procedure_name",
    metadata,
    Column("procedure", Text, ForeignKey("procedure.name"), primary_key=True),
    Column("other_name", Text, primary_key=True),
    _position(),
)
outcome = Table(
    "outcome",
    metadata,
    Column("id", Text, primary_key=True),
    _position(),
    _text("kind"),
    _text("title"),
    _text("summary"),
    Column("number", Integer, nullable=True, unique=True),
    _text("scope", nullable=True),
    CheckConstraint("kind IN ('variant', 'escalation', 'not_covered')"),
    CheckConstraint("(kind = 'variant') = (number IS NOT NULL AND scope IS NOT NULL)"),
)
rating = Table(
    "rating",
    metadata,
    Column("outcome", Text, ForeignKey("outcome.id"), nullable=False),
    Column("procedure", Text, ForeignKey("procedure.name"), nullable=False),
    _position(),
    Column("category", Text, ForeignKey("category.name"), nullable=False),
    Column("panel_disagreement", Boolean(create_constraint=True), nullable=False),
    Column("source", Text, ForeignKey("source.key"), nullable=False),
    PrimaryKeyConstraint("outcome", "procedure"),
    UniqueConstraint("outcome", "position"),
)
statement = Table(
    "statement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outcome", Text, ForeignKey("outcome.id"), nullable=False),
    _text("kind"),
    _text("text"),
    Column("source", Text, ForeignKey("source.key"), nullable=False),
    CheckConstraint("length(text) > 0"),
)
statement_procedure = Table(
    "statement_procedure",
    metadata,
    Column("statement", Integer, ForeignKey("statement.id"), primary_key=True),
    Column("procedure", Text, ForeignKey("procedure.name"), primary_key=True),
    _position(),
)
fact = Table(
    "fact",
    metadata,
    Column("name", Text, primary_key=True),
    _position(),
    _text("label"),
    *(
        Column(name, Boolean(create_constraint=True), nullable=False)
        for name in ("decides", "always_known", "many", "may_change")
    ),
    *(_text(name, nullable=True) for name in ("assume", "unknown_means", "unit", "question", "why")),
    CheckConstraint("NOT decides OR (question IS NOT NULL AND why IS NOT NULL)"),
)
fact_value = Table(
    "fact_value",
    metadata,
    Column("fact", Text, ForeignKey("fact.name"), primary_key=True),
    Column("value", Text, primary_key=True),
    _position(),
    _text("label"),
    _text("phrase"),
    Column("share", Float, nullable=False),
    Column("unsettled", Boolean(create_constraint=True), nullable=False),
    CheckConstraint("share > 0"),
)
decision_row = Table(
    "decision_row",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("outcome", Text, ForeignKey("outcome.id"), nullable=False),
    _text("because"),
)
implication = Table(
    "implication",
    metadata,
    Column("position", Integer, primary_key=True),
    _text("kind"),
    CheckConstraint("kind IN ('constraint', 'default')"),
)
# Conditions of rows, statements, implications and facts: `owner` says which, `role` in which sense.
condition = Table(
    "condition",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("owner"),
    _text("owner_key"),
    _text("role"),
    Column("fact", Text, ForeignKey("fact.name"), nullable=False),
    _text("value"),
    CheckConstraint("owner IN ('row', 'statement', 'implication', 'fact')"),
    CheckConstraint("role IN ('when', 'unless', 'then', 'ask_when', 'only_with')"),
    ForeignKeyConstraint(["fact", "value"], ["fact_value.fact", "fact_value.value"]),
    UniqueConstraint("owner", "owner_key", "role", "fact", "value"),
)
synonym = Table(
    "synonym",
    metadata,
    Column("phrase", Text, primary_key=True),
    _position(),
    _text("word"),
    CheckConstraint("phrase <> word"),
)
topic_word = Table("topic_word", metadata, Column("word", Text, primary_key=True), _position())
said_word = Table(
    "said_word",
    metadata,
    _text("fact"),
    _text("value"),
    _text("word"),
    _position(),
    PrimaryKeyConstraint("fact", "word"),
    ForeignKeyConstraint(["fact", "value"], ["fact_value.fact", "fact_value.value"]),
)
stop_word = Table("stop_word", metadata, Column("word", Text, primary_key=True), _position())
note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("group"),
    _text("key"),
    _text("text"),
    Column("source", Text, ForeignKey("source.key"), nullable=False),
    _text("data"),
)
