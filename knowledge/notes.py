"""Statements outside any outcome: red flags, imaging protocol, radiation levels, scores, knowledge questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.model import Note
from knowledge.yaml_source import Document


def _object(optional: Mapping[str, Any] | None = None, **entries: Any) -> dict[str, Any]:
    """Schema of a mapping that needs the keys in `entries` and may have those in `optional`."""
    return {"type": "object", "required": list(entries), "properties": {**(optional or {}), **entries}}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_STRING = {"type": "string"}
_SCALAR = {"type": ["string", "number"]}
_SENTENCE = _object(text=_STRING, source=_STRING)
_LEVELS = {"type": "string", "pattern": r"^(Occ|[CTLS]\d{1,2})(-(Occ|[CTLS]\d{1,2}))?$"}
_PERCENT = _object({"over": {"type": "number"}, "under": {"type": "number"}}, words=_list(_STRING)) | {
    "minProperties": 2,
    "additionalProperties": False,
}
_WORDED = {
    "words": _list(_STRING),
    "denied": _list(_STRING),
    "levels": _list(_LEVELS),
    "percent": _PERCENT,
    "when": {"type": "object"},
}
_SCORE_VALUE = _object(_WORDED, value=_SCALAR, label=_STRING, points={"type": "number"}) | {
    "additionalProperties": False
}
_SCORED = {"anyOf": [_object(**{key: _STRING, "source": _STRING}) for key in ("text", "label", "meaning")]}
_COMPONENT = _object(
    {"ignore": _list(_STRING), "worst_counts": {"type": "boolean"}},
    id=_STRING,
    label=_STRING,
    source=_STRING,
    values=_list(_SCORE_VALUE),
)
_MSV = r"\d+(\.\d+)?"
_RANGE = {"type": "string", "pattern": rf"^(up to {_MSV}|{_MSV}(-{_MSV})?( or {_MSV}-{_MSV})*)$"}
_COVERAGE = _object({"levels": {"type": "boolean"}}, label=_STRING, range_msv=_RANGE, words=_list(_STRING))
NOTE_SCHEMAS: dict[str, dict[str, Any]] = {
    "red_flags.yml": _list(
        _object({"facts": _list({"type": "object"})}, id=_STRING, label=_STRING, action=_list(_SENTENCE))
    ),
    "protocol.yml": _object(
        {"unrated": _object(text=_STRING, source=_STRING, studies=_list(_STRING), regions=_list(_STRING))},
        statements=_list(_object(id=_STRING, topic=_STRING, text=_STRING, source=_STRING)),
        radiation_levels=_list(
            _object(
                {"coverage": _list(_COVERAGE), "unsettled": _list(_STRING)},
                level=_STRING,
                range_msv=_RANGE,
                meaning=_STRING,
                source=_STRING,
            )
        ),
    ),
    "scores.yml": _list(
        _object(
            {"components": _list(_COMPONENT), **{key: _list(_SCORED) for key in ("totals", "grades", "statements")}},
            id=_STRING,
        )
    ),
    "knowledge.yml": _list(
        _object(id=_STRING, questions=_list(_STRING), topics=_list(_STRING), answer=_list(_SENTENCE))
    ),
}
"""JSON Schema of each note file: what reading it relies on; other keys are kept as data."""


def read_notes(name: str, document: Document) -> Iterator[Note]:
    """Every statement of the note file `name`, each with its group, entry and source."""
    readers = {
        "red_flags.yml": _red_flags,
        "protocol.yml": _protocol,
        "scores.yml": _scores,
        "knowledge.yml": _knowledge,
    }
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
        about = {key: _plain(level[key]) for key in ("range_msv", "coverage", "unsettled") if key in level}
        yield Note("radiation_level", level["level"], _text(level["meaning"]), level["source"], about)
    if unrated := data.get("unrated"):
        about = {"studies": _plain(unrated["studies"]), "regions": _plain(unrated["regions"])}
        yield Note("unrated", "unrated", _text(unrated["text"]), unrated["source"], about)


def _scores(data: Any) -> Iterator[Note]:
    for score in data:
        yield from _score(score)


def _score(score: Mapping[str, Any]) -> Iterator[Note]:
    for component in score.get("components", ()):
        for value in component["values"]:
            about = {
                "component": component["id"],
                "label": component["label"],
                "value": value["value"],
                "points": value["points"],
                "reading": {key: _plain(value[key]) for key in _WORDED if key in value},
                "ignore": _plain(component.get("ignore", [])),
                "worst_counts": component.get("worst_counts", False),
            }
            yield Note("score", score["id"], _text(value["label"]), component["source"], about)
    for total in [*score.get("totals", ()), *score.get("grades", ()), *score.get("statements", ())]:
        about = {key: _plain(value) for key, value in total.items() if key not in ("text", "source")}
        yield Note(
            "score",
            score["id"],
            _text(total.get("text") or total.get("label") or total.get("meaning")),
            total["source"],
            about,
        )


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
