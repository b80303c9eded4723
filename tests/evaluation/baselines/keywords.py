"""A keyword search: the words of keywords.yml, wherever they stand."""

from __future__ import annotations

import re
from pathlib import Path

from ruamel.yaml import YAML

from nlu.note import FactMention
from tests.evaluation.dialogue import Reader

WORDS = Path(__file__).with_name("keywords.yml")


def keywords() -> dict[str, dict[str, list[str]]]:
    """The words by fact and value, in the order in which values are tried."""
    return {
        str(fact): {str(value): [str(word) for word in words] for value, words in values.items()}
        for fact, values in YAML(typ="safe").load(WORDS.read_text(encoding="utf-8")).items()
    }


def keyword_reader() -> Reader:
    """A reader that takes a value when one of its words stands in the message."""
    patterns = {
        fact: [
            (value, re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.I)) for value, words in values.items()
        ]
        for fact, values in keywords().items()
    }

    def read(message: str) -> tuple[FactMention, ...]:
        mentions = []
        for fact, values in patterns.items():
            for value, pattern in values:
                if match := pattern.search(message):
                    mentions.append(
                        FactMention(fact, value, match.start(), match.end(), match.group(), "affirmed", "keyword")
                    )
                    break
        return tuple(mentions)

    return read
