"""What the tests of the guideline share: the real edition, its store, and copies that a test may break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.content import CONTENT, read_content
from knowledge.engine import Engine
from knowledge.model import Guideline
from knowledge.store import build

TOY = Path(__file__).parent / "toy"


@pytest.fixture(scope="session")
def guideline() -> Guideline:
    """The real edition, read from its YAML."""
    return read_content(CONTENT)


@pytest.fixture(scope="session")
def engine(guideline: Guideline) -> Engine:
    """The engine over the real edition."""
    return Engine(guideline)


@pytest.fixture(scope="session")
def toy() -> Guideline:
    """The toy guideline of three facts."""
    return read_content(TOY)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the real edition; tests only read it."""
    store = tmp_path_factory.mktemp("store") / "knowledge.sqlite"
    build(CONTENT, store)
    return store


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the real content folder that a test may break."""
    return shutil.copytree(CONTENT, tmp_path / "content")


@pytest.fixture
def toy_content(tmp_path: Path) -> Path:
    """A copy of the toy content folder that a test may break."""
    return shutil.copytree(TOY, tmp_path / "toy")
