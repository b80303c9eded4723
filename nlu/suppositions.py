"""What a message only supposes: "and if the MRI showed no edema?", "same patient without cancer"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nlu.facts.neuro_terms import RECENTLY
from nlu.findings import Finding
from nlu.note import FactMention
from nlu.reader import RULE as LEARNED
from nlu.reader import ClinicalReader, Reading
from nlu.retractions import EMERGENCIES
from nlu.second_reader import DEFICIT
from nlu.text import Text

SUPPOSES = "what_if"
"""Label of the words that open a supposition."""
ABOUT = "what_if_about"
"""Label of words that may open one, or a question about what is there."""
FRAMES = "what_if_frame"
"""Label of a question that stands around what is supposed: "would a fever change anything"."""
CLOSES = "what_if_end"
"""Label of the words that end a supposition: "…, what then?"."""
REMOVES = "what_if_without"
"""Label of words that take away what they name: "take her lymphoma away"."""
PLAINLY = "plainly_supposed"
"""Label of openings that leave no doubt of it."""
HYPOTHETICALLY = "hypothetically"
"""Label of words that leave no doubt of it wherever they stand."""
CONDITIONAL = frozenset(("?", "if", "whether", "difference"))
"""Words that leave open what is taken for granted in a supposition."""
OPENING = 4
"""Tokens of a message within which "suppose" or "imagine" makes all of it a supposition."""
PREAMBLES = frozenset((":", ";", "-", "–", "—", "…"))
"""Marks after which a message comes to the point."""
URGENT = (DEFICIT, ("infection_signs", "present"))
"""Facts that no request keeps from being taken in at once; of their kind, EMERGENCIES, not even the possibility."""
TURNS = frozenset(("but", "however", "now", "today", "yesterday", "since", "actually", ";"))
"""Words with which a sentence that supposes something says something of the patient as well."""
TELLERS = frozenset(("she", "he", "they", "i", "we", "patient", "pt"))
"""Words with which a sentence that tells begins, even if it ends as a question."""
IN_PASSING = frozenset(("sex", "decision", "level", "duration"))
"""Facts that also stand in remarks around a supposition."""
ASKING = frozenset(("what", "which", "how", "where", "would", "does", "do", "is", "are", "will", "could"))
"""Words with which a sentence asks, even without a question mark."""
BESIDE_THE_POINT = frozenset(("sex",))
"""Facts that words give away without supposing them: "if she …"."""
LONGEST_SUPPOSITION = 45
"""Tokens beyond which a message is more than a supposition."""


def supposed_facts(reader: ClinicalReader, reading: Reading) -> Mapping[str, str]:
    """The facts that the message of `reading` states, taken as supposed, by name.

    The words around the supposition and the question marks are blanked, words that take something away become
    a "no", and the rest is read as if it were said of the patient.
    """
    text = reading.text
    if len(text.tokens) > LONGEST_SUPPOSITION:
        return {}
    facts = (
        reader.read(_bare(reading), supposed=True).facts or reading.facts
    )  # the words may stand around what is supposed
    of_a_procedure = any(fact.fact == "procedure_level" for fact in facts)
    values = {
        fact.fact: _supposed_value(fact)
        for fact in facts
        # "If L2 had been cemented" supposes nothing of the fracture, whatever such words go with elsewhere.
        if fact.fact not in BESIDE_THE_POINT
        and not (of_a_procedure and fact.fact == "fracture_status" and fact.rule == LEARNED)
    }
    return {fact: value for fact, value in values.items() if value is not None}


def _supposed_value(fact: FactMention) -> str | None:
    """Its value; to suppose that an emergency may be there is to suppose it, if words say so and not only a guess."""
    return fact.value or (None if fact.rule == LEARNED and fact.doubted else dict(URGENT).get(fact.fact))


def _bare(reading: Reading) -> str:
    """The message without the words that make it a supposition."""
    text = reading.text
    changed = list(text.raw)
    spans = [(token.start, token.end, "") for token in text.tokens if token.norm in CONDITIONAL]
    # What takes something away comes last: words that open a supposition may be a part of it.
    for finding in sorted(reading.findings, key=lambda finding: finding.label == REMOVES):
        if finding.label in (SUPPOSES, ABOUT):
            first, last = text.tokens[finding.start].norm, text.tokens[finding.end - 1].norm
            inverted = first == "had" or (first == "were" and last == "to")
            end = finding.start + 1 if inverted else _end(reading, finding.start, finding.end)
            spans.append((*text.span(finding.start, end), ""))
        elif finding.label in (CLOSES, HYPOTHETICALLY):
            spans.append((*text.span(finding.start, finding.end), ""))
        elif finding.label == REMOVES:
            spans.append((*text.span(finding.start, finding.end), "no"))
        elif finding.label == FRAMES:
            opened = _frame_end(reading, finding)
            if opened > finding.start:
                spans.append((*text.span(finding.start, opened), ""))
            spans.append((*text.span(finding.end - 1, finding.end), ""))
    spans += _inverted(reading, [(start, end) for start, end, _ in spans])  # longer than what it replaces: last
    for start, end, word in spans:
        changed[start:end] = word.ljust(end - start)
    return "".join(changed)


def _inverted(reading: Reading, blanked: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """The "had" that an inversion took from its participle: "had T12 been cemented" means "T12 had been cemented"."""
    tokens = reading.text.tokens
    first = next((i for i, token in enumerate(tokens[:OPENING]) if token.norm == "had"), None)
    if first is None or not any(start <= tokens[first].start < end for start, end in blanked):
        return
    for token in tokens[first + 1 :]:
        if token.norm == "been":
            yield token.start, token.end, "had been"
            return


_KEPT = frozenset(
    "she he they the it there this that her his no not without with a been had shown edema cancer pain mri ?".split()
)
"""Words at the end of an opening that already belong to what is supposed."""
_CONTENT = frozenset(("cancer.yml", "etiology.yml", "fracture.yml", "neuro.yml", "pain.yml", "workup.yml"))
"""Rule files whose words belong to it wherever they stand."""
_FRAME_WORDS = frozenset("and but so or how what would could does do will might".split())
"""Words at the beginning of a frame that do not belong to what is supposed."""


def _end(reading: Reading, start: int, end: int) -> int:
    tokens = reading.text.tokens
    inside = [f.start for f in reading.findings if f.phrase.file in _CONTENT and start < f.start < end]
    end = min(inside, default=end)
    while end - 1 > start and (tokens[end - 1].norm in _KEPT or tokens[end - 1].kind == "level"):
        end -= 1
    return end


def _frame_end(reading: Reading, frame: Finding) -> int:
    tokens = reading.text.tokens
    return next((i for i in range(frame.start, frame.end) if tokens[i].text.lower() not in _FRAME_WORDS), frame.end)


def opens_with(reading: Reading, *labels: str) -> Finding | None:
    """The first finding of the labels, if the message opens with it."""
    return next((f for f in reading.findings if f.label in labels and f.start <= OPENING), None)


def supposing_part(reading: Reading) -> str | None:
    """What is left of a longer message that supposes something without remarks around it; None if it has none.

    "Second pathology read is pending, hence this: had it been …, how would one treat it? I get asked this."
    """
    text = reading.text
    openings = [f for f in reading.findings if f.label in (SUPPOSES, PLAINLY)]
    if not openings:
        return None
    opening = min(openings, key=lambda finding: finding.start)
    kept = {finding.sentence for finding in openings} | text.question | _telling(reading)
    kept |= {text.sentence[i] for i, token in enumerate(text.tokens) if token.norm in ASKING and _begins(text, i)}
    first = text.sentence.index(opening.sentence)
    marks = [i for i in range(first, opening.start) if text.tokens[i].text in PREAMBLES]
    cut = range(first, marks[-1] + 1) if marks and opening.start - first > OPENING else range(0)
    if cut and not any(
        fact.fact not in IN_PASSING and fact.start >= text.tokens[cut.stop].start for fact in reading.facts
    ):
        cut = range(0)  # "no cleft - would that make a difference?": what is supposed comes before
    spans = [text.span(i, i + 1) for i, number in enumerate(text.sentence) if number in kept and i not in cut]
    if len(spans) == len(text.tokens):
        return None
    return "".join(
        c if any(start <= at < end for start, end in spans) else " " for at, c in enumerate(text.raw)
    ).strip()


def _telling(reading: Reading) -> set[int]:
    """The sentences that tell more than what is said in passing."""
    starts = {fact.start for fact in reading.facts if fact.fact not in IN_PASSING}
    return {
        number
        for token, number in zip(reading.text.tokens, reading.text.sentence, strict=True)
        if token.start in starts
    }


def _begins(text: Text, i: int) -> bool:
    return not i or text.sentence[i] != text.sentence[i - 1]


def supposes(reading: Reading) -> bool:
    """Whether words around the message, at its beginning or its end, make it a supposition."""
    closed = any(finding.label in (CLOSES, REMOVES, HYPOTHETICALLY) for finding in reading.findings)
    return closed or opens_with(reading, SUPPOSES, ABOUT, FRAMES) is not None


def supposes_plainly(reading: Reading) -> bool:
    """Whether they leave no doubt of it."""
    return _plain_words(reading) is not None


def _plain_words(reading: Reading) -> Finding | None:
    said = (finding for finding in reading.findings if finding.label == HYPOTHETICALLY)
    return opens_with(reading, PLAINLY, FRAMES) or next(said, None)


def asks_throughout(reading: Reading) -> bool:
    """Whether all that the message states of the patient stands in questions that do not begin by telling it."""
    text = reading.text
    stated = [fact for fact in reading.facts if fact.fact not in BESIDE_THE_POINT]
    for fact in stated:
        first = next(i for i, token in enumerate(text.tokens) if token.end > fact.start)
        number = text.sentence[first]
        begins = text.tokens[text.sentence.index(number)].norm
        if begins in TELLERS or number not in text.question:
            return False
    return bool(stated)


def urgent(reading: Reading) -> list[FactMention]:
    """What the message says of an emergency, or of the possibility of one."""
    return [f for f in reading.facts if (f.fact, f.value) in URGENT or (f.fact in EMERGENCIES and not f.value)]


def alarms(reading: Reading, supposing: bool = False) -> bool:
    """Whether the message raises an emergency, or the possibility of one, that is not merely supposed."""
    return any(not _is_imagined(reading, fact, supposing) for fact in urgent(reading))


def _is_imagined(reading: Reading, fact: FactMention, supposing: bool) -> bool:
    """Whether a fact stands behind words that plainly suppose it: "what if she had a fever?".

    `supposing` tells that the classifier is certain of it; then words that may suppose are enough.
    """
    opening = _plain_words(reading) or (opens_with(reading, SUPPOSES) if supposing else None)
    if opening is None or not (supposing or reading.text.question or opening.label != PLAINLY):
        return False
    if opening.label == SUPPOSES and fact.assertion == RECENTLY:
        return False
    text = reading.text
    if opening.label == FRAMES and any(token.norm == "that" for token in text.tokens[opening.end : opening.end + 1]):
        return False  # "does it matter that …" takes for granted what follows
    told = {
        text.sentence[i] for i, token in enumerate(text.tokens) if fact.start < token.end and token.start < fact.end
    }
    said = [
        token.norm
        for i, token in enumerate(text.tokens)
        if text.sentence[i] == opening.sentence and not opening.start <= i < opening.end
    ]
    return told == {opening.sentence} and TURNS.isdisjoint(said)
