"""python -m channels.teams package HOST: writes the app package for Teams."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from channels.teams.package import write_package

PACKAGE = Path(__file__).parents[2] / ".build" / "teams-app.zip"


def main(arguments: list[str]) -> int:
    """Write the package for TEAMS_APP_ID; returns 1 and says why if that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m channels.teams")
    commands = parser.add_subparsers(required=True)
    package = commands.add_parser("package", help="write the app package, .build/teams-app.zip")
    package.add_argument("host", help="the host name of the messaging endpoint, such as vcf.example.org")
    package.add_argument("--out", type=Path, default=PACKAGE)
    given = parser.parse_args(arguments)
    try:
        write_package(given.out, os.environ.get("TEAMS_APP_ID", ""), given.host)
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"Wrote {given.out}; upload it to Teams (docs/teams.md).")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
