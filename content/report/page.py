"""The report as files: a page that needs nothing else, and the complete lists beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from content.report.cases import CaseDifferences, Group
from content.report.confusions import Confusions
from content.report.coverage import Coverage
from content.report.differences import Differences
from content.report.drawing import Drawing
from content.report.rankings import intent_rows, magnets, marked, pairs
from content.report.tree import decision_tree
from knowledge.model import Guideline, Outcome

TEMPLATES = Path(__file__).parent / "templates"
PAGE, CASES, MISTAKES = "index.html", "changed-cases.csv", "mistakes.csv"
MOST_MAGNETS, MOST_PAIRS, MOST_MISTAKES, MOST_TEXTS = 25, 40, 6, 40
"""How much of a list the page shows; the files beside it have the rest."""


@dataclass(frozen=True)
class Report:
    """What there is to show; what is None could not be made, for the reason beside it."""

    guideline: Guideline
    coverage: Coverage
    differences: Differences | None
    why_no_differences: str
    confusions: Confusions | None
    why_no_confusions: str


def write(report: Report, folder: Path) -> Path:
    """Write the report into `folder`; returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    for outdated in (CASES, MISTAKES):
        (folder / outdated).unlink(missing_ok=True)
    if report.differences and report.differences.cases and report.differences.cases.groups:
        _write_cases(report.differences, folder / CASES)
    if report.confusions:
        _write_mistakes(report.confusions, folder / MISTAKES)
    page = folder / PAGE
    page.write_text(html(report), encoding="utf-8")
    return page


def html(report: Report) -> str:
    """The page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = _Names(report)
    drawing = Drawing(report.guideline)
    found = report.confusions
    mixed_up = pairs(found) if found else []
    return environment.get_template("report.html.j2").render(
        vars(report),
        made=date.today().isoformat(),
        percent=_percent,
        label=names.fact,
        value_label=names.value,
        kind=names.kind,
        summary_of=names.summary,
        tree=decision_tree(report.guideline),
        assumed=[fact for fact in report.guideline.deciding_facts if fact.assume],
        drawing=drawing,
        examples=lambda group: _examples(report.differences.cases if report.differences else None, group),
        intents=intent_rows(found) if found else [],
        magnets=magnets(found)[:MOST_MAGNETS] if found else [],
        pairs=mixed_up[:MOST_PAIRS],
        more_pairs=len(mixed_up[MOST_PAIRS:]),
        marked=marked,
        most_mistakes=MOST_MISTAKES,
        most_texts=MOST_TEXTS,
    )


class _Names:
    """How the page names facts, values and outcomes, also those that only the earlier guideline has."""

    def __init__(self, report: Report) -> None:
        self._guidelines = [report.guideline]
        if report.differences:
            self._guidelines += [report.differences.after.guideline, report.differences.before.guideline]

    def fact(self, name: str) -> str:
        """The label of a fact."""
        return next((g.fact[name].label for g in self._guidelines if name in g.fact), name)

    def value(self, name: str, value: str) -> str:
        """The label of a value of a fact."""
        known = (found for g in self._guidelines if name in g.fact for found in g.fact[name].values)
        return next((found.label for found in known if found.value == value), value)

    def _outcome(self, name: str) -> Outcome | None:
        return next((g.outcome[name] for g in self._guidelines if name in g.outcome), None)

    def kind(self, name: str) -> str:
        """The kind of an outcome."""
        outcome = self._outcome(name)
        return outcome.kind if outcome else ""

    def summary(self, name: str) -> str:
        """What an outcome is about."""
        outcome = self._outcome(name)
        return outcome.summary if outcome else ""


def _percent(part: float, whole: float) -> str:
    return f"{part / whole:.0%}" if whole else "0%"


def _examples(cases: CaseDifferences | None, group: Group) -> list[dict[str, str]]:
    """Some cases of a group, each by what not all of its cases have in common."""
    own = [fact for fact in cases.values if len(group.in_common.get(fact, ())) != 1] if cases else []
    return [{fact: case[fact] for fact in own} for case in cases.examples(group)] if cases else []


def _write_cases(differences: Differences, path: Path) -> None:
    cases = differences.cases
    if cases is None:
        return
    head = [*cases.values, "outcome_before", "outcome_now", "ratings_changed"]
    _write_csv(
        path,
        head,
        (
            (
                *case.values(),
                group.before,
                group.after,
                "; ".join(map(str, group.ratings)) if group.before == group.after else "",
            )
            for group in cases.groups
            for case in cases.cases(group)
        ),
    )


def _write_mistakes(found: Confusions, path: Path) -> None:
    head = ["meant", "read_as", "confidence", "example", "place", "words", "drawn_by"]
    _write_csv(
        path,
        head,
        (
            (
                mistake.example.intent,
                mistake.read_as,
                mistake.confidence,
                mistake.example.text,
                mistake.example.place,
                " ".join(mistake.words),
                "; ".join(f"{pull.example.place} {pull.example.text}" for pull in mistake.pulls),
            )
            for pair in pairs(found)
            for mistake in pair.mistakes
        ),
    )


def _write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(head)
        writer.writerows(rows)
