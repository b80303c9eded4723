"""Statements outside any outcome: red flags, imaging protocol, radiation levels, scores, knowledge questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.model import Note
from knowledge.yaml_source import Document


def read_notes(name: str, document: Document) -> Iterator[Note]:
    """Every statement of the note file `name`, each with its group, entry and source."""
    readers = {"red_flags.yml": _red_flags, "protocol.yml": _protocol, "scores.yml": _scores, "knowledge.yml": _knowledge}
    return readers[name](document.data)


def _red_flags(data: Any) -> Iterator[Note]:
    for flag in data:
        for action in flag["action"]:
            about = {"label": _text(flag["label"]), "facts": [dict(item) for item in flag.get("facts", ())]}
            yield Note("red_flag", flag["id"], _text(action["text"]), action["source"], about)


def _protocol(data: Any) -> Iterator[Note]:
    for item in data["statements"]:
        yield Note("protocol", item["id"], _text(item["text"]), item["source"], {"topic": item["topic"]})
    for level in data["radiation_levels"]:
        about = {"range_msv": str(level["range_msv"])}
        yield Note("radiation_level", level["level"], _text(level["meaning"]), level["source"], about)


def _scores(data: Any) -> Iterator[Note]:
    for score in data:
        yield from _score(score)


def _score(score: Mapping[str, Any]) -> Iterator[Note]:
    for component in score.get("components", ()):
        for value in component["values"]:
            about = {"component": component["id"], "label": component["label"], "value": value["value"], "points": value["points"]}
            yield Note("score", score["id"], _text(value["label"]), component["source"], about)
    for total in [*score.get("totals", ()), *score.get("grades", ()), *score.get("statements", ())]:
        about = {key: _plain(value) for key, value in total.items() if key not in ("text", "source")}
        yield Note("score", score["id"], _text(total.get("text") or total.get("label") or total.get("meaning")), total["source"], about)


def _knowledge(data: Any) -> Iterator[Note]:
    for entry in data:
        about = {"questions": [str(q) for q in entry["questions"]], "topics": [str(t) for t in entry["topics"]]}
        for sentence in entry["answer"]:
            yield Note("knowledge", entry["id"], _text(sentence["text"]), sentence["source"], about)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (int, float, bool)) or value is None else str(value)


def _text(value: object) -> str:
    return " ".join(str(value).split())
