"""The way in: free text to facts of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from nlu.facts import READERS
from nlu.facts.neuro_terms import RECENTLY
from nlu.facts.stated import about_relative
from nlu.findings import Finding, FindingReader
from nlu.ignorance import NOT_KNOWN, opened
from nlu.note import FactMention, Note
from nlu.retractions import Span, corrections, left, old_after_all, only, taken_back, without
from nlu.rules import RULES, Rules, load_rules
from nlu.second_reader import DEFICIT, INTACT, RESTATES, Judgment, Output, SecondReader, clauses, passages
from nlu.second_training import second_reader
from nlu.text import Text, read_text

NEURO = DEFICIT[0]
RULE = "second reader"
ALARM, ASK = 0.45, 0.12
"""Probabilities from which the learned reader raises the alarm, or has the question asked, by itself."""
ALARM_AGAINST, ASK_AGAINST = 0.8, 0.4
"""The same where the rules read an examination that excludes a deficit, or only the possibility of one."""
DISBELIEF, DISBELIEF_OF_DATED = 0.12, 0.07
"""Probabilities below which, in every part of the message, a deficit read by the rules is asked about at once
instead of alarming: two readers that disagree so far have read something strange, not something certain. Of
deficits that the message dates it takes more."""
FAINT, CALM = 0.2, 0.12
"""Probability of a deficit below which it opens no settled question, and from which the patient is not intact."""
RESTATED, RESTATED_ASKING = 0.6, 0.8
"""Probability from which a message is taken to replace what was told before, and from which one that asks is."""
RESTATING, NEWS = frozenset(("correction", "restatement")), frozenset(("news",))
"""Findings by which the rules see the same, and by which they see that something was not so before."""
SURE = 0.6
"""Probability from which it states a fact that the rules did not read."""
SURE_OF = {
    "cancer_history": 0.5,
    "adult": 0.5,
    "fracture_status": 0.5,
    "neuro_status": 0.5,
    "marrow_edema": 0.75,
    "prior_procedure": 0.7,
    "pain_character": 0.75,
    "mechanism": 0.75,
    "clinical_course": 0.75,
    "prior_fracture": 0.9,
    "etiology": 0.95,
}
"""The same for facts of which a guess is more rarely, or more often, wrong: edema is told of other studies, a course
of other complaints, and not every fracture in a patient with osteoporosis is osteoporotic."""
PAINS = frozenset(("pain_character", "clinical_course"))
"""Facts that only a patient with symptoms has."""
BESIDE = {"prior_procedure_level": "prior_procedure"}
"""Facts that it states only beside another: a level is that of some procedure. Where rules read which, they compare."""
REASONS_AGAINST = {
    INTACT: frozenset(("neuro_earlier_exam", "neuro_unexamined", "neuro_exception")),
    ("prior_procedure", "augmentation"): frozenset(("procedure_plan", "procedure_wished")),
    ("prior_procedure", "surgery"): frozenset(("procedure_plan", "procedure_wished")),
}
"""Findings beside which it does not state a value: there the rules read why it is not so ("normal last month")."""
OTHERS = {("cancer_history", "present"): ("cancer",)}
"""Findings that, told of a relative, are none of the patient's."""
UNLIKELY, LIKELY = 0.3, 0.5
"""Probabilities of what the rules read, and of another value, below and above which the other one is taken: two
readers that contradict each other so plainly have met words that the rules take for something else."""
UNLIKELY_OF = {"fracture_status": 0.4, "cancer_history": 0.2, "symptoms": 0.05}
LIKELY_OF = {"prior_procedure": 0.8}
"""The same for facts of which the rules are wrong more often, or more rarely."""
LIKELY_BESIDE, LIKELIER_BESIDE = 0.75, 0.4
"""How probable, and how much more so, another value has to be beside words that take something back."""
DOUBTFUL, POSSIBLE = 0.6, 0.2
"""The same for a value that stands but is doubted, so that it is asked about if the outcome hangs on it."""
ALARMING = frozenset((DEFICIT, ("infection_signs", "present")))
"""Values that are neither taken back nor doubted, nor put in the place of others."""
UNDISPUTED = frozenset((NEURO, "prior_fracture"))
"""Facts that are not disputed: deficits have limits of their own, and an earlier fracture is told in plain words."""
OPEN = ("etiology", "undetermined")
NEVER_OVERRULED: frozenset[str | Output] = ALARMING | {OPEN, "adult", "marrow_edema", "prior_procedure_level"}
"""What hangs on numbers, on a question mark, or on which of several things is meant: there the rules read better."""
ASKED = frozenset(("decision",))
"""Facts that a question states; it states no other."""
SHORTEST, SHORTEST_SUPPOSED = 5, 3
"""Tokens of a message or a part of it, and of what is supposed, below which only the rules judge: nothing to learn."""
SHORTEST_DISPUTED = 10
"""Tokens of a message below which the learned reader does not dispute what the rules read either."""
LONGEST_SAID_LATER = 45
"""Tokens beyond which a message is a case, and the rules alone read what it takes back."""
LONGEST = 20_000
"""Characters of a message that are read; what comes after them is not."""


