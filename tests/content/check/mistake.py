"""A mistake that content staff may make, the check that finds it, and the files that the examples break."""

from __future__ import annotations

from dataclasses import dataclass

from content.check.checks import Check
from tests.knowledge.breakages import Breakage

RULES, CASES, NLU, DOMAIN = "data/rules.yml", "data/stories/cases.yml", "data/nlu.yml", "domain.yml"
EDITION = "knowledge/content/acr-vcf-2022"
V1, SOURCES, NEURO = f"{EDITION}/variants/v1.yml", f"{EDITION}/sources.yml", "nlu/rules/neuro.yml"
STORY, EXAMPLE = "tests/stories/seeds.yml", "nlu/examples/neurologic_short.jsonl"


@dataclass(frozen=True)
class Mistake:
    """A mistake that `check` finds, and what its advice says."""

    check: Check
    breakage: Breakage
    advice: str


def mistake(check: Check, name: str, file: str, old: str, new: str, says: str, advice: str, below: int = 0) -> Mistake:
    """Replacing the first `old` in `file` by `new`: the problem stands `below` lines under it."""
    return Mistake(check, Breakage(name, file, old, new, says, below), advice)
