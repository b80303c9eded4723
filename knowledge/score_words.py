"""What free text affirms, denies or leaves open of the phrases that name a score's values, and shares in percent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.words import phrase

_FILLERS = "is|are|was|were|of|the|a|an|and|in|to|its|vertebral"
_NOT = r"(?<!\w)(?:no|not|without|w/o|denie[sd]|never|nor|neither|nil|negative for|absence of|free of)[\s:]+"
_TURN = r"(?!(?:and|but|with|has|have|is|shows?|though|although|however|except|yet)\b)"
_DENIED_BEFORE = re.compile(rf"(?i){_NOT}(?:{_TURN}[\w'%/-]+\s+){{0,6}}(?:[\w'%]+[/-])?$")
_LIST_BEFORE = re.compile(rf"(?i){_NOT}(?:{_TURN}[\w'%/-]+,?\s+){{0,12}}$")
_LIST_AFTER = re.compile(rf"(?i)(?:,?\s+{_TURN}(?!n?or\b)[\w'%/-]+){{0,8}}?,?\s+n?or\b")
_DENIED_AFTER = re.compile(
    r"(?i)[\s:=-]*(?:(?:is|are|was|were)\s+)?(?:none|nil|absent|free|negative|intact|spared|uninvolved|clear|normal|"
    r"not (?:present|seen|involved|affected|identified|there|evident)|excluded|ruled out|no(?=\s*(?:[,.;)]|$)))(?!\w)"
)
_HEADING = re.compile(r"\s*[:=]")
_LOOK_BACK = 160
"""Characters before a phrase among which a denial of it is looked for."""

_OVER = r"over|more than|greater than|above|exceeding|>"
_UNDER = r"under|less than|below|<"
_AT_LEAST = r"at least|minimum|not less than|no less than|>=|≥"
_AT_MOST = r"at most|up to|maximum|no more than|not more than|not over|not above|<=|≤"
_SHARE = (
    rf"(?:(?P<at_least>{_AT_LEAST})|(?P<at_most>{_AT_MOST})|(?P<over>{_OVER})|(?P<under>{_UNDER}))?"
    r"\s*(?:(?:about|approximately|approx\.?|around|roughly)\s+|~\s*)?"
    r"(?:(?<![\d.])(?P<low>\d{1,3}(?:\.\d+)?)\s*%?(?:\s*(?:-|to)\s*(?P<high>\d{1,3}(?:\.\d+)?))?"
    r"\s*(?:%|percent\b|per cent\b)|(?P<half>\bhalf\b))"
)
_BETWEEN = r"(?:(?:of|the|vertebral|body|bodies|anterior|central|posterior|its|by|is|was|at|an?|estimated)\s+)*"


Key = tuple[str, str]
"""What a phrase stands for: a value, and the kind of phrase."""


@dataclass(frozen=True)
class Found:
    """Which keys' phrases a text affirms, and which it denies without affirming them elsewhere."""

    affirmed: frozenset[Key]
    denied: frozenset[Key]


@dataclass(frozen=True)
class Share:
    """A share in percent from `low` to `high`, each end included unless it is open."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def fits(self, over: float | None = None, under: float | None = None) -> bool:
        """Whether the whole of it lies over `over` and under `under` percent; 0% is no share at all."""
        above = over is None or self.low > over or (self.low == over and self.low_open)
        below = under is None or self.high < under or (self.high == under and self.high_open)
        return above and below and self.high > 0


def words_in(text: str, phrases: Mapping[Key, Iterable[str]], ignore: Iterable[str]) -> Found:
    """What `text` says of `phrases` (key to phrases); of phrases that overlap the first and longest is read.

    A phrase in a list of denials that may have ended before it counts as neither affirmed nor denied.
    """
    spans: dict[tuple[int, int], set[Key]] = {}
    for item in ignore:
        for match in _pattern(item).finditer(text):
            spans.setdefault(match.span(), set())
    for key, words in phrases.items():
        for item in words:
            for match in _pattern(item).finditer(text):
                spans.setdefault(match.span(), set()).add(key)
    affirmed: set[Key] = set()
    denied: set[Key] = set()
    after_denial, read_to = False, 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < read_to:
            continue
        read_to = end
        verdict = _verdict(text[max(0, start - _LOOK_BACK) : start], text[end:], after_denial)
        after_denial = verdict is False
        if verdict is not None:
            (affirmed if verdict else denied).update(spans[start, end])
    return Found(frozenset(affirmed), frozenset(denied - affirmed))


def shares_in(text: str, words: Iterable[str]) -> Iterator[Share]:
    """Every share in percent that `text` gives of what `words` name: "40% collapse", "collapse of over half"."""
    for pattern in _share_patterns(tuple(words)):
        for match in pattern.finditer(text):
            share = _share(match)
            if share.high <= 100:
                yield share


def _verdict(before: str, after: str, after_denial: bool) -> bool | None:
    """True if affirmed, False if denied, None if unclear or but a heading, from the text around a phrase."""
    if _DENIED_BEFORE.search(before) or _DENIED_AFTER.match(after):
        return False
    if (listed := _LIST_BEFORE.search(before)) and (
        re.search(r"(?i)\bn?or\s+$", listed[0]) or _LIST_AFTER.match(after)
    ):
        return False if after_denial else None
    return None if _HEADING.match(after) else True


def _share(match: re.Match[str]) -> Share:
    low = 50.0 if match["half"] else float(match["low"])
    if match["over"]:
        return Share(low, 100, low_open=True) if low <= 100 else Share(low, low)
    if match["under"]:
        return Share(0, low, high_open=True)
    if match["at_least"]:
        return Share(low, max(low, 100))
    if match["at_most"]:
        return Share(0, low)
    high = float(match["high"] or low)
    return Share(min(low, high), max(low, high))


@lru_cache(maxsize=1024)
def _pattern(item: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){phrase(item, _FILLERS)}(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=64)
def _share_patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    named = rf"(?<!\w)(?:{'|'.join(phrase(item, _FILLERS) for item in words)})(?!\w)"
    return (
        re.compile(rf"{_SHARE}[\s-]*{_BETWEEN}{named}", re.IGNORECASE),
        re.compile(rf"{named}[\s:=(-]*{_BETWEEN}{_SHARE}", re.IGNORECASE),
    )
