"""The way in: free text to facts of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlu.facts import READERS
from nlu.findings import Finding, FindingReader
from nlu.note import FactMention, Note
from nlu.rules import RULES, Rules, load_rules
from nlu.second_reader import SecondReader, passages, second_reader, words_of
from nlu.text import Text, read_text

NEURO, DEFICIT = "neuro_status", "deficit"
RULE = "second reader"
ALARM, ASK = 0.8, 0.55
"""Probabilities from which the learned reader raises the alarm, or has the question asked, by itself."""
ALARM_AGAINST, ASK_AGAINST = 0.93, 0.8
"""The same where the rules read an examination that excludes a deficit."""
SHORTEST = 5
"""Tokens of a message below which only the rules judge: bare replies have nothing to learn from."""

LONGEST = 20_000
"""Characters of a message that are read; what comes after them is not."""


@dataclass(frozen=True)
class Reading:
    """What a message says: its facts, one per fact name, and the findings behind them.

    `corrections` are the facts whose words take something back ("sorry, no new deficit").
    """

    facts: tuple[FactMention, ...]
    findings: tuple[Finding, ...]
    text: Text
    corrections: frozenset[str]


class ClinicalReader:
    """Reads messages with one set of rules; holds no state between messages."""

    def __init__(self, rules: Rules, second: SecondReader) -> None:
        self.rules = rules
        self._findings = FindingReader(rules)
        self._second = second

    def read(self, raw: str) -> Reading:
        """The facts that `raw` states. Any string will do; beyond LONGEST characters it is not read."""
        text = read_text(raw[:LONGEST], self.rules.spelling)
        findings = self._findings.read(text)
        note = Note(text, findings)
        facts: dict[str, FactMention] = {}
        for reader in READERS:
            for mention in reader(note):
                facts.setdefault(mention.fact, mention)
        if doubt := self._doubt(text, facts.get(NEURO)):
            facts[NEURO] = doubt
        related = _related(facts)
        return Reading(related, tuple(findings), text, frozenset(_corrections(note, related)))

    def _doubt(self, text: Text, by_rules: FactMention | None) -> FactMention | None:
        """What the learned reader adds: an alarm, or the doubt that makes the question be asked.

        It never lowers what the rules say.
        """
        if by_rules and by_rules.value in (DEFICIT, None):
            return None
        if len(text.tokens) < SHORTEST:
            return None
        judged = ((self._second.probability(words_of(text, start, end)), start, end) for start, end in passages(text))
        probability, start, end = max(judged, default=(0.0, 0, 0))
        alarm, ask = (ALARM_AGAINST, ASK_AGAINST) if by_rules else (ALARM, ASK)
        if probability < ask:
            return None
        first, last = text.span(start, end)
        value = DEFICIT if probability >= alarm else None
        return FactMention(NEURO, value, first, last, text.raw[first:last], "affirmed" if value else "possible", RULE)


def _corrections(note: Note, facts: Iterable[FactMention]) -> Iterator[str]:
    """Facts read in a sentence that takes something back."""
    sentences = {finding.sentence for finding in note.own("correction")}
    for fact in facts:
        token = next((i for i, t in enumerate(note.text.tokens) if t.end > fact.start), None)
        if token is not None and note.text.sentence[token] in sentences:
            yield fact.fact


def _related(facts: dict[str, FactMention]) -> tuple[FactMention, ...]:
    """Facts that only follow from two others of the same message."""
    level = facts.get("prior_procedure_level")
    status = facts.get("fracture_status")
    if level and level.value == "same" and (status is None or status.value == "new"):
        facts["fracture_status"] = FactMention("fracture_status", "known", *_place(level))
    return tuple(facts.values())


def _place(mention: FactMention) -> tuple[int, int, str, str, str]:
    return mention.start, mention.end, mention.words, mention.assertion, mention.rule


@lru_cache(maxsize=2)
def default_reader() -> ClinicalReader:
    """The reader with the project's own rules, loaded once."""
    rules = load_rules(RULES)
    return ClinicalReader(rules, second_reader(rules))


def facts_of(raw: str) -> Sequence[FactMention]:
    """The facts that `raw` states, read with the project's own rules."""
    return default_reader().read(raw).facts
