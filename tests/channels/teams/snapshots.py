"""Snapshots: what an answer looked like when somebody last looked. UPDATE_SNAPSHOTS=1 writes them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("snapshots")


def check_snapshot(name: str, data: Any) -> None:
    """Fails if `data` is not what the file of that name holds."""
    path = FOLDER / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert path.exists(), f"there is no snapshot {name}; look at the answer and set UPDATE_SNAPSHOTS=1 to keep it"
    assert data == json.loads(path.read_text(encoding="utf-8")), f"{name} changed; UPDATE_SNAPSHOTS=1 keeps the new one"
