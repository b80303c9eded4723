"""Command line of the guideline: python -m knowledge build | check | show ID | ask FACT=VALUE …."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from knowledge.content import CONTENT, REFERENCE_CASES, read_content
from knowledge.engine import Engine
from knowledge.given import BadFact, case_of
from knowledge.model import Guideline, Outcome
from knowledge.next_step import explained, shown
from knowledge.proof import prove
from knowledge.store import STORE, StoreMissing, build, current, is_current, load
from knowledge.topics import build_topics
from knowledge.yaml_source import BadContent
from terminal.color import paint_for


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BadContent as error:
        print(error, file=sys.stderr)
        print(f"{len(error.errors)} error(s) in the content; the store was left as it is.", file=sys.stderr)
    except StoreMissing as error:
        print(error, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description="The guideline's content and its store.")
    parser.add_argument("--content", type=Path, default=CONTENT, help="folder of the guideline edition")
    parser.add_argument("--store", type=Path, default=STORE, help="SQLite file of the store")
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("build", help="validate the content and write the store")
    command.add_argument("--if-stale", action="store_true", help="only if the content has changed")
    command.set_defaults(run=_build)
    command = commands.add_parser("check", help="prove the decision table over every consistent complete case")
    command.set_defaults(run=_check)
    command = commands.add_parser("show", help="print a variant or another outcome")
    command.add_argument("id", help="v1 … v9, neurologic-emergency, not-covered/pediatric, …")
    command.set_defaults(run=_show)
    command = commands.add_parser("ask", help="what would be asked or answered about a case given as facts")
    command.add_argument("facts", nargs="*", metavar="fact=value", help="cancer_history=present decision=imaging …")
    command.add_argument("--explain", action="store_true", help="also name the rows of the decision table that decide")
    command.set_defaults(run=_ask)
    return parser


def _build(options: argparse.Namespace) -> int:
    if options.if_stale and is_current(options.content, options.store):
        print("Knowledge store is current.")
    else:
        print(f"Building the knowledge store from {options.content.name} …", flush=True)
        _tell_of(build(options.content, options.store))
    if options.content == CONTENT and options.store == STORE:
        for topic in build_topics():
            print(f"Building the knowledge store of the topic {topic} …", flush=True)
    return 0


def _tell_of(guideline: Guideline) -> None:
    ratings = sum(len(variant.ratings) for variant in guideline.variants)
    print(
        f"Knowledge version {guideline.version}: {len(guideline.variants)} variants, {ratings} ratings, "
        f"{_statements(guideline)} sourced statements."
    )


def _statements(guideline: Guideline) -> int:
    return sum(1 + len(outcome.statements) for outcome in guideline.outcomes) + len(guideline.notes)


def _check(options: argparse.Namespace) -> int:
    guideline = read_content(options.content)
    print(f"Checking {guideline.id}, {guideline.edition}, knowledge version {guideline.version} …", flush=True)
    proof = prove(guideline, options.content, REFERENCE_CASES)
    print(f"{proof.cases:>9,} consistent complete cases, each with exactly one outcome")
    for number, (row, cases) in enumerate(zip(guideline.rows, proof.of_row, strict=True), start=1):
        print(f"{cases:>9,} decided by row {number:>2}  {row.outcome}")
    print(f"{proof.reference_cases:>9,} reference cases, all in agreement")
    print(
        f"{proof.partial_cases:>9,} partial cases followed through every answer; "
        f"{proof.questions:,} questions, none of them useless"
    )
    print(f"{proof.most_questions:>9} questions at most in one dialogue")
    return 0


def _show(options: argparse.Namespace) -> int:
    guideline = load(options.store)
    outcome = guideline.outcome.get(options.id)
    if outcome is None:
        print(f"No outcome {options.id!r}. There are: {', '.join(guideline.outcome)}", file=sys.stderr)
        return 1
    print(f"{guideline.short_name}, {guideline.edition} (knowledge {guideline.version})")
    print(_heading(outcome))
    for rating in outcome.ratings:
        radiation = guideline.procedure[rating.procedure].adult_radiation
        marks = [f"radiation {radiation}"] if radiation else []
        marks += ["panel disagreement"] if rating.panel_disagreement else []
        marked = f" ({', '.join(marks)})" if marks else ""
        print(f"  {rating.category:<24} {rating.procedure}{marked} [{rating.source}]")
    for statement in (outcome.because, *outcome.statements):
        print(f"  {statement.kind}: {statement.text} [{statement.source}]")
    return 0


def _ask(options: argparse.Namespace) -> int:
    engine, paint = Engine(current(options.content, options.store)), paint_for(sys.stdout)
    try:
        case = case_of(options.facts, engine.guideline)
    except BadFact as error:
        print(f"{error}", file=sys.stderr)
        return 2
    print("\n".join(shown(engine, case, paint)))
    if options.explain:
        print("\n".join(["", *explained(engine, case, options.content, paint)]))
    return 0


def _heading(outcome: Outcome) -> str:
    return f"Variant {outcome.number}: {outcome.title}" if outcome.number else f"{outcome.id}: {outcome.title}"


if __name__ == "__main__":
    sys.exit(main())
