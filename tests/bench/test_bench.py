"""The benchmark works, from the load generator to the report."""

from __future__ import annotations

from pathlib import Path

from tests.bench.__main__ import main
from tests.bench.generator import generator
from tests.bench.talk import messages, patient
from tests.served import Served


def test_the_quick_benchmark_writes_every_figure(tmp_path: Path) -> None:
    report = tmp_path / "bench.md"
    assert main(["--quick", "--to", str(report)]) == 0
    told = report.read_text(encoding="utf-8")
    for said in ("p95 of a turn, 64 conversations", "start (s)", "both processes", "late turns of 200", "| Rasa |"):
        assert said in told
    failed = [line.split("|")[-2].strip() for line in told.splitlines() if line.startswith("| web")]
    assert failed and set(failed) == {"0"}, told


def test_the_load_generator_says_what_fails(served: Served) -> None:
    with generator() as load:
        held = load.run(f"http://127.0.0.1:{served.ports[0]}/nothing", "rest", 2, 1.0, pause=0.5)
    assert not held.milliseconds
    assert "404" in held.failures[0]


def test_conversations_can_be_told_apart() -> None:
    told = {patient(number) for number in range(400)}
    assert len(told) == 400
    assert len(list(messages(3, 200))) == 200
