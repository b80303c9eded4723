"""Documents of every part, made by hand, and the strategies that make any."""

from __future__ import annotations

from hypothesis import strategies as st

from knowledge.document.parts import (
    Branch,
    Branches,
    Choice,
    Difference,
    Differences,
    Document,
    Facts,
    Given,
    Group,
    Heading,
    Paragraph,
    Rated,
    Ratings,
    Source,
    Sources,
    Statement,
    Statements,
    Verbatim,
)

RATINGS = Ratings(
    "Ratings of variant 2",
    (
        Group("Usually appropriate", (Rated("MRI spine without and with IV contrast", (), "O"), Rated("CT spine"))),
        Group("May be appropriate", (Rated("Bone scan", ("panel disagreed",), "☢☢☢"),)),
        Group("Usually not appropriate", (Rated("CT spine with IV contrast", (), "☢☢☢"),)),
    ),
    imaging=True,
)
SOURCES = Sources(
    "ACR Appropriateness Criteria, 2022 update; knowledge version 96f1a14343b4.",
    (
        Source("ACR", "Management of Vertebral Compression Fractures", "JACR", "2023", "https://example.org/a?b=c&d=e"),
        Source("S-V2", "A source without an address", "BMJ", "2020"),
    ),
)
PITFALLS = Statements(
    tuple(Statement(f"Pitfall {number}.", "ACR") for number in range(1, 6)), "Pitfalls", 2, "pitfalls"
)
ALL_PARTS = Document(
    "recommendation",
    (
        Heading("Variant 2: New symptomatic VCF with a history of malignancy"),
        Paragraph("Fever with a new fracture.", "Red flag", "flag"),
        Paragraph("A cancer history puts metastasis in question.", "Why"),
        Paragraph("For clinicians.", tone="remark"),
        RATINGS,
        Differences("Ratings that differ", (Difference("Bone scan", "May be appropriate", "Usually appropriate"),)),
        Facts((Given("no new neurologic deficit", "neuro intact"), Given("adult")), ("no signs of infection",)),
        Branches(
            (
                Branch("a cancer history", "Variant 2", RATINGS),
                Branch("a new deficit", "Stop", None, (Statement("Call spine surgery now.", "S-V9"),), emergency=True),
            )
        ),
        PITFALLS,
        Statements((Statement("Step 1.", "ACR"),), "Next steps", 0, "next steps"),
        Verbatim("CONSULT NOTE\n\n  Findings: <none> & ```more```", "Note for the chart"),
        SOURCES,
    ),
    requests=(Choice("why", "why"), Choice("pitfalls", "pitfalls"), Choice("next steps", "next steps")),
)
QUESTION = Document(
    "question",
    (Paragraph("Is there any new neurologic deficit?", tone="question"), Paragraph("It decides.", "Why I ask")),
    choices=(
        Choice("No new deficit", '/inform{"neuro_status": "intact"}'),
        Choice("New or worsening deficit", '/inform{"neuro_status": "deficit"}'),
        Choice("Not known", '/inform{"neuro_status": "unknown"}'),
    ),
)
ESCALATION = Document(
    "escalation",
    (
        Heading("Stop: New or progressive neurologic deficit", "emergency"),
        Paragraph("“legs feel weak”", "Raised by", "emergency"),
        Statements((Statement("Call spine surgery now.", "S-V9"),) * 5, "Do now", 2, "steps", "emergency"),
        SOURCES,
    ),
)

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", " ", "\n", "<!channel> & <@U1> *b* `c` ```", "🦴" * 80, "ends. " * 900, "x" * 7000]),
    st.text("ab &<>.\n", max_size=9000),
)
tones = st.sampled_from(["plain", "remark", "question", "flag", "emergency"])
some = st.none() | texts
choices = st.builds(Choice, texts, texts)


def many(items: st.SearchStrategy[object], most: int = 6) -> st.SearchStrategy[tuple[object, ...]]:
    """Tuples of items."""
    return st.lists(items, max_size=most).map(tuple)


statements = st.builds(Statement, texts, some)
ratings = st.builds(
    Ratings, texts, many(st.builds(Group, texts, many(st.builds(Rated, texts, many(texts, 2), some)))), st.booleans()
)
sources = st.builds(Source, texts, texts, texts, texts, st.none() | texts.map("https://{}".format))
parts = st.one_of(
    st.builds(Heading, texts, tones),
    st.builds(Paragraph, texts, some, tones),
    st.builds(Statements, many(statements), some, st.none() | st.integers(0, 4), some, tones),
    ratings,
    st.builds(Differences, texts, many(st.builds(Difference, texts, texts, texts))),
    st.builds(Facts, many(st.builds(Given, texts, some)), many(texts)),
    st.builds(Branches, many(st.builds(Branch, texts, texts, st.none() | ratings, many(statements), st.booleans()))),
    st.builds(Sources, texts, many(sources)),
    st.builds(Verbatim, texts, texts),
)
documents = st.builds(Document, texts, many(parts, 6), many(choices, 12), many(choices, 12))
