"""The report of the benchmark: figures into Markdown, beside what was aimed at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.bench.alone import LONG, Growth
from tests.bench.generator import Held, percentile
from tests.bench.processes import machine

HEAD = """# How fast it is

Written by `make bench`; do not edit it by hand. What was changed to get here stands in
[performance.md](performance.md).

The machine: {machine}. The load generator runs on it, too, in a process of its own.
Times are milliseconds unless another unit is named; p95 is what 95 of 100 turns took at most.
"""
TOGETHER = "both, side by side"
"""Among the figures of training, the one of all."""
LATE = "The median of turns 11 to 20 is {early:.1f} {where}, that of the last ten of {turns} beside them {late:.1f}."
CHANNELS = """## Over the channels

One conversation says something ten times a second at most; each of 16 and 64 every {pause} seconds, twenty times as
often as somebody who reads the answers. The last row is of 64 that never pause: what they wait is a queue. A turn in
Slack and Teams lasts until its answer is posted.

"""
CHANNEL = ("channel", "conversations", "median", "p95", "turns a second", "failed")
OTHERS = """## Beside others

Over the REST channel, in the same run; the most turns of this assistant are those of its web channel, which does more,
and what the others' training took was kept from when they were trained. The starter assistant is what `rasa init`
makes, and says fixed sentences; DIET stands in this assistant for the linear classifier, TED beside its rules. Both
run in Rasa's own server.

"""
BESIDE = (
    "assistant",
    "training (s)",
    "start (s)",
    "RSS (MB)",
    "p95 at 1",
    "p95 at 16",
    "p95 at 64",
    "turns a second at most",
)
LATENCY = {1: 60, 64: 500}
"""Milliseconds that are aimed at, by how many conversations there are at once."""
NAMES = {"web": "web", "rest": "REST", "slack": "Slack", "teams": "Teams"}


@dataclass(frozen=True)
class Assistant:
    """An assistant behind its servers: seconds until it answered, loads by channel and number of conversations, the
    load without pauses, what each process holds (RSS and PSS, megabytes), and how turns of a conversation grow."""

    name: str
    up: float
    held: dict[tuple[str, int], Held]
    top: Held
    processes: dict[str, tuple[float, float]]
    training: float | None = None
    growth: Growth | None = None

    @property
    def megabytes(self) -> float:
        """What its processes hold, each counted whole (RSS): more than they take together."""
        return sum(resident for resident, _ in self.processes.values())


@dataclass(frozen=True)
class Figures:
    """All that was measured: `training` in seconds, as is the `pause` between messages of one of several conversations,
    and `alone` in milliseconds."""

    pause: float
    training: dict[str, float] = field(default_factory=dict)
    alone: dict[str, list[float]] = field(default_factory=dict)
    growth: Growth | None = None
    ours: Assistant | None = None
    others: Sequence[Assistant] = ()


def markdown(figures: Figures) -> str:
    """The report."""
    assert figures.ours and figures.growth
    parts = [
        HEAD.format(machine=machine()),
        "## Aims\n\n" + _table(("what", "aim", "measured"), (aim.row for aim in aims(figures))),
        "## In one process\n\n" + _table(("what", "median", "p95"), _alone(figures)),
        _late(figures.growth, "in one process"),
        CHANNELS.format(pause=figures.pause) + _table(CHANNEL, _channels(figures.ours)),
        _late(figures.ours.growth, "over the web channel"),
        "## Memory\n\n" + _table(("process", "RSS (MB)", "PSS (MB)"), _memory(figures.ours)),
    ]
    if figures.training:
        parts.append("## Training from nothing\n\n" + _table(("what", "seconds"), _seconds(figures.training)))
    if figures.others:
        parts.append(OTHERS + _table(BESIDE, _beside([figures.ours, *figures.others], figures)))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _late(growth: Growth | None, where: str) -> str:
    assert growth
    return LATE.format(turns=LONG, early=growth.early, late=growth.late, where=where)


@dataclass(frozen=True)
class Aim:
    """What is aimed at, and what was measured: at most, or `at_least`; to so many `digits`."""

    what: str
    aim: float
    measured: float
    at_least: bool = False
    digits: int = 0

    @property
    def missed(self) -> bool:
        """Whether what was measured is beyond the aim, as far as the digits tell."""
        measured = round(self.measured, self.digits)
        return measured < self.aim if self.at_least else measured > self.aim

    @property
    def row(self) -> Sequence[str]:
        """Its row in the table."""
        measured = f"{self.measured:.{self.digits}f}"
        return self.what, f"{self.aim:.{self.digits}f}", f"{measured}, missed" if self.missed else measured


def aims(figures: Figures) -> Iterator[Aim]:
    """The aims of the project, each with what was measured."""
    ours, growth = figures.ours, figures.growth
    assert ours and ours.growth and growth
    for (channel, users), held in ours.held.items():
        if most := LATENCY.get(users):
            yield Aim(f"p95 of a turn, {users} at once ({NAMES[channel]})", most, held.p95)
    yield Aim("turns that failed", 0, sum(len(held.failures) for held in (*ours.held.values(), ours.top)))
    yield Aim("turns a second, at most (web)", 60, ours.top.rate, at_least=True)
    yield Aim("start (s)", 20, ours.up)
    if figures.training:
        yield Aim("training of all (s)", 45, figures.training[TOGETHER])
    yield Aim("both processes (MB, RSS)", 900, ours.megabytes)
    for where, grown in (("in one process", growth), ("web", ours.growth)):
        yield Aim(f"late turns of {LONG} beside early ones ({where}, times)", 1.05, grown.late / grown.early, digits=2)


def _alone(figures: Figures) -> Iterable[Sequence[str]]:
    for name, taken in figures.alone.items():
        yield name, f"{percentile(taken, 50):.1f}", f"{percentile(taken, 95):.1f}"


def _channels(ours: Assistant) -> Iterable[Sequence[str]]:
    for (channel, users), held in ours.held.items():
        yield NAMES[channel], str(users), *_row(held)
    yield "web, without pauses", "64", *_row(ours.top)


def _row(held: Held) -> tuple[str, ...]:
    if not held.milliseconds:
        return "-", "-", "0", str(len(held.failures))
    return f"{held.median:.0f}", f"{held.p95:.0f}", f"{held.rate:.0f}", str(len(held.failures))


def _memory(ours: Assistant) -> Iterable[Sequence[str]]:
    for name, (resident, shared) in ours.processes.items():
        yield name, f"{resident:.0f}", f"{shared:.0f}"
    yield "together", f"{ours.megabytes:.0f}", f"{sum(shared for _, shared in ours.processes.values()):.0f}"


def _seconds(training: dict[str, float]) -> Iterable[Sequence[str]]:
    for name, seconds in training.items():
        yield name, f"{seconds:.0f}"


def _beside(assistants: Iterable[Assistant], figures: Figures) -> Iterable[Sequence[str]]:
    for each in assistants:
        training = figures.training[TOGETHER] if each.training is None else each.training
        p95 = [f"{each.held['rest', users].p95:.0f}" for users in (1, 16, 64)]
        yield each.name, f"{training:.0f}", f"{each.up:.0f}", f"{each.megabytes:.0f}", *p95, f"{each.top.rate:.0f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
