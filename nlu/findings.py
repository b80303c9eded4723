"""Findings: phrases of the rule files found in a text, each with its assertion.

Phrases are found in the normal text; what modifies them is decided by medspaCy's ConText graph over
the modifiers that the rule files define.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from medspacy.context import ConTextRule
from medspacy.context.context_graph import ConTextGraph
from medspacy.context.context_modifier import ConTextModifier
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from nlu.phrase_elements import Words
from nlu.phrases import Label, Phrase, PhraseSet
from nlu.rules import Rules
from nlu.text import SENTENCE_END, Text

NEGATED, POSSIBLE, HYPOTHETICAL, FAMILY, HISTORICAL, STABLE, RECENT = (
    "NEGATED",
    "POSSIBLE",
    "HYPOTHETICAL",
    "FAMILY",
    "HISTORICAL",
    "STABLE",
    "RECENT",
)


_WEAK_NEGATIONS = frozenset(("no", "not", "never", "0", "zero", "nil", "∅", "ø", "⌀"))
"""Negations of one item, unlike "denies" or "without", which open a list."""
_RESULTS = frozenset(("negative", "nil", "none", "absent", "0"))
"""Negations behind one item, unlike "denied", which closes a list."""
_LIST_ENDS = frozenset(("or", "nor"))
LONGEST_LIST = 10
"""Tokens after an item within which the "or" of its list is looked for."""


_Modifier = tuple[int, int, ConTextRule, Phrase]
"""A modifier in a text: its first token, the one after its last, what it does, and the rule that found it."""


@dataclass(frozen=True)
class Finding:
    """A finding in a text.

    `start` and `end` are token numbers, `sentence` the number of its sentence, `modifiers` the ConText
    categories that apply to it, `phrase` the rule that found it, `reasons` the rule behind each of the modifiers.
    """

    label: str
    start: int
    end: int
    sentence: int
    modifiers: frozenset[str]
    phrase: Phrase = field(compare=False)
    reasons: Mapping[str, Phrase] = field(default_factory=dict, compare=False)

    @property
    def assertion(self) -> str:
        """affirmed, negated, possible, hypothetical, historical or family; the last two words win over the first."""
        for category, name in (
            (FAMILY, "family"),
            (HYPOTHETICAL, "hypothetical"),
            (NEGATED, "negated"),
            (POSSIBLE, "possible"),
            (HISTORICAL, "historical"),
        ):
            if category in self.modifiers:
                return name
        return "affirmed"


class FindingReader:
    """Finds the labels of the rules in texts and decides their assertion."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._deficits = frozenset(name.upper() for name in rules.groups.get("deficits", ()))
        self._vocab = Vocab()

    def read(self, text: Text) -> list[Finding]:
        """All findings of `text`, by position."""
        words = Words(text.normal)
        spans = self._findings(text, words)
        if not spans:
            return []
        doc = text.doc(self._vocab)
        targets = [Span(doc, start, end, label=label.upper()) for start, end, label, _ in spans]
        applying = self._applying(text, words, doc, targets)
        sections = self._sections(text, words)
        return [
            _finding(text, label, start, end, phrase, {**sections[start], **applying[i]})
            for i, (start, end, label, phrase) in enumerate(spans)
        ]

    def _applying(self, text: Text, words: Words, doc: Doc, targets: list[Span]) -> list[dict[str, Phrase]]:
        """For each target, the categories that modify it, each with the rule that gave it.

        ConText compares all modifiers with each other and none reaches out of its sentence, so the graph
        is made sentence by sentence: a long note costs no more than its sentences.
        """
        targets_in: dict[int, list[int]] = defaultdict(list)
        for i, target in enumerate(targets):
            targets_in[text.sentence[target.start]].append(i)
        modifiers_in: dict[int, list[_Modifier]] = defaultdict(list)
        for modifier in _matches(self._rules.modifiers, text, words):
            modifiers_in[text.sentence[modifier[0]]].append(modifier)
        applying: list[dict[str, Phrase]] = [{} for _ in targets]
        for sentence, numbers in targets_in.items():
            found = [
                (ConTextModifier(rule, start, end, doc), phrase)
                for start, end, rule, phrase in _outermost(modifiers_in[sentence])
            ]
            phrase_of = {id(modifier): phrase for modifier, phrase in found}
            graph = ConTextGraph(targets=[targets[i] for i in numbers], modifiers=[modifier for modifier, _ in found])
            graph.update_scopes()
            graph.apply_modifiers()
            number_of = {id(targets[i]): i for i in numbers}
            for target, modifier in graph.edges:
                for category in self._effect(text, target, modifier):
                    applying[number_of[id(target)]].setdefault(category, phrase_of[id(modifier)])
        return applying

    def _effect(self, text: Text, target: Span, modifier: ConTextModifier) -> set[str]:
        """What a modifier makes of a target."""
        start, end = modifier.modifier_span
        if modifier.category != NEGATED:
            return {modifier.category}
        first = text.tokens[start].norm
        if target.start >= end and modifier.direction.upper() == "FORWARD" and first in _WEAK_NEGATIONS:
            return self._denied_ahead(text, target, modifier)
        if target.end <= start and first in _RESULTS:
            return self._denied_behind(text, target, modifier)
        return {NEGATED}

    def _denied_ahead(self, text: Text, target: Span, modifier: ConTextModifier) -> set[str]:
        """What "no" makes of a target after it.

        It reaches over a comma only within a list: to an item of the same kind ("no weakness, numbness")
        or up to an "or" ("no fever, cancer or weakness"). In "no cancer, saddle numbness" the numbness is
        not denied; whether it is affirmed has to be asked.
        """
        end = modifier.modifier_span[1]
        between = [token.norm for token in text.tokens[end : target.start]]
        if "," not in between or _LIST_ENDS & {token.norm for token in text.tokens[end : target.end + LONGEST_LIST]}:
            return {NEGATED}
        comma = end + between.index(",")
        kinds = {self._kind(t.label_) for t in modifier._targets if t.start < comma}
        if self._kind(target.label_) in kinds:
            return {NEGATED}
        return {POSSIBLE} if self._kind(target.label_) == "DEFICITS" else set()

    def _denied_behind(self, text: Text, target: Span, modifier: ConTextModifier) -> set[str]:
        """In "new L1 fracture, cancer negative" only the cancer is denied."""
        start = modifier.modifier_span[0]
        commas = [i for i in range(target.end, start) if text.tokens[i].norm == ","]
        kinds = {self._kind(t.label_) for t in modifier._targets if commas and t.start > commas[-1]}
        return {NEGATED} if not commas or self._kind(target.label_) in kinds else set()

    def _kind(self, label: str) -> str:
        return "DEFICITS" if label in self._deficits else label

    def _findings(self, text: Text, words: Words) -> list[tuple[int, int, str, Phrase]]:
        matches: dict[str, list[tuple[int, int, Phrase]]] = defaultdict(list)
        for start, end, label, phrase in _matches(self._rules.findings, text, words):
            matches[label].append((start, end, phrase))
        spans = [
            (start, end, label, phrase) for label, found in matches.items() for start, end, phrase in _longest(found)
        ]
        return sorted(spans, key=lambda span: (span[0], span[1], span[2]))

    def _sections(self, text: Text, words: Words) -> list[dict[str, Phrase]]:
        """For each token, the categories that its section gives ("FH: …" makes all of it family)."""
        found = _matches(self._rules.sections, text, words)
        headers = sorted(((start, end, kind.upper(), phrase) for start, end, kind, phrase in found), key=_place)
        given: list[dict[str, Phrase]] = [{} for _ in text.tokens]
        for number, (start, end, kind, phrase) in enumerate(headers):
            if kind == "OTHER":
                continue
            stop = headers[number + 1][0] if number + 1 < len(headers) else len(text.tokens)
            for i in range(end, stop):
                # A section lasts to the next header or the end of its line or sentence.
                if text.sentence[i] != text.sentence[start]:
                    break
                given[i].setdefault(kind, phrase)
        return given


