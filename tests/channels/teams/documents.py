"""Documents by hand, one of every kind, and strategies for documents of any text."""

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
RATINGS = Ratings(
    "Ratings of variant 2",
    (
        Group("Usually appropriate", (Rated("MRI spine without IV contrast", radiation="O"),)),
        Group(
            "May be appropriate", (Rated("CT spine without IV contrast", ("panel disagreed",), "☢☢☢"), Rated("Biopsy"))
        ),
        Group("Usually not appropriate", (Rated("Radiography spine", radiation="☢☢"),)),
    ),
    imaging=True,
)
FACTS = Facts(
    (Given("new fracture", "new T8 compression fracture"), Given("cancer history", "breast cancer"), Given("adult")),
    ("pain persisting unchanged",),
)
SOURCES = Sources(
    "Source: ACR Appropriateness Criteria, 2022 update; knowledge version 0123456789ab.",
    (
        Source("S-V7", "Management of Vertebral Compression Fractures", "ACR", "2023-05", "https://doi.org/10.1/x"),
        Source("BMJ", "Cauda equina syndrome", "BMJ", "2021"),
    ),
)
REQUESTS = (Choice("why", "/ask_why"), Choice("pitfalls", "/ask_pitfalls"), Choice("sources", "/ask_sources"))
QUESTION = Document(
    "question",
    (Paragraph("Has the patient ever had cancer?", tone="question"), Paragraph("It changes the study.", "Why I ask")),
    (
        Choice("Yes", '/inform{"cancer_history": "present"}'),
        Choice("No", '/inform{"cancer_history": "absent"}'),
        Choice("Not known", '/inform{"cancer_history": "unknown"}'),
    ),
)
ESCALATION = Document(
    "escalation",
    (
        Paragraph("Changed to new deficit.", "Changed"),
        Heading("STOP: New or progressive neurologic deficit", "emergency"),
        Paragraph("“legs weak”", "Raised by", "emergency"),
        Statements(STEPS, "Do now", shown=1, request="/ask_next_steps", tone="emergency"),
        SOURCES,
    ),
    requests=REQUESTS,
)
DOCUMENTS = {
    "question": QUESTION,
    "recommendation": Document(
        "recommendation",
        (
            Heading("Variant 2: New fracture with a history of cancer"),
            Statements(STEPS[:1], "Red flag: fever", tone="flag"),
            RATINGS,
            Paragraph("Cancer makes a pathologic fracture likely.", "Why"),
            FACTS,
            Statements(STEPS, "Next steps", shown=1, request="/ask_next_steps"),
            SOURCES,
        ),
        requests=REQUESTS,
    ),
    "escalation": ESCALATION,
    "conditional": Document(
        "conditional",
        (
            Heading("The answer depends on what is not known yet"),
            Branches(
                (
                    Branch("no cancer", "Variant 1: New fracture", RATINGS),
                    Branch("new deficit", "Neurologic emergency", actions=STEPS, emergency=True),
                )
            ),
            SOURCES,
        ),
    ),
    "not_covered": Document(
        "not_covered",
        (Heading("Not covered: high-energy trauma"), Statements(STEPS, "Instead"), SOURCES),
        requests=REQUESTS,
    ),
    "what_if": Document(
        "what_if",
        (
            Heading("If the MRI showed no edema"),
            Differences("Ratings that differ", (Difference("Biopsy", "May be appropriate", "not rated"),)),
            Paragraph("The case itself stays as it is until you apply this.", tone="remark"),
        ),
        (Choice("Apply to the case", "apply that"),),
    ),
    "note": Document("note", (Verbatim("CONSULT NOTE\n  Age: 72\n\n  Level: T8_*", "Consult note"),)),
    "answer": Document(
        "answer",
        (Paragraph("Did you mean one of these?"),),
        tuple(Choice(f"variant {number}", f"show variant {number}") for number in range(1, 10)),
    ),
}

words = st.text(max_size=60) | st.sampled_from(
    [
        "**bold**",
        "[a](http://x)",
        "{{DATE(2020-01-01T00:00Z)}}",
        "- item",
        "<at>all</at>",
        "\u202eevil",
        "&lt;b&gt;",
        "\x00",
    ]
)
texts = words | st.builds(lambda word, times: (word + " ") * times, words, st.integers(1, 800))
tones = st.sampled_from(["plain", "remark", "question", "flag", "emergency"])
statements = st.lists(st.builds(Statement, texts, st.none() | words), max_size=12).map(tuple)
ratings = st.builds(
    Ratings,
    texts,
    st.lists(
        st.builds(
            Group,
            st.sampled_from(["Usually appropriate", "May be appropriate"]) | words,
            st.lists(
                st.builds(Rated, texts, st.lists(words, max_size=2).map(tuple), st.none() | words), max_size=4
            ).map(tuple),
        ),
        max_size=4,
    ).map(tuple),
    st.booleans(),
)
branches = st.builds(Branch, words, texts, st.none() | ratings, statements, st.booleans())
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, texts, tones),
    st.builds(Paragraph, texts, st.none() | words, tones),
    st.builds(Statements, statements, st.none() | words, st.none() | st.integers(0, 5), st.none() | texts, tones),
    ratings,
    st.builds(Differences, words, st.lists(st.builds(Difference, texts, words, words), max_size=5).map(tuple)),
    st.builds(
        Facts,
        st.lists(st.builds(Given, texts, st.none() | texts), max_size=14).map(tuple),
        st.lists(texts, max_size=3).map(tuple),
    ),
    st.builds(Branches, st.lists(branches, max_size=4).map(tuple)),
    st.builds(
        Sources,
        texts,
        st.lists(
            st.builds(Source, words, texts, words, words, st.none() | texts.map("https://x/".__add__)), max_size=4
        ).map(tuple),
    ),
    st.builds(Verbatim, texts, words),
)
choices = st.lists(st.builds(Choice, texts, texts), max_size=40).map(tuple)
documents = st.builds(Document, words, st.lists(parts, max_size=8).map(tuple), choices, choices)
