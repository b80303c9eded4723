"""labeled messages: vignettes (cases with facts and outcome) and red flags (messages that must or must not alarm)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

OWN = Path(__file__).parent
GIVEN = OWN.parent.parent.parent / "shared" / "eval"
"""Cases that come with a checkout's surroundings; measured too where they are there."""


@dataclass(frozen=True)
class Vignette:
    """A clinician's first message; `facts` are true of the patient, `stated` those that the text gives."""

    id: str
    style: str
    text: str
    facts: dict[str, str]
    stated: tuple[str, ...]
    outcome: str


@dataclass(frozen=True)
class RedFlag:
    """A short message; `flag` is true if it reports a new or progressive neurologic deficit of this patient."""

    id: str
    text: str
    flag: bool
    kind: str


def in_order(file: Path) -> tuple[str, int]:
    """The order of the sets, given a file of each: "held_out_10" after "held_out_9"."""
    name, _, number = file.parent.name.rpartition("_")
    return (name, int(number)) if number.isdigit() else (file.parent.name, 1)


def vignettes(folder: Path) -> list[Vignette]:
    """The vignettes of a set."""
    return [
        Vignette(d["id"], d["style"], d["text"], d["facts"], tuple(d["stated"]), d["outcome"])
        for d in _lines(folder / "vignettes.jsonl")
    ]


def red_flags(folder: Path) -> list[RedFlag]:
    """The red-flag messages of a set."""
    return [RedFlag(d["id"], d["text"], d["flag"], d["class"]) for d in _lines(folder / "red_flags.jsonl")]


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
