"""age, adult, sex and duration of the pain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML

from nlu.facts.stated import about_relative, own
from nlu.note import FactMention, Note, code_place
from nlu.rules import RULES

OLDEST, ADULT = 115, 18
LONGEST = {"d": 120, "w": 104, "m": 36, "f": 52}
"""The highest plausible count of each unit; a greater number is an age or a level, not a duration."""

DAYS = {"d": 1, "w": 7, "m": 30, "f": 14}
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
NUMBER = re.compile(rf"(?i)\d|\b(?:{TENS})|teen\b")
"""What a written age has, in digits or in words."""
SPELLED_AGE = re.compile(rf"(?i)\b(?P<age>(?:{TENS})[ \-][a-z]+|[a-z]+)[ \-](?:years?|yrs?)[ \-]old\b")
BORN = re.compile(
    r"(?i)\b(?:born|dob|d\.o\.b\.?|b\.|date of birth|y\.?o\.?b\.?)[ :]*(?:(?:in|on)\s)?"
    r"(?:[\d.]{1,3}[/.\- ])*(?:[a-z]{3,9} )?(?:19\d\d|200[0-5])\b"
)
"""A year of birth that makes an adult, whatever the year now."""
GROWN = re.compile(
    r"(?i)\b(?:cancer|ca|carcinoma|lymphoma|leuk\w+|melanoma|myeloma|seminoma|hodgkin(?:'?s)?|[a-z]+ectomy|menopause|married|"
    r"retired|widowed|divorced|emigrated|broke|diagnosed|stroke|mi)\b[^.;\n\d]{0,30}?\b(?:at|aged|age)\s"
    r"(?:the age of )?(?:1[89]|[2-9]\d)\b"
    r"(?![\s-]*(?:[%/.°]|kg|mg|cm|mm|seconds?|minutes?|hours?|weeks?|days?|months?|percent))"
)
"""An event of an earlier age that makes an adult, whatever the age now: "lymphoma at 22"."""
MEASURES = frozenset(
    "angle cobb kyphosis degree crp esr psa creatinine hb hemoglobin calcium ca15 marker titer score height fvc".split()
)
"""Words before bare numbers of a series: "CRP 68, 41, now 3"."""
THINGS = frozenset(
    "fracture wedge collapse compression deformity lesion mri scan ct film xray radiograph report grandson "
    "granddaughter grandchild grandchildren grandkid dog cat pacemaker prosthesis implant cement brace injury scar "
    "pain fall accident mattress hip knee vcf crush study".split()
)
"""Words after an age that make it another's or a thing's: "a two-year-old fracture"."""
SPANS = frozenset(("since", "from", "until", "till", "before"))
"""Words before an earlier age of the patient: "weak since age 4"."""
YOUNG = frozenset("grandson granddaughter grandchild grandkid dog cat puppy".split())
"""Words that do so after any writing of an age: "her 12 yo grandson"."""
NOT_AGE_BEFORE = frozenset(
    {
        "temp",
        "temperature",
        "tmax",
        "fever",
        "febrile",
        "fell",
        "fall",
        "fallen",
        "walk",
        "approximately",
        "height",
        "jumped",
        "dropped",
        "meter",
    }
)


def read_patient(note: Note) -> Iterator[FactMention]:
    """Who the patient is and how long it has hurt."""
    yield from _age(note)
    yield from _sex(note)
    yield from _duration(note)


@lru_cache
def _patterns() -> dict[str, Any]:
    data = YAML(typ="rt").load(RULES / "patient.yml")
    compiled = {name: [re.compile(pattern) for pattern in data[name]] for name in ("age", "duration")}
    lines = {
        pattern: f"patient.yml:{data[name].lc.item(i)[0] + 1}"
        for name, patterns in compiled.items()
        for i, pattern in enumerate(patterns)
    }
    return {**compiled, "number_words": data["number_words"], "rules": lines}


def _rule(match: re.Match[str]) -> str:
    """File and line of the pattern that matched."""
    return str(_patterns()["rules"].get(match.re) or code_place())


def _number(words: str) -> int | None:
    """The number that "72", "six" or "seventy-two" means."""
    if words.isdigit():
        return int(words)
    numbers = [_patterns()["number_words"].get(word) for word in re.split(r"[ \-]", words.lower())]
    return sum(numbers) if all(number is not None for number in numbers) else None


def _age(note: Note) -> Iterator[FactMention]:
    written = _patterns()["age"] if NUMBER.search(note.text.raw) else ()
    found = [match for pattern in (*written, SPELLED_AGE) for match in pattern.finditer(note.text.raw)]
    for match in sorted(found, key=lambda match: match.start()):
        age = _number(match["age"])
        if age is not None and age <= OLDEST and not _is_other(note, match):
            start, end = match.start("age"), match.end()
            words = note.text.raw[start:end].rstrip(" ,.;(")
            for fact, value in (("age", str(age)), ("adult", "yes" if age >= ADULT else "no")):
                yield FactMention(fact, value, start, start + len(words), words, "affirmed", _rule(match))
            return
    if born := BORN.search(note.text.raw):
        yield FactMention("adult", "yes", born.start(), born.end(), born.group(), "affirmed", code_place())
        return
    for label, value in (("child_words", "no"), ("adult_words", "yes")):
        findings = own(note, label)
        if findings:
            yield note.mention("adult", value, findings[0])
            return
    for grown in GROWN.finditer(note.text.raw):
        if not _is_other(note, grown):
            yield FactMention("adult", "yes", grown.start(), grown.end(), grown.group(), "affirmed", code_place())
            return


def _is_other(note: Note, match: re.Match[str]) -> bool:
    """Whether a number is a relative's or thing's age ("father died at 65") or no age ("fell 6 m", "temp 102 F")."""
    token = next((i for i, t in enumerate(note.text.tokens) if t.end > match.start(match.lastgroup or 0)), 0)
    after = next((t.norm for t in note.text.tokens if t.start >= match.end()), "")
    if (after in THINGS and "old" in match.group().lower()) or after in YOUNG:
        return True
    first = next((i for i, t in enumerate(note.text.tokens) if t.end > match.start()), 0)
    if note.text.tokens[first].norm in ("age", "aged") and note.text.tokens[first - 1].norm in SPANS:
        return True
    sentence = note.text.sentence[token]
    near = range(max(0, token - 8), token)
    bare = re.fullmatch(r"\W*(?:now )?\d+\W*|.*,\s\d+,", match.group()) is not None
    if bare and any(note.text.tokens[i].norm in MEASURES for i in near if note.text.sentence[i] == sentence):
        return True
    near = range(max(0, token - 4), token)
    if any(note.text.sentence[i] == sentence and note.text.tokens[i].norm in NOT_AGE_BEFORE for i in near):
        return True
    relatives = [f for f in note.all("relative") if f.sentence == sentence]
    return any(0 <= token - f.start <= 4 and not _leads_to_patient(note, f.end) for f in relatives)


def _leads_to_patient(note: Note, end: int) -> bool:
    """Whether words after a relative go back to the patient: "the daughter of a …", "positive family history, …"."""
    tokens = note.text.tokens
    words = [token.norm for token in tokens[end : end + 2]]
    return (words[:1] == ["of"] and words[1:] in (["a"], ["an"], ["our"], ["my"], ["this"])) or (
        words[:1] == [","] and tokens[end - 1].norm == "history"
    )


def _sex(note: Note) -> Iterator[FactMention]:
    match = re.search(r"(?<![\d.,/])\d{1,3}\s?(?:yo\s?|y/o\s?)?(?P<sex>[FMfm])(?![A-Za-z0-9/])", note.text.raw)
    if match:
        value = "female" if match["sex"].lower() == "f" else "male"
        yield FactMention("sex", value, match.start(), match.end(), match.group(), "affirmed", code_place())
        return
    words = [f for f in note.all("female_words", "male_words") if not about_relative(note, f)]
    if words:
        yield note.mention("sex", words[0].label.removesuffix("_words"), words[0])


def _duration(note: Note) -> Iterator[FactMention]:
    for pattern in _patterns()["duration"]:
        match = pattern.search(note.text.raw)
        count = _number(match["count"]) if match else None
        if match and count and count <= LONGEST[match["unit"][0].lower()]:
            days = count * DAYS[match["unit"][0].lower()]
            start, end = match.start("count"), match.end("unit")
            yield FactMention("duration", str(days), start, end, note.text.raw[start:end], "affirmed", _rule(match))
            return
