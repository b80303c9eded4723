"""Words by which a message is known to be about a topic, and those that say the facts of its case.

Free text about vertebral fractures is read by the rules of `nlu`; a topic that is nothing but a folder of YAML brings
its words with it, in `words.yml`. What is read so is only what the words say plainly: words that are denied, supposed
or doubted, and those that contradict each other, leave the fact to be asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from knowledge.case import Reading
from knowledge.model import Guideline

NOT_PLAIN = re.compile(
    r"(?i)\b(?:no|not|never|without|nor|neither|denies|denied|cannot|can't|couldn't|didn't|doesn't|isn't|wasn't|if|"
    r"may|might|possibly|possible|perhaps|unless|unsure|whether)\s+(?:[\w'-]+\s+){0,3}$"
)
"""Words before others that take them back or leave them open."""


def topic_of(text: str, topics: Sequence[Guideline]) -> Guideline | None:
    """The one of `topics` that `text` is about; the first, wherever it is named; None if no word of any is there."""
    named = [(len(list(_found(text, topic.about))), topic) for topic in topics]
    if not any(count for count, _ in named):
        return None
    if named[0][0]:
        return named[0][1]
    return max(named, key=lambda item: item[0])[1]


def told(text: str, guideline: Guideline, message: int | None = None) -> list[Reading]:
    """The facts that `text`, message number `message`, says in the words of the topic, one reading a fact."""
    readings = (_reading(text, fact, values, message) for fact, values in guideline.said.items())
    return [reading for reading in readings if reading is not None]


def rows(guideline: Guideline) -> dict[str, list[dict[str, Any]]]:
    """The words as rows of the store, by table."""
    said_words = [
        {"fact": fact, "value": value, "word": word}
        for fact, values in guideline.said.items()
        for value, words in values.items()
        for word in words
    ]
    return {
        "topic_word": [{"word": word, "position": i} for i, word in enumerate(guideline.about)],
        "said_word": [{**row, "position": i} for i, row in enumerate(said_words)],
    }


def said(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, tuple[str, ...]]]:
    """The words of each value of each fact, from rows of the store."""
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in rows:
        found[row["fact"]][row["value"]] = (*found[row["fact"]].get(row["value"], ()), row["word"])
    return dict(found)


def _reading(text: str, fact: str, values: Mapping[str, tuple[str, ...]], message: int | None) -> Reading | None:
    """What `text` says of one fact: the value if all its words agree, else that it has to be asked."""
    value_of = {_plain(word): value for value, words in values.items() for word in words}
    found = list(_found(text, tuple(value_of)))
    if not found:
        return None
    first = found[0]
    said = {None if NOT_PLAIN.search(text[: match.start()]) else value_of[_plain(match.group())] for match in found}
    value = said.pop() if len(said) == 1 else None
    return Reading(fact, value, evidence=first.group(), start=first.start(), end=first.end(), message=message)


def _found(text: str, words: tuple[str, ...]) -> Iterator[re.Match[str]]:
    # A typographic apostrophe is one character as well, so places stay what they are.
    return _pattern(words).finditer(text.replace("’", "'")) if words else iter(())


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of `words`, the longest first, between the ends of words."""
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(_spaced, longest))})(?!\w)")


def _spaced(words: str) -> str:
    return r"\s+".join(map(re.escape, words.replace("’", "'").split()))


def _plain(words: str) -> str:
    return " ".join(words.replace("’", "'").casefold().split())
