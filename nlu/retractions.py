"""What a message takes back: "sorry, no new deficit", "scratch the bit about cancer", "the fusion was my mistake"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from nlu.facts.neuro_terms import DOMAIN
from nlu.findings import FAMILY, HISTORICAL, HYPOTHETICAL, RECENT, STABLE, Finding
from nlu.ignorance import CALM, NAMED
from nlu.note import FactMention, Note
from nlu.text import Text, Token

BEHIND, BEFORE = "takes_back_what_follows", "takes_back_what_precedes"
"""Labels of words that take back what stands behind them, or before them."""
QUOTES = frozenset("\"“”'‘’«»")
ENDS = frozenset((*",;:.!?()—–", "but", "because", "since", "as", "bit", "part", "thing", "line", "comment", "remark"))
"""Words and marks before which what is taken back ends."""
BEGINNINGS = frozenset((*",;:.!?()—–", "so", "but", "and", "because", "that", "hence", "therefore", "then"))
"""Words and marks behind which it begins."""
LONGEST = 12
"""Tokens that are taken back at most; what is longer tells something of its own."""
ANOTHER_THING = frozenset(("and", "but", ";"))
"""Words between a correction and a fact that it is not about: "I was wrong about the age, and there is no …"."""
IN_PASSING = frozenset(("sex", "age", "adult", "level", "procedure_level", "cancer_type", "duration", "decision"))
"""Facts that words give away that are about something else."""
EMERGENCIES = frozenset(("neuro_status", "infection_signs"))

ONLY_A_PART = frozenset(
    "otherwise rest remainder other else before last previous earlier prior yesterday history since until after".split()
)
"""Words by which a calm finding is of a part, or of another time, and takes no alarm back."""
OTHERS = frozenset("age level date year side typo sex name chart height weight cancer fracture mri scan".split())
"""Words by which a correction is about something else."""
NEAREST = 8
"""Tokens between a correction and the calm finding that it is about."""
Span = tuple[int, int]
"""Tokens, from the first up to the last and not including it."""


def taken_back(text: Text, findings: Iterable[Finding]) -> list[Span]:
    """The parts of a message that it takes back itself; the words by which it does are none of them."""
    spans = []
    for finding in findings:
        if finding.sentence in text.question:
            continue
        if finding.label == BEHIND:
            spans.append(_behind(text, finding))
        elif finding.label == BEFORE:
            spans.append(_before(text, finding))
    return sorted(span for span in set(spans) if 0 < span[1] - span[0] <= LONGEST)


def only(text: Text, spans: Sequence[Span]) -> str:
    """The message with nothing in it but these parts, each where it stands."""
    return _blanked(text, spans, inside=True)


def without(text: Text, spans: Sequence[Span]) -> str:
    """The message without these parts, all others where they stand."""
    return _blanked(text, spans, inside=False)


def left(
    said: Note, taken: Iterable[FactMention], rest: Iterable[FactMention], told: Iterable[FactMention]
) -> tuple[FactMention, ...]:
    """The facts of a message that takes something back: of what it takes back nobody knows any more.

    `said` and `taken` are what those parts of it say, `rest` are the facts of the others, `told` those of the whole,
    of which an emergency stays whatever else is taken back.
    """
    named = {NAMED[finding.label]: said.mention(NAMED[finding.label], None, finding) for finding in said.all(*NAMED)}
    named |= {fact.fact: fact for fact in taken if fact.fact not in IN_PASSING}
    facts = {name: replace(fact, value=None, assertion="possible") for name, fact in named.items()}
    facts |= {fact.fact: fact for fact in rest}
    for fact in told:
        known = facts.get(fact.fact)
        if fact.fact in EMERGENCIES and fact.value not in CALM and (fact.value or not known or known.value in CALM):
            facts[fact.fact] = fact
    return tuple(facts.values())


def old_after_all(note: Note, facts: Mapping[str, FactMention]) -> dict[str, FactMention]:
    """What a correction says of a deficit that it names: it is old ("no wait, the weakness is old and stable"), so that
    none is new, unless the message tells of one."""
    if "neuro_status" in facts:
        return {}
    corrected = _words(note)
    dated = {finding.sentence for finding in note.all("neuro_chronic", "neuro_same")}
    for finding in note.all(*DOMAIN):
        old = finding.modifiers & {STABLE, HISTORICAL} or finding.sentence in dated
        if not old or finding.modifiers & {RECENT, FAMILY, HYPOTHETICAL}:
            continue
        words = [w for w in corrected if w.sentence == finding.sentence and w.end <= finding.start]
        if any(_is_near(note.text, word, finding.start, ()) for word in words):
            return {"neuro_status": note.mention("neuro_status", "intact", finding)}
    return {}


def _words(note: Note) -> list[Finding]:
    """The words that correct something, and do not ask."""
    return [finding for finding in note.own("correction") if finding.sentence not in note.text.question]


def corrections(note: Note, facts: Iterable[FactMention], learned: str) -> Iterator[str]:
    """Facts read by rules in a sentence that takes something back, not asks to, and is not about another thing.

    `learned` is the rule of those that no rule reads.
    """
    text, facts = note.text, tuple(facts)
    others = {fact.start for fact in facts if fact.fact not in EMERGENCIES | {"sex", "symptoms"}}
    words = _words(note)
    named = {finding.start for finding in note.all(*DOMAIN)}
    for fact in facts:
        token = next((i for i, t in enumerate(text.tokens) if t.end > fact.start), None)
        if token is None or fact.rule == learned:
            continue
        same = [finding for finding in words if finding.sentence == text.sentence[token]]
        between = [{t.norm for t in text.tokens[finding.end : token]} for finding in same]
        if not any(ANOTHER_THING.isdisjoint(norms) for norms in between):
            continue
        if fact.fact not in EMERGENCIES:
            yield fact.fact
        elif token in named or not _tells_a_part(text, token):
            if any(_is_near(text, word, token, others) for word in same):
                yield fact.fact


def _tells_a_part(text: Text, token: int) -> bool:
    """Whether the sentence of a token tells of a part, or of another time: "neuro otherwise normal"."""
    sentence = text.sentence[token]
    norms = (t.norm for t, number in zip(text.tokens, text.sentence, strict=True) if number == sentence)
    return not ONLY_A_PART.isdisjoint(norms)


def _is_near(text: Text, correction: Finding, token: int, others: Collection[int]) -> bool:
    """Whether words that correct something are of what stands at a token: "Sorry, T11 not T12, neuro normal" is about
    the level. `others` are the characters where other facts begin."""
    # "No new deficit, sorry" ends with them.
    end = token if correction.end <= token else bisect_right(text.sentence, text.sentence[token])
    between = text.tokens[correction.end : end]
    return len(between) <= NEAREST and not any(_is_other(t) or t.start in others for t in between)


def _is_other(token: Token) -> bool:
    return token.kind == "level" or token.norm in OTHERS or token.norm[:1].isdigit()


def _behind(text: Text, words: Finding) -> Span:
    """From the words to the end of their clause, or of what is quoted there."""
    start = words.end
    is_quoted = start < len(text.tokens) and text.tokens[start].text in QUOTES
    start += is_quoted
    ends = QUOTES if is_quoted else ENDS
    end = start
    while end < len(text.tokens) and text.sentence[end] == words.sentence and text.tokens[end].norm not in ends:
        end += 1
    return start, end


def _before(text: Text, words: Finding) -> Span:
    """From the beginning of the clause, or of what is quoted there, to the words."""
    end = words.start
    is_quoted = end > 0 and text.tokens[end - 1].text in QUOTES
    end -= is_quoted
    beginnings = QUOTES if is_quoted else BEGINNINGS
    start = end
    while start > 0 and text.sentence[start - 1] == words.sentence and text.tokens[start - 1].norm not in beginnings:
        start -= 1
    return start, end


def _blanked(text: Text, spans: Sequence[Span], inside: bool) -> str:
    places = [text.span(*span) for span in spans]
    return "".join(
        character if any(start <= at < end for start, end in places) == inside else " "
        for at, character in enumerate(text.raw)
    )
