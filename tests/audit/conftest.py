"""Answers to be recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit.rows import Entry
from tests.audit import entries


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Makes an answer to be recorded."""
    return entries.made
