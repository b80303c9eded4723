"""The next step of a case as the terminal shows it: what is asked and why, or what is answered."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from knowledge.answer import answer
from knowledge.case import Case
from knowledge.document.build import document
from knowledge.document.text import plain_text
from knowledge.engine import Conclusion, Engine, Question
from knowledge.model import holds
from knowledge.yaml_source import read_document
from terminal.color import Paint
from terminal.paths import shown as shown_path

WIDTH = 100
DECISIONS = "decisions.yml"


def shown(engine: Engine, case: Case, paint: Paint) -> Iterator[str]:
    """The case with what follows from it, then the question with its reason, or the answer in plain text."""
    yield from _understood(engine, case, paint)
    step, payload = engine.next_step(case), answer(engine, case)
    yield ""
    if isinstance(step, Question):
        yield f"{paint('heading', 'Asked next')}  {paint('open', step.fact)}"
        yield from _wrapped([payload["text"], f"Why: {payload['why']}"])
        yield from (f"    {choice['value']}: {choice['label']}" for choice in payload["choices"])
        others = [name for name in engine.table.relevant(case.known(engine.guideline)) if name != step.fact]
        yield from _wrapped([f"Still matters after it: {', '.join(others)}"] if others else [])
        yield paint("heading", f"Possible answers  {len(step.outcomes)}")
        titles = (f"{outcome}: {engine.guideline.outcome[outcome].summary}" for outcome in step.outcomes)
        yield from _wrapped(titles)
    else:
        alarms = payload["type"] == "escalation"
        yield paint("alarm" if alarms else "heading", "Answered")
        yield from _wrapped(plain_text(document("", payload)).splitlines())


def explained(engine: Engine, case: Case, content: Path, paint: Paint) -> Iterator[str]:
    """The rows of the decision table that the case has reached, with path and line in the folder `content`.

    An outcome decided is that of the first row whose conditions all hold; what may still decide is listed with
    the facts that it waits for.
    """
    table, known = read_document(content / DECISIONS), case.known(engine.guideline)
    step = engine.next_step(case)
    yield paint("heading", "Rows of the decision table")
    for number, row in enumerate(engine.guideline.rows):
        fits = holds(row.when, known)
        if fits is False:
            continue
        decides = isinstance(step, Conclusion) and step.row == row
        waits = ", ".join(name for name in row.when if name not in known)
        verdict = f"waits for {waits}" if waits else "decides, unless a row above it does"
        if decides:
            verdict = paint("value", "decides")
        yield f"  {shown_path(table.path)}:{table.line([number])}  {row.outcome}: {verdict}"
        if fits is True:
            return


def _understood(engine: Engine, case: Case, paint: Paint) -> Iterator[str]:
    facts = case.facts(engine.guideline)
    yield paint("heading", "Case") if facts or case.possible else "Nothing is known of the case."
    names = [fact.name for fact in engine.guideline.facts if fact.name in facts]
    widest = max(map(len, [*names, *case.possible, *case.unknown]), default=0)
    longest = max((len(str(facts[name].value)) for name in names), default=0)
    for name in names:
        reading = facts[name]
        words = f"  “{reading.evidence}”" if reading.evidence else ""
        yield f"  {name.ljust(widest)}  {paint('value', str(reading.value).ljust(longest))}  {reading.basis}{words}"
    for name, reading in case.possible.items():
        yield f"  {name.ljust(widest)}  {paint('open', 'possible, to be asked')}  “{reading.evidence}”"
    for name in sorted(case.unknown):
        yield f"  {name.ljust(widest)}  {paint('open', 'not known')}"


def _wrapped(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ")
