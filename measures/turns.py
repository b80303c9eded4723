"""Counts and times of turns: how many, how long, and what they were answered with.

Each process keeps its own figures; those of all processes of a machine are added up where they are read
(channels.operations).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prometheus_client import Counter, Histogram

CHANNELS = frozenset(("web", "slack", "teams", "rest"))
KINDS = frozenset(
    "question recommendation conditional escalation not_covered rating what_if explanation answer note sources "
    "out_of_scope social".split()
)
"""The types of docs/message-contract.schema.json."""
OTHER = "other"
"""What stands for anything that is not in a closed set."""

TURNS = Counter("vcf_turns", "Messages that were taken in, by what became of them.", ["channel", "result"])
SECONDS = Histogram(
    "vcf_turn_seconds",
    "Time from a message to its answers.",
    ["channel"],
    buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0),
)
ANSWERS = Counter("vcf_answers", "Answers, by their type.", ["channel", "kind"])
OUTCOMES = Counter("vcf_outcomes", "Recommendations and other final answers, by their outcome.", ["outcome"])
ESCALATIONS = Counter("vcf_escalations", "Answers that raised an alarm.", ["channel"])
FALLBACKS = Counter("vcf_fallbacks", "Messages that were not understood, or are out of scope.", ["channel"])

UNRECORDED = Counter(
    "vcf_unrecorded", "Answers that could not be recorded when they were due; all but alarms were withheld."
)


def answered(
    channel: str, seconds: float, payloads: Sequence[Mapping[str, Any]], outcomes: frozenset[str]
) -> dict[str, Any]:
    """Count a turn that was answered with `payloads`; `outcomes` are those that the guidelines have.

    Returns what was counted: `channel`, `result`, and the `kinds` and `outcomes` of the answers.
    """
    counted = _turn(channel, "answered", seconds)
    kinds = [_known(payload.get("type"), KINDS) for payload in payloads]
    reached = [_known(payload["outcome"], outcomes) for payload in payloads if payload.get("outcome")]
    for kind in kinds:
        ANSWERS.labels(counted["channel"], kind).inc()
    for outcome in reached:
        OUTCOMES.labels(outcome).inc()
    ESCALATIONS.labels(counted["channel"]).inc(kinds.count("escalation"))
    not_read = sum(bool(payload.get("retry")) for payload in payloads)
    FALLBACKS.labels(counted["channel"]).inc(kinds.count("out_of_scope") + not_read)
    return counted | {"kinds": kinds, "outcomes": reached}


def failed(channel: str, seconds: float) -> dict[str, Any]:
    """Count a turn that nothing answered; returns `channel` and `result`."""
    return _turn(channel, "failed", seconds)


def unrecorded() -> None:
    """Count an answer that could not be recorded."""
    UNRECORDED.inc()


def _turn(channel: str, result: str, seconds: float) -> dict[str, Any]:
    channel = _known(channel, CHANNELS)
    TURNS.labels(channel, result).inc()
    SECONDS.labels(channel).observe(seconds)
    return {"channel": channel, "result": result}


def _known(name: object, among: frozenset[str]) -> str:
    return name if isinstance(name, str) and name in among else OTHER
