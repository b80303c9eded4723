"""A Rasa NLU pipeline trained and tried on messages, in a process of its own so that its memory can be told.

python -m tests.evaluation.baselines.rasa_run CONFIG TRAINING MESSAGES RESULT
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.settings import ROOT, settings

KEPT = ROOT / ".build" / "baselines"


@dataclass(frozen=True)
class RasaRun:
    """What a pipeline made of each message (Rasa's own parse data), and what that took."""

    parses: dict[str, dict[str, Any]]
    training_seconds: float
    milliseconds: float
    megabytes: float


def run_pipeline(config: Path, training: str, messages: list[str]) -> RasaRun:
    """Train the pipeline of `config` on `training` (Rasa's NLU format, YAML) and parse `messages`.

    A run with the same three is taken from where it was kept. Raises RuntimeError if Rasa fails.
    """
    digest = hashlib.sha256("\0".join((config.read_text(encoding="utf-8"), training, *messages)).encode())
    kept = KEPT / f"{config.stem}-{digest.hexdigest()[:12]}.json"
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        nlu, texts = kept.with_suffix(".yml"), kept.with_suffix(".messages")
        nlu.write_text(training, encoding="utf-8")
        texts.write_text(json.dumps(messages), encoding="utf-8")
        print(f"Training and trying {config.name} (some minutes) …", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "tests.evaluation.baselines.rasa_run", config, nlu, texts, kept],
            cwd=ROOT,
            env=settings().environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{config.name} could not be run:\n{done.stderr[-2000:]}")
    return RasaRun(**json.loads(kept.read_text(encoding="utf-8")))


def main(config: str, training: str, messages: str, result: str) -> None:
    """Train, parse and write the result."""
    from rasa.core.agent import load_agent
    from rasa.model_training import train_nlu

    started = time.perf_counter()
    model = train_nlu(config, training, str(KEPT), fixed_model_name=Path(result).stem)
    trained = time.perf_counter() - started
    agent = asyncio.run(load_agent(model_path=model))
    texts = json.loads(Path(messages).read_text(encoding="utf-8"))

    async def parse() -> tuple[dict[str, Any], float]:
        await agent.parse_message(texts[0])
        begun = time.perf_counter()
        parses = {text: await agent.parse_message(text) for text in texts}
        return parses, 1000 * (time.perf_counter() - begun) / len(texts)

    parses, milliseconds = asyncio.run(parse())
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    data = RasaRun(parses, trained, milliseconds, megabytes).__dict__
    Path(result).write_text(json.dumps(data, default=str), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
