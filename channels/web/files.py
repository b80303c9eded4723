"""The page and the widget's files as the server hands them out."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent / "page"
WIDGET = Path(__file__).parents[2] / "widget"
CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class File:
    """A file's bytes, plain and compressed, with what HTTP says about it."""

    content: bytes
    compressed: bytes
    content_type: str
    version: str
    """An ETag."""


def files() -> dict[str, File]:
    """Every file of the page and the widget, by name."""
    paths = [path for folder in (PAGE, WIDGET) for path in sorted(folder.iterdir()) if path.suffix in CONTENT_TYPES]
    return {path.name: _file(path) for path in paths}


def _file(path: Path) -> File:
    content = path.read_bytes()
    version = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    return File(content, gzip.compress(content, mtime=0), CONTENT_TYPES[path.suffix], version)
