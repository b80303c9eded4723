"""Parts that several kinds of answers have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.document.parts import (
    Facts,
    Given,
    Group,
    Heading,
    Paragraph,
    Part,
    Rated,
    Ratings,
    Source,
    Sources,
    Statement,
    Statements,
)
from knowledge.wording import Wording

Payload = Mapping[str, Any]
WORDING = Wording(Path(__file__).with_name("wording.yml"))
say = WORDING.say


def ending(title: str, sign: str) -> str:
    """The sign that ends a title; nothing if it has one of its own: "How fast does radiation work?"."""
    return "" if title.endswith((".", "?", "!", ":")) else sign


def number(outcome: str) -> str:
    """The number of a variant: "2" of "v2"."""
    return outcome.removeprefix("v")


def is_variant(outcome: str | None) -> bool:
    """Whether an outcome is one of the guideline's variants, rather than an emergency or not covered."""
    return bool(outcome) and number(str(outcome)).isdigit()


def titled(outcome: str, title: str) -> str:
    """An outcome with its title: "Variant 2: …", or the title alone where it is none of the variants."""
    return say("variant", number=number(outcome), title=title) if is_variant(outcome) else title


def short(outcome: str, title: str | None = None) -> str:
    """An outcome in a list of several: the number of a variant, else its title."""
    return say("variant_short", number=number(outcome)) if is_variant(outcome) else title or outcome


def stated(items: Iterable[Mapping[str, str]]) -> tuple[Statement, ...]:
    """Statements of a payload."""
    return tuple(Statement(item["text"], item.get("source")) for item in items)


def listed(items: Sequence[Mapping[str, str]], **form: Any) -> list[Part]:
    """A list of statements of a payload, or nothing if there are none; `form` as in Statements."""
    return [Statements(stated(items), **form)] if items else []


def on_request(payload: Payload, kind: str, shown: int = 0) -> list[Part]:
    """The statements of one kind, of which a short form shows the first `shown`; the rest is asked for."""
    request = {"escalate_when": "ask_escalation"}.get(kind, f"ask_{kind}")
    return listed(payload.get(kind) or [], title=say(kind), shown=shown, request=f"/{request}")


def flags(payload: Payload) -> list[Part]:
    """Red flags short of an emergency, each with what to do about it; they come before any table."""
    return [
        Statements(stated(flag["actions"]), say("flag", label=flag["label"]), tone="flag")
        for flag in payload.get("flags") or ()
    ]


def ratings(rated: Sequence[Mapping[str, Any]], caption: str) -> list[Part]:
    """The table of a variant's ratings; nothing for an outcome that rates nothing."""
    categories = dict.fromkeys(item["category"] for item in rated)
    groups = [
        Group(category, tuple(_rated(item) for item in rated if item["category"] == category))
        for category in categories
    ]
    imaging = any(item["adult_radiation"] is not None for item in rated)
    return [Ratings(caption, tuple(groups), imaging)] if groups else []


def _rated(item: Mapping[str, Any]) -> Rated:
    remarks = (say("disagreement"),) if item["panel_disagreement"] else ()
    return Rated(item["procedure"], remarks, item["adult_radiation"])


def facts(payload: Payload) -> list[Part]:
    """The case as understood, what was assumed apart."""
    slots = {fact["slot"] for fact in payload["facts"]}
    # An age already says whether the patient is an adult.
    told = [fact for fact in payload["facts"] if not (fact["slot"] == "adult" and "age" in slots)]
    given = tuple(Given(fact["phrase"], fact["evidence"]) for fact in told if fact["basis"] != "assumed")
    assumed = tuple(fact["phrase"] for fact in payload["facts"] if fact["basis"] == "assumed")
    return [Facts(given, assumed)] if given or assumed else []


def changes(payload: Payload) -> list[Part]:
    """What the message changed, and where that moved the answer; nothing if it changed nothing."""
    parts: list[Part] = []
    if changed := payload.get("changes"):
        parts.append(Paragraph(f"{changed_to(changed)}.", say("changed")))
    before, after = payload.get("previous_title"), payload.get("title")
    if before and after:
        text = say("answer_stays") if before == after else say("answer_moves", before=before, after=after)
        parts.append(Paragraph(text, tone="remark"))
    return parts


def changed_to(changed: Iterable[Mapping[str, Any]]) -> str:
    """Changed facts in one line."""
    return "; ".join(
        say(
            "change",
            label=item["label"],
            before=item["from"] or say("not_given"),
            after=item["to"] or say("open"),
        )
        for item in changed
    )


def sources(payload: Payload) -> list[Part]:
    """Guideline, edition, knowledge version, and the sources that are cited."""
    if not (guideline := payload.get("guideline")):
        return []
    line = say(
        "source",
        name=guideline["name"],
        edition=guideline["edition"],
        version=guideline["knowledge_version"],
        citation=guideline["citation"],
    )
    cited = tuple(
        Source(item["key"], item["title"], item["publisher"], item["date"], item["url"]) for item in payload["sources"]
    )
    return [Sources(line, cited)]


def why(because: Iterable[str]) -> Part:
    """The reason for an answer."""
    return Paragraph(" ".join(because), say("why"))


def heading(outcome: str, title: str) -> Part:
    """An outcome as the title of an answer."""
    return Heading(titled(outcome, title))
