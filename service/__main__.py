"""Command line of the running assistant: python -m service build | serve | shell | purge | capacity."""

from __future__ import annotations

import argparse
import signal
import sys
from urllib.error import URLError

from sqlalchemy.exc import SQLAlchemyError

from knowledge.yaml_source import BadContent
from nlu.rules import BadRules
from service.build import BuildFailed, build_all
from service.capacity import measured, told
from service.production import Unsafe
from service.retention import purge
from service.settings import settings
from service.shared import Missing, check_shared
from service.shell import converse
from service.supervisor import StartFailed, running, serve
from storage.built import NotAsBuilt


def main(arguments: list[str] | None = None) -> int:
    """Build what is stale, then run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m service", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("build", "serve", "shell", "capacity"):
        commands.add_parser(name)
    purging = commands.add_parser("purge", help="remove what is older than the settings say (docs/privacy.md)")
    purging.add_argument("--dry-run", action="store_true", help="only say what would be removed")
    given, others = parser.parse_known_args(arguments)
    if others:
        # Above all none that opens Rasa's HTTP API (--enable-api, --auth-token, --jwt-…) or logs messages (--debug).
        parser.error(f"no options are handed on to Rasa: {', '.join(option.split('=')[0] for option in others)}")
    command = given.command
    if command == "capacity":
        print(told(measured()))
        return 0
    # Ends every command through the same door as Ctrl-C, so that no server is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if command == "purge":
            return _purge(given.dry_run)
        if command != "build":
            check_shared(settings())
        model = build_all(settings())
        if command == "serve":
            return serve(settings(), model)
        if command == "shell":
            print("Starting (about 20 s) …", file=sys.stderr, flush=True)
            with running(settings(), model):
                converse(settings())
    except URLError:
        print(f"The assistant stopped answering; see {settings().log}", file=sys.stderr)
        return 1
    except (BadContent, NotAsBuilt, BadRules, BuildFailed, Missing, StartFailed, Unsafe, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _purge(dry: bool) -> int:
    try:
        print(f"{'Would remove' if dry else 'Removed'}: {purge(settings(), dry)}.")
        if not dry:
            # Its figure is there from its import on, which is to say that it was done.
            from measures.purges import purged

            purged()
    except SQLAlchemyError as fault:
        print(f"A database cannot be reached ({type(fault).__name__}); purge again when it can.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