@dataclass(frozen=True)
class Reading:
    """What a message says: its facts, one per fact name, and the findings behind them.

    `corrections` are the facts whose words take something back ("sorry, no new deficit"), `restates` says whether
    the message as a whole replaces what was told before.
    """

    facts: tuple[FactMention, ...]
    findings: tuple[Finding, ...]
    text: Text
    corrections: frozenset[str]
    restates: bool


class ClinicalReader:
    """Reads messages with one set of rules; holds no state between messages."""

    def __init__(self, rules: Rules, second: SecondReader) -> None:
        self.rules = rules
        self._findings = FindingReader(rules)
        self._second = second

    def read(self, raw: str, supposed: bool = False) -> Reading:
        """The facts that `raw` states. Any string will do; beyond LONGEST characters it is not read.

        What is `supposed` names little else than what is to change, so that the learned reader need be less sure.
        """
        reading = self._read(raw, supposed)
        spans = taken_back(reading.text, reading.findings)
        return self._without(reading, spans, supposed) if spans else reading

    def _without(self, reading: Reading, spans: Sequence[Span], supposed: bool) -> Reading:
        """What a message says without the parts that it takes back; emergencies are left to the rules."""
        rest = self._read(without(reading.text, spans), supposed)
        said = self._read(only(reading.text, spans), supposed)
        facts = left(Note(said.text, said.findings), said.facts, rest.facts, reading.facts)
        # Their words as they were typed: a part that was left out may stand among them.
        told = tuple(replace(fact, words=reading.text.raw[fact.start : fact.end]) for fact in facts)
        return replace(rest, facts=told, restates=True)

    def _read(self, raw: str, supposed: bool) -> Reading:
        text = read_text(raw[:LONGEST], self.rules.spelling)
        findings = self._findings.read(text)
        note = Note(text, findings)
        facts: dict[str, FactMention] = {}
        for reader in READERS:
            for mention in reader(note):
                facts.setdefault(mention.fact, mention)
        facts = opened(note, facts)
        facts |= old_after_all(note, facts)
        restates = any(finding.label in RESTATING | NEWS for finding in findings)
        if len(text.tokens) >= (SHORTEST_SUPPOSED if supposed else SHORTEST):
            restates |= self._second_opinion(note, facts, supposed) >= (RESTATED_ASKING if text.question else RESTATED)
        related = _related(facts)
        return Reading(related, tuple(findings), text, frozenset(corrections(note, related, RULE)), restates)

    def _second_opinion(self, note: Note, facts: dict[str, FactMention], supposed: bool) -> float:
        """Adds to `facts` what only the learned reader reads; returns how probably the message restates something."""
        text = note.text
        whole, parts = self._second.judge(text, passages(text)), self._second.judge(text, clauses(text))
        if doubt := _doubt(text, facts.get(NEURO), whole, parts):
            facts[NEURO] = doubt
        for mention in (*_more(note, facts, whole, parts, supposed), *_disputed(note, facts, whole, parts)):
            facts[mention.fact] = mention
        return _restates(whole)


def _doubt(
    text: Text,
    by_rules: FactMention | None,
    whole: Mapping[Output, Judgment],
    parts: Mapping[Output, Judgment],
) -> FactMention | None:
    """What the learned reader adds of a deficit: an alarm, or the doubt that makes the question be asked."""
    judgment = whole.get(DEFICIT)
    if judgment is None:
        return None
    if by_rules and by_rules.value == DEFICIT[1]:
        highest = max(judged[DEFICIT].probability for judged in (whole, parts) if DEFICIT in judged)
        limit = DISBELIEF_OF_DATED if by_rules.assertion == RECENTLY else DISBELIEF
        doubted = replace(by_rules, value=None, assertion="possible", score=highest)
        return doubted if highest < limit else None
    # What the words only raise as possible is asked about, unless the learned reader hardly doubts it.
    against = by_rules is not None and (by_rules.value == INTACT[1] or by_rules.assertion == "possible")
    alarm, ask = (ALARM_AGAINST, ASK_AGAINST) if against else (ALARM, ASK)
    if judgment.probability >= alarm:
        return _mention(text, NEURO, DEFICIT[1], judgment)
    is_open = by_rules is not None and by_rules.value is None
    if is_open or judgment.probability < ask:
        return None
    return replace(_mention(text, NEURO, None, judgment), doubted=judgment.probability < FAINT)


