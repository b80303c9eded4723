"""The app package that is uploaded to Teams: the manifest filled in, and two icons drawn here."""

from __future__ import annotations

import re
import struct
import uuid
import zlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MANIFEST = Path(__file__).parent / "manifest" / "manifest.json"
VERSION = "1.0.0"
"""Of the package; Teams takes an update only if it is higher."""
HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
COLOR = (0x1F, 0x4E, 0x79, 0xFF)
WHITE = (0xFF, 0xFF, 0xFF, 0xFF)
CLEAR = (0x00, 0x00, 0x00, 0x00)
MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time of every file, so that the same manifest always makes the same package."""
Pixel = tuple[int, int, int, int]


def write_package(path: Path, app_id: str, host: str) -> None:
    """Write the package for the app `app_id` whose server is reached at `https://{host}/`.

    Raises ValueError if one of the two cannot be right.
    """
    files = {
        "manifest.json": _manifest(app_id, host).encode(),
        "color.png": png(192, lambda x, y: WHITE if spine(x, y) else COLOR),
        "outline.png": png(32, lambda x, y: WHITE if spine(x, y) else CLEAR),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(ZipInfo(name, MOMENT), content, ZIP_DEFLATED)


def spine(x: float, y: float) -> bool:
    """Whether a point of the unit square lies in the sign: three vertebrae, the middle one wedged."""
    left, right = 0.28, 0.72
    if not left <= x <= right:
        return False
    wedge = 0.1 * (x - left) / (right - left)
    return 0.12 <= y <= 0.32 or 0.40 + wedge <= y <= 0.60 or 0.68 <= y <= 0.88


def png(side: int, color: Callable[[float, float], Pixel]) -> bytes:
    """A square picture of `side` pixels (PNG, RGBA); `color` gives that of a point of the unit square."""
    rows = b"".join(
        b"\0" + b"".join(bytes(color((x + 0.5) / side, (y + 0.5) / side)) for x in range(side)) for y in range(side)
    )
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _manifest(app_id: str, host: str) -> str:
    try:
        identifier = str(uuid.UUID(app_id))
    except ValueError:
        raise ValueError("TEAMS_APP_ID must be the app's ID, such as 00000000-0000-0000-0000-000000000000") from None
    if not HOST.fullmatch(host):
        raise ValueError(f"{host!r} is no host name; give the one of the messaging endpoint, such as vcf.example.org")
    text = MANIFEST.read_text(encoding="utf-8")
    for name, value in (("app_id", identifier), ("host", host), ("version", VERSION)):
        text = text.replace(f"{{{name}}}", value)
    return text
