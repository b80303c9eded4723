"""The benchmark: python -m tests.bench [--quick] [--to FILE]. Writes docs/bench.md, some ten minutes after."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import requests

from nlu.rules import load_rules
from nlu.second_training import second_reader
from service.build import build_all, train
from service.settings import ROOT, settings
from tests.bench import alone
from tests.bench.alone import Growth
from tests.bench.generator import Generator, Held, generator
from tests.bench.others import Other, neural, serving, starter
from tests.bench.processes import SERVERS, memory
from tests.bench.progress import tell
from tests.bench.report import TOGETHER, Assistant, Figures, aims, markdown
from tests.served import start

CHANNELS = ("web", "rest", "slack", "teams")
AT_ONCE = (1, 16, 64)
"""Conversations at once."""
ALONE = 0.1
"""Seconds from one message of a conversation that is alone to the next."""
PAUSE = 1.5
"""Seconds from one message of a conversation to the next where there are several: 64 send 43 a second."""


@dataclass(frozen=True)
class Extent:
    """How much is measured: seconds of each load, and how often what runs in one process is repeated."""

    seconds: float = 20.0
    repeats: int = 20
    channels: tuple[str, ...] = CHANNELS
    others: bool = True
    training: bool = True


QUICK = Extent(seconds=6.0, repeats=1, channels=("web",), others=False, training=False)
"""What a test measures, to hold that the benchmark works."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and write the report; returns the exit status: 1 if an aim is missed, unless it was quick."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only that it works: seconds instead of minutes")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "bench.md", help="the report to write")
    given = parser.parse_args(arguments)
    figures = measure(QUICK if given.quick else Extent())
    given.to.write_text(markdown(figures), encoding="utf-8")
    tell(f"Written to {given.to}")
    missed = [] if given.quick else [aim.what for aim in aims(figures) if aim.missed]
    for what in missed:
        tell(f"Missed: {what}")
    return 1 if missed else 0


def measure(extent: Extent) -> Figures:
    """All figures of the report, each told of when its turn comes."""
    build_all(settings())
    figures = Figures(pause=PAUSE)
    if extent.training:
        figures = replace(figures, training=_training())
    tell("Reading, deciding and whole turns in one process …")
    figures = replace(figures, **_alone(extent))
    with generator() as load:
        ours = _served(load, extent)
        others = [_other(load, other, extent) for other in ((starter(), neural()) if extent.others else ())]
    return replace(figures, ours=ours, others=others)


def _training() -> dict[str, float]:
    """Seconds that training takes from nothing: of either part alone, and of both as `make train` does it."""
    rules, taken = load_rules(), {}
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        tell("Training the second reader from nothing …")
        begun = time.perf_counter()
        second_reader(rules, built=Path(first))
        taken["second reader"] = time.perf_counter() - begun
        tell("Training the dialogue model from nothing …")
        begun = time.perf_counter()
        train(settings(), Path(first) / "model.tar.gz", weights=Path(first))
        taken["dialogue model"] = time.perf_counter() - begun
        begun = time.perf_counter()
        train(settings(), Path(second) / "model.tar.gz", weights=Path(second))
        taken[TOGETHER] = time.perf_counter() - begun
    return taken


def _alone(extent: Extent) -> dict[str, object]:
    from tests.assistant import Conversation, load_agent

    agent = load_agent(build_all(settings()))
    alone_in = {"reading a message": alone.extraction(extent.repeats), "deciding": alone.decisions(extent.repeats)}
    turns = {} if extent == QUICK else {"a turn": alone.turns(agent)}
    return {"alone": alone_in | turns, "growth": alone.growth(lambda: Conversation(agent).say)}


def _served(load: Generator, extent: Extent) -> Assistant:
    """This assistant as `make chat` runs it."""
    tell("Starting the servers …")
    begun = time.perf_counter()
    served = start(more=load.environment)
    up = time.perf_counter() - begun
    try:
        url = f"http://127.0.0.1:{served.ports[0]}"
        held = {
            (channel, users): _load(load, url, channel, users, extent)
            for channel in extent.channels
            for users in AT_ONCE
        }
        tell("Long conversations over web …")
        growth = _growth(url)
        tell("As fast as it goes, 64 conversations at once …")
        top = load.run(url, "web", AT_ONCE[-1], extent.seconds)
        processes = {name: memory(process) for name, module in SERVERS.items() for process in served.children(module)}
    finally:
        served.stop()
    return Assistant("this assistant", up, held, top, processes, growth=growth)


def _load(load: Generator, url: str, channel: str, users: int, extent: Extent) -> Held:
    tell(f"{users} conversations over {channel} …")
    # One alone goes on sooner than anybody reads.
    pause = ALONE if users == 1 else PAUSE
    load.run(url, channel, users, min(2.0, extent.seconds), pause=pause)
    return load.run(url, channel, users, extent.seconds, pause=pause)


def _growth(url: str) -> Growth:
    """What turns take early and late in long conversations over the web channel."""
    with requests.Session() as client:

        def say(token: str, text: str) -> None:
            sent, headers = {"id": uuid4().hex, "text": text}, {"Authorization": f"Bearer {token}"}
            client.post(f"{url}/webhooks/web/messages", json=sent, headers=headers).raise_for_status()

        return alone.growth(lambda: partial(say, client.post(f"{url}/webhooks/web/sessions").json()["token"]))


def _other(load: Generator, other: Other, extent: Extent) -> Assistant:
    tell(f"Starting {other.name} …")
    with serving(other) as (url, up, processes):
        held = {("rest", users): _load(load, url, "rest", users, extent) for users in AT_ONCE}
        top = load.run(url, "rest", AT_ONCE[-1], extent.seconds)
        names = ("action server", "Rasa")[-len(processes) :]
        taken = {name: memory(process) for name, process in zip(names, processes, strict=True)}
    return Assistant(other.name, up, held, top, taken, other.training_seconds)


if __name__ == "__main__":
    sys.exit(main())
