"""Plain text of an answer, from its payload; stands alone on any channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions import wording_lookup
from actions.texts import say

Payload = Mapping[str, Any]

NO_RADIATION = "O"
"""The ACR's relative radiation level of a study without ionizing radiation."""
MOST_ACTIONS = 5
MOST_ACTIONS_OF_A_BRANCH = 2
MOST_NEXT_STEPS = 3
"""Actions of an emergency and next steps that the short form shows; the rest comes on request."""


def as_text(payload: Payload) -> str:
    """The plain text of a payload of any type."""
    writers = {
        "question": question,
        "recommendation": recommendation,
        "escalation": escalation,
        "not_covered": not_covered,
        "conditional": conditional,
        "rating": wording_lookup.rating,
        "what_if": wording_lookup.what_if,
        "answer": wording_lookup.found,
        "explanation": wording_lookup.explanation,
    }
    return writers[payload["type"]](payload)


def question(payload: Payload, retry: str = "") -> str:
    """A question; an emergency that already holds and the words that raised the question come first."""
    alert = payload.get("alert")
    raised = payload.get("raised_by")
    contradicts = payload.get("contradicts")
    if contradicts:
        raised = (
            say("contradicts", now=raised, earlier=contradicts["phrase"], words=contradicts["evidence"] or "") + " "
        )
    elif raised:
        raised = say("raised", words=raised) + " "
    asked = say(
        "question",
        alert=say("alert", title=alert["title"], action=alert["actions"][0]["text"]) + " " if alert else "",
        raised=raised or "",
        retry=retry + " " if retry else "",
        question=payload["text"],
    )
    return asked + "\n" + say("question_why", why=payload["why"])


def escalation(payload: Payload) -> str:
    """An emergency, in one paragraph so that no channel can split it."""
    text = say(
        "escalation",
        title=payload["title"],
        triggers=", ".join(f'"{trigger}"' for trigger in payload["triggers"]),
        actions=_sentences(payload["actions"][:MOST_ACTIONS]),
        because=" ".join(payload["because"]),
    )
    return "\n".join([text, *_footer(payload)])


def recommendation(payload: Payload) -> str:
    """Ratings by category, why, the case as understood, the first next steps, the source."""
    lines = _flags(payload)
    lines.append(say("recommendation", number=payload["outcome"].removeprefix("v"), title=payload["title"]))
    lines += payload["notes"]
    lines += _ratings(payload["ratings"])
    lines.append(say("because", because=" ".join(payload["because"])))
    lines += _facts(payload)
    if payload["next_steps"]:
        lines.append(say("next_steps", steps=_sentences(payload["next_steps"][:MOST_NEXT_STEPS])))
    if payload["escalate_when"]:
        lines.append(_sentences(payload["escalate_when"][:1]))
    lines.append(say("more"))
    return "\n".join([*lines, *_footer(payload)])


def not_covered(payload: Payload) -> str:
    """That the guideline has no table for this case, why, and what instead."""
    guideline = payload["guideline"]
    text = say(
        "not_covered",
        name=guideline["name"],
        edition=guideline["edition"],
        title=payload["title"],
        because=" ".join(payload["because"]),
        reason=payload["reason"],
    )
    lines = [*_flags(payload), text]
    if payload["instead"]:
        lines.append(say("instead", instead=" ".join(payload["instead"])))
    return "\n".join([*lines, *_facts(payload), *_footer(payload)])


def conditional(payload: Payload) -> str:
    """One line a branch, with the leading category of each."""
    lines = _flags(payload)
    lines += [say("examine_first", text=item["text"]) for item in payload["examine_first"]]
    lines.append(say("conditional"))
    for branch in payload["branches"]:
        if branch["actions"]:
            actions = _sentences(branch["actions"][:MOST_ACTIONS_OF_A_BRANCH])
            lines.append("- " + say("branch_escalation", label=branch["label"], actions=actions))
            continue
        best = [rating for rating in branch["ratings"] if rating["category"] == branch["ratings"][0]["category"]]
        leading = ""
        if best:
            leading = say(
                "branch_leading", category=best[0]["category"], procedures="; ".join(r["procedure"] for r in best)
            )
        lines.append("- " + say("branch", label=branch["label"], title=branch["title"], leading=leading))
    return "\n".join([*lines, *_facts(payload), *_footer(payload)])


