"""Plain text of what was looked up: ratings, variants, radiation, suppositions, scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.texts import say

Payload = Mapping[str, Any]


def rating(payload: Payload) -> str:
    """A procedure's category in this case, why, and in the other variants."""
    lines = []
    across = _across(payload["across"])
    if payload["possible"] is not None:
        open_ones = _across(item for item in payload["across"] if item["outcome"] in payload["possible"])
        where = say("rating_open", across=open_ones) if open_ones else say("rating_open_nowhere", across=across)
        lines.append(f"{payload['procedure']}: {where}")
    elif payload["category"]:
        disagreement = " " + say("rating_disagreement") if payload["panel_disagreement"] else ""
        lines.append(
            say(
                "rating_here",
                procedure=payload["procedure"],
                category=payload["category"].lower(),
                number=_number(payload["outcome"]),
                title=payload["title"],
            )
            + disagreement
        )
        lines.append(_statements(payload["statements"]) or payload["because"])
    elif payload["outcome"]:
        lines.append(say("rating_not_here", procedure=payload["procedure"], number=_number(payload["outcome"])))
        lines.append(say("rating_across", across=across))
    else:
        lines.append(say("rating_everywhere", procedure=payload["procedure"], across=across))
    return "\n".join([*lines, _source(payload)])


def what_if(payload: Payload) -> str:
    """What a supposed change would do, rating by rating."""
    lines = [_supposed_outcome(payload)]
    if payload["differences"]:
        lines += [
            "- " + say("difference", procedure=item["procedure"], before=item["from"], after=item["to"])
            for item in payload["differences"]
        ]
    elif payload["outcome"] and payload["outcome"] == payload["previous_outcome"]:
        lines.append(say("no_difference"))
    if payload.get("actions"):
        lines.append(_statements(payload["actions"]))
    lines += [
        "- "
        + say(
            "supposed_branch",
            label=branch["label"],
            outcomes=", ".join(map(short, branch["outcomes"], branch["titles"])),
        )
        for branch in payload["branches"]
    ]
    return "\n".join([*lines, say("case_stays"), _source(payload)])


def explanation(payload: Payload) -> str:
    """Why a procedure is rated as it is, or what other guidelines say."""
    return rating(payload) if payload["about"] == "rating" else found(payload)


def found(payload: Payload) -> str:
    """Whatever else was looked up."""
    writers = {"variant": _variant, "variants": _variants, "variants_by_rating": _by_rating, "radiation": _radiation}
    text = writers[payload["about"]](payload) if payload["about"] in writers else _titled(payload)
    return "\n".join([text or say("nothing_found"), _source(payload)])


def sins(score: Payload) -> str:
    """A SINS: each component with its points, what is missing, the total and what it means."""
    lines = [say("sins_title")]
    lines += [
        "- " + say("sins_component", label=part["label"], value=part["value_label"], points=part["points"])
        for part in score["components"]
    ]
    if score["missing"]:
        lines += [
            "- " + say("sins_missing", label=part["label"], choices="; ".join(part["choices"]))
            for part in score["missing"]
        ]
        low, high = score["range"]
        lines.append(say("sins_open", low=low, high=high, reading=_joined(score["reading"])))
    else:
        lines.append(say("sins_total", total=score["total"], reading=_joined(score["reading"])))
    lines.append(_statements(score["statements"]))
    return "\n".join(lines)


def _titled(payload: Payload) -> str:
    title = [payload["title"]] if payload.get("title") else []
    return "\n".join([*title, *filter(None, [_statements(payload["statements"])])])


def _joined(reading: str | Iterable[str]) -> str:
    return reading if isinstance(reading, str) else " or ".join(reading)


def _supposed_outcome(payload: Payload) -> str:
    changes = ", ".join(payload["phrases"])
    if payload["outcome"] is None:
        return say("supposed_open", changes=changes)
    kind = {"variant": "supposed_variant", "escalation": "supposed_escalation", "not_covered": "supposed_not_covered"}
    before = (
        " " + say("instead_of", outcome=short(payload["previous_outcome"], payload["previous_title"]))
        if _differs(payload)
        else ""
    )
    return say(
        kind[payload["kind"]],
        changes=changes,
        number=_number(payload["outcome"]),
        title=payload["title"],
        before=before,
    )


def _differs(payload: Payload) -> bool:
    return bool(payload["previous_outcome"]) and payload["previous_outcome"] != payload["outcome"]


def _variant(payload: Payload) -> str:
    lines = [say("recommendation", number=_number(payload["outcome"]), title=payload["title"])]
    categories = dict.fromkeys(item["category"] for item in payload["ratings"])
    for category in categories:
        procedures = "; ".join(item["procedure"] for item in payload["ratings"] if item["category"] == category)
        lines.append(say("category", category=category, procedures=procedures))
    return "\n".join([*lines, _statements(payload["statements"])])


def _variants(payload: Payload) -> str:
    return "\n".join(
        say("variant_line", number=_number(item["outcome"]), title=item["title"]) for item in payload["variants"]
    )


def _by_rating(payload: Payload) -> str:
    category = payload["category"]
    if not payload["variants"]:
        return say("no_variant_rates", procedure=payload["procedure"], category=(category or "").lower())
    head = say("variants_rating", procedure=payload["procedure"], category=(category or say("any_category")).lower())
    lines = [
        "- " + say("variant_rates", number=_number(item["outcome"]), title=item["title"], category=item["category"])
        for item in payload["variants"]
    ]
    return "\n".join([head, *lines])


def _radiation(payload: Payload) -> str:
    lines = [
        "- " + say("study_radiation", count=item["count"], procedure=item["procedure"], range=_range(item["range_msv"]))
        for item in payload["studies"]
    ]
    if lines:
        lines.append(say("total_radiation", range=_range(payload["total_msv"])))
    if payload["not_rated"]:
        lines.append(say("no_level", studies=", ".join(payload["not_rated"])))
    return "\n".join([*lines, _statements(payload["statements"])])


def _range(limits: list[float]) -> str:
    low, high = limits
    return f"{low:g} mSv" if low == high else f"{low:g}-{high:g} mSv"


def _across(ratings: Iterable[Mapping[str, Any]]) -> str:
    """Ratings in several variants: the numbers of the variants by category."""
    ratings = list(ratings)
    categories = dict.fromkeys(item["category"] for item in ratings)
    return "; ".join(
        say(
            "across_category",
            category=category.lower(),
            numbers=", ".join(_number(i["outcome"]) for i in ratings if i["category"] == category),
        )
        for category in categories
    )


def _number(outcome: str) -> str:
    return outcome.removeprefix("v")


def short(outcome: str, title: str | None = None) -> str:
    """An outcome in a list of several: the number of a variant, else its title."""
    return say("variant_short", number=_number(outcome)) if outcome.startswith("v") else title or outcome


def _statements(items: Iterable[Mapping[str, str]]) -> str:
    return "\n".join(f"- {item['text']} [{item['source']}]" for item in items)


def _source(payload: Payload) -> str:
    guideline = payload["guideline"]
    return say(
        "source",
        name=guideline["name"],
        edition=guideline["edition"],
        version=guideline["knowledge_version"],
        citation=guideline["citation"],
    )
