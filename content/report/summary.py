"""The differences of two states of the content in a few plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from content.report.differences import Differences

MOST_LINES = 12
"""Lines under one heading; what is beyond is counted."""


def summary(differences: Differences) -> Iterator[str]:
    """The lines, without any under headings where nothing differs."""
    yield f"Content differences: {differences.before.name} → {differences.after.name}"
    yield f"Ratings: {len(differences.ratings) or 'none'} changed"
    yield from _listed([f"{change.outcome}, {change}" for change in differences.ratings])
    yield from _cases(differences)
    for title, changes in differences.sections:
        added, removed, changed = (
            sum(len(getattr(change, kind)) for change in changes) for kind in ("added", "removed", "changed")
        )
        yield f"{title}: {added} added, {removed} removed, {changed} changed" if changes else f"{title}: none changed"
        yield from _listed(list(map(str, changes)))


def _cases(differences: Differences) -> Iterator[str]:
    cases = differences.cases
    if cases is None:
        yield f"Outcomes: {differences.why_no_cases}"
        return
    rerated = cases.changed - cases.moved
    yield f"Outcomes: {cases.moved:,} of {cases.compared:,} cases changed; {rerated:,} more have another rating"
    yield from _listed(
        [
            f"{group.cases:,} cases: "
            + (
                f"{group.before} → {group.after}"
                if group.before != group.after
                else f"{group.after}, {'; '.join(map(str, group.ratings))}"
            )
            for group in cases.groups
        ]
    )
    for number, what in ((cases.gone, "are no longer possible"), (cases.come, "are possible now and were not before")):
        if number:
            yield f"  {number:,} cases {what}"


def _listed(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"  … and {len(lines) - MOST_LINES} more"
