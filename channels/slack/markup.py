"""Slack's text markup: taken out of what people write, and kept out of what the assistant shows.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MENTION = re.compile(r"<@([UW][A-Z0-9]*)(?:\|([^<>]*))?>")
"""A user: <@U123>, or with the name that Slack gives in commands, <@U123|name>."""
# Only what Slack itself writes between angle brackets: "height <50%, T score > -2.5" is text.
LABELED = re.compile(r"<(?:#[CG][A-Z0-9]*|!(?:subteam|date)\^[^<>|]*|(?:https?|mailto|tel):[^<>|]*)\|([^<>]*)>")
BARE = re.compile(r"<((?:https?|mailto|tel):[^<>|]*|!(?:here|channel|everyone)|#[CG][A-Z0-9]*)(?:\|[^<>]*)?>")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def decoded(text: str) -> str:
    """What a person meant with a text as Slack sends it.

    Users drop out (the assistant is told cases, not names), links and channels become their labels, entities the
    characters that they stand for.
    """
    text = MENTION.sub(" ", text)
    text = LABELED.sub(lambda found: found[1], text)
    text = BARE.sub(lambda found: found[1].lstrip("!#"), text)
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return re.sub(r"[ \t]{2,}", " ", text).strip()


def escaped(text: str) -> str:
    """`text` as mrkdwn that shows it and nothing else: no mention, no link."""
    for entity, character in reversed(ENTITIES):
        text = text.replace(character, entity)
    return text


def bold(text: str) -> str:
    """`text`, escaped, in bold; nothing if there is none. Bold does not go beyond a line."""
    line = " ".join(text.split())
    return f"*{escaped(line)}*" if line else ""


def packed(lines: Iterable[str], limit: int, separator: str = "\n", head: str = "") -> list[str]:
    """Texts of at most `limit` characters that hold `lines` in their order, each text beginning with `head`.

    No line is cut unless it alone is too long: then at sentence ends, as a last resort at spaces or anywhere.
    """
    room = limit - len(head)
    texts: list[str] = []
    for part in (part for line in lines if line.strip() for part in _fitting(line, room)):
        if texts and len(texts[-1]) + len(separator) + len(part) <= room:
            texts[-1] += separator + part
        else:
            texts.append(part)
    return [head + text for text in texts]


def _fitting(line: str, limit: int) -> list[str]:
    """A line in parts that fit, cut where it hurts least."""
    if len(line) <= limit:
        return [line]
    sentences = SENTENCE_END.split(line)
    if len(sentences) > 1:
        return packed(sentences, limit, " ")
    cut = line.rfind(" ", 1, limit + 1)
    if cut <= 0:
        entity = line.rfind("&", limit - 4, limit)
        cut = entity if entity > 0 and ";" not in line[entity:limit] else limit
    rest = line[cut:].strip()
    return [line[:cut], *(_fitting(rest, limit) if rest else [])]
