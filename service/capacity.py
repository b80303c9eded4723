"""How much of everything so many clinicians need, from what was measured: python -m service capacity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.yaml_source import read_document
from service.settings import ROOT
from storage.database import CONNECTIONS

MEASURED = ROOT / "deploy" / "measured.yml"
CLINICIANS = 10_000
SECONDS_BETWEEN = 30
"""From one message of a clinician to the next: an answer is read and a patient looked at before that is written."""
UTILIZATION = 0.5
"""Of the processors, at that load: the other half is for bursts, for pods that start, and for a node that is lost."""
MEMORY_MARGIN = 1.5
TURNS_A_DAY = 20
"""Messages of one clinician in a day."""
KEPT_DAYS, YEAR = 30, 365
"""Days for which conversations are kept; the record is kept for good, and its texts for a year."""
MOST_PODS = 28
"""That the autoscaler may make (deploy/kubernetes/horizontalpodautoscaler.yaml)."""
REPLACED = 1
"""Pods beyond these while they are replaced one by one."""
STORES = 2
"""For which a pod holds connections to PostgreSQL: conversations in its worker, the record in its action server."""
POOLED_ABOVE = 300
"""Connections to one PostgreSQL above which a pooler (PgBouncer) stands before it."""


@dataclass(frozen=True)
class Measured:
    """Figures of deploy/measured.yml. Processor time in milliseconds a turn, memory in megabytes; what conversations
    and the record grow by in bytes a turn, the answers recorded of a turn, and those that one chain takes in a second.
    """

    milliseconds: dict[str, float]
    megabytes: dict[str, float]
    conversation_bytes: int
    record_bytes: int
    answers_per_turn: float
    answers_per_second: float


@dataclass(frozen=True)
class Plan:
    """What is needed. Turns a second, pods, cores of pods and of PostgreSQL, chains of the record, gigabytes."""

    turns_per_second: float
    turns_per_second_of_pod: float
    pods: int
    cores: int
    memory: int
    postgres_cores: int
    redis_cores: int
    connections: int
    chains: int
    conversations: int
    record: int


def measured(path: Path = MEASURED) -> Measured:
    """The figures that were measured last."""
    found: dict[str, Any] = read_document(path).data
    return Measured(
        dict(found["processor_milliseconds_per_turn"]),
        dict(found["memory_megabytes"]),
        int(found["conversation_bytes_per_turn"]),
        int(found["record_bytes_per_turn"]),
        float(found["recorded_answers_per_turn"]),
        float(found["recorded_answers_per_second"]),
    )


def plan(figures: Measured, clinicians: int = CLINICIANS) -> Plan:
    """The plan for `clinicians` who are all in a conversation at the same time. A pod has one worker and one core."""
    wanted = clinicians / SECONDS_BETWEEN
    own = figures.milliseconds["worker"] + figures.milliseconds["action_server"]
    of_pod = 1000 / own * UTILIZATION
    pods = math.ceil(wanted / of_pod) + 1
    megabytes = sum(figures.megabytes.values()) * MEMORY_MARGIN
    return Plan(
        turns_per_second=wanted,
        turns_per_second_of_pod=of_pod,
        pods=pods,
        cores=pods,
        memory=math.ceil(pods * megabytes / 1000),
        postgres_cores=_cores(wanted, figures.milliseconds["postgresql"]),
        redis_cores=_cores(wanted, figures.milliseconds["redis"]),
        connections=(max(pods, MOST_PODS) + REPLACED) * STORES * CONNECTIONS,
        chains=math.ceil(wanted * figures.answers_per_turn / (figures.answers_per_second * UTILIZATION)),
        conversations=math.ceil(clinicians * TURNS_A_DAY * KEPT_DAYS * figures.conversation_bytes / 1e9),
        record=math.ceil(clinicians * TURNS_A_DAY * YEAR * figures.record_bytes / 1e9),
    )


def told(figures: Measured, clinicians: int = CLINICIANS) -> str:
    """The plan with its arithmetic, in Markdown."""
    needed, cost = plan(figures, clinicians), figures.milliseconds
    sizes = " + ".join(f"{size:.0f}" for size in figures.megabytes.values())
    pooled = (
        "a pooler (PgBouncer) before it"
        if needed.connections > POOLED_ABOVE
        else "without a pooler; max_connections above it"
    )
    rows = (
        ("turns a second", f"{clinicians:,} / {SECONDS_BETWEEN} s", f"{needed.turns_per_second:.0f}"),
        (
            "turns a second of a pod",
            f"1000 / ({cost['worker']} + {cost['action_server']} ms) × {UTILIZATION:.0%}",
            f"{needed.turns_per_second_of_pod:.1f}",
        ),
        (
            "pods, one core each",
            f"{needed.turns_per_second:.0f} / {needed.turns_per_second_of_pod:.1f}, and one that may be lost",
            str(needed.pods),
        ),
        (
            "memory of the pods",
            f"{needed.pods} × ({sizes} MB) × {MEMORY_MARGIN}",
            f"{needed.memory} GB",
        ),
        (
            "cores of PostgreSQL",
            f"{needed.turns_per_second:.0f} × {cost['postgresql']} ms / {UTILIZATION:.0%}",
            str(needed.postgres_cores),
        ),
        (
            "cores of Redis",
            f"{needed.turns_per_second:.0f} × {cost['redis']} ms / {UTILIZATION:.0%}",
            str(needed.redis_cores),
        ),
        (
            "connections to PostgreSQL",
            f"({max(needed.pods, MOST_PODS)} pods at most, and one while they are replaced) "
            f"× {STORES} stores × {CONNECTIONS}",
            f"{needed.connections}, {pooled}",
        ),
        (
            "chains of the record",
            f"{needed.turns_per_second:.0f} × {figures.answers_per_turn} answers / "
            f"({figures.answers_per_second:.0f} × {UTILIZATION:.0%})",
            str(needed.chains),
        ),
        (
            "database, conversations",
            f"{clinicians:,} × {TURNS_A_DAY} turns × {KEPT_DAYS} days × {figures.conversation_bytes / 1000:.1f} kB",
            f"{needed.conversations} GB",
        ),
        (
            "database, record",
            f"{clinicians:,} × {TURNS_A_DAY} turns × {YEAR} days × {figures.record_bytes / 1000:.1f} kB",
            f"{needed.record} GB each year",
        ),
    )
    lines = ["| what | how it is reckoned | needed |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {how} | {much} |" for what, how, much in rows)])


def _cores(turns: float, milliseconds: float) -> int:
    return max(1, math.ceil(turns * milliseconds / 1000 / UTILIZATION))
