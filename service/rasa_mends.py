"""What Rasa does anew in every turn though once is enough, or though nobody needs it."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import product
from typing import Any, TypeVar

from jsonschema import ValidationError
from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.policies import memoization, rule_policy
from rasa.shared.core.constants import PREVIOUS_ACTION, REQUESTED_SLOT, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

from channels.limits import LONG
from service.graph import InOrder, Trained
from service.long_messages import LongMessages
from service.tracker import KeptTracker

Thing = TypeVar("Thing")
Latest = tuple[str | None, str | None]
"""The action before, and the intent of the latest message; None where a state has none."""
possible_rules = rule_policy.RulePolicy._get_possible_keys
find_from_rules = rule_policy.RulePolicy._find_action_from_rules
active_state = Domain.get_active_state
parse_message = processor.MessageProcessor.parse_message
long_messages = LongMessages()


def mend() -> None:
    """Have Rasa's part of this process do its work once a turn."""
    processor.MessageProcessor.parse_message = _parsed
    RemoteAction._validate_action_result = _validated
    forms.FormAction._temporary_tracker = _continued
    processor.LocalModelStorage, processor.DaskGraphRunner = Trained, InOrder
    processor.MessageProcessor._log_slots = staticmethod(_nothing)
    processor.MessageProcessor._check_for_unseen_features = _nothing
    for module in (processor, forms, memoization, rule_policy):
        module.copy = _NotCopied
    rule_policy.RulePolicy._find_action_from_rules = _found
    rule_policy.RulePolicy._get_possible_keys = _possible
    Domain.get_active_state = _active_state
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


async def _parsed(of: processor.MessageProcessor, message: UserMessage, *rest: Any, **more: Any) -> dict[str, Any]:
    """What a message says; a long one is read beside the turns of others, which would wait for it otherwise."""
    reading = parse_message(of, message, *rest, **more)
    read: dict[str, Any] = await (long_messages.read(reading) if len(message.text or "") > LONG else reading)
    return read


def _validated(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Whether an action's answer has events and responses; Rasa's own check goes through each of them with a JSON
    Schema, which takes longer than the action, and reads them afterwards anyway."""
    for part in ("events", "responses"):
        items = result.get(part)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ValidationError(f"An action's answer needs a list of objects as its {part!r}.")
    return True


def _continued(form: forms.FormAction, tracker: KeptTracker, more: list[Event], _: Domain) -> KeptTracker:
    """The tracker as the form's validation sees it; Rasa's own replays the conversation to get it."""
    seen = tracker.copy()
    for event in (SlotSet(REQUESTED_SLOT, form.get_slot_to_fill(tracker)), ActionExecuted(form.name()), *more):
        seen.update(event)
    return seen


class _NotCopied:
    """What these modules know of `copy`: they copy only what they log for debugging, which nothing here writes."""

    @staticmethod
    def deepcopy(thing: Thing) -> Thing:
        """The thing itself."""
        return thing


def _active_state(domain: Domain, tracker: DialogueStateTracker, omit_unset_slots: bool = False) -> State:
    """The state of a conversation; that of a moment that has passed is made once, though each policy asks for it before
    every action."""
    known = tracker.states if isinstance(tracker, KeptTracker) else None
    if known is None:
        return active_state(domain, tracker, omit_unset_slots)
    if omit_unset_slots not in known:
        known[omit_unset_slots] = active_state(domain, tracker, omit_unset_slots)
    # Whoever asks takes out what is not to be seen.
    return {part: dict(values) for part, values in known[omit_unset_slots].items()}


def _nothing(*_: object) -> None:
    """In place of writing out all slots for the same log after every action, and of a look for intents and entities
    that the domain lacks, for which `content check` looks once."""


def _found(
    policy: rule_policy.RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool,
) -> tuple[str | None, str | None, bool]:
    """The action that the rules give; those that go by a message's very words are looked for only if there are any."""
    if use_text_for_last_user_input and not _reads_text(tuple(policy.lookup[rule_policy.RULES])):
        return None, None, False
    found: tuple[str | None, str | None, bool] = find_from_rules(policy, tracker, domain, use_text_for_last_user_input)
    return found


@lru_cache(maxsize=4)
def _reads_text(rules: tuple[str, ...]) -> bool:
    states = (state for rule in rules for state in rule_policy.RulePolicy._rule_key_to_state(rule))
    return any(TEXT in state.get(USER, {}) for state in states)


def _possible(policy: rule_policy.RulePolicy, rules: dict[str, str], states: list[State]) -> set[str]:
    """The rules that may go on from `states`; of the many, only those for the latest action and intent are tried."""
    action, intent = _latest(states[-1])
    by_latest = _by_latest(tuple(rules))
    # A rule that names no action, or no intent, is not tied to one.
    near = {key for latest in product((action, None), (intent, None)) for key in by_latest.get(latest, ())}
    found: set[str] = possible_rules(policy, {key: rules[key] for key in near}, states)
    return found


@lru_cache(maxsize=4)
def _by_latest(rules: tuple[str, ...]) -> dict[Latest, list[str]]:
    sorted_out: dict[Latest, list[str]] = defaultdict(list)
    for rule in rules:
        sorted_out[_latest(rule_policy.RulePolicy._rule_key_to_state(rule)[-1])].append(rule)
    return sorted_out


def _latest(state: State) -> Latest:
    action, intent = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT)
    return _named(action), _named(intent)


def _named(name: object) -> str | None:
    return name if isinstance(name, str) and name != SHOULD_NOT_BE_SET else None
