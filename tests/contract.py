"""Checks payloads against the message contract."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parent.parent / "docs" / "message-contract.schema.json"


@lru_cache(maxsize=1)
def validator() -> Draft202012Validator:
    """The validator of the message contract."""
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def check_payload(payload: dict[str, Any]) -> None:
    """Fail with every place where `payload` breaks the contract."""
    errors = [f"{'.'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator().iter_errors(payload)]
    assert not errors, "\n".join(errors)
