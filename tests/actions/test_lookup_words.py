"""The word lists of look-ups."""

from __future__ import annotations

import re

from ruamel.yaml import YAML

from actions.lookup import WORDS
from knowledge.current import engine


def test_words_that_tell_look_ups_apart_are_single_and_lower_case() -> None:
    """A word that a message cannot contain as it stands would never count."""
    lists = YAML(typ="safe").load(WORDS)
    words = [word for kind, words in lists.items() if kind != "other_guidelines" for word in words]
    assert words
    assert not [word for word in words if not re.fullmatch("[a-z]+", str(word))]
    assert set(lists["other_guidelines"]) <= {source.key for source in engine().guideline.sources}
