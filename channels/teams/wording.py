"""The channel's own wording, which stands in wording.yml."""

from __future__ import annotations

from pathlib import Path

from knowledge.wording import Wording

WORDING = Wording(Path(__file__).with_name("wording.yml"))


def word(name: str, **filled: object) -> str:
    """A text of wording.yml with its {…} filled in; blanks at its ends stay, because runs of text follow each other."""
    return str(WORDING.texts[name]).format(**filled)
