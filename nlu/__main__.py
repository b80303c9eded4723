"""Show how a message is read: python -m nlu "72F, breast ca, no weakness" [--explain]."""

from __future__ import annotations

import argparse
import sys

from nlu.reader import Reading, default_reader


def main(arguments: list[str] | None = None) -> int:
    """Print the facts read from a message; with --explain also every finding, its assertion and its rule."""
    parser = argparse.ArgumentParser(prog="python -m nlu", description="Show how a message is read.")
    parser.add_argument("message", help="the message; - reads it from standard input")
    parser.add_argument("--explain", action="store_true", help="also show every finding with the rule behind it")
    options = parser.parse_args(arguments)
    message = sys.stdin.read() if options.message == "-" else options.message
    reading = default_reader().read(message)
    _print_facts(reading)
    if options.explain:
        _print_findings(reading)
    return 0


def _print_facts(reading: Reading) -> None:
    for fact in reading.facts:
        print(
            f"{fact.fact:<24} {fact.value or '(possible)':<14} {fact.words!r} at {fact.start}-{fact.end}  [{fact.rule}]"
        )
    if not reading.facts:
        print("No fact of a case was read.")


def _print_findings(reading: Reading) -> None:
    print("\nFindings")
    for finding in reading.findings:
        start, end = reading.text.span(finding.start, finding.end)
        words = " ".join(reading.text.raw[start:end].split())
        marks = ", ".join(sorted(finding.modifiers)) or "-"
        print(
            f"{finding.label:<24} {finding.assertion:<12} {words!r}  ({marks})  "
            f"[{finding.phrase.file}:{finding.phrase.line}]"
        )


if __name__ == "__main__":
    sys.exit(main())
