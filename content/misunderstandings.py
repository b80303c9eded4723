"""Which turns of a conversation were probably misunderstood, and how that shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from content.conversations import Turn

FELL_BACK, CORRECTED, RATED_DOWN = "fell_back", "corrected", "rated_down"
FALLBACK, TAKES_BACK, RATES_DOWN = "nlu_fallback", "undo", "not_helpful"
"""Intents: of what was not understood, of "undo", and of "not helpful"."""


@dataclass(frozen=True)
class Sign:
    """How it shows: that the turn fell back, or that a `later` one corrects it or rates it down."""

    reason: str
    later: Turn | None = None


@dataclass(frozen=True)
class Misunderstanding:
    """A turn that is worth a look, and why."""

    turn: Turn
    signs: tuple[Sign, ...]


def misunderstandings(session: Sequence[Turn]) -> Iterator[Misunderstanding]:
    """Every turn of one session that fell back, or that a later one corrects or rates down, in their order."""
    signs: dict[int, list[Sign]] = {}
    for position in range(len(session)):
        for turn, sign in _shown_by(session, position):
            signs.setdefault(turn.key, []).append(sign)
    yield from (Misunderstanding(turn, tuple(signs[turn.key])) for turn in session if turn.key in signs)


def _shown_by(session: Sequence[Turn], position: int) -> Iterator[tuple[Turn, Sign]]:
    """What the turn at `position` shows of itself or of an earlier one."""
    turn, before = session[position], session[:position]
    if _fell_back(turn):
        yield turn, Sign(FELL_BACK)
    if turn.corrects and (corrected := _told_in(before, turn.corrects)):
        yield corrected, Sign(CORRECTED, turn)
    elif turn.intent == TAKES_BACK and (taken_back := _latest(before)):
        yield taken_back, Sign(CORRECTED, turn)
    if turn.intent == RATES_DOWN and (rated := _latest(before)):
        yield rated, Sign(RATED_DOWN, turn)


def _fell_back(turn: Turn) -> bool:
    """Whether the message was not understood, or not as the answer that was asked for."""
    return turn.intent == FALLBACK or bool(turn.payload.get("retry"))


def _told_in(before: Sequence[Turn], facts: frozenset[str]) -> Turn | None:
    """The turn that told one of `facts` last; if none did, the one before the correction."""
    return next((turn for turn in reversed(before) if turn.reads & facts), _latest(before))


def _latest(before: Sequence[Turn]) -> Turn | None:
    return next((turn for turn in reversed(before) if turn.intent != RATES_DOWN), None)
