"""Snapshots: what an answer looked like when somebody last looked. UPDATE_SNAPSHOTS=1 writes them anew."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

CHANGING = re.compile(r"\b([0-9a-f]{32}|[0-9a-f]{24}|[0-9a-f]{12}|20\d\d-\d\d-\d\dT[\d:.+]+Z?)\b")
"""What differs from run to run: identifiers, the version of the knowledge, moments."""


def check_snapshot(path: Path, shown: str) -> None:
    """Fails if `shown`, but for what differs from run to run, is not what the file holds."""
    masked = CHANGING.sub("…", shown)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(masked, encoding="utf-8")
    assert path.exists(), f"there is no {path.name}; look at the answer and set UPDATE_SNAPSHOTS=1 to keep it"
    assert masked == path.read_text(encoding="utf-8"), f"{path.name} changed; UPDATE_SNAPSHOTS=1 keeps the new one"


def as_json(data: Any) -> str:
    """Data as snapshots hold it."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
