"""Texts and phrases that are wrong although every file can be read."""

from __future__ import annotations

from content.check import editions, phrases, reading, sources, spellings
from tests.content.check.mistake import EDITION, NEURO, SOURCES, V1, mistake

LONG_WORDS = "and then the reader has to go on " * 6

MISTAKES = (
    # Sources
    mistake(
        sources.uncited,
        "source that nothing cites",
        SOURCES,
        "BMJ:\n",
        "EXTRA: {title: Extra, publisher: X, date: not stated}\nBMJ:\n",
        "nothing cites the source EXTRA",
        "take it out",
    ),
    mistake(
        sources.unsourced, "sentence without source", V1, "    source: S-V7\n", "", "no source", "add `source:`", -1
    ),
    # Texts
    mistake(
        reading.long_texts,
        "long statement",
        V1,
        "text: MRI shows",
        f"text: {LONG_WORDS}MRI shows",
        "characters",
        "shorten",
    ),
    mistake(
        reading.long_texts,
        "long sentence",
        V1,
        "text: MRI shows",
        f"text: {LONG_WORDS}MRI shows",
        "words",
        "two sentences",
    ),
    mistake(spellings.british_texts, "British spelling", V1, "reveals tumor", "reveals tumour", "'tumour'", "'tumor'"),
    mistake(
        spellings.repeated_phrases,
        "phrase in two spellings",
        NEURO,
        "  - 'one|left|right|both|either side'\n",
        "  - 'lower limb oedema'\n  - 'lower limb edema'\n",
        "same phrase of limb",
        "remove one",
        1,
    ),
    # Phrases
    mistake(
        phrases.unreadable,
        "all parts optional",
        NEURO,
        "findings:\n",
        "findings:\n  lone:\n  - '(new) (weakness)'\n",
        "is optional",
        "round brackets",
        2,
    ),
    mistake(
        phrases.unreadable,
        "bracket left open",
        NEURO,
        "findings:\n",
        "findings:\n  lone:\n  - '[new weakness'\n",
        "cannot be read",
        "phrase_language",
        2,
    ),
    mistake(
        phrases.hollow,
        "common word is left",
        NEURO,
        "findings:\n",
        "findings:\n  lone:\n  - 'pain (in the leg)'\n",
        "matches every 'pain'",
        "put that part in [ ]",
        2,
    ),
    mistake(
        phrases.hollow,
        "phrase of another label is left",
        NEURO,
        "findings:\n",
        "findings:\n  lone:\n  - 'foot drop (on standing)'\n  lorn:\n  - 'foot drop'\n",
        "is one of lorn",
        "put that part in [ ]",
        2,
    ),
    # Editions
    mistake(
        editions.links,
        "link without a site",
        SOURCES,
        "https://acsearch.acr.org/",
        "https://acsearch/",
        "no complete name",
        "whole address",
    ),
    mistake(
        editions.links,
        "link without encryption",
        "actions/wording.yml",
        "notice: >-\n",
        "notice: >-\n  See http://acr.org/list\n",
        "not a secure",
        "https://",
    ),
    mistake(
        editions.other_editions,
        "later edition in a text",
        V1,
        "text: MRI shows",
        "text: The 2025 edition says MRI shows",
        "names the 2025 edition",
        "write 2022",
    ),
    mistake(
        editions.other_editions,
        "edition of another year",
        f"{EDITION}/guideline.yml",
        "edition: 2022 update",
        "edition: 2025 update",
        "folder is of 2022",
        "2025",
    ),
    mistake(
        editions.dates,
        "day that does not exist",
        SOURCES,
        '"2023-09-06"',
        '"2023-09-31"',
        "cannot be right",
        "year-month-day",
    ),
    mistake(editions.dates, "date to come", SOURCES, 'date: "2010"', 'date: "2099"', "still to come", "correct"),
    mistake(
        editions.dates,
        "statement newer than its source",
        V1,
        "text: MRI shows",
        "text: Since 2027 MRI shows",
        "speaks of 2027",
        "cite the source",
    ),
)
