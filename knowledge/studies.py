"""The imaging studies that a text names: which, how many, and how much of the spine they cover."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from knowledge.model import Guideline
from knowledge.words import LEVEL, any_of, levels_in, phrase, plain

_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()
_COUNTS = {word: number for number, word in enumerate(_NUMBERS)}
_COUNTS |= {"zero": 0, "without": 0, "a": 1, "an": 1, "another": 1, "couple": 2, "pair": 2}
_TIMES = {"once": 1, "twice": 2, "thrice": 3} | {f"{word} times": _COUNTS[word] for word in _NUMBERS[1:]}
_BACK = "the this that these those".split()
_QUALITY = (
    "more further additional separate repeat repeated new prior previous recent old low-dose high-resolution standard "
    "consecutive follow-up diagnostic plain emergency urgent first second third single".split()
)
# Words for a part of the body are overwritten with one of these characters, which says what they settle.
_FIRST, _LAST = 0xE000, 0xF8FF
_MARK = f"[{chr(_FIRST)}-{chr(_LAST)}]"
_PART = rf"{_MARK}++(?:\s*(?:[,/&+-]|\band\b|\bplus\b)?\s*(?:(?:an?|one|the)\s+)?{_MARK}++){{0,5}}"
_UNSETTLED, _OUTSIDE, _EXTENTS = 0, 1, 2
_ANYWHERE = "area of interest"
"""How the guideline names a study of whatever part of the spine."""


@dataclass(frozen=True)
class Study:
    """An imaging procedure named in a text, `count` times.

    `coverage` is the label that protocol.yml has for the scanned extent ("one region"), None if the text
    does not settle it. `words` are the words of the text.
    """

    procedure: str
    count: int
    words: str
    coverage: str | None = None


@dataclass(frozen=True)
class _Vocabulary:
    """What a guideline calls things: names with their procedure (None if unrated), and the words for extents."""

    names: tuple[tuple[str, str | None], ...]
    extents: tuple[tuple[str, tuple[str, ...], bool], ...]
    unsettled: tuple[str, ...]
    outside: tuple[str, ...]


def mentions_in(text: str, guideline: Guideline) -> list[Study | str]:
    """Every imaging study that `text` names, in its order; one that no variant rates as its words.

    A study that the text counts as none is left out, and so is one that "the" or "this" refers back to.
    """
    vocabulary = _vocabulary(guideline)
    parts, study, names = _patterns(vocabulary)
    text = re.sub(_MARK, " ", plain(text))
    marked = _overwrite(parts, text, vocabulary)
    found: list[Study | str] = []
    for match in study.finditer(marked):
        procedure = next(procedure for name, procedure in names if name.fullmatch(match["name"]))
        words = " ".join(text[match.start("study") : match.end("study")].split())
        kinds = [ord(run[0]) - _FIRST for run in re.findall(rf"({_MARK})\1*", match["study"])]
        count = _count(match)
        if procedure is None or (_OUTSIDE in kinds and _ANYWHERE in procedure):
            found += [words] if count else []
        elif count and not (match["back"] and any(isinstance(s, Study) and s.procedure == procedure for s in found)):
            extents = [vocabulary.extents[kind - _EXTENTS][0] for kind in kinds if kind >= _EXTENTS]
            if len(set(extents)) == 1 and _one_each(match, words):
                count, extents = len(extents), extents[:1]
            found.append(Study(procedure, count, words, extents[0] if len(extents) == 1 else None))
    return found


def _count(match: re.Match[str]) -> int:
    if times := match["times"]:
        return int(re.sub(r"\D", "", times)) if re.search(r"\d", times) else _TIMES[" ".join(times.lower().split())]
    count = (match["count"] or "one").lower()
    return int(re.sub(r"\D", "", count)) if count[0].isdigit() else _COUNTS[count]


def _one_each(match: re.Match[str], words: str) -> bool:
    """Whether each part named is a study of its own: "lumbar and thoracic CTs", "a lumbar and a thoracic CT"."""
    return (not match["count"] and words.endswith("s")) or re.search(r"(?i)\band (?:an?|one)\b", words) is not None


def _vocabulary(guideline: Guideline) -> _Vocabulary:
    levels = [note for note in guideline.notes if note.group == "radiation_level"]
    unrated = [note.data for note in guideline.notes if note.group == "unrated"]
    rated = [p for p in guideline.procedures if p.adult_radiation in {level.key for level in levels}]
    extents: list[Any] = [extent for level in levels for extent in _list(level.data, "coverage")]
    return _Vocabulary(
        names=(
            *((name, p.name) for p in rated for name in (*_official(p.name), *p.other_names)),
            *((name, None) for data in unrated for name in _list(data, "studies")),
        ),
        extents=tuple((item["label"], tuple(item["words"]), item.get("levels", False)) for item in extents),
        unsettled=tuple(word for level in levels for word in _list(level.data, "unsettled")),
        outside=tuple(word for data in unrated for word in _list(data, "regions")),
    )


def _official(name: str) -> tuple[str, str]:
    """The published name, whatever part of the spine stands in it, and the same as most people say it."""
    name = name.replace(f"spine {_ANYWHERE}", "").strip()
    return name, name.replace(" IV ", " ")


def _list(data: Any, key: str) -> list[Any]:
    return list(data.get(key, ()))


@lru_cache(maxsize=4)
def _patterns(
    vocabulary: _Vocabulary,
) -> tuple[re.Pattern[str], re.Pattern[str], tuple[tuple[re.Pattern[str], str | None], ...]]:
    """What finds parts of the body, what finds studies, and which name is which procedure."""
    kinds = [vocabulary.unsettled, vocabulary.outside, *(words for _, words, _ in vocabulary.extents)]
    groups = [f"(?P<k{kind}>(?i:{any_of(words)}))" for kind, words in enumerate(kinds)]
    # Longer words stand with their own kind: "thoracolumbar junction" must come before "thoracolumbar".
    parts = re.compile("|".join([*groups[_EXTENTS:], *groups[:_EXTENTS], f"(?P<level>{LEVEL})"]))
    longest_first = sorted(vocabulary.names, key=lambda named: len(named[0]), reverse=True)
    sources = [(_name(name, parts, vocabulary), procedure) for name, procedure in longest_first]
    names = f"(?<!\\w)(?:{'|'.join(source for source, _ in sources)})(?!\\w)"
    counts = "|".join(word for word in _COUNTS if word != "a")
    study = re.compile(
        rf"(?:(?<![\w.,/-])(?:an?\s+)?(?P<count>\d{{1,3}}(?:\s*x)?|{counts}|a)\s+(?:of\s+)?)?"
        rf"(?:(?<!\w)(?P<back>{'|'.join(_BACK)})\s+)?(?:(?<!\w)(?:{'|'.join(_QUALITY)})\s+)*"
        rf"(?P<study>(?:{_PART}[\s-]*)?(?P<name>{names})(?:[\s-]+(?:scans?|study|studies|exams?|examinations?)\b)?"
        rf"(?:[\s,:(-]*(?:\b(?:of|for|in|through|at)\s+)?(?:(?:the|her|his|my|a)\s+)?{_PART}"
        rf"(?![\s{_MARK[1:-1]}-]*{names}))?)"
        rf"(?:\W*?\b(?P<times>x\s*\d{{1,3}}|\d{{1,3}}\s+times|{'|'.join(_TIMES)})\b)?",
        re.IGNORECASE,
    )
    return parts, study, tuple((re.compile(source, re.IGNORECASE), procedure) for source, procedure in sources)


def _name(name: str, parts: re.Pattern[str], vocabulary: _Vocabulary) -> str:
    """Regular expression of a study's name in overwritten text: parts of the body may stand between its words."""
    pieces = re.findall(rf"{_MARK}+|[^{_MARK[1:-1]}]+", _overwrite(parts, name, vocabulary))
    spoken = [piece for piece in pieces if piece.strip(" -/")]
    return r"[\s/-]+".join(
        _PART if re.match(_MARK, piece) else phrase(piece, rf"{_PART}|of|the|for") for piece in spoken
    )


def _overwrite(parts: re.Pattern[str], text: str, vocabulary: _Vocabulary) -> str:
    def mark(match: re.Match[str]) -> str:
        kind = int(str(match.lastgroup)[1:]) if match.lastgroup != "level" else _kind_of_levels(match[0], vocabulary)
        return chr(_FIRST + kind) * len(match[0])

    return parts.sub(mark, text)


def _kind_of_levels(text: str, vocabulary: _Vocabulary) -> int:
    """The extent that vertebral levels stand for, unless they run from one region into another."""
    extents = [_EXTENTS + i for i, (_, _, levels) in enumerate(vocabulary.extents) if levels]
    return extents[0] if extents and len({level[0] for level in levels_in(text)}) == 1 else _UNSETTLED
