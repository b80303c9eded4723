"""British spellings where clinicians read, and phrases that differ only in spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from content.check.examples import Place, spelling
from content.check.phrases import shortened
from content.check.problem import Problem
from content.check.project import RULES, Project
from content.check.reading import texts
from nlu.phrase_language import PIECE
from nlu.phrases import Phrase
from nlu.rule_files import as_phrases

WORDS = "content/spelling.yml"


def british_texts(project: Project) -> Iterator[Problem]:
    """British spellings in texts for clinicians."""
    american = {str(word): str(other) for word, other in project.document(WORDS).data["british"].items()}
    for text in texts(project):
        for word in re.findall(r"[a-z]+", text.text.casefold()):
            if word in american:
                what = f"{word!r} is spelled the British way"
                yield Problem(text.path, text.line, what, f"write {american[word]!r} (words: {WORDS})")


def repeated_phrases(project: Project) -> Iterator[Problem]:
    """Phrases of one label, set or modifier that are the same once their words are in their normal form."""
    norm = lru_cache(None)(spelling(project).plain)
    for path, where, phrases in _lists(project):
        seen: dict[str, Place] = {}
        for phrase in phrases:
            same = _normal(phrase.text, norm)
            place = seen.setdefault(same, (path, phrase.line))
            if place != (path, phrase.line):
                what = f"{shortened(phrase.text)} is the same phrase of {where} as in line {place[1]}"
                yield Problem(path, phrase.line, what, "remove one: spelling, plural s and case make no difference")


def _lists(project: Project) -> Iterator[tuple[str, str, list[Phrase]]]:
    for path, document in project.documents(RULES):
        full = project.root / path
        for key in ("sets", "findings", "sections"):
            for name, items in (document.data.get(key) or {}).items():
                yield path, str(name), as_phrases(full, items)
        for item in document.data.get("modifiers") or ():
            yield path, f"this {item['category']}", as_phrases(full, item["phrases"])


def _normal(phrase: str, norm: Callable[[str], str]) -> str:
    return " ".join(norm(piece) if piece[0].isalpha() else piece for piece in PIECE.findall(phrase))
