"""Fuzzing of the reader with coverage: python -m tests.fuzz.extractor [SECONDS].

Ends with status 0 when the time is over. An input that breaks a promise is kept in .build/fuzz and ends it at once.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import atheris

from service.settings import ROOT
from tests.fuzz.chance import SEED

LONGEST = 400
"""Characters of an input: promises about single words break in short ones."""
SLOWEST = 3.0
"""Seconds of the processor that reading one may take, instrumented as it is."""
SEEDS = 60
"""Sentences to begin with; the rest of the time goes into what becomes of them."""
KEPT = ROOT / ".build/fuzz"


def main() -> None:
    """Fuzz for the seconds that are given, 60 if none are."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with atheris.instrument_imports(include=["nlu"]):
        from nlu.reader import default_reader

        reader = default_reader()
    corpus = KEPT / "seeds"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(_examples()):
        (corpus / f"{number:04}").write_text(text, encoding="utf-8")

    def check(data: bytes) -> None:
        keeps_its_promises(data.decode("utf-8", "replace")[:LONGEST], reader.read)

    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-timeout=20",
        f"-seed={SEED}",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={KEPT}/", str(corpus)], check)
    atheris.Fuzz()


def keeps_its_promises(text: str, read: Callable[[str], object]) -> None:
    """Fails unless `read` takes any text, in bounded time, tells where each fact stands, and says the same again."""
    begun = time.process_time()
    reading = read(text)
    took = time.process_time() - begun
    assert took < SLOWEST, f"reading took {took:.1f} s"
    facts = reading.facts  # type: ignore[attr-defined]
    assert len({fact.fact for fact in facts}) == len(facts)
    for fact in facts:
        assert 0 <= fact.start <= fact.end <= len(text)
        assert text[fact.start : fact.end] == fact.words
    assert read(text).facts == facts  # type: ignore[attr-defined]


def _examples() -> list[str]:
    """Sentences of the second reader's examples, spread over all of them."""
    folder = Path(ROOT / "nlu/examples")
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines() if line]
    return [str(json.loads(line)["text"])[:LONGEST] for line in lines[:: max(1, len(lines) // SEEDS)]]


if __name__ == "__main__":
    main()
