"""What the commands share that make something of stored conversations: their options, and a person's approval."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ruamel.yaml import YAML

from content.edits import Edit
from terminal.color import Paint, paint_for
from terminal.paths import shown
from terminal.questions import Refused

Words = Mapping[str, str]
"""What a command says, by name."""
PROJECT = Path(__file__).parent.parent
DATABASE = PROJECT / ".build" / "conversations.sqlite"
NLU = Path("data") / "nlu.yml"


def add_store(parser: argparse.ArgumentParser) -> None:
    """Where the conversations and the project lie."""
    parser.add_argument("--database", help="SQLAlchemy URL of the tracker store (.build/conversations.sqlite)")
    parser.add_argument("--project", type=Path, default=PROJECT, help="folder of the project")


def add_approval(parser: argparse.ArgumentParser) -> None:
    """What is approved beforehand."""
    parser.add_argument("--yes", action="store_true", help="approve everything without being asked")


def store_url(arguments: argparse.Namespace) -> str:
    """The URL of the tracker store."""
    return str(arguments.database or f"sqlite:///{DATABASE}")


def somebody_there(yes: bool) -> None:
    """Raises Refused if nobody can approve anything and nothing was approved beforehand."""
    if not (yes or sys.stdin.isatty()):
        raise Refused("There is nobody to approve what is written; run it on a terminal, or say --yes.")


def approved(item: str, question: str, yes: bool, paint: Paint) -> bool:
    """Whether a person takes `item`; anything but a clear yes leaves it out."""
    print(f"  {item}")
    if yes:
        return True
    try:
        return input(f"  {paint('open', question)} ").strip().casefold() in ("y", "yes")
    except EOFError:
        raise Refused("Stopped; nothing was written.") from None


def offer(texts: Path, prepared: Callable[[Words, Paint], list[Edit]]) -> int:
    """Write the `prepared` edits, which were approved, and tell where; returns the exit status.

    `texts` is the YAML file with the words of the command, of which `check` and `nothing` are said at the end.
    """
    words, paint = YAML(typ="safe").load(texts), paint_for(sys.stdout)
    try:
        edits = prepared(words, paint)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    for edit in edits:
        edit.write()
        print(paint("heading", f"Wrote {shown(edit.path)}:{edit.line}"))
        print("\n".join(f"  {line}" for line in edit.new.splitlines()))
    print(words["check"] if edits else words["nothing"])
    return 0
