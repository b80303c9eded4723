"""Which radiation the imaging studies named in a message take: the guideline's relative levels, and their sum."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from knowledge.model import Guideline, Note
from knowledge.studies import Study, mentions_in
from knowledge.words import plain

__all__ = ["Study", "parse_range", "radiation", "studies_in"]


def studies_in(text: str, guideline: Guideline) -> list[Study]:
    """The imaging procedures that `text` names, in its order, with counts; "no CT" names none.

    Names are those of procedures.yml, the longest first; a part of the spine may stand anywhere in them.
    "The CT" after a CT is the same one. Studies that no variant rates are left out (`radiation` lists them).
    """
    return [study for study in mentions_in(text, guideline) if isinstance(study, Study)]


def radiation(text: str, guideline: Guideline) -> dict[str, Any]:
    """The relative radiation levels of the studies that `text` names, and their sum, as a JSON-ready mapping.

    "studies" gives each study's range in mSv for one examination, "total_msv" the sums of the low and of
    the high ends over all examinations (None without any), "not_rated" the words for studies to which the
    guideline gives no level. Without a rated study, "statements" explain all levels, those that `text`
    names first. Clinical source: the ACR relative radiation levels for adults, as protocol.yml lists them.
    """
    mentions = mentions_in(text, guideline)
    studies = [mention for mention in mentions if isinstance(mention, Study)]
    unrated = [mention for mention in mentions if isinstance(mention, str)]
    levels = {note.key: note for note in guideline.notes if note.group == "radiation_level"}
    found = [(study, levels[str(guideline.procedure[study.procedure].adult_radiation)]) for study in studies]
    ranges = [(study.count, _range(study, level)) for study, level in found]
    total = [sum(count * ends[side] for count, ends in ranges) for side in (0, 1)]
    if studies:
        statements = [_statement(level.text, level) for level in {level.key: level for _, level in found}.values()]
    else:
        ordered = sorted(levels.values(), key=lambda level: not _names(text, level.key))
        statements = [_statement(f"{level.key}: {level.text}", level) for level in ordered]
    outside = [_statement(note.text, note) for note in guideline.notes if note.group == "unrated" and unrated]
    return {
        "studies": [
            {
                "procedure": study.procedure,
                "count": study.count,
                "coverage": study.coverage,
                "level": level.key,
                "range_msv": _numbers(ends),
                "meaning": level.text,
                "source": level.source,
            }
            for (study, level), (_, ends) in zip(found, ranges, strict=True)
        ],
        "total_msv": _numbers(total) if studies else None,
        "not_rated": unrated,
        "statements": [*statements, *outside],
    }


def parse_range(range_msv: str) -> tuple[Decimal, Decimal]:
    """The lowest and highest mSv of a level's range: "1-10", "up to 0.1", "0", or a choice "1-10 or 10-30".

    Raises ValueError if there is no number in it.
    """
    numbers = [Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", range_msv)]
    if not numbers:
        raise ValueError(f"no range in mSv: {range_msv!r}")
    return Decimal(0) if range_msv.startswith("up to") else min(numbers), max(numbers)


def _range(study: Study, level: Note) -> tuple[Decimal, Decimal]:
    """The range of one examination: that of the extent scanned where the level depends on it, else the level's."""
    # What the content says of coverage it says of CT, so it does not narrow what a biopsy takes.
    coverages: Any = level.data.get("coverage", ()) if "CT" in study.procedure else ()
    named: Iterable[Mapping[str, str]] = (item for item in coverages if item["label"] == study.coverage)
    return parse_range(next((item["range_msv"] for item in named), str(level.data["range_msv"])))


def _names(text: str, level: str) -> bool:
    """Whether `text` names `level`, as in "what does 1 to 10 mSv mean"."""
    wanted = re.escape(level.removesuffix(" mSv")).replace(r"\-", r"\s*(?:-|to)\s*")
    return re.search(rf"(?<![\w.]){wanted}(?![\w]|\.\d)", plain(text)) is not None


def _statement(text: str, note: Note) -> dict[str, str]:
    return {"text": text, "source": note.source}


def _numbers(values: Iterable[Decimal | int]) -> list[int | float]:
    return [int(value) if value == int(value) else float(value) for value in values]
