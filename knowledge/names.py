"""Procedures, variants and categories by the names that clinicians use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from knowledge.model import Guideline, Outcome, Procedure
from knowledge.typos import Spellings

_VARIANT = re.compile(r"\b(?:variants?|scenario|v|table|no\.?|number)\s*#?\s*(\d{1,2})\b", re.IGNORECASE)
_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
_VARIANT_WORD = re.compile(rf"\bvariant ({'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)
_BARE = re.compile(
    rf"(?<![\w.,/])(\d|{'|'.join(_NUMBER_WORDS)})(?![\w/%]|[.,]\d|\s*(?:mm|cm|mg|kg|days?|weeks?|months?|years?))",
    re.IGNORECASE,
)

SHORTEST_NAME = 7
"""Letters of a name below which it is not recognized misspelled: "needed" is no "needle"."""
_STUDY = re.compile(r"\b(?:MR|MRI|[Mm]ri|CT|[Cc]t)s?\b")
"""Studies that are rated with and without contrast; "Mr" is a man."""
_DYE = r"(?:i\.?v\.? )?(?:contrast|gad(?:olinium)?|gd|dye)"
_WITH, _WITHOUT, _AND = r"(?:with|w/|w)", r"(?:without|w/o|wo)", r"[- ]?(?:and|&|\+|/|)[- ]?"
_ALONE, _BOTH, _NONE = "with IV contrast", "without and with IV contrast", "without IV contrast"
_WANTED = (
    (rf"(?<!\w)(?:{_WITH} or {_WITHOUT}|{_WITHOUT} or {_WITH}|\+/-) {_DYE}\b", (_NONE, _BOTH, _ALONE)),
    (
        rf"\b{_DYE}(?:[- ]enhanced)?(?: series)?[- ](?:only|alone)\b|\b(?:only|just) (?:post[- ])?{_DYE}\b",
        (_ALONE,),
    ),
    (
        rf"(?<!\w)(?:before and after|pre{_AND}post|{_WITH}{_AND}{_WITHOUT}|{_WITHOUT}{_AND}{_WITH})"
        rf"(?:[- ]{_DYE}\b|(?=\s*(?:[?.,;:]|$)))",
        (_BOTH,),
    ),
    (
        rf"\b(?:{_WITHOUT}|no|skip|omit|minus)(?: the| any)? {_DYE}\b|\bnon[- ]?contrast\b|\bunenhanced\b",
        (_NONE,),
    ),
    (rf"(?<!\w){_WITH} ?{_DYE}\b", (_BOTH, _ALONE)),
)
"""Words that tell what is wanted of contrast, and the protocols that they may mean, as the guideline names them; the
first that fit count."""
_CONTRAST = tuple((re.compile(words, re.IGNORECASE), protocols) for words, protocols in _WANTED)


@dataclass(frozen=True)
class Named:
    """A procedure named in a text, at characters `start` up to `end`."""

    procedure: Procedure
    start: int
    end: int


def procedures_named(text: str, guideline: Guideline) -> list[Procedure]:
    """The procedures that `text` names, in their order, each once."""
    return list(dict.fromkeys(named.procedure for named in find_procedures(text, guideline)))


def find_procedures(text: str, guideline: Guideline) -> Iterator[Named]:
    """Every name of a procedure in `text`; where names overlap, the longest."""
    by_name = _by_name(guideline.procedures)
    found = [
        Named(by_name[_key(match.group("name"))], match.start(), match.end())
        for match in _pattern(guideline.procedures).finditer(text)
    ]
    meant = _by_contrast(text, found, guideline)
    yield from meant
    found = [named for named in found if not meant or _study(named.procedure) != _study(meant[0].procedure)]
    yield from found
    if not (found or meant):
        yield from _misspelled(text, guideline)


def _misspelled(text: str, guideline: Guideline) -> Iterator[Named]:
    """Procedures whose names of one word are misspelled: "kyphoplsty"."""
    by_name, spellings = _by_name(guideline.procedures), _spellings(guideline.procedures)
    for match in re.finditer(r"[A-Za-z]+", text):
        name = spellings.nearest(match.group().lower())
        if name is not None:
            yield Named(by_name[name], match.start(), match.end())


def _by_contrast(text: str, found: list[Named], guideline: Guideline) -> list[Named]:
    """The studies that `text` may name together with the contrast that it wants, in whatever order: "gad only, MR"."""
    studies = list(_STUDY.finditer(text))
    if len({match.group()[0].upper() for match in studies}) != 1:
        return []
    study = "MRI" if studies[0].group().upper().startswith("M") else "CT"
    exactly = any(_study(named.procedure) == study and " " in text[named.start : named.end] for named in found)
    for words, protocols in _CONTRAST:
        asked = words.search(text)
        if asked and (protocols == (_ALONE,) or not exactly):
            start, end = min(asked.start(), studies[0].start()), max(asked.end(), studies[0].end())
            names = {f"{study} spine area of interest {protocol}" for protocol in protocols}
            return [Named(known, start, end) for known in guideline.procedures if known.name in names]
    return []


def _study(procedure: Procedure) -> str:
    return procedure.name.split()[0]


def family(words: str, procedure: Procedure, guideline: Guideline) -> list[Procedure]:
    """All procedures that `words` may mean: "MRI" alone is rated with and without contrast."""
    if len(words.split()) > 1:
        return [procedure]
    start = procedure.name.split()[:2]
    alike = [other for other in guideline.procedures if other.name.split()[:2] == start]
    return alike if words.rstrip("s").lower() == start[0].lower() else [procedure]


def variants_named(text: str, guideline: Guideline, bare: bool = False) -> list[Outcome]:
    """The variants that `text` names by number ("variant 6", "v6", "variant six").

    If none is and `bare`, also by a number alone ("on what grounds not nine?").
    """
    numbers = [int(number) for number in _VARIANT.findall(text)]
    numbers += [_NUMBER_WORDS[word.lower()] for word in _VARIANT_WORD.findall(text)]
    if bare and not numbers:
        found = (word.lower() for word in _BARE.findall(text))
        numbers = [_NUMBER_WORDS.get(word) or int(word) for word in found]
    return [variant for number in dict.fromkeys(numbers) for variant in guideline.variants if variant.number == number]


def category_named(text: str, guideline: Guideline) -> str | None:
    """The appropriateness category that `text` names, or None."""
    words = " ".join(re.findall(r"[a-z]+", text.lower()))
    if re.search(r"\b(?:usually )?(?:not|never|in) ?appropriate|inappropriate|advised against|not recommended", words):
        return guideline.categories[-1]
    if re.search(r"\bmay\b|\bmaybe\b|in between|middle", words):
        return guideline.categories[1]
    if re.search(r"\bappropriate\b|recommended|best|top rated|leading|favou?r", words):
        return guideline.categories[0]
    return None


@lru_cache(maxsize=4)
def _by_name(procedures: tuple[Procedure, ...]) -> dict[str, Procedure]:
    return {_key(name): procedure for procedure in procedures for name in (procedure.name, *procedure.other_names)}


@lru_cache(maxsize=4)
def _spellings(procedures: tuple[Procedure, ...]) -> Spellings:
    return Spellings((name for name in _by_name(procedures) if " " not in name), SHORTEST_NAME)


@lru_cache(maxsize=4)
def _pattern(procedures: tuple[Procedure, ...]) -> re.Pattern[str]:
    names = sorted(_by_name(procedures), key=len, reverse=True)
    spaced = (re.escape(name).replace(r"\ ", r"[\s\-/]+") for name in names)
    return re.compile(rf"(?<![\w-])(?P<name>{'|'.join(spaced)})(?:e?s)?(?![\w])", re.IGNORECASE)


def _key(name: str) -> str:
    return re.sub(r"[\s\-/]+", " ", name.lower()).strip()
