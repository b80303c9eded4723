"""One way to break the real content, and what a maintainer must be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Breakage:
    """Replace the first `old` in `file` by `new`; the error stands `below` lines under it and says `says`."""

    name: str
    file: str
    old: str
    new: str
    says: str
    below: int = 0

    def apply(self, folder: Path) -> tuple[str, int]:
        """Break the copy in `folder`; returns the file and the line that the error must name."""
        path = folder / self.file
        before, found, after = path.read_text(encoding="utf-8").partition(self.old)
        assert found, f"{self.old!r} is no longer in {self.file}"
        path.write_text(before + self.new + after, encoding="utf-8")
        return str(path), before.count("\n") + 1 + self.below
