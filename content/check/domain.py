"""What the domain says that training goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content.check.project import CONFIG, DOMAIN, Project
from content.check.training import feature

UNSEEN = "any"
"""Type of slots that never influence the conversation."""


def names(entries: Any) -> list[str]:
    """The names in a list of the domain, where an entry may have options of its own."""
    return [str(next(iter(entry))) if isinstance(entry, Mapping) else str(entry) for entry in entries or ()]


def featured_slots(project: Project) -> dict[str, str]:
    """The slots that influence the conversation, with their types."""
    slots = project.document(DOMAIN).data.get("slots") or {}
    return {
        str(name): str(slot.get("type"))
        for name, slot in slots.items()
        if slot.get("type") != UNSEEN and slot.get("influence_conversation", True)
    }


def initial_features(project: Project) -> dict[str, str]:
    """What is seen of slots that have a value from the beginning."""
    slots = project.document(DOMAIN).data.get("slots") or {}
    return {name: feature(kind, slots[name].get("initial_value")) for name, kind in featured_slots(project).items()}


def fallback_action(project: Project) -> str:
    """The action where no rule applies."""
    policies = project.document(CONFIG).data.get("policies") or ()
    named = [policy.get("core_fallback_action_name") for policy in policies]
    return next((str(name) for name in named if name), "action_default_fallback")
