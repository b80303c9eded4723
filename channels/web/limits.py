"""How often the web channel may be used, by session and by address."""

from __future__ import annotations

from dataclasses import dataclass

from channels.limits import Limit


@dataclass(frozen=True)
class Rates:
    """Limits as the `limits` library writes them: "60/minute"."""

    requests_of_address: str
    messages_of_session: str


class Limiter:
    """Counts requests in this process."""

    def __init__(self, rates: Rates) -> None:
        """Raises ValueError if a rate cannot be read."""
        self._requests_of_address = Limit(rates.requests_of_address)
        self._messages_of_session = Limit(rates.messages_of_session)

    def request(self, address: str) -> None:
        """Count a request from `address`. Raises TooMany if there were too many."""
        self._requests_of_address.count(address)

    def message(self, conversation: str) -> None:
        """Count a message in `conversation`. Raises TooMany if there were too many."""
        self._messages_of_session.count(conversation)
