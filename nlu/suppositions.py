"""What a message only supposes: "and if the MRI showed no edema?", "same patient without cancer"."""

from __future__ import annotations

from collections.abc import Mapping

from nlu.reader import ClinicalReader, Reading

SUPPOSES = "what_if"
"""Label of the words that open a supposition."""
BESIDE_THE_POINT = frozenset(("sex",))
"""Facts that words give away without supposing them: "if she …"."""
LONGEST_SUPPOSITION = 30
"""Tokens beyond which a message is more than a supposition."""


def supposed_facts(reader: ClinicalReader, reading: Reading) -> Mapping[str, str]:
    """The facts that the message of `reading` states, taken as supposed, by name.

    The words that open the supposition and the question marks are blanked, and the rest is read as if it
    were said of the patient.
    """
    text = reading.text
    openings = [finding for finding in reading.findings if finding.label == SUPPOSES]
    if len(text.tokens) > LONGEST_SUPPOSITION:
        return {}
    blanked = list(text.raw)
    spans = [text.span(finding.start, _end(reading, finding.start, finding.end)) for finding in openings]
    spans += [(token.start, token.end) for token in text.tokens if token.text == "?"]
    for start, end in spans:
        blanked[start:end] = " " * (end - start)
    facts = reader.read("".join(blanked)).facts or reading.facts  # the words may stand around what is supposed
    return {fact.fact: fact.value for fact in facts if fact.value is not None and fact.fact not in BESIDE_THE_POINT}


_KEPT = frozenset(
    "she he they the it there this that her his no not without with a been had shown edema cancer pain mri".split()
)
"""Words at the end of an opening that already belong to what is supposed."""


def _end(reading: Reading, start: int, end: int) -> int:
    tokens = reading.text.tokens
    while end - 1 > start and (tokens[end - 1].norm in _KEPT or tokens[end - 1].kind == "level"):
        end -= 1
    return end
