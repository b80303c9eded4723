"""What a request may bring: a JSON object of bounded size, and texts of whole characters."""

from __future__ import annotations

from typing import Any

from sanic.exceptions import InvalidUsage
from sanic.request import Request

from channels.replies import Refused


def json_object(request: Request, fields: str, longest: int) -> dict[str, Any]:
    """The JSON object in a request's body; `fields` names what it has to hold, for people.

    `longest` is the number of characters of the longest text in it. Raises Refused.
    """
    # A character takes twelve bytes at most: two escaped halves of a surrogate pair.
    if len(request.body) > 12 * longest + 1000:
        raise _too_long(longest)
    try:
        body = request.json
    except InvalidUsage:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "no_json", f"Send a JSON object with {fields}.")
    return body


def whole_text(value: object, name: str, longest: int) -> str:
    """The text that the field `name` holds, of `longest` characters at most. Raises Refused."""
    if not isinstance(value, str):
        raise Refused(400, "no_text", f"`{name}` must be a string.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused(400, "bad_text", f"`{name}` holds half of a character (a lone surrogate); send whole ones.")
    if len(value) > longest:
        raise _too_long(longest, f"; this has {len(value):,}")
    return value


def _too_long(longest: int, found: str = "") -> Refused:
    return Refused(413, "too_long", f"A message may have {longest:,} characters at most{found}.")
