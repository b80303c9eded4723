"""What is posted in a thread: answers, each message of them once, and what comes before them."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rasa.core.tracker_store import TrackerStore

from channels.courier import Outdated, Permanent
from channels.offers import stands
from channels.slack.api import NOT_THERE, Lost, Slack
from channels.slack.blocks import SECTION, Block, plain, section
from channels.slack.markup import escaped, packed
from channels.slack.messages import Message, marked, messages, paged, settled, unformed
from channels.slack.wording import say
from knowledge.document.build import document
from knowledge.document.common import say as answer_says

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
        self._posted: dict[str, dict[str, str | None]] = {}
        """By a message's key, the ts of what was posted for it, by its mark; None if it may have been."""

    async def prepare(self, taken: Taken) -> Taken:
        """Show in the thread what is about to be answered. Raises Passing, Permanent or Outdated."""
        user = f"<@{taken['user']}>"
        # Here and not when the click came in: nothing else happens in the conversation between this and the answer.
        if taken["mark"] is not None and not await stands(self._store(), taken["conversation"], taken["mark"]):
            await self._slack.tell(taken, answer_says("outdated"), needed=True)
            raise Outdated
        match taken["kind"]:
            case "choice":
                await self._settle(taken)
            case "request":
                await self._say(taken, [section(say("asked", user=user, label=escaped(taken["label"])))])
            case "shortcut":
                if await self._store().exists(taken["conversation"]):
                    await self._slack.tell(taken, say("other_case"), needed=True)
                    raise Outdated
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
        await self._show(taken, messages(drawn, answer["mark"]))

    async def _say(self, taken: Taken, blocks: Sequence[Block]) -> str:
        """Post what is the channel's own; returns the ts of its first message."""
        return await self._show(taken, paged(blocks))

    async def _settle(self, taken: Taken) -> None:
        clicked = taken["clicked"]
        try:
            changed = settled(clicked, taken["label"], taken["user"])
            await self._slack.update(taken["channel"], clicked["ts"], changed)
        except Permanent as refusal:
            # The question's message may be deleted by now; the answer to it still counts.
            logger.error("A question could not be marked as answered: %s", refusal)

    async def _show(self, taken: Taken, pages: Sequence[Message]) -> str:
        """Post these messages; returns the ts of the first. Who asked is told if Slack refuses them."""
        try:
            first = await self._all(taken, pages)
        except Permanent as refusal:
            code = str(refusal)
            await self._slack.tell(taken, say("not_in_channel") if code in NOT_THERE else say("refused", code=code))
            self._posted.pop(taken["key"], None)
            raise
        self._posted.pop(taken["key"], None)
        return first

    async def _all(self, taken: Taken, pages: Sequence[Message], number: str = "", formed: bool = True) -> str:
        """Post these messages in their order, leaving out what is there already; without a thread, in the first's."""
        first = ""
        for place, page in enumerate(pages):
            name = f"{number}-{place}"
            try:
                ts = await self._once(taken, page, name)
            except Permanent as refusal:
                if not formed or str(refusal) not in REFUSED_BLOCKS:
                    raise
                # Better an answer without form than none.
                logger.error("A message was posted as plain text: %s", refusal)
                ts = await self._all(taken, unformed(page), name, formed=False)
            first = first or ts
            taken = {**taken, "thread": taken["thread"] or ts}
        return first

    async def _once(self, taken: Taken, given: Message, name: str) -> str:
        page, mark = marked(given, f"{taken['key']}{name}")
        posted = self._posted.setdefault(taken["key"], {})
        ts = posted.get(mark)
        if ts is None and (mark in posted or taken["run"] != self.run):
            # An earlier attempt may have reached Slack although its answer did not reach us.
            ts = await self._slack.find(taken["channel"], taken["thread"], mark)
        try:
            posted[mark] = ts = ts or await self._slack.post(taken["channel"], taken["thread"], page)
        except Lost:
            posted[mark] = None
            raise
        return ts
