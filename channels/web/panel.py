"""The case panel's data: the case, and how each of its facts is changed there."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.case import Case
from knowledge.engine import Engine
from knowledge.overview import overview
from knowledge.yaml_source import read_document


def case_panel(engine: Engine, case: Case) -> dict[str, Any]:
    """The case as the panel shows it: knowledge.overview, and with each fact of free value how it is changed
    (`free`: `pattern`, `hint`, and what to `say`; None for others)."""
    known = overview(engine, case)
    ways = _free_facts()
    return known | {"facts": [fact | {"free": ways.get(fact["slot"])} for fact in known["facts"]]}


@lru_cache(maxsize=1)
def _free_facts() -> dict[str, dict[str, str]]:
    ways: dict[str, dict[str, str]] = read_document(Path(__file__).with_name("free_facts.yml")).data
    return ways
