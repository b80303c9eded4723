"""Phrases of the content, and vertebral levels, found in free text."""

from __future__ import annotations

import re
from collections.abc import Iterable

LEVELS = tuple(
    f"{region}{number}"
    for region, numbers in (("C", range(8)), ("T", range(1, 13)), ("L", range(1, 6)), ("S", range(1, 6)))
    for number in numbers
)
"""All vertebral levels from top to bottom; C0 stands for the occiput."""

_GAP = r"[\s\-/:=(]+"
_PLAIN = str.maketrans("–—‐‑−×’", "-----x'")
_REGION = r"(?:[CTLSctls]|D|[Tt]h)"
_LEVEL = rf"(?:(?i:occ(?:iput)?)|{_REGION}[\s-]?\d{{1,2}})"
# T1 and T2 are also MRI sequences, and T and N together a tumor stage; D3 is also a vitamin.
_NO_LEVEL_BEFORE = r"(?<!sagittal )(?<!axial )(?<!bright on )(?<!dark on )(?<!stir/)(?<!vitamin )(?<!vit )"
_NO_LEVEL_AFTER = (
    r"(?!(?<=[Tt][12])[\s-]*(?:w\b|wi\b|weight|signal|dark|bright|hyper|hypo|iso|stir|sequence|fat|image|/\s?T[12]\b))"
    r"(?!\s?[pc]?N[0-3x])"
)
LEVEL = (
    rf"(?i:{_NO_LEVEL_BEFORE})(?<![\w.]){_LEVEL}"
    rf"(?:\s*(?:-|/|\bto\b|\bthrough\b)\s*(?:{_REGION}[\s-]?)?\d{{1,2}})?(?![\w%])(?i:{_NO_LEVEL_AFTER})"
)
"""Regular expression of a level or a run of levels ("T9", "T11-12", "Occ-C2", "L5 to S1"); mind the case."""


def plain(text: str) -> str:
    """`text` with typographic dashes, apostrophes and multiplication signs made plain; no offset changes."""
    return text.translate(_PLAIN)


def phrase(words: str, fillers: str = "") -> str:
    """Regular expression of a phrase: plurals allowed, words apart by blank, dash, slash, colon or `fillers`.

    Of words joined by "|" any one stands there: "left|right pedicle".
    """
    gap = rf"{_GAP}(?:(?:{fillers}){_GAP})*" if fillers else _GAP
    return gap.join(_word(word) for word in re.split(r"[\s/-]+", words.strip(" -/")))


def any_of(phrases: Iterable[str]) -> str:
    """Regular expression of any of `phrases` as whole words, the longest first."""
    longest_first = sorted(set(phrases), key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(map(phrase, longest_first))})(?!\w)" if longest_first else r"(?!)"


def levels_in(text: str) -> tuple[str, ...]:
    """The vertebral levels that `text` names, from top to bottom; a run such as "T11-L1" gives all its levels."""
    named: set[str] = set()
    for match in re.finditer(LEVEL, plain(text)):
        region, ends = "", []
        for occiput, letter, number in re.findall(r"(?i)(occ)|\b(th|[ctlsd])?[\s-]?(\d{1,2})", match[0]):
            region = {"TH": "T", "D": "T"}.get(letter.upper(), letter.upper()) or region
            name = "C0" if occiput else f"{region}{int(number)}"
            ends += [LEVELS.index(name)] if name in LEVELS else []
        apart = "/" in match[0] or not ends
        named.update((LEVELS[end] for end in ends) if apart else LEVELS[min(ends) : max(ends) + 1])
    return tuple(level for level in LEVELS if level in named)


def _word(word: str) -> str:
    forms = word.split("|")
    return _form(word) if len(forms) == 1 else rf"(?:{'|'.join(map(_form, forms))})(?!\w)"


def _form(word: str) -> str:
    return re.escape(word[:-1]) + "(?:y|ies)" if re.search(r"[^aeiou]y$", word) else rf"{re.escape(word)}(?:'?s|es)?"
