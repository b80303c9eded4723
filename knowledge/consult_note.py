"""A consult note for the medical record, made from the payload of an answer."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.case import ASSUMED
from knowledge.yaml_source import read_document

Payload = Mapping[str, Any]

WIDTH = 100
"""Most characters on a line."""
NO_RADIATION = "O"
"""The ACR's relative radiation level of a study without ionizing radiation."""
DECISION = "decision"
"""The fact that is the question of the consult, not a finding in the patient."""
TYPES = ("question", "recommendation", "escalation", "not_covered", "conditional")


@lru_cache
def wording() -> dict[str, Any]:
    """The texts of consult_note.yml."""
    texts: dict[str, Any] = read_document(Path(__file__).with_name("consult_note.yml")).data
    return texts


def consult_note(payload: Payload, written: datetime) -> str:
    """The consult note for `payload` (of any of TYPES) as printable ASCII text that ends with a line feed.

    Lines have at most WIDTH characters, so that any record system takes them as they are; headings stand
    at the margin, everything else is indented. `written` is when the note is made.

    Raises ValueError if `payload` has another type or `written` no time zone.
    """
    lines = [wording()["heading"], *(text for title in emergencies(payload) for text in _wrapped(title, ""))]
    content = {**sections(payload), "written": [timestamp(written)]}
    for name, heading in wording()["sections"].items():
        if content.get(name):
            lines += ["", heading, *(part for text in content[name] for part in _wrapped(text, "  "))]
    return "\n".join([*lines, "", *_wrapped(wording()["closing"], "")]) + "\n"


def timestamp(written: datetime) -> str:
    """`written` in ISO 8601, to the second, with its distance from UTC. Raises ValueError if it has no time zone."""
    if written.utcoffset() is None:
        raise ValueError("the time of writing needs a time zone")
    return written.isoformat(timespec="seconds")


def sections(payload: Payload) -> dict[str, list[str]]:
    """What the note says, by section, one statement an item, neither wrapped nor reduced to ASCII.

    Raises ValueError if `payload` is not of one of TYPES.
    """
    kind = payload["type"]
    if kind not in TYPES:
        raise ValueError(f"no consult note can be made of a payload of type {kind!r}, only of {', '.join(TYPES)}")
    guideline = payload["guideline"]
    return {
        "facts": _facts(payload),
        "question": _question(payload),
        "open": _open(payload) if kind == "question" else [],
        "outcome": _outcome(payload),
        "ratings": _ratings(payload),
        "reasoning": [
            *payload.get("because", ()),
            *([payload["reason"]] if "reason" in payload else []),
            *_excluded(payload.get("excluded", ())),
        ],
        "caveats": [
            *flags(payload),
            *_statements("pitfall", payload.get("pitfalls", ())),
            *_statements("escalate", payload.get("escalate_when", ())),
        ],
        "next_steps": _next_steps(payload),
        "sources": sources(payload),
        "guideline": [_say("guideline", **guideline), _say("version", version=guideline["knowledge_version"])],
    }


def emergencies(payload: Payload) -> list[str]:
    """The emergency that the payload is, or of which its question warns; at most one."""
    found = payload if payload["type"] == "escalation" else payload.get("alert")
    return [_say("escalation", title=found["title"])] if found else []


def flags(payload: Payload) -> list[str]:
    """The red flags of the payload short of an emergency, each with what to do."""
    return [
        _say("flag", label=flag["label"], actions=" ".join(statement(action) for action in flag["actions"]))
        for flag in payload.get("flags", ())
    ]


def tables(payload: Payload) -> dict[str, tuple[str, list[Payload]]]:
    """The rating tables that the payload shows: title and ratings by outcome, each outcome once."""
    shown = [payload] if payload["type"] == "recommendation" else payload.get("branches", ())
    return {item["outcome"]: (_title(item, "variant"), item["ratings"]) for item in shown if item["ratings"]}


def sources(payload: Payload) -> list[str]:
    """Every source of the payload: key, title, publisher, date and address."""
    return [_say("source", **{**source, "url": source["url"] or ""}) for source in payload["sources"]]


def statement(item: Payload) -> str:
    """A statement with the key of its source."""
    return _say("statement", **item)


def fact(item: Payload) -> str:
    """A fact with its basis and the words that it came from; an assumed one says only that it is."""
    if item["basis"] == ASSUMED or not item["evidence"]:
        return _say("fact", phrase=item["phrase"], basis=item["basis"])
    return _say("fact_with_words", phrase=item["phrase"], basis=item["basis"], words=_quoted(item["evidence"]))


def one_line(text: str) -> str:
    """`text` on one line, without control or other invisible characters."""
    visible = ("" if unicodedata.category(c) == "Cf" else c if c.isprintable() else " " for c in text)
    return " ".join("".join(visible).split())


