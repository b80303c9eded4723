"""A folder of YAML, one per guideline edition, read and validated into a `Guideline`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from knowledge.content_rules import rule_errors
from knowledge.model import (
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
    conditions,
)
from knowledge.notes import NOTE_SCHEMAS, read_notes
from knowledge.yaml_source import BadContent, ContentError, Document, read_document, schema_errors

CONTENT = Path(__file__).parent / "content" / "acr-vcf-2022"
"""The guideline edition that the assistant answers from."""

SCHEMA = Path(__file__).parent / "content_schema.yml"
SINGLE_FILES = ("guideline.yml", "sources.yml", "procedures.yml", "facts.yml", "decisions.yml")
SYNONYMS, WORDS = "synonyms.yml", "words.yml"
NOTE_FILES = ("red_flags.yml", "protocol.yml", "scores.yml", "knowledge.yml")
REFERENCE_CASES = "reference-cases.csv"


def content_files(folder: Path) -> list[Path]:
    """Every file that belongs to the content of `folder`, in a fixed order."""
    return sorted(path for path in folder.rglob("*") if path.suffix in (".yml", ".csv"))


def content_version(folder: Path) -> str:
    """The knowledge version: 12 hexadecimal digits over names and contents of all content files."""
    digest = hashlib.sha256()
    for path in content_files(folder):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def read_content(folder: Path = CONTENT) -> Guideline:
    """The guideline in `folder`, complete and validated.

    Raises BadContent listing every error with file and line.
    """
    documents = _read_all(folder)
    errors = [error for name, document in documents.items() for error in schema_errors(document, _schema(name))]
    if errors:
        raise BadContent(errors)
    errors = list(rule_errors(documents))
    if errors:
        raise BadContent(errors)
    return _guideline(documents, content_version(folder))


def _read_all(folder: Path) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    errors: list[ContentError] = []
    names = [*SINGLE_FILES, *(name for name in (*NOTE_FILES, SYNONYMS, WORDS) if (folder / name).exists())]
    names += [
        str(path.relative_to(folder))
        for sub in ("variants", "outcomes")
        for path in sorted((folder / sub).glob("*.yml"))
    ]
    for name in names:
        try:
            documents[name] = read_document(folder / name)
        except BadContent as error:
            errors += error.errors
    if errors:
        raise BadContent(errors)
    return documents


@lru_cache
def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = YAML(typ="safe").load(SCHEMA)
    return schemas


def _schema(name: str) -> dict[str, Any]:
    if name in NOTE_FILES:
        return NOTE_SCHEMAS[name]
    kind = {"variants": "variant", "outcomes": "outcome"}.get(Path(name).parent.name, name)
    return {"$defs": _schemas()["$defs"], **_schemas()["files"][kind]}


def _guideline(documents: Mapping[str, Document], version: str) -> Guideline:
    head, facts = documents["guideline.yml"].data, documents["facts.yml"].data
    plain: dict[str, Any] = {key: _text(head[key]) for key in head if key != "categories"}
    return Guideline(
        **plain,
        version=version,
        categories=tuple(head["categories"]),
        sources=tuple(_source(key, data) for key, data in documents["sources.yml"].data.items()),
        procedures=tuple(_procedure(data) for data in documents["procedures.yml"].data),
        facts=tuple(_fact(data) for data in facts["facts"]),
        implications=tuple(_implication(data) for data in facts["implications"]),
        rows=tuple(
            Row(row["outcome"], conditions(row["when"]), _text(row["because"]))
            for row in documents["decisions.yml"].data
        ),
        outcomes=tuple(sorted(_outcomes(documents), key=lambda outcome: (outcome.number or 99, outcome.id))),
        notes=tuple(_notes(documents)),
        **_search_words(documents),
        **_topic_words(documents),
    )


def _search_words(documents: Mapping[str, Document]) -> dict[str, Any]:
    if SYNONYMS not in documents:
        return {}
    data = documents[SYNONYMS].data
    synonyms = {str(word): tuple(map(str, phrases)) for word, phrases in data["synonyms"].items()}
    return {"synonyms": synonyms, "stop_words": tuple(map(str, data["stop_words"]))}


def _topic_words(documents: Mapping[str, Document]) -> dict[str, Any]:
    if WORDS not in documents:
        return {}
    data = documents[WORDS].data
    said = {
        fact: {value: tuple(map(str, words)) for value, words in values.items()}
        for fact, values in data.get("facts", {}).items()
    }
    return {"about": tuple(map(str, data["about"])), "said": said}


def _outcomes(documents: Mapping[str, Document]) -> Iterator[Outcome]:
    for name, document in documents.items():
        data = document.data
        if name.startswith("variants"):
            yield Outcome(
                id=data["id"],
                kind="variant",
                title=_text(data["title"]),
                summary=_text(data["summary"]),
                because=_statement("because", data["because"]),
                number=data["number"],
                scope=data["scope"],
                ratings=tuple(_rating(rating, data["source"]) for rating in data["ratings"]),
                statements=tuple(_statements(data["statements"])),
            )
        elif name.startswith("outcomes"):
            yield Outcome(
                id=data["id"],
                kind=data["kind"],
                title=_text(data["title"]),
                summary=_text(data["summary"]),
                because=_statement("because", data["reason"]),
                statements=tuple(_statements(data["statements"])),
            )


def _notes(documents: Mapping[str, Document]) -> Iterator[Note]:
    for name in NOTE_FILES:
        if name in documents:
            yield from read_notes(name, documents[name])


def _source(key: str, data: Mapping[str, Any]) -> Source:
    return Source(key, data["title"], data["publisher"], data["date"], data.get("citation"), data.get("url"))


def _procedure(data: Mapping[str, Any]) -> Procedure:
    return Procedure(data["name"], data["scope"], data["adult_radiation"], tuple(data.get("other_names", ())))


def _fact(data: Mapping[str, Any]) -> Fact:
    plain: dict[str, Any] = {
        key: data[key]
        for key in ("decides", "always_known", "assume", "unknown_means", "many", "may_change", "unit")
        if key in data
    }
    worded: dict[str, Any] = {key: _text(data[key]) for key in ("question", "why") if key in data}
    return Fact(
        name=data["name"],
        label=data["label"],
        ask_when=conditions(data.get("ask_when")),
        only_with=conditions(data.get("only_with")),
        values=tuple(
            FactValue(v["value"], v["label"], v["phrase"], float(v.get("share", 1)), v.get("unsettled", False))
            for v in data.get("values", ())
        ),
        **plain,
        **worded,
    )


def _implication(data: Mapping[str, Any]) -> Implication:
    return Implication(data["kind"], conditions(data["when"]), conditions(data.get("unless")), dict(data["then"]))


def _rating(data: Mapping[str, Any], source: str) -> Rating:
    return Rating(
        data["procedure"], data["category"], data.get("panel_disagreement", False), data.get("source", source)
    )


def _statements(groups: Mapping[str, Iterable[Mapping[str, Any]]]) -> Iterator[Statement]:
    for kind, items in groups.items():
        for item in items:
            yield _statement(kind, item)


def _statement(kind: str, data: Mapping[str, Any]) -> Statement:
    return Statement(
        kind, _text(data["text"]), data["source"], conditions(data.get("when")), tuple(data.get("procedures", ()))
    )


def _text(value: object) -> str:
    return " ".join(str(value).split())
