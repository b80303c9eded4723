"""Which of the known names somebody meant who wrote another."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

LIKE = 65
"""Similarity (0 to 100) from which a name is offered; below it, a guess misleads more than it helps."""
FEW = 12
"""Names that are listed where none is like the one that was written."""


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The one of the `known` names that is most like `name`, None if none is like it."""
    found = process.extractOne(str(name), sorted(known), scorer=fuzz.ratio, score_cutoff=LIKE)
    return str(found[0]) if found else None


def meant(name: object, known: Iterable[str]) -> str:
    """Advice for who wrote `name`: the nearest of the `known` names, or the first of them all."""
    names = sorted(known)
    if close := nearest(name, names):
        return f"did you mean {close!r}?"
    return f"there are: {', '.join(names[:FEW])}{', …' if len(names) > FEW else ''}"
