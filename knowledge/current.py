"""The engines over the built stores, one a topic for each process, and the topic that is talked about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from knowledge import topic_words
from knowledge.engine import Engine
from knowledge.model import Guideline
from knowledge.store import STORE, load
from knowledge.topics import topic_stores

_topic: ContextVar[str | None] = ContextVar("topic", default=None)


def engine() -> Engine:
    """The decision engine over the store of the topic that is talked about, loaded at the first use."""
    return _engine(store())


def store() -> Path:
    """The store of the topic that is talked about."""
    return _stores().get(_topic.get() or "", STORE)


@contextmanager
def about(topic: str | None) -> Iterator[None]:
    """In this block the topic with the id `topic` is talked about; None stands for the first."""
    token = _topic.set(topic)
    try:
        yield
    finally:
        _topic.reset(token)


def guidelines() -> list[Guideline]:
    """The guidelines of all topics, the first one first."""
    return [_engine(path).guideline for path in (STORE, *_stores().values())]


def topic_of(text: str) -> str | None:
    """The id of the topic that a message is about, None if it names none."""
    found = topic_words.topic_of(text, guidelines())
    return found.id if found else None


@lru_cache(maxsize=1)
def _stores() -> dict[str, Path]:
    """The stores of all topics but the first, by the topic's id."""
    return {load(path).id: path for path in topic_stores()}


@lru_cache(maxsize=32)
def _engine(path: Path) -> Engine:
    return Engine(load(path))
