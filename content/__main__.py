"""The commands for content staff: python -m content check | report | differences."""

from __future__ import annotations

import argparse
import sys

from content.check import command as check
from content.report import command as report


def main(arguments: list[str] | None = None) -> int:
    """Run the command named on the command line; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m content", description="Commands for content staff.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check.add_to(commands)
    report.add_to(commands)
    options = parser.parse_args(arguments)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
