"""Short replies: what "no", "not done" or "the same level" would mean as the answer to each question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nlu.phrase_elements import Words
from nlu.phrases import Phrase, PhraseSet
from nlu.rules import Rules
from nlu.text import Text

LONGEST_REPLY = 12
"""Tokens beyond which a message is more than a reply and is only read for what it states."""

UNKNOWN = "unknown"
SHORT_DOUBT = 3
"""Tokens up to which a question mark only marks doubt: "no?"."""
_QUESTION_WORDS = frozenset(
    "what which how why when where who would could should can does do shall will may might".split()
)
_NEGATIONS = frozenset(("no", "not", "never", "without", "none", "neither", "denies"))


class ReplyReader:
    """Reads short replies against the `answers` of the rule files."""

    def __init__(self, rules: Rules) -> None:
        self._replies = _phrases(rules, rules.replies)
        self._facts: dict[str, tuple[Mapping[str, Any], PhraseSet[str]]] = {}
        for fact, answers in rules.answers.items():
            by_reply = {name: value for name, value in answers.items() if name != "words"}
            self._facts[fact] = (by_reply, _phrases(rules, answers["words"]))

    def read(self, text: Text, states_facts: bool = False) -> dict[str, str]:
        """For each fact that the reply could answer, the value it would give; empty for a long message.

        If the message `states_facts` by itself, its words belong to those, and only a yes or no set off at
        its start still answers the question.
        """
        if not text.tokens or len(text.tokens) > LONGEST_REPLY or _asks(text):
            return {}
        replies = _labels(self._replies, text.normal)
        first = self._first_reply(text)
        if states_facts:
            replies, first = [], first if self._is_set_off(text) else None
        answers: dict[str, str] = {}
        for fact, (by_reply, words) in self._facts.items():
            named = [] if states_facts else _named(words, text)
            value = self._value(text, by_reply, named, replies, first)
            if value is not None:
                answers[fact] = value
        return answers

    def _value(
        self, text: Text, by_reply: Mapping[str, Any], named: list[str], replies: list[str], first: str | None
    ) -> str | None:
        """Unknown first, then a plain yes or no, then the words of one single value."""
        if UNKNOWN in replies:
            return UNKNOWN
        if "not_done" in replies and "not_done" in by_reply:
            return str(by_reply["not_done"])
        if first in by_reply and (self._is_bare(text, str(first)) or self._is_set_off(text)):
            return str(by_reply[str(first)])
        if len(named) == 1:
            return named[0]
        longest = 1 if "strict" in by_reply else 4
        if first in by_reply and not named and len(text.tokens) <= longest:
            return str(by_reply[str(first)])
        return None

    @staticmethod
    def _is_set_off(text: Text) -> bool:
        """Whether the first word stands by itself: "no, but she has a fever"."""
        return len(text.tokens) > 1 and text.tokens[1].text in (",", ";", ".", "-", "–")

    def _is_bare(self, text: Text, reply: str) -> bool:
        """Whether the message says nothing but `reply` ("no, none")."""
        words = [token.norm for token in text.tokens if token.text[:1].isalnum()]
        return all(reply in _labels(self._replies, f"¶ {word} ¶ ") for word in words)

    def _first_reply(self, text: Text) -> str | None:
        """Whether the message starts with yes or with no."""
        head = text.normal.split()[1:2]
        start = f"¶ {head[0]} ¶ " if head else ""
        replies = _labels(self._replies, start)
        return next((name for name in ("yes", "no") if name in replies), None)


def _asks(text: Text) -> bool:
    """Whether the message is a question of its own: "would a CT be ok" says nothing is ok."""
    norms = [token.norm for token in text.tokens]
    opens = norms[0] in _QUESTION_WORDS and norms[1:2] != ["not"]
    return opens or (norms[-1] == "?" and len(norms) > SHORT_DOUBT)


def _phrases(rules: Rules, words: Mapping[str, Any]) -> PhraseSet[str]:
    """The phrases that stand for each name in `words`."""
    phrases = ((name, Phrase(str(item), "answers.yml", 1)) for name, items in words.items() for item in items)
    return PhraseSet(phrases, {}, rules.spelling.plain)


def _labels(phrases: PhraseSet[str], normal: str) -> list[str]:
    """The labels of what occurs in a normal text, each once."""
    return list(dict.fromkeys(match.label for match in phrases.find(Words(normal))))


def _named(words: PhraseSet[str], text: Text) -> list[str]:
    """The values whose words stand in the reply; a denied word ("not a tumor") names nothing."""
    message = Words(text.normal)
    denied = not _NEGATIONS.isdisjoint(message.places)
    found = words.find(message)
    named = (m.label for m in found if not denied or not _NEGATIONS.isdisjoint(m.phrase.text.split()))
    return list(dict.fromkeys(named))
