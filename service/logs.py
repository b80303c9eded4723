"""The log of the servers: JSON lines, of which none can hold what a clinician wrote.

Rasa and the libraries quote messages in what they log, so of their records only the place is told, from where the
sentence can be looked up. The project's own loggers say what they have to say, and never text of a case.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from logging.config import dictConfig

from knowledge.yaml_source import read_document
from service.settings import ROOT

OURS = frozenset(
    ("actions", "audit", "channels", "content", "knowledge", "measures", "nlu", "privacy", "service", "storage")
)
"""The packages whose loggers are heard in full."""
logger = logging.getLogger(__name__)
DATA = "data"
"""The attribute of a record (logging's `extra`) with what belongs to it, by name."""


def listen() -> None:
    """Have this process log as logging.yml says.

    What cannot be written is not told of, and what ends a thread is logged like any error: of either Python would
    print the words to standard error.
    """
    logging.raiseExceptions = False
    threading.excepthook = lambda ended: _unhandled(ended.exc_value)
    sys.unraisablehook = lambda raised: _unhandled(raised.exc_value)
    dictConfig(read_document(ROOT / "logging.yml").data)


def _unhandled(failure: BaseException | None) -> None:
    if not isinstance(failure, SystemExit):  # which only ends its thread
        logger.error("Nobody handled an exception", exc_info=failure)


class Heard(logging.Filter):
    """Lets pass what the project's own loggers say, and what anybody calls an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR or (_is_ours(record) and record.levelno >= logging.INFO)


class JsonLines(logging.Formatter):
    """A record as one line of JSON: when, how grave, whose, where in the code; of our own also what."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "at": f"{record.pathname}:{record.lineno}",
        }
        if _is_ours(record):
            line |= {"event": record.getMessage()} | getattr(record, DATA, {})
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])[-4:]
            line["exception"] = record.exc_info[0].__name__
            line["raised_at"] = " > ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
        return json.dumps(line)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.split(".")[0] in OURS
