"""A new edition of a guideline, begun as a copy of one that is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from content.edits import Edit, created, load
from content.new.common import EDITIONS, Started, edition_of, identifier
from knowledge.content import content_files
from terminal.questions import Answers, Refused


def start(answers: Answers, project: Path) -> Started:
    """Every file of the edition under a new folder, with name, citation and date of the new one."""
    old = edition_of(project, answers.one("from"))
    new = project / EDITIONS / answers.one("id", lambda answer: _new_folder(answer, project))
    head = load(old / "guideline.yml")
    source = load(old / "sources.yml")[head["source"]]
    edition, citation, date = answers.one("edition"), answers.one("citation"), answers.one("date")
    changes = {
        "guideline.yml": {"edition": edition, "citation": citation},
        "sources.yml": {"date": date, **({"citation": citation} if "citation" in source else {})},
    }
    before = [str(head["edition"]), str(head["citation"])]
    edits: list[Edit] = []
    remarks: list[str] = []
    for path in content_files(old):
        name = path.relative_to(old)
        text = path.read_text(encoding="utf-8")
        values, under = changes.get(str(name), {}), head["source"] if name.name == "sources.yml" else None
        for key, value in values.items():
            text = _replaced(text, key, value, under)
        edits.append(_copy(new / name, text, values))
        remarks += _left(new / name, text, before, project)
    links = [f"{key}: {entry['url']}" for key, entry in load(old / "sources.yml").items() if entry.get("url")]
    names = {"folder": str(new.relative_to(project)), "id": new.name}
    return Started(edits, names, [*remarks, *(f"link of {link}" for link in links)])


def _new_folder(answer: str, project: Path) -> str:
    name = identifier(answer)
    if (project / EDITIONS / name).exists():
        raise Refused(f"There is an edition {name!r} already; nothing is overwritten. Choose another name.")
    return name


def _copy(path: Path, text: str, values: dict[str, str]) -> Edit:
    """A file of the copy, of which only what was changed is shown."""
    edit = created(path, text) if path.suffix == ".yml" else Edit(path, text, "")
    return Edit(path, edit.text, "".join(f"{key}: {value}\n" for key, value in values.items()))


def _replaced(text: str, key: str, value: str, under: str | None) -> str:
    """`text` with another value of `key`, at the top or under the key `under`; the other lines stay as they are."""
    inside = rf"{re.escape(under)}:\n(?:[ \t]+.*\n)*?[ \t]+" if under else ""
    pattern = rf"(?m)^{inside}{key}:[ \t]*"
    match = re.search(pattern, text)
    if match is None:
        raise Refused(f"{key} is not where it is expected; copy the folder by hand.")
    # A value may go on over lines that are indented further.
    rest = re.match(r".*\n(?:[ \t]{4,}.*\n)*" if under else r".*\n(?:[ \t]+.*\n)*", text[match.end() :])
    after = text[match.end() + (rest.end() if rest else 0) :]
    return f"{text[: match.end()]}{json.dumps(value, ensure_ascii=False)}\n{after}"


def _left(path: Path, text: str, words: list[str], project: Path) -> Iterator[str]:
    """Places in which the old edition is still named."""
    years = {year for word in words for year in re.findall(r"\b(?:19|20)\d\d\b", word)}
    for number, line in enumerate(text.splitlines(), 1):
        if path.suffix == ".yml" and any(re.search(rf"\b{year}\b", line) for year in years):
            yield f"{path.relative_to(project)}:{number}  {line.strip()[:90]}"
