"""A knowledge question: ways of asking, and the answer with its sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from content.edits import appended, load
from content.new.common import Started, edition_of, guideline_of, identifier, one_of
from terminal.questions import Answers, Refused

FEWEST = 3
"""Ways of asking from which the search of questions learns enough."""


def start(answers: Answers, project: Path) -> Started:
    """An entry at the end of the edition's knowledge.yml."""
    folder = edition_of(project, answers.one("edition"))
    sources = guideline_of(folder).source_of
    path = folder / "knowledge.yml"
    entries = load(path) if path.exists() else []
    name = answers.one("id", lambda answer: _new_id(answer, entries))
    questions = answers.many("question", lambda answer: _new_question(answer, entries), least=FEWEST)
    sentences = answers.many("answer")
    cited = answers.many("source", one_of(sources, "source"))
    if len(cited) not in (1, len(sentences)):
        raise Refused(
            f"{len(sentences)} sentences, but {len(cited)} sources; give one for each sentence, or one for all."
        )
    cited = cited if len(cited) == len(sentences) else cited * len(sentences)
    item = {
        "id": name,
        "questions": questions,
        "answer": [{"text": text, "source": source} for text, source in zip(sentences, cited, strict=True)],
        "topics": answers.many("topic"),
    }
    return Started([appended(path, item)], {"folder": str(folder.relative_to(project))})


def _new_id(answer: str, entries: list[dict[str, Any]]) -> str:
    name = identifier(answer)
    if any(entry["id"] == name for entry in entries):
        raise Refused(
            f"A question is called {name!r} already; choose another name or edit that entry of knowledge.yml."
        )
    return name


def _new_question(answer: str, entries: list[dict[str, Any]]) -> str:
    asked = answer.casefold().rstrip("?. ")
    for entry in entries:
        if any(asked == question.casefold().rstrip("?. ") for question in entry["questions"]):
            raise Refused(
                f"{answer!r} is asked in the entry {entry['id']!r} already; two answers would compete for it."
            )
    return answer
