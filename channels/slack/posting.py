"""What is posted in a thread: answers, each message of them once, and what comes before them."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rasa.core.tracker_store import TrackerStore

from channels.courier import Outdated, Permanent
from channels.slack.api import NOT_THERE, Lost, Slack
from channels.slack.blocks import SECTION, plain, section
from channels.slack.markup import escaped, packed
from channels.slack.messages import Message, marked, message, messages, settled
from channels.slack.state import State, state_of
from channels.slack.wording import say
from knowledge.document.build import document
from knowledge.document.text import plain_text

REFUSED_BLOCKS = frozenset(("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"))
logger = logging.getLogger(__name__)
Taken = Mapping[str, Any]
"""A message as the courier keeps it: the fields of channels.slack.events.Incoming, `conversation`, and the `run` of the
process that took it in."""


class Posting:
    """Posts on Slack for the courier (channels.courier.Prepare and Post)."""

    def __init__(self, slack: Slack, store: Callable[[], TrackerStore]) -> None:
        self._slack = slack
        self._store = store
        self.run = uuid.uuid4().hex
        self._posted: dict[str, str] = {}
        self._unsure: set[str] = set()

    async def prepare(self, taken: Taken) -> Taken:
        """Show in the thread what is about to be answered. Raises Passing, Permanent or Outdated."""
        user = f"<@{taken['user']}>"
        # Here and not when the click came in: nothing else happens in the conversation between this and the answer.
        if taken["state"] and not (await self._state(taken)).admits(taken["state"]):
            await self._slack.note(taken["channel"], taken["user"], taken["thread"], say("outdated"))
            raise Outdated
        match taken["kind"]:
            case "choice":
                await self._settle(taken)
            case "request":
                await self._say(taken, [section(say("asked", user=user, label=escaped(taken["label"])))])
            case "shortcut":
                await self._say(taken, [section(say("asked_about", user=user))])
            case "command":
                case_text = [
                    {"type": "section", "text": plain(text)}
                    for text in packed(taken["text"].split("\n\n"), SECTION, "\n\n")
                ]
                thread = await self._say(taken, [section(say("opened", user=user)), *case_text])
                conversation = f"slack-{taken['team']}-{taken['channel']}-{thread}"
                return {**taken, "thread": thread, "conversation": conversation}
        return taken

    async def post(self, taken: Taken, answer: Mapping[str, Any]) -> None:
        """Post an answer in the thread. Raises Passing or Permanent."""
        drawn = document(answer["text"], answer["payload"], answer["choices"])
        pages = messages(drawn, (await self._state(taken)).of(drawn.kind))
        try:
            await self._all(taken, pages)
        except Permanent as refusal:
            if str(refusal) not in REFUSED_BLOCKS:
                raise
            # Better an answer without form than none.
            logger.error("An answer was posted as plain text: %s", refusal)
            lines = escaped(plain_text(drawn)).splitlines()
            await self._all(taken, [message([section(text)]) for text in packed(lines, SECTION)])

    async def _say(self, taken: Taken, blocks: list[dict[str, Any]]) -> str:
        """Post one message of the channel's own; tells who asked if that cannot be done in this channel."""
        try:
            return (await self._all(taken, [message(blocks)]))[0]
        except Permanent as refusal:
            if str(refusal) in NOT_THERE and taken["response_url"]:
                await self._slack.respond(taken["response_url"], say("not_in_channel"))
            raise

    async def _settle(self, taken: Taken) -> None:
        clicked = taken["clicked"]
        try:
            changed = settled(clicked, taken["label"], taken["user"])
            await self._slack.update(taken["channel"], clicked["ts"], changed)
        except Permanent as refusal:
            # The question's message may be deleted by now; the answer to it still counts.
            logger.error("A question could not be marked as answered: %s", refusal)

    async def _all(self, taken: Taken, pages: list[Message]) -> list[str]:
        """Post these messages in their order, leaving out what is there already; returns their ts."""
        marks = [marked(page, f"{taken['key']}-{number}") for number, page in enumerate(pages)]
        try:
            posted = [await self._once(taken, page, mark) for page, mark in marks]
        except Permanent:
            self._forget(mark for _, mark in marks)
            raise
        self._forget(mark for _, mark in marks)
        return posted

    async def _once(self, taken: Taken, page: Message, mark: str) -> str:
        if mark in self._posted:
            return self._posted[mark]
        channel, thread = taken["channel"], taken["thread"]
        posted = None
        if mark in self._unsure or taken["run"] != self.run:
            # An earlier attempt may have reached Slack although its answer did not reach us.
            posted = await self._slack.find(channel, thread, mark)
        try:
            self._posted[mark] = posted or await self._slack.post(channel, thread, page)
        except Lost:
            self._unsure.add(mark)
            raise
        return self._posted[mark]

    async def _state(self, taken: Taken) -> State:
        return await state_of(self._store(), taken["conversation"])

    def _forget(self, marks: Iterable[str]) -> None:
        for mark in marks:
            self._posted.pop(mark, None)
            self._unsure.discard(mark)
