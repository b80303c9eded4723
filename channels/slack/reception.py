"""What becomes of a thing that a person did: it is taken in, left alone, or its author is told why not."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from rasa.core.tracker_store import TrackerStore

from channels.courier import Courier, Untaken
from channels.limits import Counted, Limit, TooMany
from channels.slack.api import Slack
from channels.slack.events import Incoming
from channels.slack.wording import say
from knowledge.document.common import say as answer_says

LONGEST = 20_000
"""Characters of a message; the reader reads no more."""


@dataclass(frozen=True)
class Rates:
    """Limits as the `limits` library writes them: "60/minute"."""

    requests_of_address: str
    messages_of_user: str
    messages_of_channel: str
    shared_in: str = ""


class Reception:
    """Takes in what the assistant is to answer."""

    def __init__(self, slack: Slack, courier: Courier, rates: Rates, run: str) -> None:
        """`run` names this process, so that a later one knows which messages it did not take itself.

        Raises ValueError if a rate cannot be read.
        """
        self._slack = slack
        self._courier = courier
        self._of_user = Limit(rates.messages_of_user, "slack-user", rates.shared_in)
        self._of_channel = Limit(rates.messages_of_channel, "slack-channel", rates.shared_in)
        self._run = run
        self._counted = Counted()
        self._notes: set[asyncio.Task[None]] = set()

    async def receive(self, store: TrackerStore, given: Incoming, repeated: bool) -> None:
        """Take `given` in, unless it is none of ours or cannot be; its author is then told.

        `repeated` is whether Slack says that it sent this before; that is not counted against the limits.
        """
        if not given.addressed and not await self._takes_part(store, given.conversation):
            return
        problem = self._problem(given, repeated)
        if problem is None:
            own = {"conversation": given.conversation, "run": self._run, "prepared": given.kind == "message"}
            taken = {**asdict(given), **own}
            try:
                if await self._courier.take(store, given.key, taken):
                    return
                problem = _taken_before(given)
            except Untaken:
                problem = answer_says("untaken")
        if problem:
            self._tell(given, problem)

    async def _takes_part(self, store: TrackerStore, conversation: str) -> bool:
        return await store.exists(conversation) or await self._courier.is_busy(conversation)

    def _problem(self, given: Incoming, repeated: bool) -> str | None:
        """What keeps `given` from being answered, in words for its author ("" if nothing is to be said)."""
        try:
            if not repeated and given.key not in self._counted:
                self._of_user.count(f"{given.team}-{given.user}", len(given.text))
                self._of_channel.count(f"{given.team}-{given.channel}", len(given.text))
                self._counted.add(given.key)  # a mention in a thread arrives as two events
        except TooMany as refusal:
            return say("slow_down", seconds=refusal.retry_after)
        if given.kind == "unknown":
            return say("unknown_action")
        if given.kind == "own":
            return say("own_message")
        if not given.text.strip():
            return _usage(given)
        if len(given.text) > LONGEST:
            return say("too_long", limit=f"{LONGEST:,}", length=f"{len(given.text):,}")
        return None

    def _tell(self, given: Incoming, text: str) -> None:
        """Tell the author, and nobody else, after the acknowledgment."""
        task = asyncio.create_task(self._slack.tell(asdict(given), text))
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)


def _usage(given: Incoming) -> str:
    if given.kind == "message":
        return say("usage") if given.addressed else ""
    return say("usage_command" if given.kind == "command" else "no_text")


def _taken_before(given: Incoming) -> str:
    """Slack repeats events, people repeat clicks: only these want to know."""
    return {"choice": say("answered_already"), "shortcut": say("read_already")}.get(given.kind, "")
