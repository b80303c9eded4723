"""Ways to break the real content, each with the place and the message that a maintainer must get."""

from __future__ import annotations

from tests.knowledge.breakages.breakage import Breakage
from tests.knowledge.breakages.decisions import DECISIONS
from tests.knowledge.breakages.facts import FACTS
from tests.knowledge.breakages.files import FILES
from tests.knowledge.breakages.statements import STATEMENTS
from tests.knowledge.breakages.words import WORDS

__all__ = ["BREAKAGES", "Breakage"]

BREAKAGES = (*STATEMENTS, *FILES, *FACTS, *DECISIONS, *WORDS)
