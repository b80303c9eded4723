"""A document as JSON, for channels that draw it elsewhere."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from knowledge.document.parts import Document


def to_data(document: Document) -> dict[str, Any]:
    """The document as a JSON-ready mapping; each part says in `part` what it is ("heading", "ratings", …)."""
    parts = [{"part": type(part).__name__.lower(), **asdict(part)} for part in document.parts]
    return asdict(document) | {"parts": parts}
