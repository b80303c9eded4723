"""The Spinal Instability Neoplastic Score (SINS): its components, its total and what the total is read as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from knowledge.model import Guideline, Note, conditions, holds
from knowledge.score_words import Found, shares_in, words_in
from knowledge.store import load
from knowledge.words import levels_in, plain

SCORE = "sins"


@dataclass(frozen=True)
class Value:
    """A value that a component may have; `reading` says which words, levels, shares and facts give it."""

    value: str
    label: str
    points: int
    source: str
    reading: Mapping[str, Any]


@dataclass(frozen=True)
class Component:
    """One of the six components of the score, with its values by falling points."""

    id: str
    label: str
    worst_counts: bool
    ignore: tuple[str, ...]
    values: tuple[Value, ...]


def components_in(text: str, guideline: Guideline | None = None) -> dict[str, str]:
    """The components that `text` states, id to value; what it leaves open or contradicts is left out.

    Words, levels and limits are those of scores.yml. A denial ("no subluxation", "no collapse") gives the
    value for which it stands there unless the text names another one; exactly 50% collapse gives none.
    Without `guideline` the installed store is read, which raises StoreMissing if there is none.
    """
    text = plain(text)
    stated = {component.id: _stated(component, text) for component in _components(guideline or _installed())}
    return {name: value for name, value in stated.items() if value is not None}


def components_of_case(values: Mapping[str, str], guideline: Guideline | None = None) -> dict[str, str]:
    """The components that the known facts of a case settle (fact name to value, `level` as in "T9" or "T9, T10").

    Levels of different kinds settle no location. Without `guideline` the installed store is read, which
    raises StoreMissing if there is none.
    """
    settled: dict[str, str] = {}
    for component in _components(guideline or _installed()):
        by_level = _by_level(component, values.get("level", ""))
        by_fact = [v for v in component.values if "when" in v.reading and _holds(v, values)]
        found = by_level or by_fact
        if len(found) == 1 or (found and component.worst_counts):
            settled[component.id] = found[0].value
    return settled


def sins(components: Mapping[str, str], guideline: Guideline) -> dict[str, Any]:
    """The score of the stated `components` (id to value) as a JSON-ready mapping.

    "total" is None while a component is missing; "range" then runs from the lowest to the highest total
    still possible, "reading" joins the labels of the bands still possible, "bands" lists them. Raises
    ValueError for a component or value that the score does not have. Source: Fisher et al. 2010 (SINS).
    """
    known = _components(guideline)
    chosen = _chosen(components, known)
    missing = [component for component in known if component.id not in chosen]
    totals = {sum(value.points for value in chosen.values())}
    for component in missing:
        totals = {total + value.points for total in totals for value in component.values}
    notes = [note for note in guideline.notes if note.group == "score" and note.key == SCORE]
    bands = [note for note in notes if "max" in note.data and any(_in_band(total, note) for total in totals)]
    advice = [n for n in notes if not {"component", "max"} & set(n.data) and max(totals) >= _number(n, "min")]
    labels = [str(band.data["label"]) for band in bands]
    return {
        "components": [
            {
                "id": component.id,
                "label": component.label,
                "value": chosen[component.id].value,
                "value_label": chosen[component.id].label,
                "points": chosen[component.id].points,
                "source": chosen[component.id].source,
            }
            for component in known
            if component.id in chosen
        ],
        "missing": [
            {"id": component.id, "label": component.label, "choices": [value.label for value in component.values]}
            for component in missing
        ],
        "total": None if missing else max(totals),
        "range": [min(totals), max(totals)],
        "reading": " or ".join(labels),
        "bands": labels,
        "statements": [{"text": note.text, "source": note.source} for note in (*bands, *advice)],
    }


def _chosen(components: Mapping[str, str], known: tuple[Component, ...]) -> dict[str, Value]:
    values = {component.id: {value.value: value for value in component.values} for component in known}
    for name, value in components.items():
        if value not in values.get(name, {}):
            raise ValueError(f"SINS has no {name} {value!r}; it has {', '.join(values.get(name, values))}")
    return {name: values[name][value] for name, value in components.items()}


def _stated(component: Component, text: str) -> str | None:
    """The value of `component` that `text` states."""
    phrases = {(v.value, kind): v.reading.get(kind, []) for v in component.values for kind in ("words", "denied")}
    found = words_in(text, phrases, component.ignore)
    named = [value for value in component.values if _is_named(value, component, text, found)]
    if len(named) == 1 or (named and component.worst_counts):
        return named[0].value
    denied = [value for value in component.values if (value.value, "denied") in found.denied]
    plainly = [value for value in denied if "percent" not in value.reading]
    return plainly[0].value if plainly and not named else None


def _is_named(value: Value, component: Component, text: str, found: Found) -> bool:
    if (value.value, "words") in found.affirmed or value in _by_level(component, text):
        return True
    limits = value.reading.get("percent")
    if limits is None or not _fits(limits, text):
        return False
    return "denied" not in value.reading or (value.value, "denied") in found.denied


def _fits(limits: Mapping[str, Any], text: str) -> bool:
    shares = shares_in(text, limits["words"])
    return any(share.fits(limits.get("over"), limits.get("under")) for share in shares)


def _by_level(component: Component, text: str) -> list[Value]:
    """The value to which all levels in `text` belong, if there is one."""
    named = set(levels_in(text))
    return [v for v in component.values if named and named <= set(levels_in(", ".join(v.reading.get("levels", ()))))]


def _holds(value: Value, facts: Mapping[str, str]) -> bool:
    return holds(conditions(value.reading["when"]), facts) is True


def _in_band(total: float, band: Note) -> bool:
    return _number(band, "min") <= total <= _number(band, "max")


def _number(note: Note, key: str) -> float:
    number = note.data.get(key, 0)
    return number if isinstance(number, (int, float)) else 0


def _components(guideline: Guideline) -> tuple[Component, ...]:
    """The components of the score in the order of scores.yml."""
    entries: dict[str, list[Note]] = {}
    for note in guideline.notes:
        if note.group == "score" and note.key == SCORE and "component" in note.data:
            entries.setdefault(str(note.data["component"]), []).append(note)
    return tuple(_component(name, notes) for name, notes in entries.items())


def _component(name: str, notes: list[Note]) -> Component:
    about: Any = notes[0].data
    values: list[Any] = [(note, note.data) for note in notes]
    return Component(
        id=name,
        label=about["label"],
        worst_counts=about["worst_counts"],
        ignore=tuple(about["ignore"]),
        values=tuple(Value(d["value"], n.text, d["points"], n.source, d["reading"]) for n, d in values),
    )


@lru_cache(maxsize=1)
def _installed() -> Guideline:
    return load()
