"""The benchmark: python -m tests.evaluation [--errors] [FOLDER …]. Prints a Markdown report."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from knowledge.engine import Engine
from knowledge.store import STORE, build, load
from nlu.reader import default_reader
from tests.evaluation.cases import GIVEN, OWN
from tests.evaluation.measure import RedFlagFigures, VignetteFigures, measure_red_flags, measure_vignettes

SETS = {
    "reference": GIVEN,
    "development": OWN / "development",
    "development 2": OWN / "development_2",
    "development 3": OWN / "development_3",
    "held out": OWN / "held_out",
}


def main(arguments: list[str] | None = None) -> int:
    """Measure every set there is, print the report; returns 0, or 1 if a set that was named is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description="The benchmark on labelled cases.")
    parser.add_argument("folders", nargs="*", type=Path, help="sets to measure instead of the project's own")
    parser.add_argument("--errors", action="store_true", help="list every error")
    options = parser.parse_args(arguments)
    sets = {str(folder): folder for folder in options.folders} or SETS
    if missing := [str(folder) for folder in options.folders if not folder.is_dir()]:
        print(f"No such folder: {', '.join(missing)}", file=sys.stderr)
        return 1
    build(store=STORE)
    engine, reader = Engine(load()), default_reader()
    print(f"Measured on {date.today()}; knowledge {engine.guideline.version}, reading rules {reader.rules.version}.\n")
    vignettes: dict[str, VignetteFigures] = {}
    flags: dict[str, RedFlagFigures] = {}
    for name, folder in sets.items():
        if not folder.is_dir():
            print(f"The {name} set is not here ({folder}); it is not measured.\n")
            continue
        vignettes[name] = measure_vignettes(folder, engine, lambda text: reader.read(text).facts)
        if (folder / "red_flags.jsonl").exists():
            flags[name] = measure_red_flags(folder, lambda text: reader.read(text).facts)
    _print_vignettes(vignettes)
    _print_slots(vignettes)
    _print_red_flags(flags)
    if options.errors:
        for name in vignettes:
            missed = flags[name].errors if name in flags else []
            print(f"\n### Errors, {name}\n", *vignettes[name].errors, *missed, sep="\n")
    return 0


def _print_vignettes(sets: dict[str, VignetteFigures]) -> None:
    print(
        "| set | cases | stated slots right | unstated slots filled | right outcome "
        "| questions asked | fewest possible | median ms a message |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, f in sets.items():
        print(
            f"| {name} | {f.cases} | {f.slot_accuracy:.1%} | {f.over_reading:.1%} | {f.outcome_accuracy:.1%} "
            f"| {f.asked / f.cases:.2f} | {f.fewest / f.cases:.2f} | {f.median_milliseconds:.1f} |"
        )
    print(
        "\n| set | " + " | ".join(("shorthand", "sentences", "long_note", "incomplete")) + " |\n|---|---|---|---|---|"
    )
    for name, f in sets.items():
        shares = [f.styles.get(style, []) for style in ("shorthand", "sentences", "long_note", "incomplete")]
        print(f"| right outcome, {name} | " + " | ".join(f"{sum(s)}/{len(s)}" for s in shares) + " |")


def _print_slots(sets: dict[str, VignetteFigures]) -> None:
    print("\n| slot | " + " | ".join(f"{name}: right of stated, unstated filled" for name in sets) + " |")
    print("|---|" + "---|" * len(sets))
    for slot in next(iter(sets.values())).slots if sets else ():
        cells = [f"{s.right}/{s.stated}, {s.unstated}" for s in (f.slots[slot] for f in sets.values())]
        print(f"| {slot} | " + " | ".join(cells) + " |")


def _print_red_flags(sets: dict[str, RedFlagFigures]) -> None:
    print(
        "\n| set | true flags | interrupt at once | 95 % lower bound | asked at once | taken as intact | false alarms |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, f in sets.items():
        print(
            f"| {name} | {f.true} | {f.caught} ({f.sensitivity:.1%}) | {f.sensitivity_bound:.1%} | {f.asked} "
            f"| {f.taken_as_intact} | {sum(f.false_alarms.values())}/{f.false} ({f.false_alarm_rate:.1%}) |"
        )


if __name__ == "__main__":
    sys.exit(main())
