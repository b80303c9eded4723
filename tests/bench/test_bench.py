"""The benchmark works, from the load generator to the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.__main__ import main
from tests.bench.generator import generator
from tests.bench.report import Aim
from tests.bench.talk import messages, patient
from tests.served import Served


def test_the_quick_benchmark_writes_every_figure(tmp_path: Path) -> None:
    report = tmp_path / "bench.md"
    assert main(["--quick", "--to", str(report)]) == 0
    told = report.read_text(encoding="utf-8")
    for said in ("p95 of a turn, 64 at once (web)", "start (s)", "both processes", "late turns of 200", "| Rasa |"):
        assert said in told
    failed = [line.split("|")[-2].strip() for line in told.splitlines() if line.startswith("| web")]
    assert failed and set(failed) == {"0"}, told


@pytest.mark.parametrize(
    ("aim", "row"),
    [
        (Aim("start (s)", 20, 20.4), ("start (s)", "20", "20")),
        (Aim("start (s)", 20, 20.6), ("start (s)", "20", "21, missed")),
        (Aim("turns a second", 60, 67.0, at_least=True), ("turns a second", "60", "67")),
        (Aim("turns a second", 60, 51.0, at_least=True), ("turns a second", "60", "51, missed")),
        (Aim("late turns", 1.05, 1.051, digits=2), ("late turns", "1.05", "1.05")),
        (Aim("late turns", 1.05, 1.16, digits=2), ("late turns", "1.05", "1.16, missed")),
        (Aim("turns that failed", 0, 1), ("turns that failed", "0", "1, missed")),
    ],
)
def test_an_aim_that_is_missed_says_so(aim: Aim, row: tuple[str, ...]) -> None:
    assert aim.row == row


def test_the_load_generator_says_what_fails(served: Served) -> None:
    with generator() as load:
        held = load.run(f"http://127.0.0.1:{served.ports[0]}/nothing", "rest", 2, 1.0, pause=0.5)
    assert not held.milliseconds
    assert "404" in held.failures[0]


def test_conversations_can_be_told_apart() -> None:
    told = {patient(number) for number in range(400)}
    assert len(told) == 400
    assert len(list(messages(3, 200))) == 200
