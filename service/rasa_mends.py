"""What Rasa does anew in every turn though once is enough, or though it grows with the conversation."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet

from service.tracker import KeptTracker


def mend() -> None:
    """Have Rasa's actions of this process do their work once a turn."""
    validator = Draft202012Validator(RemoteAction.action_response_format_spec())

    def validated(_: RemoteAction, result: dict[str, Any]) -> bool:
        """Whether an action's answer has the form it must have; Rasa's own checks that form, too, at every call."""
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validated
    FormAction._temporary_tracker = _continued


def _continued(form: FormAction, tracker: KeptTracker, more: list[Event], _: Domain) -> KeptTracker:
    """The tracker as the form's validation sees it; Rasa's own replays the conversation to get it."""
    seen = tracker.copy()
    for event in (SlotSet(REQUESTED_SLOT, form.get_slot_to_fill(tracker)), ActionExecuted(form.name()), *more):
        seen.update(event)
    return seen
