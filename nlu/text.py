"""Text into tokens with one normal form each, sentences and a string that phrases are matched on."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu.marks import LEVEL, YEAR
from nlu.marks import SENTENCE_END as SENTENCE_END
from nlu.spelling import Spelling

LONGEST_SENTENCE = 150
"""Tokens after which a sentence without a full stop is cut, so that no text takes long to read."""

_LEVEL_NAME = r"(?:[CTLSDctlsd]|[Tt]h)[ \-]?(?:1[0-2]|[1-9])"
_NEXT_LEVEL = rf"(?:\s?[-/+&–]\s?(?:{_LEVEL_NAME}|(?:1[0-2]|[1-9]))(?![0-9]))"
_LEVEL_TOKEN = rf"(?<![A-Za-z0-9]){_LEVEL_NAME}(?![0-9.]*\d){_NEXT_LEVEL}*(?![A-Za-z0-9])"
_SLASHED = r"s/p|h/o|c/o|w/o|w/|r/o|y/o|b/b|f/u|o/e|d/t|n/t|2/2|\d{1,2}/(?:7|52|12)|k/c/o|hx/o|b/l"
_TOKEN = re.compile(
    rf"""
    (?P<level>{_LEVEL_TOKEN})
  | (?P<slashed>(?i:{_SLASHED})(?![A-Za-z0-9]))
  | (?P<grade>[0-5](?:\s?[+\-])?\s?/\s?5[+\-]?(?![0-9/]))
  | (?P<signed>[+\-−–]ve(?![A-Za-z])|\+\+\+?|(?<=[A-Za-z])[+](?=\W|$))
  | (?P<year>(?<![\d#])(?:(?:19|20)\d\d(?![\d/]|[.,]\d|\s?(?:ml|cc|mg|m\b|steps|iu))|['’]\d\d(?![\w'’])))
  | (?P<number>\d+(?:[.,]\d+)*)
  | (?P<negated>(?i:[a-z]+(?=n['’]t\b)))
  | (?P<not>(?i:n['’]t\b))
  | (?P<word>[^\W\d_]+(?:['’](?=[a-z]\b|[a-z]{{2}}\b)[a-z]+)?)
  | (?P<other>[^\s\w]|_)
    """,
    re.VERBOSE,
)
_CALCIUM = re.compile(r"(?i)\s*(?:of|was|is|at|:|=|level)?\s*[12]?\d[.,]\d")  # what follows "Ca" where it is no cancer
_AMBIGUOUS_LEVEL = re.compile(r"^[Tt][12]$")  # also MRI sequences
_SEQUENCE_NEAR = re.compile(
    r"(?i)\b(weighted|signal|dark|bright|hyper\w*|hypo\w*|stir|sagittal|axial|sequence\w*|dm|fat|images?|marrow|lesion)\b"
)
_ABBREVIATIONS = frozenset("mr mrs ms dr prof v vs approx st no nr fig e.g i.e eg ie ca resp incl".split())


@dataclass(frozen=True)
class Token:
    """One token: its characters in the input and its normal form."""

    start: int
    end: int
    text: str
    norm: str
    kind: str


@dataclass(frozen=True)
class Text:
    """A message, tokenized.

    `normal` is the normal text: every token's normal form followed by one blank, with SENTENCE_END
    between sentences; `sentence` gives each token's sentence number, `question` which sentences ask.
    """

    raw: str
    tokens: tuple[Token, ...]
    sentence: tuple[int, ...]
    question: frozenset[int]
    normal: str
    _offsets: tuple[int, ...]

    def token_at(self, offset: int) -> int:
        """The number of the token that stands at `offset` of the normal text."""
        return bisect_right(self._offsets, offset) - 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Character offsets in the input of the tokens from `start` up to, not including, `end`."""
        return self.tokens[start].start, self.tokens[end - 1].end

    def doc(self, vocab: Vocab) -> Doc:
        """The same tokens as a spaCy document with sentence boundaries."""
        return Doc(
            vocab,
            words=[token.norm for token in self.tokens],
            sent_starts=[i == 0 or self.sentence[i] != self.sentence[i - 1] for i in range(len(self.tokens))],
        )


def read_text(raw: str, spelling: Spelling) -> Text:
    """Tokenize `raw`; any string will do."""
    tokens = tuple(_tokens(raw, spelling))
    sentence, question = _sentences(raw, tokens)
    parts: list[str] = [f"{SENTENCE_END} "]
    offsets: list[int] = []
    length = len(parts[0])
    for number, token in enumerate(tokens):
        if number and sentence[number] != sentence[number - 1]:
            parts.append(f"{SENTENCE_END} ")
            length += 2
        offsets.append(length)
        parts.append(f"{token.norm} ")
        length += len(token.norm) + 1
    parts.append(f"{SENTENCE_END} ")
    return Text(raw, tokens, sentence, question, "".join(parts), tuple(offsets))


def _tokens(raw: str, spelling: Spelling) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(raw):
        kind, text = str(match.lastgroup), match.group()
        if kind == "level" and _is_not_a_level(raw, match):
            kind = "word"
        found.append(Token(match.start(), match.end(), text, _norm(kind, text, raw, match.end(), spelling), kind))
    return found


def _is_not_a_level(raw: str, match: re.Match[str]) -> bool:
    if not _AMBIGUOUS_LEVEL.match(match.group()):
        return False
    around = raw[max(0, match.start() - 14) : match.end() + 16]
    return bool(_SEQUENCE_NEAR.search(around))


def _norm(kind: str, text: str, raw: str, end: int, spelling: Spelling) -> str:
    if kind == "level":
        return LEVEL
    if kind == "year":
        return YEAR
    if kind == "not":
        return "not"
    if kind == "negated":
        return {"ca": "can", "wo": "will", "sha": "shall"}.get(text.lower(), spelling.norm(text))
    if kind == "grade":
        return re.sub(r"\s", "", text).replace("/5", "") + "/5"
    if text == "#" and not raw[end : end + 1].isdigit():
        return "fracture"
    if text.lower() == "ca" and _CALCIUM.match(raw, end):
        return "calcium"
    if kind in ("word", "slashed"):
        return spelling.norm(text)
    if kind == "signed" and text.lower().endswith("ve"):
        return "positive" if text.startswith("+") else "negative"
    return text.lower()


def _sentences(raw: str, tokens: tuple[Token, ...]) -> tuple[tuple[int, ...], frozenset[int]]:
    numbers: list[int] = []
    questions: set[int] = set()
    current = begun = 0
    for i, token in enumerate(tokens):
        if i and (_ends_sentence(raw, tokens, i - 1) or i - begun >= LONGEST_SENTENCE):
            current, begun = current + 1, i
        numbers.append(current)
        if token.text == "?":
            questions.add(current)
    return tuple(numbers), frozenset(questions)


def _ends_sentence(raw: str, tokens: tuple[Token, ...], i: int) -> bool:
    """Whether a sentence ends between token `i` and the next."""
    token, following = tokens[i], tokens[i + 1]
    between = raw[token.end : following.start]
    if "\n" in between or "\r" in between:
        return True
    if token.text == "?" and following.text.islower() and raw[max(0, token.start - 1) : token.start] in ("", " "):
        return False  # "collapse ? pathological" is a hedge too
    if token.text in "!?":
        # "?fracture" is a hedge, "edema? none" a small form.
        return bool(between) and following.text not in ")\"'"
    if token.text != "." or not between:
        return False
    before = tokens[i - 1] if i else None
    return before is None or not (before.text.lower() in _ABBREVIATIONS or _is_initial(before, following))


def _is_initial(token: Token, following: Token) -> bool:
    """Whether `token` is the initial of a name, as in "J. Smith"."""
    return len(token.text) == 1 and token.text.isupper() and token.text not in "FM" and following.text.istitle()


@lru_cache(maxsize=4096)
def level_names(text: str) -> tuple[str, ...]:
    """The levels that a level token names: "T11-12" gives T11 and T12, "L4-S1" gives L4, L5 and S1."""
    parts = re.findall(r"(?i)(th|[ctlsd])?[ \-]?(\d{1,2})|([-–/+&])", text)
    levels: list[str] = []
    region, joiner = "", ""
    for letter, number, sign in parts:
        if sign:
            joiner = sign
            continue
        region = {"TH": "T", "D": "T"}.get(letter.upper(), letter.upper()) or region
        name = f"{region}{int(number)}"
        if joiner in ("-", "–") and levels:
            levels.extend(_between(levels[-1], name))
        levels.append(name)
        joiner = ""
    return tuple(dict.fromkeys(levels))


SPINE = tuple(
    [f"C{i}" for i in range(1, 8)]
    + [f"T{i}" for i in range(1, 13)]
    + [f"L{i}" for i in range(1, 6)]
    + [f"S{i}" for i in range(1, 6)]
)
"""All levels from top to bottom."""


def _between(first: str, last: str) -> list[str]:
    if first in SPINE and last in SPINE and SPINE.index(first) < SPINE.index(last):
        return list(SPINE[SPINE.index(first) + 1 : SPINE.index(last)])
    return []
