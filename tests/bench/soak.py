"""The soak: python -m tests.bench.soak [--minutes 60] [--to FILE]. Conversations at a quarter of the top rate.

Nothing may fail, every message has to have exactly one turn in its own conversation (tests.bench.load looks at each
that is over), and what the processes hold must not grow once they are warm.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import linear_regression, median

from service.build import build_all
from service.settings import settings
from tests.bench.generator import Generator, Held, generator
from tests.bench.processes import SERVERS, machine, memory
from tests.bench.progress import tell
from tests.served import start

CLINICIANS = 16
"""Conversations at once."""
PART = 0.25
"""Of the top rate."""
LEAST_TOP = 60.0
"""The top rate that is aimed at (turns a second), and taken where other work on the machine leaves less."""
HELD_OF_IT = 0.8
"""Part of the rate that is meant to be held, below which the soak shows nothing."""
WARM_SECONDS, TOP_SECONDS = 5.0, 20.0
"""How long the servers warm up, and the top rate is measured."""
SAMPLE_SECONDS = 10.0
MOST_GROWTH = 0.05
"""By which what a process holds in the last third may exceed what it held in the middle one; the first warms up."""
MOST_AN_HOUR = ((1800.0, 15.0), (300.0, 120.0))
"""Seconds from which on a soak tells a growth by so many megabytes an hour from what comes and goes."""


@dataclass(frozen=True)
class Soaked:
    """How it went: turns a second at the top, what was held, and the megabytes (PSS) of each process by sample."""

    top: float
    held: Held
    megabytes: dict[str, list[float]]

    @property
    def meant(self) -> float:
        """Turns a second that were to be held."""
        return rate(self.top)

    def problems(self) -> list[str]:
        """What was wrong, each in a sentence."""
        found = [f"{len(self.held.failures)} failures, such as: {self.held.failures[0]}"] if self.held.failures else []
        if self.held.rate < HELD_OF_IT * self.meant:
            found.append(f"{self.held.rate:.1f} turns a second were held, of {self.meant:.1f} that were meant")
        for name, samples in self.megabytes.items():
            most = next((most for seconds, most in MOST_AN_HOUR if self.held.seconds >= seconds), inf)
            if (more := an_hour(samples, self.held.seconds)) > most:
                found.append(f"the {name} grows by {more:.0f} MB an hour: {samples}")
            if (grown := growth(samples)) > MOST_GROWTH:
                found.append(f"the {name} grew by {grown:.1%} from the middle third to the last: {samples}")
        return found


def growth(samples: Sequence[float]) -> float:
    """By which part the median of the last third exceeds that of the middle third."""
    third = len(samples) // 3
    return median(samples[-third:]) / median(samples[third : 2 * third]) - 1 if third else 0.0


def an_hour(samples: Sequence[float], seconds: float) -> float:
    """By how many megabytes a process grows an hour, by the straight line through all but the first third."""
    warm = samples[len(samples) // 3 :]
    hours = [number * seconds / 3600 / len(samples) for number in range(len(warm))]
    return linear_regression(hours, warm).slope if len(warm) > 1 else 0.0


def rate(top: float) -> float:
    """Turns a second that are held where `top` are the most."""
    return PART * max(top, LEAST_TOP)


def main(arguments: list[str] | None = None) -> int:
    """Hold the conversations and write the report; returns 1 if something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--to", type=Path, default=settings().build / "soak.md", help="the report to write")
    given = parser.parse_args(arguments)
    soaked = soak(60 * given.minutes)
    problems = soaked.problems()
    given.to.write_text(report(soaked, problems), encoding="utf-8")
    print(report(soaked, problems))
    return 1 if problems else 0


def soak(seconds: float) -> Soaked:
    """Have conversations held for so long, telling every now and then how it goes."""
    build_all(settings())
    with generator() as load:
        tell("Starting the servers …")
        served = start(more=load.environment)
        try:
            url = f"http://127.0.0.1:{served.ports[0]}"
            tell("Measuring the top rate …")
            load.run(url, "web", CLINICIANS, WARM_SECONDS)
            top = load.run(url, "web", CLINICIANS, TOP_SECONDS).rate
            return _soaked(load, url, top, [served.children(module)[0] for module in SERVERS.values()], seconds)
        finally:
            served.stop()


def _soaked(load: Generator, url: str, top: float, processes: list[int], seconds: float) -> Soaked:
    megabytes: dict[str, list[float]] = {name: [] for name in SERVERS}
    pause = CLINICIANS / rate(top)
    with ThreadPoolExecutor(max_workers=1) as pool:
        held = pool.submit(load.run, url, "web", CLINICIANS, seconds, pause=pause)
        begun = time.monotonic()
        while not held.done():
            time.sleep(min(SAMPLE_SECONDS, seconds / 10))
            for name, process in zip(SERVERS, processes, strict=True):
                megabytes[name].append(round(memory(process)[1], 1))
            latest = ", ".join(f"{name} {samples[-1]:.0f} MB" for name, samples in megabytes.items())
            tell(f"{(time.monotonic() - begun) / 60:.1f} of {seconds / 60:.1f} minutes; {latest}")
        return Soaked(top, held.result(), megabytes)


def report(soaked: Soaked, problems: Sequence[str]) -> str:
    """How it went, in Markdown."""
    held, failed = soaked.held, len(soaked.held.failures)
    lines = [
        f"# Soak: {'not passed' if problems else 'passed'}",
        "",
        f"The machine: {machine()}. {CLINICIANS} conversations at once over the web channel for "
        f"{held.seconds / 60:.0f} minutes, {held.rate:.1f} turns a second of {soaked.top:.0f} at most.",
        "",
        f"{len(held.milliseconds)} turns, median {held.median:.0f} ms, p95 {held.p95:.0f} ms; {failed} failed.",
        "",
        "| process | MB after warm-up | at the end | growth of the last third | MB more an hour |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, samples in soaked.megabytes.items():
        grown = f"{growth(samples):.1%} | {an_hour(samples, held.seconds):.1f}"
        lines.append(f"| {name} | {samples[len(samples) // 3]:.0f} | {samples[-1]:.0f} | {grown} |")
    return "\n".join([*lines, "", *problems, ""])


if __name__ == "__main__":
    sys.exit(main())
