"""Paths as terminals make them links."""

from __future__ import annotations

from pathlib import Path


def shown(path: Path) -> str:
    """`path` from the current folder, or whole if it lies elsewhere."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
