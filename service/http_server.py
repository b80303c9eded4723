"""What holds for every request to either server, whatever it is for: sizes, times, and errors in JSON."""

from __future__ import annotations

import logging

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.http import Stage
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.server import HttpProtocol

from channels.replies import error

LARGEST = 1_500_000
"""Bytes of a body; the channels take less, each what it needs."""
HEADER_WITHIN = 10
"""Seconds in which a request's header has to arrive."""
ANSWERED_WITHIN = 60
"""Seconds in which a request has to arrive and be answered."""
IDLE = 75
"""Seconds that a connection stays open between requests; a proxy closes its own before that (nginx: after 60)."""
ERRORS = {
    400: ("bad_request", "This is no request that can be read."),
    404: ("not_found", "Nothing answers {method} at this address."),
    405: ("bad_method", "Nothing answers {method} at this address."),
    408: ("too_slow", "The request took too long to arrive."),
    413: ("too_large", "The request is larger than anything that is taken here."),
    503: ("unanswered", "The assistant could not answer just now. Nothing is lost: send it again."),
}
FAILED = ("failed", "Something went wrong on the server. Nothing is lost: send it again.")
logger = logging.getLogger(__name__)


class Prompt(HttpProtocol):  # type: ignore[misc]
    """Gives a request its time as a whole: who sends it byte by byte gets no more."""

    _time: float

    def data_received(self, data: bytes) -> None:
        """Take bytes in without starting the clock anew, unless they begin a request."""
        began = self._time
        super().data_received(data)
        # Sanic makes the request's state after the connection.
        http = getattr(self, "_http", None)
        if http is not None and http.stage in (Stage.REQUEST, Stage.HANDLER):
            self._time = began


def bound(app: Sanic, proxies: int = 0, largest: int = LARGEST, idle: int = IDLE) -> None:
    """Set the limits of `app`: bodies of `largest` bytes, connections that stay open for `idle` seconds.

    `proxies` is how many trusted ones it has before it, whose word on addresses counts.
    """
    app.config.REQUEST_MAX_SIZE = largest
    app.config.REQUEST_TIMEOUT = HEADER_WITHIN
    app.config.RESPONSE_TIMEOUT = ANSWERED_WITHIN
    app.config.KEEP_ALIVE_TIMEOUT = idle
    app.config.PROXIES_COUNT = proxies or None
    app.error_handler.add(Exception, _told)


def _told(request: Request, failure: Exception) -> HTTPResponse:
    """An error as clear JSON, which tells nothing of the server's inside and nothing of the message."""
    if request.route is None and not isinstance(failure, SanicException):
        return error(400, *ERRORS[400])  # it failed before it was known what it asks for: a length that is no number
    if not isinstance(failure, SanicException):
        # The type alone: an exception's text may quote the message.
        logger.error("A request to %s failed with %s", request.path, type(failure).__name__)
        return error(500, *FAILED)
    status = failure.status_code
    code, message = ERRORS.get(status, FAILED)
    return error(status, code, message.format(method=request.method), getattr(failure, "headers", None))
