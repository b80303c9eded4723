"""What a guideline edition consists of, as plain immutable values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Conditions = Mapping[str, tuple[str, ...]]
"""Fact name to the values that satisfy it; all facts named must be satisfied."""


@dataclass(frozen=True)
class Source:
    """Where a statement comes from; `key` is what statements cite."""

    key: str
    title: str
    publisher: str
    date: str
    citation: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Statement:
    """One sentence for clinicians with its source.

    `when` fits it to a case: it is shown only if every fact named there has one of the values.
    `procedures` names the rated procedures it is about, if any.
    """

    kind: str
    text: str
    source: str
    when: Conditions = field(default_factory=dict)
    procedures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Procedure:
    """A study or treatment that variants rate; `adult_radiation` is the ACR relative radiation level."""

    name: str
    scope: str
    adult_radiation: str | None
    other_names: tuple[str, ...]


@dataclass(frozen=True)
class Rating:
    """One row of a variant's published table."""

    procedure: str
    category: str
    panel_disagreement: bool
    source: str


@dataclass(frozen=True)
class Outcome:
    """An end point of the decision table: a variant with ratings, an escalation, or not covered.

    `kind` is "variant", "escalation" or "not_covered"; `scope` ("imaging" or "treatment") and `number`
    are given for variants only.
    """

    id: str
    kind: str
    title: str
    summary: str
    because: Statement
    number: int | None = None
    scope: str | None = None
    ratings: tuple[Rating, ...] = ()
    statements: tuple[Statement, ...] = ()

    def of_kind(self, kind: str) -> tuple[Statement, ...]:
        """The statements of one kind ("next_steps", "pitfalls", …), in the order of the content file."""
        return tuple(statement for statement in self.statements if statement.kind == kind)


@dataclass(frozen=True)
class FactValue:
    """A value that a fact may have.

    `share` is its expected share of cases, used to order questions. `unsettled` marks what the workup has not
    shown yet: another value told later is news and contradicts nothing.
    """

    value: str
    label: str
    phrase: str
    share: float
    unsettled: bool = False


@dataclass(frozen=True)
class Fact:
    """A fact of a case.

    `decides` marks the facts that the decision table reads. `assume` is the value taken until the fact
    is known, `ask_when` the conditions under which it is asked all the same. `unknown_means` is the
    value that "not known" stands for, where there is one. `always_known` forbids a recommendation
    while the fact is open. `only_with` are conditions without which the fact means nothing. `many`
    allows several values at once, `unit` makes it a number. `may_change` marks what a clinician may state
    anew at any time without contradicting an earlier statement.
    """

    name: str
    label: str
    decides: bool = False
    always_known: bool = False
    assume: str | None = None
    ask_when: Conditions = field(default_factory=dict)
    unknown_means: str | None = None
    only_with: Conditions = field(default_factory=dict)
    many: bool = False
    may_change: bool = False
    unit: str | None = None
    question: str | None = None
    why: str | None = None
    values: tuple[FactValue, ...] = ()

    def phrase(self, value: str) -> str:
        """How an answer names `value` of this fact; free values stand for themselves."""
        return next((known.phrase for known in self.values if known.value == value), value)


@dataclass(frozen=True)
class Row:
    """A row of the decision table: `outcome` if all of `when` holds and no earlier row did."""

    outcome: str
    when: Conditions
    because: str


@dataclass(frozen=True)
class Implication:
    """What follows from what.

    A "constraint" holds of every real case; a "default" is a clinical reading that yields to a stated
    fact. `unless` withholds it.
    """

    kind: str
    when: Conditions
    unless: Conditions
    then: Mapping[str, str]


@dataclass(frozen=True)
class Note:
    """A statement outside any outcome (protocol, radiation, score item, red flag, knowledge).

    `group` says which list it belongs to, `key` which entry, `data` carries the entry's other fields.
    """

    group: str
    key: str
    text: str
    source: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Guideline:
    """A complete guideline edition, as validated content or as read from the store.

    `version` is the knowledge version: a hash of the content files. `synonyms` are the phrases that mean the
    word they stand under, `stop_words` those that say nothing in a question; both serve the search. `about` are
    words of messages about the topic, `said` for each fact the words that say each of its values.
    """

    id: str
    topic: str
    short_name: str
    organization: str
    title: str
    edition: str
    citation: str
    source: str
    notice: str
    version: str
    categories: tuple[str, ...]
    sources: tuple[Source, ...]
    procedures: tuple[Procedure, ...]
    facts: tuple[Fact, ...]
    implications: tuple[Implication, ...]
    rows: tuple[Row, ...]
    outcomes: tuple[Outcome, ...]
    notes: tuple[Note, ...]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stop_words: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    said: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @cached_property
    def fact(self) -> Mapping[str, Fact]:
        """Facts by name."""
        return {fact.name: fact for fact in self.facts}

    @cached_property
    def outcome(self) -> Mapping[str, Outcome]:
        """Outcomes by id."""
        return {outcome.id: outcome for outcome in self.outcomes}

    @cached_property
    def procedure(self) -> Mapping[str, Procedure]:
        """Procedures by name."""
        return {procedure.name: procedure for procedure in self.procedures}

    @cached_property
    def source_of(self) -> Mapping[str, Source]:
        """Sources by key."""
        return {source.key: source for source in self.sources}

    @property
    def variants(self) -> tuple[Outcome, ...]:
        """The rated variants, by number."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind == "variant")

    @cached_property
    def constraints(self) -> tuple[Implication, ...]:
        """The implications that hold of every real case."""
        return tuple(rule for rule in self.implications if rule.kind == "constraint")

    @property
    def deciding_facts(self) -> tuple[Fact, ...]:
        """The facts that the decision table reads, in the order of the content file."""
        return tuple(fact for fact in self.facts if fact.decides)


def holds(conditions: Conditions, known: Mapping[str, str]) -> bool | None:
    """Evaluate `conditions` over the `known` facts with three values.

    Returns True if all hold, False if one is known not to, None if that depends on an unknown fact.
    """
    answers = [known[fact] in values if fact in known else None for fact, values in conditions.items()]
    if False in answers:
        return False
    return None if None in answers else True


def conditions(raw: Mapping[str, object] | None) -> Conditions:
    """Conditions from the content's short form, in which a single value may stand for a list."""
    return {
        fact: tuple(map(str, values))
        if isinstance(values, Iterable) and not isinstance(values, str)
        else (str(values),)
        for fact, values in (raw or {}).items()
    }
