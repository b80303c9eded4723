"""Show how a message is read: python -m nlu "72F, breast ca, no weakness" [--explain]."""

from __future__ import annotations

import argparse
import sys

from storage.built import NotAsBuilt
from terminal.color import paint_for
from terminal.messages import add_message, messages, tell_of_loading


def main(arguments: list[str] | None = None) -> int:
    """Print what is read from each message; with --explain also every finding with the rules behind it."""
    parser = argparse.ArgumentParser(prog="python -m nlu", description="Show how a message is read.")
    add_message(parser)
    parser.add_argument("--explain", action="store_true", help="also name file and line of every rule that fired")
    options = parser.parse_args(arguments)
    tell_of_loading()
    # The reader takes seconds to import; help and wrong options need not wait for it.
    from nlu.display import explained, shown
    from nlu.reader import default_reader
    from nlu.rules import BadRules

    paint = paint_for(sys.stdout)
    try:
        reader = default_reader()
    except (BadRules, NotAsBuilt) as error:
        print(error, file=sys.stderr)
        return 1
    for message in messages(options.message):
        reading = reader.read(message)
        print("\n".join(shown(reading, paint)))
        if options.explain:
            print("\n".join(["", *explained(reading, reader.rules, paint)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