def ascii_only(text: str) -> str:
    """`text` on one line in printable ASCII; a character that cannot be written so becomes a question mark."""
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda run: "^" + unicodedata.normalize("NFKD", run[0]), one_line(text))
    return " ".join("".join(map(_ascii, unicodedata.normalize("NFC", text))).split())


def _ascii(character: str) -> str:
    if character.isascii():
        return character
    written: str | None = wording()["ascii"].get(character)
    if written is not None:
        return written
    parts = unicodedata.normalize("NFKD", character)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    # A mark may be left out of a letter only: what it does to a sign, such as ≮, changes the meaning.
    return plain if plain.isascii() and (plain == parts or plain.isalpha()) else "?"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        ascii_only(text), WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
    )


def _say(name: str, /, **values: object) -> str:
    return one_line(str(wording()[name]).format(**values))


def _number(outcome: str) -> str:
    return outcome.removeprefix("v")


def _quoted(words: str) -> str:
    return '"' + re.sub('["“”„]', "'", words) + '"'


def _statements(name: str, items: Iterable[Payload]) -> list[str]:
    return [_say(name, text=statement(item)) for item in items]


def _excluded(items: Iterable[Payload]) -> list[str]:
    numbers: dict[str, list[str]] = {}
    for item in items:
        numbers.setdefault(item["because"], []).append(_number(item["outcome"]))
    return [_say("excluded", numbers=", ".join(same), because=because) for because, same in numbers.items()]


def _facts(payload: Payload) -> list[str]:
    facts = sorted(
        (item for item in payload["facts"] if item["slot"] != DECISION), key=lambda item: item["basis"] == ASSUMED
    )
    return [fact(item) for item in facts] or [_say("no_facts")]


def _question(payload: Payload) -> list[str]:
    asked = [fact(item) for item in payload["facts"] if item["slot"] == DECISION]
    return [*(asked or [_say("no_question")]), *payload.get("notes", ())]


def _open(payload: Payload) -> list[str]:
    return [
        payload["text"],
        _say("open_choices", choices="; ".join(choice["label"] for choice in payload["choices"])),
        _say("open_why", why=payload["why"]),
        *([_say("raised_by", words=_quoted(payload["raised_by"]))] if payload.get("raised_by") else []),
    ]


def _title(item: Payload, kind: str, guideline: Payload | None = None) -> str:
    return _say(kind, number=_number(item["outcome"]), title=item["title"], **(guideline or {}))


def _outcome(payload: Payload) -> list[str]:
    kind, guideline = payload["type"], payload["guideline"]
    named = {name: guideline[name] for name in ("name", "edition")}
    if kind == "question":
        return [*emergencies(payload), _say("question")]
    if kind == "conditional":
        outcomes = [
            _say("branch", label=branch["label"], outcome=_title(branch, branch["kind"], named))
            for branch in payload["branches"]
        ]
        return [_say("conditional"), *outcomes]
    outcome = _title(payload, "variant" if kind == "recommendation" else kind, named)
    if kind != "escalation":
        return [outcome]
    said = {item["evidence"] for item in payload["facts"]}
    triggers = [_quoted(trigger) if trigger in said else trigger for trigger in payload["triggers"]]
    return [outcome, _say("raised_by", words=", ".join(triggers))]


def _ratings(payload: Payload) -> list[str]:
    name = "category_of" if payload["type"] == "conditional" else "category"
    lines = []
    for outcome, (_, ratings) in tables(payload).items():
        for category in dict.fromkeys(rating["category"] for rating in ratings):
            rated = [rating for rating in ratings if rating["category"] == category]
            keys = dict.fromkeys(key for rating in rated for key in rating["sources"])
            values = {
                "number": _number(outcome),
                "category": category,
                "procedures": "; ".join(map(_procedure, rated)),
                "sources": " ".join(f"[{key}]" for key in keys),
            }
            lines.append(_say(name, **values))
    return lines


def _procedure(rating: Payload) -> str:
    level = rating["adult_radiation"]
    marks = [_say("no_radiation") if level == NO_RADIATION else _say("radiation", level=level)] if level else []
    marks += [_say("disagreement")] if rating["panel_disagreement"] else []
    return str(rating["procedure"]) + (f" ({', '.join(marks)})" if marks else "")


def _next_steps(payload: Payload) -> list[str]:
    kind = payload["type"]
    if kind == "not_covered":
        return _statements("instead", payload["next_steps"])
    if kind == "conditional":
        first = [_say("examine_first", text=item["text"]) for item in payload["examine_first"]]
        return first + [
            _say("branch_now", label=branch["label"], text=statement(action))
            for branch in payload["branches"]
            for action in branch["actions"]
        ]
    urgent = payload if kind == "escalation" else payload.get("alert") or {"actions": ()}
    return [
        *_statements("now", urgent["actions"]),
        *(statement(item) for item in payload.get("next_steps", ())),
        *_statements("follow_up", payload.get("follow_up", ())),
    ]
