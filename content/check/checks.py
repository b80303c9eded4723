"""Every check, in the order in which they can run: a file has to be readable before its names can be looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from content.check.contradictions import contradictions, incomplete_rules, long_rules
from content.check.coverage import untested
from content.check.editions import dates, links, other_editions
from content.check.examples import contradicting_labels, examples_of_two_intents, repeated_examples
from content.check.impossible import checkpoints, forms, intents
from content.check.names import unknown_names, unused_names
from content.check.overlooked import lines_without_dash, other_endings, stories_of_one_name
from content.check.phrases import hollow, unreadable
from content.check.problem import Problem
from content.check.project import Project
from content.check.reading import long_texts
from content.check.shapes import folders, guideline, shapes
from content.check.sources import uncited, unsourced
from content.check.spellings import british_texts, repeated_phrases
from content.check.syntax import example_lines, yaml_syntax

Check = Callable[[Project], Iterator[Problem]]

STAGES: tuple[tuple[Check, ...], ...] = (
    (folders, other_endings, yaml_syntax, example_lines),
    (shapes, guideline),
    (unreadable,),
    (
        unknown_names,
        unused_names,
        contradictions,
        incomplete_rules,
        long_rules,
        forms,
        intents,
        checkpoints,
        examples_of_two_intents,
        repeated_examples,
        lines_without_dash,
        stories_of_one_name,
        contradicting_labels,
        untested,
        uncited,
        unsourced,
        long_texts,
        british_texts,
        repeated_phrases,
        hollow,
        links,
        other_editions,
        dates,
    ),
)
