"""What Rasa does anew in every turn though once is enough, or though it grows with the conversation."""

from __future__ import annotations

from typing import Any

from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet

from service.tracker import KeptTracker


def mend() -> None:
    """Have Rasa's actions of this process do their work once a turn."""

    def validated(_: RemoteAction, result: dict[str, Any]) -> bool:
        """Whether an action's answer has events and responses; Rasa's own check goes through each of them with a JSON
        Schema, which takes longer than the action, and reads them afterwards anyway."""
        for part in ("events", "responses"):
            items = result.get(part)
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise ValidationError(f"An action's answer needs a list of objects as its {part!r}.")
        return True

    RemoteAction._validate_action_result = validated
    FormAction._temporary_tracker = _continued


def _continued(form: FormAction, tracker: KeptTracker, more: list[Event], _: Domain) -> KeptTracker:
    """The tracker as the form's validation sees it; Rasa's own replays the conversation to get it."""
    seen = tracker.copy()
    for event in (SlotSet(REQUESTED_SLOT, form.get_slot_to_fill(tracker)), ActionExecuted(form.name()), *more):
        seen.update(event)
    return seen
