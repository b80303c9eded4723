"""Documents by hand, one of every kind and one of every part, and strategies for documents of any text."""

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
    Part,
    Rated,
    Ratings,
    Source,
    Sources,
    Statement,
    Statements,
    Verbatim,
)

STEPS = (
    Statement("Decide together with the patient after discussing risks and benefits.", "S-V7"),
    Statement("Confirm by imaging that the new fracture is the source of pain.", "S-V7"),
    Statement("Severe pain that limits function speaks for augmentation.", "S-V7"),
)
ACTIONS = (Statement("Call spine surgery now.", "S-V9"), Statement("Order emergent MRI of the spine.", "S-V7"))
RATINGS = Ratings(
    "Ratings of variant 2",
    (
        Group("Usually appropriate", (Rated("MRI spine without and with IV contrast", (), "O"), Rated("CT spine"))),
        Group("May be appropriate", (Rated("Bone scan", ("panel disagreed",), "☢☢☢"), Rated("Biopsy"))),
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
BRANCHES = Branches(
    (
        Branch("a cancer history", "Variant 2", RATINGS),
        Branch("a new deficit", "Neurologic emergency", None, ACTIONS, emergency=True),
    )
)
DIFFERENCES = Differences("Ratings that differ", (Difference("Biopsy", "May be appropriate", "not rated"),))
NOTE = Verbatim("CONSULT NOTE\n\n  Age: 72\n  Findings: <none> & ```more```\n\n  Level: T8_*", "Consult note")
REQUESTS = (Choice("why", "/ask_why"), Choice("pitfalls", "pitfalls"), Choice("next steps", "/ask_next_steps"))
ALL_PARTS = Document(
    "recommendation",
    (
        Heading("Variant 2: New symptomatic VCF with a history of malignancy"),
        Statements(ACTIONS[1:], "Red flag: fever", tone="flag"),
        Paragraph("A cancer history puts metastasis in question.", "Why"),
        Paragraph("For clinicians.", tone="remark"),
        RATINGS,
        DIFFERENCES,
        Facts((Given("no new neurologic deficit", "neuro intact"), Given("adult")), ("no signs of infection",)),
        BRANCHES,
        PITFALLS,
        Statements((Statement("Step 1.", "ACR"),), "Next steps", 0, "/ask_next_steps"),
        NOTE,
        SOURCES,
    ),
    requests=REQUESTS,
)
QUESTION = Document(
    "question",
    (Paragraph("Is there any new neurologic deficit?", tone="question"), Paragraph("It decides.", "Why I ask")),
    (
        Choice("No new deficit", '/inform{"neuro_status": "intact"}'),
        Choice("New or worsening deficit", '/inform{"neuro_status": "deficit"}'),
        Choice("Not known", '/inform{"neuro_status": "unknown"}'),
    ),
)
ESCALATION = Document(
    "escalation",
    (
        Paragraph("Changed to new deficit.", "Changed"),
        Heading("STOP: New or progressive neurologic deficit", "emergency"),
        Paragraph("“legs feel weak”", "Raised by", "emergency"),
        Statements(ACTIONS, "Do now", shown=1, request="/ask_next_steps", tone="emergency"),
        SOURCES,
    ),
    requests=REQUESTS,
)
DOCUMENTS = {
    "question": QUESTION,
    "recommendation": ALL_PARTS,
    "escalation": ESCALATION,
    "conditional": Document("conditional", (Heading("The answer depends on what is not known yet"), BRANCHES, SOURCES)),
    "not_covered": Document(
        "not_covered",
        (Heading("Not covered: high-energy trauma"), Statements(STEPS, "Instead"), SOURCES),
        requests=REQUESTS,
    ),
    "what_if": Document(
        "what_if",
        (
            Heading("If the MRI showed no edema"),
            DIFFERENCES,
            Paragraph("The case itself stays as it is until you apply this.", tone="remark"),
        ),
        (Choice("Apply to the case", "/apply_what_if"),),
    ),
    "note": Document("note", (NOTE,)),
    "answer": Document(
        "answer",
        (Paragraph("Did you mean one of these?"),),
        tuple(Choice(f"variant {number}", f"show variant {number}") for number in range(1, 10)),
    ),
}

words = st.text(max_size=60) | st.sampled_from(
    [
        "",
        " ",
        "\n",
        "**bold**",
        "<!channel> & <@U1> *b* `c` ```",
        "[a](http://x)",
        "{{DATE(2020-01-01T00:00Z)}}",
        "- item",
        "<at>all</at>",
        "\u202eevil",
        "&lt;b&gt;",
        "\x00",
        "🦴" * 80,
    ]
)
texts = st.one_of(
    words,
    st.builds(lambda word, times: (word + " ") * times, words, st.integers(1, 800)),
    st.sampled_from(["ends. " * 900, "x" * 7000]),
    st.text("ab &<>.\n", max_size=9000),
)
tones = st.sampled_from(["plain", "remark", "question", "flag", "emergency"])


def many(items: st.SearchStrategy[object], most: int = 6) -> st.SearchStrategy[tuple[object, ...]]:
    """Tuples of items."""
    return st.lists(items, max_size=most).map(tuple)


statements = many(st.builds(Statement, texts, st.none() | words), 12)
rated = st.builds(Rated, texts, many(words, 2), st.none() | words)
categories = st.sampled_from(["Usually appropriate", "May be appropriate"]) | words
ratings = st.builds(Ratings, texts, many(st.builds(Group, categories, many(rated, 4)), 4), st.booleans())
branches = st.builds(Branch, words, texts, st.none() | ratings, statements, st.booleans())
sources = st.builds(Source, words, texts, words, words, st.none() | texts.map("https://x/".__add__))
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, texts, tones),
    st.builds(Paragraph, texts, st.none() | words, tones),
    st.builds(Statements, statements, st.none() | words, st.none() | st.integers(0, 5), st.none() | texts, tones),
    ratings,
    st.builds(Differences, words, many(st.builds(Difference, texts, words, words), 5)),
    st.builds(Facts, many(st.builds(Given, texts, st.none() | texts), 14), many(texts, 3)),
    st.builds(Branches, many(branches, 4)),
    st.builds(Sources, texts, many(sources, 4)),
    st.builds(Verbatim, texts, words),
)
choices = many(st.builds(Choice, texts, texts), 40)
documents = st.builds(Document, words, many(parts, 8), choices, choices)