def _more(
    note: Note,
    by_rules: Mapping[str, FactMention],
    whole: Mapping[Output, Judgment],
    parts: Mapping[Output, Judgment],
    supposed: bool,
) -> Iterator[FactMention]:
    """Facts that only the learned reader reads: of each fact the most probable value, if it is sure of it."""
    text = note.text
    shortest, sure_of = (SHORTEST_SUPPOSED, {}) if supposed else (SHORTEST, SURE_OF)
    best: dict[str, tuple[Judgment, Output]] = {}
    for output in whole:
        judgment, fact = _highest(output, whole, parts), output[0]
        if fact not in by_rules and (fact not in best or judgment.probability > best[fact][0].probability):
            best[fact] = (judgment, output)
    painless = "symptoms" in by_rules and by_rules["symptoms"].value == "asymptomatic"
    for fact, (judgment, output) in best.items():
        asks = any(text.sentence[i] in text.question for i in range(judgment.start, judgment.end))
        unsure = judgment.probability < sure_of.get(fact, SURE) or judgment.end - judgment.start < shortest
        if unsure or output in (DEFICIT, RESTATES) or (asks and fact not in ASKED):
            continue
        alone = fact in BESIDE and (BESIDE[fact] not in by_rules or "procedure_level" in by_rules)
        if (fact in PAINS and painless) or _is_refused(note, output, judgment):
            continue
        if not alone and (output != INTACT or whole[DEFICIT].probability < CALM):
            yield _mention(text, *output, judgment)


def _disputed(
    note: Note,
    by_rules: Mapping[str, FactMention],
    whole: Mapping[Output, Judgment],
    parts: Mapping[Output, Judgment],
) -> Iterator[FactMention]:
    """What becomes of values that the learned reader finds unlikely, and another likely or at least possible.

    Short messages are left to the rules, and words that take something back nearly always: they name both values.
    """
    brief = len(note.text.tokens) <= LONGEST_SAID_LATER
    if len(note.text.tokens) < SHORTEST_DISPUTED or (note.all(*RESTATING) and not brief):
        return
    takes_back = brief and (bool(note.all(*RESTATING)) or _restates(whole) >= RESTATED)
    for fact, mention in by_rules.items():
        read = (fact, mention.value or "")
        if mention.rule == RULE or read not in whole or read in ALARMING or fact in UNDISPUTED:
            continue
        judged = {output: _highest(output, whole, parts) for output in whole if output[0] == fact}
        own = judged.pop(read).probability
        output, other = max(judged.items(), key=lambda item: item[1].probability, default=(read, None))
        if other is None:
            continue
        if takes_back:
            unlikely = other.probability >= max(LIKELY_BESIDE, own + LIKELIER_BESIDE)
        else:
            unlikely = own < UNLIKELY_OF.get(fact, UNLIKELY) and other.probability >= LIKELY_OF.get(fact, LIKELY)
        if unlikely and not ({fact, read, output} & NEVER_OVERRULED or _is_refused(note, output, other)):
            yield _mention(note.text, *output, other)
        elif not takes_back and own < DOUBTFUL and other.probability >= POSSIBLE:
            yield replace(mention, doubted=True)


def _highest(output: Output, whole: Mapping[Output, Judgment], parts: Mapping[Output, Judgment]) -> Judgment:
    return max((judged[output] for judged in (whole, parts) if output in judged), key=_probability)


def _is_refused(note: Note, output: Output, judgment: Judgment) -> bool:
    """Whether the rules read in the same passage why the value is not so, of whom it is, or that nobody knows."""
    against = REASONS_AGAINST.get(output, frozenset())
    others = [f for f in note.all(*OTHERS.get(output, ())) if about_relative(note, f)]
    found = [*others, *note.all(NOT_KNOWN, *against)]
    return any(judgment.start <= f.start < judgment.end for f in found)


def _probability(judgment: Judgment) -> float:
    return judgment.probability


def _restates(judged: Mapping[Output, Judgment]) -> float:
    return judged[RESTATES].probability if RESTATES in judged else 0.0


def _mention(text: Text, fact: str, value: str | None, judgment: Judgment) -> FactMention:
    first, last = text.span(judgment.start, judgment.end)
    assertion = "affirmed" if value else "possible"
    return FactMention(fact, value, first, last, text.raw[first:last], assertion, RULE, judgment.probability)


def _related(facts: dict[str, FactMention]) -> tuple[FactMention, ...]:
    """Facts that only follow from two others of the same message."""
    level, procedure = facts.get("prior_procedure_level"), facts.get("prior_procedure")
    status = facts.get("fracture_status")
    # A level that was cemented had its fracture then; one that was fused may break for the first time.
    cemented = procedure is not None and procedure.value == "augmentation"
    if cemented and level and level.value == "same" and (status is None or status.value == "new"):
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
