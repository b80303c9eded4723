"""Topics: the folders of content that the assistant answers from, and their stores.

The edition in use (knowledge.content.CONTENT) is the first. Every other folder beside it that has a `words.yml`, and
is not another edition of that guideline, is a topic of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge.content import CONTENT, WORDS
from knowledge.store import STORE, build, is_current
from knowledge.yaml_source import BadContent, read_document

EDITIONS = CONTENT.parent
STORES = STORE.parent / "topics"
"""Where the stores of all topics but the first lie, each named as its folder."""


def topic_folders(editions: Path = EDITIONS) -> list[Path]:
    """The folders of all topics but the first.

    Raises BadContent if two of them are editions of one guideline, for only one can be in use.
    """
    seen = {_id(CONTENT): CONTENT}
    found: list[Path] = []
    for words in sorted(editions.glob(f"*/{WORDS}")):
        folder, topic = words.parent, _id(words.parent)
        if topic == _id(CONTENT):
            continue
        if topic in seen:
            error = read_document(words).error(
                [], f"{seen[topic].name} is an edition of {topic!r}, too; take {WORDS} out of the one not in use"
            )
            raise BadContent([error])
        seen[topic] = folder
        found.append(folder)
    return found


def build_topics(editions: Path = EDITIONS, stores: Path = STORES) -> Iterator[str]:
    """Build the stores that are stale, and remove those whose folder is gone; yields the name of each that is built.

    Raises BadContent if anything is wrong with a folder.
    """
    folders = topic_folders(editions)
    for store in topic_stores(stores):
        if store.stem not in {folder.name for folder in folders}:
            store.unlink()
    for folder in folders:
        store = store_of(folder, stores)
        if not is_current(folder, store):
            yield folder.name
            build(folder, store)


def store_of(folder: Path, stores: Path = STORES) -> Path:
    """Where the store of the topic in `folder` lies."""
    return STORE if folder == CONTENT else stores / f"{folder.name}.sqlite"


def topic_stores(stores: Path = STORES) -> list[Path]:
    """The stores of all topics but the first."""
    return sorted(stores.glob("*.sqlite"))


def _id(folder: Path) -> str:
    return str(read_document(folder / "guideline.yml").data["id"])
