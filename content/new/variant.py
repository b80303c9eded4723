"""A variant of an edition: its file, and its row in the decision table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from content.edits import Edit, created, dumped, inserted, load
from content.new.common import Started, edition_of, guideline_of, one_of
from knowledge.meant import meant
from knowledge.model import Guideline
from terminal.questions import Answers, Refused

REMINDER = """\
# To fill in, each sentence with its source; `when` shows one only in cases that it fits:
# statements:
#   next_steps:
#   - text: What to do next.
#     source: {source}
#     when: {{osteoporosis: present}}
#   pitfalls:
#   escalate_when:
#   follow_up:
#   rationale:
"""
SCOPES = ("imaging", "treatment")


def start(answers: Answers, project: Path) -> Started:
    """The variant's file, and its row before the row of another outcome."""
    folder = edition_of(project, answers.one("edition"))
    guideline = guideline_of(folder)
    number = int(answers.one("number", _free_number(guideline)))
    path = folder / "variants" / f"v{number}.yml"
    title, summary = answers.one("title"), answers.one("summary")
    scope = answers.one("scope", one_of(SCOPES, "scope"))
    source = answers.one("source", one_of(guideline.source_of, "source"))
    data = {
        "id": f"v{number}",
        "number": number,
        "title": title,
        "scope": scope,
        "source": source,
        "summary": summary,
        "because": {"text": answers.one("because"), "source": source},
        "ratings": _ratings(answers, guideline),
    }
    text = dumped(data) + "statements: {}\n" + REMINDER.format(source=source)
    row, to_do = _row(answers, folder, guideline, f"v{number}")
    return Started(
        [created(path, text), row], {"folder": str(folder.relative_to(project))}, _unrated(data, guideline), to_do
    )


def _free_number(guideline: Guideline) -> Callable[[str], str]:
    taken = {str(variant.number) for variant in guideline.variants}

    def check(answer: str) -> str:
        if not answer.isdigit() or int(answer) < 1:
            raise Refused(f"A variant has a number, not {answer!r}.")
        if answer in taken:
            raise Refused(f"Variant {answer} is there already; the next free number is {_next(taken)}.")
        return answer

    return check


def _next(taken: set[str]) -> int:
    return max(map(int, taken), default=0) + 1


def _ratings(answers: Answers, guideline: Guideline) -> list[dict[str, str]]:
    procedure_of, category_of = one_of(guideline.procedure, "procedure"), one_of(guideline.categories, "category")

    def check(answer: str) -> str:
        procedure, equals, category = (part.strip() for part in answer.partition("="))
        if not equals:
            raise Refused(f"Write it as procedure = category; the categories are {', '.join(guideline.categories)}.")
        return f"{procedure_of(procedure)}={category_of(category)}"

    pairs = [rating.split("=") for rating in answers.many("rating", check)]
    names = [procedure for procedure, _ in pairs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise Refused(f"{min(twice)} is rated twice; keep one.")
    return [{"procedure": procedure, "category": category} for procedure, category in pairs]


def _unrated(data: dict[str, Any], guideline: Guideline) -> list[str]:
    """The procedures of the variant's scope that it does not rate, which may have been forgotten."""
    rated = {rating["procedure"] for rating in data["ratings"]}
    return [
        f"not rated: {procedure.name}"
        for procedure in guideline.procedures
        if procedure.scope == data["scope"] and procedure.name not in rated
    ]


def _row(answers: Answers, folder: Path, guideline: Guideline, outcome: str) -> tuple[Edit, list[str]]:
    """The row of the decision table; a comment to be completed where its conditions are not known yet."""
    path = folder / "decisions.yml"
    rows = load(path)
    when = _conditions(answers.one("when", lambda answer: _checked(answer, guideline)))
    last = rows[-1]["outcome"]
    before = answers.one("before", one_of((row["outcome"] for row in rows), "row"), default=last)
    reason = answers.one("reason", default="" if when else "…")
    position = next(i for i, row in enumerate(rows) if row["outcome"] == before)
    line = _above_comments(path, rows.lc.item(position)[0] + 1)
    if not when:
        stub = [f"# - outcome: {outcome}", "#   when: {fact: value}", f"#   because: {reason}"]
        to_do = [f"Complete the row of {outcome} in {path.name}: the conditions, and the '#' before it taken away."]
        return inserted(path, {line: stub}, rows), to_do
    if not reason:
        raise Refused("Say --reason: it completes “it is this variant because …”.")
    flow = ", ".join(f"{fact}: {_written(values)}" for fact, values in when.items())
    lines = [f"- outcome: {outcome}", f"  when: {{{flow}}}", *dumped({"because": reason}).splitlines()]
    lines[2:] = [f"  {text}" for text in lines[2:]]
    row = {"outcome": outcome, "when": when, "because": reason}
    return inserted(path, {line: lines}, [*rows[:position], row, *rows[position:]]), []


def _above_comments(path: Path, line: int) -> int:
    """The line above the comments that stand right above `line`: they are about what follows them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    while line > 1 and lines[line - 2].startswith("#"):
        line -= 1
    return line


def _checked(answer: str, guideline: Guideline) -> str:
    facts = {fact.name: [value.value for value in fact.values] for fact in guideline.deciding_facts}
    for fact, values in _conditions(answer).items():
        if fact not in facts:
            raise Refused(f"No fact of the decision table is called {fact!r}; {meant(fact, facts)}")
        for value in [values] if isinstance(values, str) else values:
            if value not in facts[fact]:
                raise Refused(f"{fact} has no value {value!r}; {meant(value, facts[fact])}")
    return answer


def _conditions(answer: str) -> dict[str, str | list[str]]:
    """fact=value, fact=value|other as the decision table has it."""
    found: dict[str, str | list[str]] = {}
    for item in filter(None, map(str.strip, answer.split(","))):
        fact, equals, value = (part.strip() for part in item.partition("="))
        if not equals:
            raise Refused(f"{item!r} is not fact=value.")
        values = [part.strip() for part in value.split("|")]
        found[fact] = values if len(values) > 1 else values[0]
    return found


def _written(values: str | list[str]) -> str:
    # Quoted where YAML would read yes and no as true and false.
    quoted = [
        f'"{value}"' if value in ("yes", "no") else value for value in ([values] if isinstance(values, str) else values)
    ]
    return quoted[0] if isinstance(values, str) else f"[{', '.join(quoted)}]"
