"""What a message meets while a part of the assistant is away; nothing of it is kept then, so it can be sent again."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from channels.locks import Busy
from storage.database import Overtaken


class Unanswerable(Exception):
    """The action server could not be asked."""


class Overloaded(Exception):
    """More long messages wait than can be read soon."""


OUTAGES = (SQLAlchemyError, Busy, Overtaken, Unanswerable, Overloaded)