def _matches(phrases: PhraseSet[Label], text: Text, words: Words) -> list[tuple[int, int, Label, Phrase]]:
    """The matches of `phrases`, with token numbers."""
    return [
        (text.token_at(match.start), text.token_at(match.end - 1) + 1, match.label, match.phrase)
        for match in phrases.find(words)
        if text.normal[match.start] != SENTENCE_END
    ]


def _finding(text: Text, label: str, start: int, end: int, phrase: Phrase, reasons: dict[str, Phrase]) -> Finding:
    return Finding(label, start, end, text.sentence[start], frozenset(reasons), phrase, reasons)


def _place(found: tuple[int, int, str, Phrase]) -> tuple[int, int, str]:
    return found[:3]


def _outermost(found: list[_Modifier]) -> list[_Modifier]:
    """By position, without modifiers inside a longer one: "no change in" takes the place of "no"."""
    return sorted(
        (
            item
            for item in found
            if not any(o[0] <= item[0] and item[1] <= o[1] and o[1] - o[0] > item[1] - item[0] for o in found)
        ),
        key=lambda item: item[:2],
    )


def _longest(matches: list[tuple[int, int, Phrase]]) -> list[tuple[int, int, Phrase]]:
    """Without matches that lie within another of the same label."""
    kept: list[tuple[int, int, Phrase]] = []
    for start, end, phrase in sorted(matches, key=lambda match: (match[0], -match[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end, phrase))
    return kept
