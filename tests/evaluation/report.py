"""The benchmark's figures as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.evaluation.intents import IntentFigures
from tests.evaluation.measure import RedFlagFigures, SlotFigures, VignetteFigures

STYLES = ("shorthand", "sentences", "long_note", "incomplete")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a Markdown table."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def cases(figures: Mapping[str, VignetteFigures]) -> Iterator[str]:
    """One row a set or reader: what is read, what is reached, what it costs."""
    yield from table(
        (
            "",
            "cases",
            "stated slots right",
            "unstated slots filled",
            "right outcome",
            "questions asked",
            "fewest possible",
            "median ms a message",
        ),
        (
            (
                name,
                str(f.cases),
                f"{f.slot_accuracy:.1%}",
                f"{f.over_reading:.1%}",
                f"{f.outcome_accuracy:.1%}",
                f"{f.asked / f.cases:.2f}",
                f"{f.fewest / f.cases:.2f}",
                f"{f.median_milliseconds:.1f}",
            )
            for name, f in figures.items()
        ),
    )


def styles(figures: Mapping[str, VignetteFigures]) -> Iterator[str]:
    """Right outcomes by the style of the message."""
    yield from table(
        ("right outcome", *STYLES),
        (
            (name, *(f"{sum(shares)}/{len(shares)}" for shares in (f.styles.get(style, []) for style in STYLES)))
            for name, f in figures.items()
        ),
    )


def outcomes(figures: VignetteFigures) -> Iterator[str]:
    """Right outcomes by outcome."""
    yield from table(
        ("outcome", "right"),
        ((name, f"{sum(right)}/{len(right)}") for name, right in sorted(figures.outcomes.items())),
    )


def slots(figures: Mapping[str, SlotFigures]) -> Iterator[str]:
    """Precision, recall and F1 of every slot or assertion class."""
    yield from table(
        ("", "stated", "precision", "recall (exact accuracy)", "F1", "unstated filled", "of these against the facts"),
        (
            (
                name,
                str(f.stated),
                f"{f.precision:.1%}",
                f"{f.recall:.1%}",
                f"{f.f1:.1%}",
                str(f.unstated),
                str(f.against_facts),
            )
            for name, f in figures.items()
        ),
    )


def red_flags(figures: Mapping[str, RedFlagFigures]) -> Iterator[str]:
    """One row a set or reader: what interrupts, what is asked, what alarms without cause."""
    yield from table(
        (
            "",
            "true flags",
            "interrupt at once",
            "95 % lower bound",
            "asked at once",
            "taken as intact",
            "passed over",
            "false alarms",
            "median ms a message",
        ),
        (
            (
                name,
                str(f.true),
                f"{f.caught} ({f.sensitivity:.1%})",
                f"{f.sensitivity_bound:.1%}",
                str(f.asked),
                str(f.taken_as_intact),
                str(f.passed_over),
                f"{sum(f.false_alarms.values())}/{f.false} ({f.false_alarm_rate:.1%})",
                f"{f.median_milliseconds:.1f}",
            )
            for name, f in figures.items()
        ),
    )


def classes(figures: Mapping[str, RedFlagFigures]) -> Iterator[str]:
    """Messages that alarm, by class: all of the true kinds should, none of the others."""
    kinds = sorted({kind for f in figures.values() for kind in f.of_class})
    yield from table(
        ("messages that alarm", *figures),
        ((kind, *(f"{f.alarms[kind]}/{f.of_class[kind]}" for f in figures.values())) for kind in kinds),
    )


def intents(figures: Mapping[str, IntentFigures]) -> Iterator[str]:
    """One row a classifier: right on held-out text, what falls back, what it costs."""
    yield from table(
        (
            "classifier",
            "held-out messages",
            "right",
            "right or asked back",
            "training",
            "ms a message",
            "memory of the process",
        ),
        (
            (
                name,
                str(f.messages),
                f"{f.accuracy:.1%}",
                f"{f.safe:.1%}",
                f"{f.training_seconds:.0f} s",
                f"{f.milliseconds:.1f}",
                f"{f.megabytes:.0f} MB",
            )
            for name, f in figures.items()
        ),
    )
