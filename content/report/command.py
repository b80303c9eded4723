"""python -m content report, a page that shows the content; python -m content differences, what a change changes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from content.check.project import ROOT
from content.report.differences import Differences
from content.report.history import NoHistory
from content.report.states import Unreadable, opened
from content.report.summary import summary
from knowledge.yaml_source import BadContent

OUTPUT = Path(".build/content-report")
AGAINST = "an edition (a folder of knowledge/content), a commit, or two of them with .. between"


def add_to(commands: Any) -> None:
    """Add both commands to the subcommands of a parser."""
    command: argparse.ArgumentParser = commands.add_parser(
        "differences", help="what changed in the content since a commit or between editions, in a few lines"
    )
    command.add_argument("against", nargs="?", metavar="REF", help=f"{AGAINST} (where the work began)")
    command.add_argument("--project", type=Path, default=ROOT, help="the folder of the project (this one)")
    command.set_defaults(run=_differences)
    command = commands.add_parser("report", help="the content as a page to look at, with what changed")
    command.add_argument("--against", metavar="REF_OR_EDITION", help=f"{AGAINST} (where the work began)")
    command.add_argument("--output", type=Path, metavar="DIR", help=f"folder for the page ({OUTPUT})")
    command.add_argument("--without-intents", action="store_true", help="leave out how messages are read (minutes)")
    command.add_argument("--project", type=Path, default=ROOT, help="the folder of the project (this one)")
    command.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    """Write the page; returns 1 if what was named cannot be compared, or the content cannot be read."""
    # Loaded only now, because the other commands need neither templates nor the drawing.
    from content.report.making import make

    root = options.project.resolve()
    try:
        page = make(root, options.output or root / OUTPUT, options.against, not options.without_intents, _tell)
    except (BadContent, NoHistory, Unreadable) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The report is in {page}")
    return 0


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def _differences(options: argparse.Namespace) -> int:
    """Print what differs; returns 1 if what was named cannot be compared."""
    try:
        with opened(options.project.resolve(), options.against) as states:
            print(*summary(Differences(*states)), sep="\n")
    except (BadContent, NoHistory, Unreadable) as error:
        # Where nobody named anything, there is nothing to mend: a fresh or a shallow clone has no earlier state.
        print(error, file=sys.stderr if options.against else sys.stdout)
        return 1 if options.against else 0
    return 0
