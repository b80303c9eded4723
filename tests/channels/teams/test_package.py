"""The app package: complete, within the manifest's limits, and the same each time."""

from __future__ import annotations

import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from channels.teams.__main__ import main
from tests.channels.teams.platform import APP_ID

HOST = "vcf.example.org"
LONGEST = {("name", "short"): 30, ("name", "full"): 100, ("description", "short"): 80, ("description", "full"): 4000}
"""Characters that the manifest's schema (v1.21) allows."""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZipFile:
    """A package, written as an operator does."""
    monkeypatch.setenv("TEAMS_APP_ID", APP_ID)
    assert main(["package", HOST, "--out", str(tmp_path / "app.zip")]) == 0
    return ZipFile(tmp_path / "app.zip")


def test_the_manifest_holds_what_the_schema_requires(package: ZipFile) -> None:
    """Every required field, of its kind and length, and no placeholder left."""
    text = package.read("manifest.json").decode()
    manifest: dict[str, Any] = json.loads(text)
    required = {"manifestVersion", "version", "id", "developer", "name", "description", "icons", "accentColor"}
    assert required <= set(manifest) and not re.search(r"\{[a-z_]+\}", text)
    assert manifest["$schema"].endswith(f"/v{manifest['manifestVersion']}/MicrosoftTeams.schema.json")
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"]) and manifest["id"] == APP_ID
    assert set(manifest["developer"]) == {"name", "websiteUrl", "privacyUrl", "termsOfUseUrl"}
    assert len(manifest["developer"]["name"]) <= 32
    assert all(url.startswith(f"https://{HOST}/") for name, url in manifest["developer"].items() if name != "name")
    for (part, form), most in LONGEST.items():
        assert 0 < len(manifest[part][form]) <= most
    assert re.fullmatch("#[0-9A-F]{6}", manifest["accentColor"])
    assert manifest["validDomains"] == [HOST]


def test_the_bot_is_in_every_scope_and_asks_for_no_permission(package: ZipFile) -> None:
    """Personal, group and team; commands within their limits; no resource-specific consent."""
    manifest = json.loads(package.read("manifest.json"))
    (bot,) = manifest["bots"]
    assert bot["botId"] == APP_ID and set(bot["scopes"]) == {"personal", "groupChat", "team"}
    (commands,) = bot["commandLists"]
    assert set(commands["scopes"]) == set(bot["scopes"]) and 0 < len(commands["commands"]) <= 10
    for command in commands["commands"]:
        assert len(command["title"]) <= 32 and len(command["description"]) <= 128
    assert "authorization" not in manifest and "permissions" not in manifest


def test_the_icons_are_pictures_of_the_size_that_teams_wants(package: ZipFile) -> None:
    """192 pixels in color, 32 in white on nothing, and nothing else in the package."""
    icons = json.loads(package.read("manifest.json"))["icons"]
    assert set(package.namelist()) == {"manifest.json", *icons.values()}
    for kind, side in (("color", 192), ("outline", 32)):
        content = package.read(icons[kind])
        assert content.startswith(b"\x89PNG\r\n\x1a\n") and struct.unpack(">II", content[16:24]) == (side, side)
        start = content.index(b"IDAT")
        (length,) = struct.unpack(">I", content[start - 4 : start])
        rows = zlib.decompress(content[start + 4 : start + 4 + length])
        assert len(rows) == side * (4 * side + 1)
        pixels = {
            rows[row + at : row + at + 4] for row in range(1, len(rows), 4 * side + 1) for at in range(0, 4 * side, 4)
        }
        assert b"\xff\xff\xff\xff" in pixels and len(pixels) == 2
        assert (b"\0\0\0\0" in pixels) == (kind == "outline")


def test_the_same_app_makes_the_same_package(package: ZipFile, tmp_path: Path) -> None:
    """No moment of time is in it."""
    assert main(["package", HOST, "--out", str(tmp_path / "again.zip")]) == 0
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "app.zip").read_bytes()


@pytest.mark.parametrize(
    ("app_id", "host", "complaint"),
    [
        ("", HOST, "TEAMS_APP_ID"),
        ("bot", HOST, "TEAMS_APP_ID"),
        (APP_ID, "https://x.org", "host name"),
        (APP_ID, "x", "host name"),
    ],
)
def test_what_is_wrong_is_said(
    app_id: str, host: str, complaint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No package without an app and a host."""
    monkeypatch.setenv("TEAMS_APP_ID", app_id)
    assert main(["package", host, "--out", "/nowhere/app.zip"]) == 1
    assert complaint in capsys.readouterr().err
