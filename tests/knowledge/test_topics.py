"""Topics: which one a message is about, what its words tell, and the folders and stores behind them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.content import CONTENT, read_content
from knowledge.model import Guideline
from knowledge.store import build, load
from knowledge.topic_words import told, topic_of
from knowledge.topics import build_topics, topic_folders, topic_stores
from knowledge.yaml_source import BadContent

ANKLE = Path(__file__).parent.parent / "content" / "topic"


@pytest.fixture(scope="module")
def ankle() -> Guideline:
    """The toy topic that is nothing but a folder of YAML."""
    return read_content(ANKLE)


@pytest.fixture
def editions(tmp_path: Path) -> Path:
    """A folder of editions: the one in use, and the toy topic."""
    shutil.copytree(CONTENT, tmp_path / CONTENT.name)
    shutil.copytree(ANKLE, tmp_path / "toy-ankle")
    return tmp_path


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("Sprained ankle, cannot walk", "toy-ankle"),
        ("ANKLES swollen", "toy-ankle"),
        ("72F, new L1 compression fracture", "acr-vcf"),
        ("Sprained ankle, and a new L1 fracture with foot drop", "acr-vcf"),
        ("back pain since the ankle sprain", "acr-vcf"),
        ("rankled by the delay", None),
        ("hello", None),
    ],
)
def test_topic_of_a_message(message: str, topic: str | None, guideline: Guideline, ankle: Guideline) -> None:
    """Whole words decide; a message that names the first topic never goes elsewhere."""
    found = topic_of(message, [guideline, ankle])
    assert (found.id if found else None) == topic


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("ankle twisted today, cannot  bear weight", {"course": "fresh", "weight_bearing": "unable"}),
        ("can’t bear weight", {"weight_bearing": "unable"}),
        ("able to bear weight, pulse felt", {"weight_bearing": "able", "pulse": "felt"}),
        ("no pulse", {"pulse": "lost"}),
        ("not able to bear weight", {"weight_bearing": None}),
        ("is the pulse lost? if pulse lost call", {"pulse": None}),
        ("can walk, then cannot walk", {"weight_bearing": None}),
        ("the walkshop", {}),
    ],
)
def test_facts_told_in_the_words_of_the_topic(message: str, facts: dict[str, str | None], ankle: Guideline) -> None:
    """Plain words give the value; denied, supposed and contradicting ones leave it to be asked."""
    readings = told(message, ankle, 3)
    assert {reading.fact: reading.value for reading in readings} == facts
    assert all(message.replace("’", "'")[r.start : r.end] == (r.evidence or "").replace("’", "'") for r in readings)


def test_words_go_through_the_store(ankle: Guideline, tmp_path: Path) -> None:
    """What is built is what is loaded, words and their order included."""
    store = tmp_path / "ankle.sqlite"
    assert build(ANKLE, store) == ankle == load(store)


def test_stores_follow_the_folders(editions: Path, tmp_path: Path) -> None:
    """A new folder is built once, a changed one again, and the store of one that is gone goes, too."""
    stores = tmp_path / "stores"
    assert list(build_topics(editions, stores)) == ["toy-ankle"]
    assert list(build_topics(editions, stores)) == []
    words = editions / "toy-ankle" / "words.yml"
    words.write_text(words.read_text().replace("malleoli]", "malleoli, foot]"))
    assert list(build_topics(editions, stores)) == ["toy-ankle"]
    (store,) = topic_stores(stores)
    assert "foot" in load(store).about
    shutil.rmtree(editions / "toy-ankle")
    assert list(build_topics(editions, stores)) == []
    assert topic_stores(stores) == []


def test_editions_of_one_guideline(editions: Path) -> None:
    """Another edition of the guideline in use is no topic of its own; of another one only one may be in use."""
    shutil.copytree(editions / CONTENT.name, editions / "acr-vcf-2027")
    assert topic_folders(editions) == [editions / "toy-ankle"]
    shutil.copytree(editions / "toy-ankle", editions / "toy-ankle-2")
    with pytest.raises(BadContent, match=r"take words\.yml out of the one not in use"):
        topic_folders(editions)
