"""A test story in tests/stories."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from content.edits import appended, load
from content.new.common import Started, edition_of, guideline_of
from content.stories import ANYTHING, TYPES, step
from knowledge.content import CONTENT
from knowledge.meant import meant
from knowledge.model import Guideline
from terminal.questions import Answers, Refused

STORIES = Path("tests") / "stories"
TYPE_OF = {"variant": "recommendation", "escalation": "escalation", "not_covered": "not_covered"}


def start(answers: Answers, project: Path) -> Started:
    """A story at the end of its file, or in a file of its own."""
    guideline = guideline_of(edition_of(project, CONTENT.name))
    path = project / STORIES / f"{answers.one('file', _file_name)}.yml"
    about = "" if path.exists() else answers.one("about")
    name = answers.one("name", lambda name: _new_name(name, project))
    says = answers.many("say")
    if answers.is_given("expect") or not answers.may_ask():
        expected = answers.many("expect", lambda answer: _known(answer, guideline))
    else:
        expected = _asked(says, answers, guideline)
    if len(says) != len(expected):
        raise Refused(f"{len(says)} messages, but {len(expected)} answers to expect; give one --expect for each --say.")
    steps = [step(said, **_expectation(words, guideline)) for said, words in zip(says, expected, strict=True)]
    return Started([_with_heading(path, about, {"story": name, "steps": steps})], {"name": _searchable(name)})


def names(project: Path) -> dict[str, Path]:
    """The names of all test stories, each with its file."""
    return {story["story"]: path for path in sorted((project / STORIES).glob("*.yml")) for story in load(path) or ()}


def _with_heading(path: Path, about: str, story: dict[str, Any]) -> Any:
    edit = appended(path, story)
    if not about:
        return edit
    new = f"# {about.rstrip('.')}.\n{edit.new}"
    return type(edit)(path, new, new)


def _asked(says: list[str], answers: Answers, guideline: Guideline) -> list[str]:
    """What to expect of each message, asked with the message beside it."""
    print("For each message:")
    for said in says:
        print(f"  you> {said}")
    return answers.many("expect", lambda answer: _known(answer, guideline), least=len(says))[: len(says)]


def _file_name(answer: str) -> str:
    name = answer.removesuffix(".yml")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise Refused(f"{answer!r} will not do for a file; use small letters and underscores, such as follow_ups.")
    return name


def _new_name(name: str, project: Path) -> str:
    if found := names(project).get(name):
        raise Refused(f"A story is called {name!r} already, in {found}; choose another name or edit that one.")
    return name


def _known(answer: str, guideline: Guideline) -> str:
    known = [*guideline.outcome, *(fact.name for fact in guideline.deciding_facts), *TYPES, ANYTHING]
    if answer not in known:
        raise Refused(f"Nothing is called {answer!r}; {meant(answer, known)}")
    return answer


def _expectation(word: str, guideline: Guideline) -> dict[str, str | None]:
    """What a step says of the answer that `word` stands for."""
    if word in guideline.outcome:
        return {"kind": TYPE_OF[guideline.outcome[word].kind], "outcome": word}
    if word in guideline.fact:
        return {"kind": "question", "slot": word}
    return {"kind": None if word == ANYTHING else word}


def _searchable(name: str) -> str:
    """The first words of a name, as pytest can look for them."""
    return " and ".join(re.findall(r"\w{4,}", name)[:3]) or name
