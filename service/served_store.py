"""The tracker store of endpoints.yml: that of a Rasa which serves, whoever started it."""

from __future__ import annotations

from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain

from service.production import check_admitted
from service.tracker_store import ConversationStore


class ServedStore(ConversationStore):
    """Every Rasa that serves this assistant makes one, with whatever channels and options: so the check is here."""

    def __init__(self, domain: Domain | None = None, host: str = "", event_broker: EventBroker | None = None) -> None:
        """Raises service.production.Unsafe in production if nothing was checked."""
        check_admitted()
        super().__init__(domain, host, event_broker)