def changed(changes: Iterable[Mapping[str, Any]]) -> str:
    """What a message changed, as a line of its own; empty if nothing."""
    parts = [
        say("change", label=item["label"], before=item["from"], after=item["to"] or say("open")) for item in changes
    ]
    return say("changed", changes="; ".join(parts)) + "\n" if parts else ""


def moved(before: str, after: str, same: bool) -> str:
    """What a change does to the answer, as a line of its own."""
    return say("answer_stays" if same else "answer_moves", before=before, after=after) + "\n"


def undone(changes: Iterable[Mapping[str, Any]]) -> str:
    """That the last message was taken back, and what that changed."""
    parts = [
        say("change", label=item["label"], before=item["from"], after=item["to"] or say("open")) for item in changes
    ]
    return say("undone", changes="; ".join(parts) or say("nothing_else"))


def sources(payload: Payload) -> str:
    """Every source of an answer, one a line."""
    return "\n".join(
        f"{source['key']}: {source['title']} ({source['publisher']}, {source['date']}) {source['url'] or ''}".rstrip()
        for source in payload["sources"]
    )


def understood(payload: Payload) -> str:
    """The case as understood, with the words that each fact came from."""
    given = [fact for fact in payload["facts"] if fact["basis"] != "assumed"]
    lines = [_given(fact) for fact in given]
    assumed = [fact["phrase"] for fact in payload["facts"] if fact["basis"] == "assumed"]
    if assumed:
        lines.append(say("assumed", facts="; ".join(assumed)))
    return "\n".join(lines) or say("no_facts")


def statements(items: list[dict[str, str]]) -> str:
    """Statements, one a line, each with its source key."""
    return "\n".join(f"- {item['text']} [{item['source']}]" for item in items) or say("nothing_on_that")


def flags(items: list[dict[str, Any]]) -> list[str]:
    """Red flags, one a line, each with what to do about it."""
    return [say("flag", label=item["label"], actions=_sentences(item["actions"])) for item in items]


def _flags(payload: Payload) -> list[str]:
    return flags(payload["flags"])


def _ratings(ratings: list[dict[str, Any]]) -> list[str]:
    categories = dict.fromkeys(rating["category"] for rating in ratings)
    return [
        say(
            "category",
            category=category,
            procedures="; ".join(_procedure(r) for r in ratings if r["category"] == category),
        )
        for category in categories
    ]


def _procedure(rating: dict[str, Any]) -> str:
    level = rating["adult_radiation"]
    marks = [say("no_radiation") if level == NO_RADIATION else say("radiation", level=level)] if level else []
    marks += [say("disagreement")] if rating["panel_disagreement"] else []
    return str(rating["procedure"]) + (f" ({', '.join(marks)})" if marks else "")


def _facts(payload: Payload) -> list[str]:
    slots = {fact["slot"] for fact in payload["facts"]}
    # An age already says whether the patient is an adult.
    given = [
        _given(f) for f in payload["facts"] if f["basis"] != "assumed" and not (f["slot"] == "adult" and "age" in slots)
    ]
    assumed = [fact["phrase"] for fact in payload["facts"] if fact["basis"] == "assumed"]
    lines = [say("understood", facts="; ".join(given))] if given else []
    return lines + ([say("assumed", facts="; ".join(assumed))] if assumed else [])


def _given(fact: dict[str, Any]) -> str:
    return f'{fact["phrase"]} ("{fact["evidence"]}")' if fact["evidence"] else str(fact["phrase"])


def _footer(payload: Payload) -> list[str]:
    guideline = payload["guideline"]
    return [
        say(
            "source",
            name=guideline["name"],
            edition=guideline["edition"],
            version=guideline["knowledge_version"],
            citation=guideline["citation"],
        )
    ]


def _sentences(items: list[dict[str, str]]) -> str:
    return " ".join(f"{item['text']} [{item['source']}]" for item in items)
