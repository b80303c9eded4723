"""Answers to what was looked up: ratings, variants, radiation, knowledge, suppositions, scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.document.common import Payload, heading, listed, number, ratings, say, short, sources, titled
from knowledge.document.parts import Difference, Differences, Heading, Paragraph, Part, Statement, Statements


def rating(payload: Payload) -> list[Part]:
    """A procedure's category in this case, why, or its categories in the other variants."""
    across = _across(payload["across"])
    parts: list[Part] = []
    if payload["possible"] is not None:
        open_ones = _across(item for item in payload["across"] if item["outcome"] in payload["possible"])
        text = say("rating_open", across=open_ones) if open_ones else say("rating_open_nowhere", across=across)
    elif payload["category"]:
        text = say(
            "rating_here",
            category=payload["category"].lower(),
            number=number(payload["outcome"]),
            title=payload["title"].rstrip("."),
            disagreement=f" {say('rating_disagreement')}" if payload["panel_disagreement"] else "",
        )
        parts = listed(payload["statements"]) or [Paragraph(payload["because"], say("why"))]
    elif payload["outcome"]:
        text = say("rating_not_here", number=number(payload["outcome"]), across=across)
    else:
        text = say("rating_everywhere", across=across)
    return [Paragraph(text, payload["procedure"]), *parts, *sources(payload)]


def what_if(payload: Payload) -> list[Part]:
    """What a supposed change would do, rating by rating; the case itself stays."""
    return [
        Paragraph(", ".join(payload["phrases"]), say("supposed")),
        *_supposed_outcome(payload),
        *_differences(payload),
        *_supposed_actions(payload),
        *_supposed_branches(payload),
        Paragraph(say("case_stays"), tone="remark"),
        *sources(payload),
    ]


def _supposed_outcome(payload: Payload) -> list[Part]:
    outcome, before = payload["outcome"], payload["previous_outcome"]
    if outcome is None:
        return []
    title = payload["title"]
    headings: dict[str, Part] = {
        "variant": heading(outcome, title),
        "escalation": Heading(say("supposed_stop", title=title), "flag"),
        "not_covered": Heading(say("not_covered", title=title)),
    }
    parts = [headings[payload["kind"]]]
    if before and before != outcome:
        parts.append(Paragraph(titled(before, payload["previous_title"]), say("instead_of"), "remark"))
    return parts


def _differences(payload: Payload) -> list[Part]:
    if rows := payload["differences"]:
        table = tuple(Difference(item["procedure"], item["from"], item["to"]) for item in rows)
        return [Differences(say("differences"), table)]
    same = payload["outcome"] and payload["outcome"] == payload["previous_outcome"]
    return [Paragraph(say("no_difference"))] if same else []


def _supposed_actions(payload: Payload) -> list[Part]:
    actions = payload.get("actions") or []
    emergency = payload["kind"] == "escalation"
    return listed(actions, title=say("do_then"), tone="flag") if emergency else listed(actions)


def _supposed_branches(payload: Payload) -> list[Part]:
    lines = tuple(
        Statement(
            say(
                "supposed_branch",
                label=branch["label"],
                outcomes=", ".join(map(short, branch["outcomes"], branch["titles"])),
            )
        )
        for branch in payload["branches"]
    )
    return [Statements(lines, say("supposed_open"))] if lines else []


def variant(payload: Payload) -> list[Part]:
    """One variant with all its ratings."""
    return [
        heading(payload["outcome"], payload["title"]),
        *ratings(payload["ratings"], say("ratings", number=number(payload["outcome"]))),
        *listed(payload["statements"]),
    ]


def variants(payload: Payload) -> list[Part]:
    """All variants with their titles."""
    lines = (say("variant_line", number=number(item["outcome"]), title=item["title"]) for item in payload["variants"])
    return [Statements(tuple(Statement(line) for line in lines))]


def variants_by_rating(payload: Payload) -> list[Part]:
    """The variants that rate a procedure in a category."""
    category = (payload["category"] or say("any_category")).lower()
    if not payload["variants"]:
        return [Paragraph(say("no_variant_rates", procedure=payload["procedure"], category=category))]
    lines = (
        say("variant_rates", number=number(item["outcome"]), title=item["title"], category=item["category"])
        for item in payload["variants"]
    )
    head = say("variants_rating", procedure=payload["procedure"], category=category)
    return [Statements(tuple(Statement(line) for line in lines), head)]


def radiation(payload: Payload) -> list[Part]:
    """The radiation of studies, each and together, and what the levels mean."""
    studies = tuple(
        Statement(
            say("study_radiation", count=item["count"], procedure=item["procedure"], range=_range(item["range_msv"])),
            item["source"],
        )
        for item in payload["studies"]
    )
    parts: list[Part] = []
    if studies:
        parts += [Statements(studies), Paragraph(say("total_radiation", range=_range(payload["total_msv"])))]
    if payload["not_rated"]:
        parts.append(Paragraph(say("no_level", studies=", ".join(payload["not_rated"]))))
    return [*parts, *listed(payload["statements"])]


def statements(payload: Payload) -> list[Part]:
    """Whatever else was found: a title, if there is one, and its statements."""
    found = listed(payload["statements"], title=payload.get("title"))
    return found or [Paragraph(say("nothing_found"))]


def sins(payload: Payload) -> list[Part]:
    """A SINS: each component with its points, what is missing, the total and what it means."""
    score = payload["score"]
    parts = [
        Statement(
            say("sins_component", label=part["label"], value=part["value_label"], points=part["points"]), part["source"]
        )
        for part in score["components"]
    ]
    parts += [
        Statement(say("sins_missing", label=part["label"], choices="; ".join(part["choices"])))
        for part in score["missing"]
    ]
    low, high = score["range"]
    total = (
        say("sins_open", low=low, high=high, reading=score["reading"])
        if score["missing"]
        else say("sins_total", total=score["total"], reading=score["reading"])
    )
    return [Heading(say("sins")), Statements(tuple(parts)), Paragraph(total), *listed(score["statements"])]


def _across(rated: Iterable[Mapping[str, Any]]) -> str:
    """Ratings in several variants: the numbers of the variants by category."""
    rated = list(rated)
    return "; ".join(
        say(
            "across_category",
            category=category.lower(),
            numbers=", ".join(number(item["outcome"]) for item in rated if item["category"] == category),
        )
        for category in dict.fromkeys(item["category"] for item in rated)
    )


def _range(limits: list[float]) -> str:
    low, high = limits
    return say("one_value", value=f"{low:g}") if low == high else say("range", low=f"{low:g}", high=f"{high:g}")
