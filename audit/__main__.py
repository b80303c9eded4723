"""Command line of the record of answers: python -m audit verify | export | replay."""

from __future__ import annotations

import argparse
import sys

from sqlalchemy.exc import SQLAlchemyError

from audit.export import FORMATS, export
from audit.rows import Head
from audit.store import ALWAYS, Audit
from audit.verify import verify
from service.settings import settings
from storage.built import NotAsBuilt

LISTED = 20
"""Differing answers that are listed at most."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 1 if something is wrong with the record."""
    given = _parser().parse_args(arguments)
    try:
        audit = Audit(given.database or settings().audit_database, hurried=False)
        return {"verify": _verify, "export": _export, "replay": _replay}[given.command](audit, given)
    except NotAsBuilt as fault:
        print(fault, file=sys.stderr)
        return 1
    except SQLAlchemyError as fault:
        print(f"The audit database cannot be read ({type(fault).__name__}); is AUDIT_DATABASE right?", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser("verify", help="whether an answer is missing or changed; prints the head")
    verifying.add_argument("--head", type=_head, help="an end of the chain that was kept elsewhere, as printed then")
    verifying.add_argument("--after", type=_head, help="a verified end of the chain: only what came after it")
    exporting = commands.add_parser("export", help="the answers as JSON Lines or CSV, to the standard output")
    exporting.add_argument("--since", default=ALWAYS[0], help="the first moment, UTC: 2026-11-01 or 2026-11-01T08:30")
    exporting.add_argument("--until", default=ALWAYS[1], help="the moment before which to end")
    exporting.add_argument("--format", choices=FORMATS, default=FORMATS[0])
    replaying = commands.add_parser("replay", help="hold every conversation again and compare the answers")
    replaying.add_argument("--since", default="", help="only conversations that went on since then, UTC")
    for command in (verifying, exporting, replaying):
        command.add_argument("--database", help="the database's URL, if it is not that of AUDIT_DATABASE")
    return parser


def _head(text: str) -> Head:
    sequence, _, value = text.partition(":")
    if not sequence.isdigit() or len(value) != len(Head().hash):
        raise argparse.ArgumentTypeError("a head is a number, a colon and 64 digits, as verify prints it")
    return Head(int(sequence), value)


def _verify(audit: Audit, given: argparse.Namespace) -> int:
    unguarded = audit.unguarded()
    if unguarded:
        told = f"The database did not guard the record: {', '.join(sorted(unguarded))} gone, changed or off."
        print(f"{told} Who did that? The assistant sets it up again when it next starts.", file=sys.stderr)
    begun = given.after or Head()
    if given.head and given.head.sequence < begun.sequence:
        print(
            "--head is older than --after, and is not looked at behind that. Leave one of the two out.", file=sys.stderr
        )
        return 1
    found = verify(audit.rows(after=max(0, begun.sequence - 1)), given.head, begun)
    if found.problem:
        print(f"{found.problem} Whole up to {found.head}", file=sys.stderr)
        return 1
    print(f"{found.head.sequence} answers, none missing or changed; the text of {found.purged} was purged.")
    print(f"Head: {found.head}")
    return 1 if unguarded else 0


def _export(audit: Audit, given: argparse.Namespace) -> int:
    export(audit.rows(given.since, given.until), given.format, sys.stdout)
    return 0


def _replay(audit: Audit, given: argparse.Namespace) -> int:
    # Rasa takes seconds to load, and the other commands need none of it.
    from audit.replay import Replay
    from knowledge.store import STORE, load
    from knowledge.topics import topic_stores
    from service.build import build_all
    from service.versions import versions

    model = build_all(settings())
    knowledge = frozenset(load(path).version for path in (STORE, *topic_stores()))
    conversations = audit.conversations(given.since)
    result = Replay(model, versions(), knowledge).all(map(audit.of, conversations), _tell)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(f"{result.same} answers are the same again, {len(result.different)} are not.")
    print(f"{result.of_others} are of other versions; of these {result.of_others_different} differ now.")
    print(f"Not held again: {result.purged} whose texts were purged, {result.unbegun} whose session began unrecorded.")
    print(f"{result.not_given} were recorded and not given, because their turns could not be stored.")
    print(f"{result.refused} times nothing was answered, because it could not be recorded.")
    for row in result.different[:LISTED]:
        print(f"  row {row.sequence}, {row.at}, {row.action}, {row.kind} {row.outcome or ''}")
    if len(result.different) > LISTED:
        print(f"  … and {len(result.different) - LISTED} more")
    if not result.proved:
        print("No answer of these versions was held again, so nothing is proved.", file=sys.stderr)
    return 1 if result.different or not result.proved else 0


def _tell(done: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} conversations", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
