"""The channel's own words, which stand in wording.yml; those of answers are knowledge.document's."""

from __future__ import annotations

from pathlib import Path

from knowledge.wording import Wording

WORDING = Wording(Path(__file__).with_name("wording.yml"))
say = WORDING.say


def icon(name: str) -> str:
    """The sign that stands before a word, such as that of a category; a dash for what has none."""
    return str(WORDING.texts["icons"].get(name, "–"))
