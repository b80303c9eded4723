"""The capacity plan: the arithmetic, and that the document shows what follows from the figures measured last."""

from __future__ import annotations

from service.capacity import CLINICIANS, MOST_PODS, Measured, measured, plan, told
from service.settings import ROOT

EXAMPLE = Measured(
    {"worker": 20.0, "action_server": 5.0, "postgresql": 3.0, "redis": 0.5},
    {"worker": 600, "x": 200},
    7000,
    2000,
    1.1,
    500.0,
)


def test_the_plan_follows_from_the_figures() -> None:
    """10,000 clinicians, a message each half minute, 25 ms of a core for each: 20 turns a second in half of a core."""
    needed = plan(EXAMPLE, 10_000)
    assert round(needed.turns_per_second) == 333
    assert needed.turns_per_second_of_pod == 20
    assert needed.pods == needed.cores == 18
    assert needed.memory == 22
    assert needed.connections == (28 + 1) * 2 * 5
    assert plan(EXAMPLE, 20_000).connections == (35 + 1) * 2 * 5
    assert (needed.postgres_cores, needed.redis_cores) == (2, 1)
    assert (needed.conversations, needed.record) == (42, 146)
    assert needed.chains == 2


def test_twice_the_clinicians_need_about_twice_the_pods() -> None:
    """Beside the one that may be lost."""
    assert plan(EXAMPLE, 20_000).pods - 1 in (
        2 * (plan(EXAMPLE, 10_000).pods - 1),
        2 * (plan(EXAMPLE, 10_000).pods - 1) - 1,
    )


def test_the_document_shows_the_plan_as_it_is_reckoned() -> None:
    """`python -m service capacity` prints the same."""
    assert told(measured(), CLINICIANS) in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_manifests_allow_for_the_plan() -> None:
    """The autoscaler may make so many pods."""
    manifest = (ROOT / "deploy" / "kubernetes" / "horizontalpodautoscaler.yaml").read_text(encoding="utf-8")
    most = int(manifest.split("maxReplicas:")[1].split()[0])
    assert plan(measured()).pods <= most == MOST_PODS
