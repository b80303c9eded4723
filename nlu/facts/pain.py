"""symptoms, pain_character, clinical_course, pain severity and failed medical management."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nlu.facts.neuro import read_neuro
from nlu.facts.stated import affirmed, current, overlaps, own
from nlu.findings import HISTORICAL, NEGATED, Finding
from nlu.note import FactMention, Note, latest, overlap, within

COURSES = {"course_worsening": "worsening", "course_persistent": "persistent", "course_controlled": "controlled"}
CHARACTERS = {"mechanical_pain": "mechanical", "non_mechanical_pain": "non_mechanical", "radicular_pain": "radicular"}
SEVERITIES = {"severity_severe": "severe", "severity_moderate": "moderate", "severity_mild": "mild"}
PROVOKERS = frozenset(
    [
        "on",
        "with",
        "when",
        "whenever",
        "standing",
        "sitting",
        "bending",
        "walking",
        "at",
        "in",
        "lying",
        "after",
        "upright",
        "by",
        "if",
        "moving",
        "lifting",
        "up",
        "turning",
    ]
)
INDIFFERENT = frozenset({"no", "not", "unaffected", "irrespective", "regardless", "same", "alike", "equally"})
NOT_SO = frozenset({"not", "n't", "hardly", "far", "never", "anything"})
FALLING_IS_WORSE = frozenset({"fvc", "height"})
HURTING = frozenset(
    "back spine oxycodone hydrocodone morphine fentanyl tramadol codeine paracetamol opioid tablet breakthrough "
    "analgesia score vas nrs".split()
)
"""Words of which one must stand beside a course for it to be the course of a pain."""
SPINE = frozenset(
    "back spine spinal lumbar thoracic dorsal midline vertebra vertebral fracture loin blade radicular root".split()
)
TOUCH = frozenset("tender tenderness nontender percussion palpation".split())
"""Words of an examination: a back that is not tender may still hurt."""
BETWEEN = frozenset("stay stayed remain remained hover hovering range ranged between fluctuate vary depending".split())
"""Words with two numbers that are the ends of a range, not a course."""
OWN_DENIALS = frozenset("can could unable able hardly barely scarcely struggle will long intolerable".split())
"""Words that with a denial tell of a disability, which is no denial of pain."""
DENYING = frozenset("no not never denies without nor neither nil".split())
BREAKS = frozenset((",", "and", "but", "yet"))
FAILING = frozenset("fail failed failing refuse refusing".split())
POSTURES = frozenset("sitting standing lying walking way degree position lie sit stand day side".split())
"""Words after "the same" that make it a matter of posture, manner or degree."""
EARLIER = frozenset(("was", "from", "previously"))
"""Words between two numbers after which the earlier one stands: "now 8, was 5"."""
SPANS = frozenset("day week month".split())
"""Words whose number is a date: "week 4"."""
NEAR = 8
PART = 4
"""Tokens between a pain and the other part of the body that it is in."""


def read_pain(note: Note) -> Iterator[FactMention]:
    """Symptoms, then what only a pain has: its character, course and severity."""
    symptoms = list(_symptoms(note))
    yield from symptoms
    if any(mention.value == "asymptomatic" for mention in symptoms):
        # Pain that has gone has been controlled; where there never was any, nothing has run a course.
        if over := own(note, "pain_over"):
            yield note.mention("clinical_course", "controlled", over[-1])
        return
    yield from _character(note)
    yield from _course(note)
    severities = current(note, *SEVERITIES)
    if severities:
        last = latest(severities) or severities[0]
        yield note.mention("pain_severity", SEVERITIES[last.label], last)
    failed = current(note, "conservative_failure")
    if failed:
        yield note.mention("conservative_failure", "present", failed[0])


def _symptoms(note: Note) -> Iterator[FactMention]:
    """The last word counts: "in pain for six weeks, none since June" is asymptomatic."""
    none = [f for f in own(note, "no_pain") if HISTORICAL not in f.modifiers]
    # "Movement does not bother him" leaves the rest; "no spine sx/cement" is of surgery.
    none = note.apart_from(none, "non_mechanical_pain", "surgery_done")
    disabilities = _disabilities(note, "pain", "mechanical_pain")
    none = [f for f in none if not overlaps(f, disabilities)]  # "cannot roll over without pain"
    cemented = {f.sentence for f in note.all("augmentation_done")}
    if _course_elsewhere(note, cemented):
        none = [f for f in none if f.sentence not in cemented]  # "L4 was cemented, no trouble there since"
    denied = [f for f in none if _is_denied_freedom(note, f)]
    none = [f for f in none if f not in denied]
    # "Cannot stand for the pain": the denial is of the standing.
    pain = note.apart_from(current(note, "pain", *CHARACTERS) + own(note, "limiting_pain"), "no_pain")
    pain = [f for f in [*pain, *disabilities] if not _is_elsewhere(note, f)] + denied
    last_pain, last_none = latest(pain), latest(none)
    if last_none and {t.norm for t in note.text.tokens[last_none.start : last_none.end]} & TOUCH and last_pain:
        last_none = latest([f for f in none if not {t.norm for t in note.text.tokens[f.start : f.end]} & TOUCH])
    over = last_none and (last_pain is None or last_none.end > last_pain.end)
    if last_none and over and not current(note, "radicular_pain"):
        yield note.mention("symptoms", "asymptomatic", last_none)
        return
    if pain:
        yield note.mention("symptoms", "symptomatic", pain[0])
        return
    # A back that eases or does not settle hurts, whatever it is called.
    if not {token.norm for token in note.text.tokens}.isdisjoint(HURTING):
        for course in _course(note):
            yield replace(course, fact="symptoms", value="symptomatic")
            return
    # A fracture that presses on nerves gives symptoms.
    for neuro in read_neuro(note):
        if neuro.value == "deficit":
            yield replace(neuro, fact="symptoms", value="symptomatic")


def _is_denied_freedom(note: Note, finding: Finding) -> bool:
    """Whether freedom from pain is denied: "not silent at all", "far from painless"."""
    tokens = note.text.tokens
    before = {token.norm for token in tokens[max(0, finding.start - 2) : finding.start]}
    return bool(before & NOT_SO) and tokens[finding.start].norm not in NOT_SO


def _course_elsewhere(note: Note, sentences: set[int]) -> bool:
    """Whether something gets worse in another than the sentences given."""
    return bool(sentences) and any(
        f.sentence not in sentences and _is_course(note, f) for f in own(note, "course_worsening")
    )


def _disabilities(note: Note, *labels: str) -> list[Finding]:
    """Findings that only words of their own seem to deny: "cannot be turned without crying out"."""
    found = []
    for finding in own(note, *labels):
        before = _words(note, max(0, finding.start - 2), finding.start)
        inside = _words(note, finding.start, finding.end)
        denied_within = inside & OWN_DENIALS or _ends_in_denial(note, finding)
        if NEGATED in finding.modifiers and denied_within and not before & DENYING:
            found.append(finding)
    return found


def _ends_in_denial(note: Note, finding: Finding) -> bool:
    """Whether the words deny something else at their end: "sore on bending, not in bed"."""
    words = [token.norm for token in note.text.tokens[finding.start : finding.end]]
    return any(word in DENYING and words[i - 1] in BREAKS for i, word in enumerate(words) if i > 1)


def _words(note: Note, start: int, end: int) -> set[str]:
    return {word for token in note.text.tokens[start:end] for word in token.norm.split()}


def _character(note: Note) -> Iterator[FactMention]:
    """Mechanical wins over the others when mixed."""
    mechanical = note.apart_from(affirmed(note, "mechanical_pain"), "no_pain")
    mechanical += _disabilities(note, "mechanical_pain")
    mechanical = [f for f in mechanical if not _is_indifference(note, f)]
    other = note.apart_from(own(note, "non_mechanical_pain"), "no_pain")
    # "Leg pain, no back pain" is denied only from its end.
    denials = note.all("no_pain")
    radicular = current(note, "radicular_pain")
    radicular = [f for f in radicular if not any(overlap(f, d) and d.start <= f.start for d in denials)]
    for findings in (mechanical, other, radicular):
        findings = [f for f in findings if not _is_elsewhere(note, f) and not overlaps(f, note.all("character_beside"))]
        if findings:
            yield note.mention("pain_character", CHARACTERS[findings[0].label], findings[0])
            return


def _is_elsewhere(note: Note, finding: Finding) -> bool:
    """Whether it is the pain of another part, in a sentence that does not speak of the spine."""
    if finding.label == "radicular_pain":
        return False
    if _is_of_other_part(note, finding):
        return True
    spoken = [t for t, number in zip(note.text.tokens, note.text.sentence, strict=True) if number == finding.sentence]
    if any(token.kind == "level" or token.norm in SPINE for token in spoken):
        return False
    return any(f.sentence == finding.sentence and _distance(f, finding) < PART for f in note.all("elsewhere"))


def _is_of_other_part(note: Note, finding: Finding) -> bool:
    """Whether another part is named right before or within the words, and the spine is not: "knee pain worse"."""
    for part in note.all("elsewhere"):
        if part.sentence == finding.sentence and part.start < finding.end and finding.start - part.end <= 1:
            words = note.text.tokens[min(part.start, finding.start) : max(part.end, finding.end)]
            if not any(token.kind == "level" or token.norm in SPINE for token in words):
                return True
    return False


def _is_indifference(note: Note, finding: Finding) -> bool:
    """Whether the words lie in a statement that load makes no difference."""
    return any(
        overlap(f, finding) and {t.norm for t in note.text.tokens[f.start : f.end]} & INDIFFERENT
        for f in note.all("non_mechanical_pain")
    )


def _course(note: Note) -> Iterator[FactMention]:
    """Worsening or control, whichever is said last; persistence only where neither is said."""
    found = [(f, COURSES[f.label]) for f in own(note, *COURSES) if _is_course(note, f)]
    numbers = [f for f in own(note, "course_numbers") if not _is_single_dose(note, f) and _is_course(note, f)]
    trends = [(f, value) for f in numbers if (value := _trend(note, f))]
    found += [(f, value) for f, value in trends if value != "controlled" or not _is_over(note, f)]
    moving = [item for item in found if item[1] != "persistent"]
    if found:
        last, value = max(moving or found, key=lambda item: (item[0].end, item[0].start))
        yield note.mention("clinical_course", value, last)


def _is_course(note: Note, finding: Finding) -> bool:
    """Whether the words say how it goes, not what provokes it ("worse on standing") or how something else goes."""
    tokens = note.text.tokens
    following = tokens[finding.end].norm if finding.end < len(tokens) else ""
    before = {token.norm for token in tokens[max(0, finding.end - 2) : finding.end - 1]}
    if overlaps(finding, note.all("course_supposed")) or _is_of_other_part(note, finding):
        return False
    if tokens[finding.end - 1].norm == "same" and following in POSTURES:
        return False
    if finding.label == "course_controlled" and (
        before & NOT_SO or _words(note, max(0, finding.end - 3), finding.end) & FAILING
    ):
        return False
    if tokens[finding.end - 1].norm in ("rise", "rising") and before & PROVOKERS:
        return False
    # "Worse, not better" tells of no standstill, nor does "as bad as before and rising"; a match may take in the
    # full stop after it.
    unchanged = [
        f
        for f in note.all("course_persistent")
        if f.end > finding.end + 1
        or (f.start < finding.start and not (f.end < finding.end and tokens[f.end].norm in ("and", "but")))
    ]
    if finding.label != "course_persistent" and overlaps(finding, unchanged):
        return False
    if finding.label == "course_controlled" and (_is_single_dose(note, finding) or _is_over(note, finding)):
        return False
    if finding.label == "course_worsening":
        if NEGATED in finding.modifiers and _words(note, max(0, finding.start - 4), finding.end) & DENYING:
            return False
        beyond = tokens[finding.end + 1].norm if finding.end + 1 < len(tokens) else ""
        if tokens[finding.end - 1].norm in ("worse", "worst") and following in PROVOKERS and beyond != "spite":
            return False
    beside = [
        f for f in note.all("not_pain", "pain") if f.sentence == finding.sentence and abs(finding.start - f.end) <= NEAR
    ]
    other = [f for f in beside if f.label == "not_pain" and f.end <= finding.start]
    other += [f for f in note.all("not_pain") if within(f, finding)]
    pain = [_distance(finding, f) for f in beside if f.label == "pain"]
    return not other or bool(pain and min(pain) < min(_distance(finding, f) for f in other))


def _distance(one: Finding, other: Finding) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _trend(note: Note, finding: Finding) -> str | None:
    """Which way the numbers go: the first against the last, "now 8 was 5" the other way round."""
    tokens = note.text.tokens[finding.start : finding.end]
    places = [
        i
        for i, token in enumerate(tokens)
        if token.kind == "number" and (not i or (tokens[i - 1].text != "/" and tokens[i - 1].norm not in SPANS))
    ]
    numbers = [float(tokens[i].text.replace(",", ".").rstrip(".")) for i in places if tokens[i].text.count(".") < 2]
    order = [token.norm for token in tokens]
    norms = set(order)
    if len(numbers) < 2 or _words(note, finding.start, finding.end + 1) & BETWEEN:
        return None
    if numbers[0] == numbers[-1]:
        return "persistent"
    rises = numbers[-1] > numbers[0]
    if not EARLIER.isdisjoint(order[places[0] + 1 : places[-1]]) and not norms & {"to", "→"}:
        rises = not rises
    if norms & FALLING_IS_WORSE and "loss" not in norms:
        return "worsening" if not rises else None
    if rises:
        return "worsening"
    return "controlled" if norms & {"pain", "vas", "nrs", "ache", "symptom", "back", "score"} else None


def _is_over(note: Note, finding: Finding) -> bool:
    """Whether the relief is a thing of the past: the pain has come back since, or an earlier procedure gave it."""
    returned = any(f.start >= finding.end for f in note.own("pain_returned"))
    return returned or any(f.sentence == finding.sentence for f in note.all("augmentation_done"))


def _is_single_dose(note: Note, finding: Finding) -> bool:
    return any(f.sentence == finding.sentence for f in note.all("single_dose"))
