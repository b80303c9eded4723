"""Command line of content staff: python -m content check | try | new | review | report | …"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

COMMANDS = {
    "check": ("content.check.command", "find mistakes in the content, without training"),
    "try": ("content.trying", "what is read from a message, asked next and answered"),
    "new": ("content.new", "start a story, variant, faq, phrase or edition"),
    "review": ("content.review", "turns that were misunderstood at work, each with what to make of it"),
    "example-from": ("content.example_from", "an example of an intent from a stored turn"),
    "story-from": ("content.story_from", "a test story and examples from a stored conversation"),
}
"""Command to its module, which has `add_arguments(parser)` and `run(arguments)`, and what it does."""
REPORT = {
    "differences": "what changed in the content since a commit or between editions, in a few lines",
    "report": "the content as a page to look at, with what changed",
}
"""The commands of content.report.command, which adds both."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m content", description="The workshop of content staff.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, (module, purpose) in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        # Only the command in use is imported: none has to wait for what another needs.
        if words[:1] == [name]:
            found = import_module(module)
            found.add_arguments(command)
            command.set_defaults(run=found.run)
    if words[:1] and words[0] in REPORT:
        import_module("content.report.command").add_to(commands)
    else:
        for name, purpose in REPORT.items():
            commands.add_parser(name, help=purpose)
    options = parser.parse_args(words)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        # Whoever reads the output, such as head, has read enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
