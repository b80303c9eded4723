"""neuro_status: any new or progressive deficit, or an examination that excludes one.

What ConText says of a finding is weighed here with what stands around it. The unit is the segment: a
sentence, or its part up to a turn such as "but" or "now", because deficits are dated, imagined, ascribed
to others or called unchanged in words too far off for a ConText scope.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from nlu.facts import neuro_terms as terms
from nlu.facts.neuro_normal import current_normals
from nlu.facts.neuro_terms import AID, AUXILIARIES, DOMAIN, LIMIT, NEGATIONS, NORMAL, RECENTLY
from nlu.findings import FAMILY, HISTORICAL, HYPOTHETICAL, NEGATED, POSSIBLE, RECENT, STABLE, Finding
from nlu.note import FactMention, Note, longest, overlap, within

FACT = "neuro_status"


def read_neuro(note: Note) -> Iterator[FactMention]:
    """Deficit if any is affirmed as new or undated; open (None) if only possible; else intact if shown."""
    reading = _Reading(note)
    whole = [f for f in reading.normals if f.label == "neuro_normal"]
    # Where full power is told beside another normal domain, it is pain that keeps from sitting, rising or walking.
    examined = whole or ("motor" in reading.domains and len(reading.domains) >= terms.DOMAINS_FOR_INTACT)
    limits = [f for f in reading.judged["deficit"] if f.label == LIMIT]
    eased = (LIMIT, AID) if examined else (LIMIT,)
    deficits = [f for f in reading.judged["deficit"] if f.label not in eased]
    if deficits:
        recent = [f for f in deficits if reading.is_recent(f)]
        mention = note.mention(FACT, "deficit", longest(recent or deficits) or deficits[0])
        yield replace(mention, assertion=RECENTLY) if recent else mention
        return
    denied = reading.judged["denied"]
    if open_ones := reading.judged["open"] or (limits if not examined else []):
        yield note.mention(FACT, None, open_ones[0])
        return
    if whole or len(reading.domains) >= terms.DOMAINS_FOR_INTACT:
        yield note.mention(FACT, "intact", whole[0] if whole else (longest(reading.normals) or denied[0]))


class _Reading:
    """The neurologic findings of one message, judged."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._turns = note.all("neuro_turn")
        others = note.all("neuro_lookalike", "neuro_same")
        # In "no change since the fall" the date is none of a beginning.
        self._now = [
            f
            for f in note.all("neuro_now")
            if not any((overlap(f, o) and not within(o, f)) or 0 <= f.start - o.end <= 1 for o in others)
            and not terms.is_of_a_year(note, f)
        ]
        # "New" and "after the injection" go with feared deficits too ("watch for new weakness").
        self._dates = [f for f in self._now if f.end - f.start > 1 and note.text.tokens[f.start].norm != "after"]
        self.normals = current_normals(note)
        unrelated = note.all("neuro_unrelated")
        self.judged: dict[str, list[Finding]] = {"deficit": [], "open": [], "denied": [], "none": []}
        for finding in note.all(*DOMAIN):
            if not any(within(finding, normal) for normal in self.normals) and not any(
                overlap(finding, f) for f in unrelated
            ):
                self.judged[self._judge(finding)].append(finding)

    @cached_property
    def _pronouns(self) -> set[str]:
        return {token.norm for token in self._note.text.tokens} & (terms.HE | terms.SHE)

    @cached_property
    def domains(self) -> set[str]:
        """The domains shown to be normal; the cord on an image is none of them."""
        normal = {NORMAL[f.label] for f in self.normals if f.label in NORMAL}
        return (normal | {DOMAIN[f.label] for f in self.judged["denied"]}) - {"cord"}

    def is_recent(self, finding: Finding) -> bool:
        """Whether it is said to be new, or since when."""
        return RECENT in finding.modifiers or self._has(finding, self._now)

    def _judge(self, finding: Finding) -> str:
        """deficit, open (to be asked), denied, or none of the patient's business now."""
        modifiers = finding.modifiers
        now, lately = self._has(finding, self._now), self._has(finding, self._note.all("neuro_lately"))
        dated = lately or self._has(finding, self._dates)
        told = terms.is_presupposed(self._note, finding) or terms.is_confirmed(self._note, finding)
        if not told and (self._is_general(finding) or self._is_imagined(finding, dated)):
            return "denied" if terms.is_answered_no(self._note, finding) else "none"
        if self._is_another_persons(finding) or (HYPOTHETICAL in modifiers and not (dated or told)):
            return "none"
        if FAMILY in modifiers and not now and not self._relatives(finding):
            return "none"
        if (NEGATED in modifiers and not self._negates_itself(finding)) or self._is_denied(finding):
            return "denied"
        if self._is_taken_back(finding):
            return "none"
        if finding.label in ("gait_event", "motor_event", LIMIT, AID) and self._is_from_pain(finding):
            return "none"
        if self._is_old(finding, now, lately) or (
            modifiers & {STABLE, HISTORICAL} and not (now or lately) and RECENT not in modifiers
        ):
            return "none"
        if self._is_contradicted(finding) or (POSSIBLE in modifiers and not now and not self._negates_itself(finding)):
            return "open"
        return "deficit"

    def _segment(self, finding: Finding) -> tuple[int, int]:
        """First and one past the last token of the segment in which `finding` stands."""
        start, end = self._sentence(finding.sentence)
        for turn in self._turns:
            if turn.end <= finding.start:
                start = max(start, turn.start)
            elif turn.start >= finding.end:
                end = min(end, turn.start)
        return start, end

    def _sentence(self, number: int) -> tuple[int, int]:
        sentences = self._note.text.sentence
        return bisect_left(sentences, number), bisect_right(sentences, number)

    def _has(self, finding: Finding, marks: list[Finding]) -> bool:
        start, end = self._segment(finding)
        return any(start <= mark.start and mark.end <= end for mark in marks)

    def _negates_itself(self, finding: Finding) -> bool:
        """Whether a negation is part of it ("cannot lift the foot"), so that none outside cancels it."""
        words = " ".join(token.norm for token in self._note.text.tokens[finding.start : finding.end]).split()
        return finding.label.endswith("_event") and not NEGATIONS.isdisjoint(words)

    def _is_denied(self, finding: Finding) -> bool:
        """Whether a denial of all that follows stands before it, a "(-)", or a refutation behind it."""
        tokens = self._note.text.tokens
        if [token.text for token in tokens[max(0, finding.start - 3) : finding.start]] == ["(", "-", ")"]:
            return True
        start, _ = self._segment(finding)
        denials = [f for f in self._note.all("neuro_denial") if start <= f.start and f.end <= finding.start + 1]
        if any(terms.is_one_list(self._note, mark.end, finding.start) for mark in denials):
            return True
        # What refutes may follow: "Foot drop: none".
        _, end = self._sentence(finding.sentence)
        refuted = [m for m in self._note.all("neuro_refuted") if not terms.is_of_then(self._note, m)]
        near = [m for m in refuted if finding.end <= m.start <= finding.end + 6 and m.end <= end + 1]
        return any(terms.is_listed_up_to(self._note, finding, m.start) for m in near)

    def _is_taken_back(self, finding: Finding) -> bool:
        """Whether the next sentence, a short one, undoes it: "It has not happened.", "Not new.", "Never again."."""
        number = finding.sentence + 1
        if number not in self._note.text.sentence:
            return False
        start, end = self._sentence(number)
        marks = self._note.all("neuro_refuted", "neuro_recovered", "neuro_same")
        return (
            end - start <= terms.LONGEST_AFTERTHOUGHT
            and any(start <= m.start and m.end <= end and not terms.is_of_then(self._note, m) for m in marks)
            and not any(start <= mark.start < end for mark in self._now)
            and not terms.speaks_of_another(self._note, finding, start, end)
        )

    def _is_from_pain(self, finding: Finding) -> bool:
        """Whether the same segment puts it down to pain: "cannot walk far because of the pain"."""
        tokens = self._note.text.tokens
        return self._has(
            finding,
            [
                f
                for f in self._note.all("neuro_pain")
                if all(token.norm not in ("not", "no", "nor", "than") for token in tokens[max(0, f.start - 1) : f.end])
                and not terms.is_beside(self._note, f, finding)
            ],
        )

    def _is_contradicted(self, finding: Finding) -> bool:
        """Whether an everyday failing stands beside a normal examination of the same domain.

        "Holds on to furniture; power and gait normal" is pain or caution. A grade or a volume is measured
        and yields to nothing, and a normal that has been ("was 5/5 on Monday") speaks for a loss.
        """
        tokens, words = self._note.text.tokens, terms.SUPPORT.get(finding.label)
        if words is None or any(token.kind in terms.MEASURED for token in tokens[finding.start : finding.end]):
            return False
        formerly = self._note.all("neuro_formerly")  # of an earlier day, or of one side only
        return any(
            not overlap(f, finding)
            and not words.isdisjoint(token.norm for token in tokens[f.start : f.end])
            and not self._has(f, formerly)
            for f in self.normals
        )

    def _is_imagined(self, finding: Finding, dated: bool) -> bool:
        """Whether it stands behind an "if" or before a "would need"; not if it is said when it began."""
        start, end = self._segment(finding)
        if any(start <= mark.start and mark.end <= finding.start + 1 for mark in self._note.all("neuro_suppose")):
            return True
        if self._opens_with_if(finding):
            return True
        if dated:
            return False
        ifs = self._note.apart_from(self._note.all("neuro_if"), "neuro_normal")
        before = any(start <= mark.start and mark.end <= finding.start for mark in ifs)
        return before or any(finding.end <= mark.start and mark.end <= end for mark in self._note.all("neuro_would"))

    def _opens_with_if(self, finding: Finding) -> bool:
        """Whether its sentence begins with "if" and it stands before the first comma: a date changes nothing."""
        tokens = self._note.text.tokens
        start, _ = self._sentence(finding.sentence)
        return tokens[start].norm in ("if", "whenever") and not any(
            token.text in ",;:" for token in tokens[start : finding.start]
        )

    def _is_general(self, finding: Finding) -> bool:
        """Whether it is part of a question or lesson about no patient."""
        start, end = self._sentence(finding.sentence)
        if any(start <= f.start < end for f in self._note.all("neuro_lesson")):
            return True
        if any(start <= f.start < end for f in self._note.all("neuro_personal")):
            return False
        asked = any(
            f.start == start and self._note.text.tokens[f.end].norm != "not" for f in self._note.all("neuro_question")
        )
        return (
            asked
            or (self._asks(finding.sentence) and not self._is_about_a_patient(finding.sentence))
            or any(start <= f.start < end for f in self._note.all("neuro_teaching"))
        )

    def _is_about_a_patient(self, sentence: int) -> bool:
        """Whether the asking sentence tells a case first: "72F new L1 fracture with leg weakness, imaging?"."""
        start, end = self._sentence(sentence)
        tokens = self._note.text.tokens[start:end]
        if tokens[0].norm in AUXILIARIES:
            return False
        told = any(start <= f.start < end for f in self._note.all("fracture_new", "fracture_found", "fracture_known"))
        return told or any(token.kind in ("level", "number", "grade") or token.text == "," for token in tokens)

    def _asks(self, sentence: int) -> bool:
        """Whether the sentence ends in a question mark; the one of "?kypho" only hedges a word."""
        start, end = self._sentence(sentence)
        while end - start > 1 and self._note.text.tokens[end - 1].text in "\"'”’)":
            end -= 1
        return self._note.text.tokens[end - 1].text == "?" and end - start > 1

    def _is_another_persons(self, finding: Finding) -> bool:
        """Whether a relative or bystander is named before it, in its sentence, and is not the patient."""
        _, end = self._segment(finding)
        if any(finding.end - 1 <= f.start and f.end <= end for f in self._note.all("neuro_of_other")):
            return True
        others, tokens = self._relatives(finding, reporting=False), self._note.text.tokens
        last = others[-1] if others else None
        if last is None or any(last.end <= f.start < finding.start for f in self._note.all("neuro_patient")):
            return False
        if tokens[others[0].end - 1].norm in terms.HISTORY:
            return True
        relative = tokens[last.end - 1].norm
        if relative not in terms.WOMEN | terms.MEN or not self._pronouns.isdisjoint(
            terms.HE if relative in terms.WOMEN else terms.SHE
        ):
            return True
        if self._note.all("neuro_self"):
            return True
        # "Dad drags his foot": written by the family, nobody else is spoken of.
        named = any(not within(f, finding) for f in self._note.all("neuro_patient"))
        return bool(self.normals or named or self._note.negated(*terms.SIGNS) or self._is_theirs(last))

    def _relatives(self, finding: Finding, reporting: bool = True) -> list[Finding]:
        """Relatives and bystanders named before it in its sentence; with those who only tell, if `reporting`."""
        start, _ = self._sentence(finding.sentence)
        reporters = [] if reporting else self._note.all("neuro_reporter")
        return [
            f
            for f in self._note.all("neuro_other")
            if start <= f.start
            and f.end <= finding.start + 1
            and not any(overlap(f, reporter) for reporter in reporters)
        ]

    def _is_theirs(self, other: Finding) -> bool:
        """Whether the relative is the patient's: "her husband"."""
        tokens = self._note.text.tokens
        return other.start > 0 and tokens[other.start - 1].norm in ("her", "his", "their", "patient")

    def _is_old(self, finding: Finding, now: bool, lately: bool) -> bool:
        """Whether it is over, or there for long and unchanged."""
        note = self._note
        past, recovered = self._has(finding, note.all("neuro_past")), note.all("neuro_recovered")
        if past and any(mark.sentence == finding.sentence for mark in recovered):
            return True
        if now:
            return False
        if self._has(finding, [f for f in note.all("neuro_same") if not terms.is_of_pain(note, f)]):
            return True
        if lately and not (past and any(DOMAIN[finding.label] == NORMAL.get(f.label) for f in self.normals)):
            return False
        if self._has(finding, note.all("neuro_chronic")):
            return True
        return past and bool(self.normals or recovered or note.negated(*DOMAIN) or note.all("neuro_same"))
