"""python -m content check: what is wrong with the content, where, and how to mend it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from content.check.checks import STAGES
from content.check.problem import Problem
from content.check.project import ROOT, Project
from terminal.color import Paint, paint_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to tell of, and where the project lies."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="tell only of these files and folders")
    parser.add_argument("--project", type=Path, default=ROOT, help="the folder of the project (this one)")


def run(arguments: argparse.Namespace) -> int:
    """Print every problem; returns 1 if there is one."""
    started = time.monotonic()
    root = arguments.project.resolve()
    found, left = problems(Project(root))
    shown = [problem for problem in found if _is_below(root / problem.path, arguments.paths)]
    paint = paint_for(sys.stdout)
    for problem in shown:
        print(_line(problem, paint))
    number = f"{len(shown)} problem{'' if len(shown) == 1 else 's'}"
    more = "; mend these first, then the other checks can run" if left else ""
    print(f"{number} in {time.monotonic() - started:.1f} s{more}.")
    return 1 if shown else 0


def problems(project: Project) -> tuple[list[Problem], bool]:
    """Every problem in the order of files and lines, and whether checks are left that need these mended first."""
    for number, checks in enumerate(STAGES, 1):
        if found := sorted({problem for check in checks for problem in check(project)}):
            return found, number < len(STAGES)
    return [], False


def _is_below(path: Path, wanted: Sequence[str]) -> bool:
    places: Iterable[Path] = (Path(place).resolve() for place in wanted)
    return not wanted or any(path == place or place in path.parents for place in places)


def _line(problem: Problem, paint: Paint) -> str:
    place, what, mend = problem.parts
    return f"{paint('heading', place)} {what} {paint('advice', mend)}"
