"""The benchmark: python -m tests.evaluation [--errors] [--baselines] [FOLDER …].

Prints a Markdown report; with --baselines the other readers are measured in the same run, and the report
also goes to a file.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knowledge.engine import Engine
from knowledge.store import STORE, build, load
from nlu.reader import ClinicalReader, default_reader
from nlu.second_reader import NOTHING_LEARNED
from service.settings import ROOT
from tests.evaluation import report
from tests.evaluation.cases import GIVEN, OWN, in_order, red_flags, vignettes
from tests.evaluation.dialogue import Reader
from tests.evaluation.measure import RedFlagFigures, VignetteFigures, measure_red_flags, measure_vignettes

SETS = {
    "reference": GIVEN,
    **{file.parent.name.replace("_", " "): file.parent for file in sorted(OWN.glob("*/vignettes.jsonl"), key=in_order)},
}
REPORT = ROOT / "docs" / "benchmark.md"


@dataclass
class Measured:
    """Figures by set, or by reader and set."""

    vignettes: dict[str, VignetteFigures] = field(default_factory=dict)
    flags: dict[str, RedFlagFigures] = field(default_factory=dict)

    def add(self, name: str, folder: Path, engine: Engine, reader: Reader) -> None:
        """Measure `reader` on the set in `folder`."""
        self.vignettes[name] = measure_vignettes(folder, engine, reader)
        if (folder / "red_flags.jsonl").exists():
            self.flags[name] = measure_red_flags(folder, engine, reader)


def main(arguments: list[str] | None = None) -> int:
    """Measure every set there is, print the report; returns 0, or 1 if a set that was named is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description="The benchmark on labeled cases.")
    parser.add_argument("folders", nargs="*", type=Path, help="sets to measure instead of the project's own")
    parser.add_argument("--errors", action="store_true", help="list every error")
    parser.add_argument(
        "--baselines", action="store_true", help="measure other readers beside it, and write the report"
    )
    options = parser.parse_args(arguments)
    if missing := [str(folder) for folder in options.folders if not folder.is_dir()]:
        print(f"No such folder: {', '.join(missing)}", file=sys.stderr)
        return 1
    sets = {folder.name: folder for folder in options.folders} or SETS
    for name in [name for name, folder in sets.items() if not folder.is_dir()]:
        print(f"The {name} set is not here ({sets.pop(name)}); it is not measured.", file=sys.stderr)
    build(store=STORE)
    engine, reader = Engine(load()), default_reader()
    measured = Measured()
    for name, folder in sets.items():
        measured.add(name, folder, engine, lambda text: reader.read(text).facts)
    lines = list(_assistant(engine, reader, measured))
    if options.baselines:
        lines += _baselines(engine, reader, sets, measured)
        REPORT.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    if options.errors:
        for name, figures in measured.vignettes.items():
            missed = measured.flags[name].errors if name in measured.flags else []
            print(f"\n## Errors, {name}\n", *figures.errors, *missed, sep="\n")
    return 0


def _assistant(engine: Engine, reader: ClinicalReader, measured: Measured) -> Iterator[str]:
    yield "# Benchmark\n"
    yield (
        f"Measured on {date.today()} by `make evaluate`; knowledge {engine.guideline.version}, "
        f"reading rules {reader.rules.version}.\n"
    )
    yield from report.cases(measured.vignettes)
    yield from report.styles(measured.vignettes)
    yield from report.red_flags(measured.flags)
    times = [time for f in (*measured.vignettes.values(), *measured.flags.values()) for time in f.milliseconds]
    yield f"Median over all {len(times)} messages: {statistics.median(times):.1f} ms.\n"
    yield from report.classes(measured.flags)
    for name, figures in measured.vignettes.items():
        yield f"## Slots, {name}\n"
        yield from report.slots(figures.slots)
        yield f"## Assertion classes, {name}\n"
        yield from report.slots(figures.assertions)
        yield f"## Outcomes, {name}\n"
        yield from report.outcomes(figures)


def _baselines(engine: Engine, reader: ClinicalReader, sets: dict[str, Path], measured: Measured) -> Iterator[str]:
    from tests.evaluation.baselines.diet import NLU, diet_reader, run_diet
    from tests.evaluation.baselines.keywords import keyword_reader
    from tests.evaluation.baselines.medspacy_default import medspacy_reader
    from tests.evaluation.baselines.rasa_run import run_pipeline
    from tests.evaluation.intents import CLASSIFIERS, held_out, intent_figures

    diet = run_diet(_messages(sets))
    rules = ClinicalReader(reader.rules, NOTHING_LEARNED)
    others: dict[str, Reader] = {
        "keyword search": keyword_reader(),
        "medspaCy, default rules": medspacy_reader(),
        "DIET, same examples": diet_reader(diet),
        "this project, rules only": lambda text: rules.read(text).facts,
    }
    for name, folder in sets.items():
        beside = Measured()
        for other, other_reader in others.items():
            beside.add(other, folder, engine, other_reader)
        beside.vignettes["this project"] = measured.vignettes[name]
        if name in measured.flags:
            beside.flags["this project"] = measured.flags[name]
        yield f"## Beside other readers, {name}\n"
        yield from report.cases(beside.vignettes)
        yield from report.red_flags(beside.flags)
    yield f"DIET's {diet.milliseconds:.1f} ms a message are measured in its own process and not in the table.\n"
    texts = [text for text, _ in held_out()]
    nlu = NLU.read_text(encoding="utf-8")
    yield "## Intent classifiers\n"
    yield from report.intents({name: intent_figures(run_pipeline(c, nlu, texts)) for name, c in CLASSIFIERS.items()})


def _messages(sets: dict[str, Path]) -> list[str]:
    texts: list[str] = []
    for folder in sets.values():
        texts += [vignette.text for vignette in vignettes(folder)]
        if (folder / "red_flags.jsonl").exists():
            texts += [message.text for message in red_flags(folder)]
    return texts


if __name__ == "__main__":
    sys.exit(main())
