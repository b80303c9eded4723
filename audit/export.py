"""The recorded answers as JSON Lines or CSV, for whoever reviews them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TextIO

from audit.rows import COLUMNS, Row

FORMATS = ("jsonl", "csv")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def export(rows: Iterable[Row], form: str, file: TextIO) -> None:
    """Write the rows to `file`."""
    if form == "csv":
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in asdict(row).items()} for row in rows)
    else:
        for row in rows:
            file.write(json.dumps(asdict(row) | {"facts": json.loads(row.facts)}, ensure_ascii=False) + "\n")


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value
