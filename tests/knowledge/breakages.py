"""Ways to break the real content, each with the place and the message that a maintainer must get."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Breakage:
    """Replace the first `old` in `file` by `new`; the error stands `below` lines under it and says `says`."""

    name: str
    file: str
    old: str
    new: str
    says: str
    below: int = 0

    def apply(self, folder: Path) -> tuple[str, int]:
        """Break the copy in `folder`; returns the file and the line that the error must name."""
        path = folder / self.file
        before, found, after = path.read_text(encoding="utf-8").partition(self.old)
        assert found, f"{self.old!r} is no longer in {self.file}"
        path.write_text(before + self.new + after, encoding="utf-8")
        return str(path), before.count("\n") + 1 + self.below


V1, NEUROLOGIC = "variants/v1.yml", "outcomes/neurologic-emergency.yml"
BONE_SCAN = "- procedure: Bone scan whole body\n  category: May be appropriate\n"
INFECTION_ROW = "- outcome: infection-workup\n  when: {infection_signs: present}\n"
MINIMAL_FACT = "\n- {name: extra, label: Extra, decides: true, question: Extra?, why: Extra."

BREAKAGES = (
    # Ratings
    Breakage(
        "unknown category",
        V1,
        "category: Usually appropriate",
        "category: Usualy appropriate",
        "unknown category 'Usualy appropriate'; did you mean 'Usually appropriate'?",
    ),
    Breakage(
        "two ratings for one procedure",
        V1,
        BONE_SCAN,
        BONE_SCAN * 2,
        "second rating of procedure 'Bone scan whole body'; the first is on line 12; keep one",
        2,
    ),
    Breakage(
        "unknown procedure",
        V1,
        "procedure: Bone scan whole body",
        "procedure: Bone scan whole bodies",
        "procedure 'Bone scan whole bodies' is not in procedures.yml; did you mean 'Bone scan whole body'?",
    ),
    Breakage(
        "statement about an unrated procedure",
        V1,
        "    - CT myelography spine",
        "    - CT myelographies spine",
        "this variant does not rate 'CT myelographies spine area of interest'; did you mean",
        -1,
    ),
    Breakage(
        "escalation about an unknown procedure",
        NEUROLOGIC,
        "    source: S-V9\n",
        "    source: S-V9\n    procedures: [Radiographs]\n",
        "procedures.yml does not list 'Radiographs'",
        1,
    ),
    Breakage(
        "procedure mentioned twice",
        V1,
        "    - Bone scan whole body\n",
        "    - Bone scan whole body\n" * 2,
        "second mention of procedure 'Bone scan whole body'",
        1,
    ),
    # Sources
    Breakage("missing source", V1, "    source: S-V7\n", "", "'source' is a required property", -1),
    Breakage(
        "missing source in a note", "knowledge.yml", "    source: S-V9\n", "", "'source' is a required property", -1
    ),
    Breakage(
        "unknown source",
        V1,
        "source: S-V7",
        "source: S-V77",
        "source 'S-V77' is not in sources.yml; did you mean 'S-V7'?",
    ),
    Breakage(
        "unknown source in a note",
        "scores.yml",
        "source: SINS",
        "source: SINNS",
        "source 'SINNS' is not in sources.yml; did you mean 'SINS'?",
    ),
    Breakage(
        "level that does not exist in a score",
        "scores.yml",
        "levels: [T3-T10]",
        "levels: [T3-10]",
        "'T3-10' does not match",
    ),
    Breakage(
        "misspelled key of a score's value",
        "scores.yml",
        "      words: [semirigid",
        "      wordz: [semirigid",
        "'wordz' was unexpected",
        -4,
    ),
    Breakage(
        "unknown value of a fact in a score",
        "scores.yml",
        "when: {pain_character: mechanical}",
        "when: {pain_character: mecanical}",
        "pain_character has no value 'mecanical'; did you mean 'mechanical'?",
    ),
    Breakage(
        "radiation range that is none",
        "protocol.yml",
        "  range_msv: up to 0.1",
        "  range_msv: a little",
        "'a little' does not match",
    ),
    Breakage(
        "address without https",
        "sources.yml",
        '  url: "https://acsearch',
        '  url: "http://acsearch',
        "does not match '^https://'",
    ),
    # YAML
    Breakage(
        "duplicate key",
        "facts.yml",
        "  label: Neurologic status\n",
        "  label: Neurologic status\n  label: Neurology\n",
        'not valid YAML: found duplicate key "label"',
        1,
    ),
    Breakage("broken YAML", V1, "scope: imaging", 'scope: "imaging" twice', "not valid YAML: "),
    Breakage(
        "control character",
        V1,
        "scope: imaging",
        "scope: \x07imaging",
        "not valid YAML: special characters are not allowed",
    ),
    # Types and shape
    Breakage("number in words", V1, "number: 1", "number: one", "number: 'one' is not of type 'integer'"),
    Breakage(
        "list where text belongs",
        "guideline.yml",
        "edition: 2022 update",
        "edition: [2022, update]",
        "edition: [2022, 'update'] is not of type 'string'",
    ),
    Breakage("misspelled key", V1, "scope: imaging", "scope: imaging\nsummry: x", "('summry' was unexpected)", 1 - 6),
    Breakage("unquoted date", "sources.yml", 'date: "2010"', "date: 2010", "2010 is not of type 'string'"),
    Breakage(
        "text where a list belongs in a note",
        "red_flags.yml",
        "  action:\n",
        "  action: call\n  more:\n",
        "action: 'call' is not of type 'array'",
    ),
    Breakage(
        "note without its id", "protocol.yml", "- id: cord-sagittal\n  topic", "- topic", "'id' is a required property"
    ),
    # Facts
    Breakage(
        "deciding fact without question",
        "facts.yml",
        "  question: Has the patient ever had cancer, including myeloma or lymphoma, active or past?\n",
        "",
        "cancer_history decides, so it needs a question and the reason (why) it is asked",
        -6,
    ),
    Breakage(
        "deciding fact with one value",
        "facts.yml",
        "\n- {name: age",
        MINIMAL_FACT + ", values: [{value: a, label: A, phrase: a}]}\n- {name: age",
        "extra decides, so it needs at least two values",
        1,
    ),
    Breakage(
        "assumption of an unknown value",
        "facts.yml",
        "assume: persistent",
        "assume: persisting",
        "clinical_course has no value 'persisting'; did you mean 'persistent'?",
    ),
    Breakage(
        "value given twice",
        "facts.yml",
        "values: [{value: female, label: Female, phrase: woman}",
        "values: [{value: male, label: Female, phrase: woman}",
        "second value of sex 'male'",
    ),
    Breakage("fact given twice", "facts.yml", "- {name: duration", "- {name: age", "second fact 'age'"),
    Breakage(
        "other name given twice",
        "procedures.yml",
        "MRI, MRI without contrast,",
        "MRI, MRI, MRI without contrast,",
        "second other name 'MRI'",
    ),
    # Conditions
    Breakage(
        "unknown fact in a row",
        "decisions.yml",
        "when: {adult:",
        "when: {adults:",
        "fact 'adults' is not in facts.yml; did you mean 'adult'?",
    ),
    Breakage(
        "unknown value in a row",
        "decisions.yml",
        "[worsening, persistent]",
        "[worsening, persisting]",
        "clinical_course has no value 'persisting'; did you mean 'persistent'?",
    ),
    Breakage(
        "unknown value in a statement",
        V1,
        "{suspicious_features: present}",
        "{suspicious_features: presnt}",
        "suspicious_features has no value 'presnt'; did you mean 'present'?",
    ),
    Breakage(
        "unknown value in an implication",
        "facts.yml",
        "then: {symptoms: symptomatic}",
        "then: {symptoms: symptoms}",
        "symptoms has no value 'symptoms'; did you mean",
    ),
    Breakage(
        "unknown value in ask_when",
        "facts.yml",
        "ask_when: {fracture_status: known}",
        "ask_when: {fracture_status: knwn}",
        "fracture_status has no value 'knwn'; did you mean 'known'?",
    ),
    Breakage(
        "unknown fact in a red flag",
        "red_flags.yml",
        "- neuro_status: deficit",
        "- neurostatus: deficit",
        "fact 'neurostatus' is not in facts.yml; did you mean 'neuro_status'?",
    ),
    Breakage(
        "value that its fact cannot list",
        V1,
        "{suspicious_features: present}",
        "{cancer_type: myeloma}",
        "cancer_type has no list of values in facts.yml",
    ),
    Breakage(
        "row on a fact that does not decide",
        "decisions.yml",
        "when: {mechanism: high_energy}",
        "when: {sex: male}",
        "sex does not decide; set `decides: true` in facts.yml",
    ),
    Breakage(
        "constraint with an exception",
        "facts.yml",
        "when: {etiology: pathologic},",
        "when: {etiology: pathologic}, unless: {symptoms: asymptomatic},",
        "a constraint holds of every real case",
    ),
    # The decision table
    Breakage(
        "outcome without row",
        "decisions.yml",
        INFECTION_ROW + "  because: signs of spinal infection have to be worked up before any other step\n",
        "",
        "no row leads to 'infection-workup'; add one or remove its file",
        -5,
    ),
    Breakage(
        "row without outcome",
        "decisions.yml",
        "- outcome: infection-workup",
        "- outcome: infection-workups",
        "no variant or outcome file has the id 'infection-workups'; did you mean 'infection-workup'?",
    ),
    Breakage("id taken", "variants/v2.yml", "id: v2", "id: v1", "id 'v1' is taken by v1.yml"),
    Breakage("number taken", "variants/v2.yml", "number: 2", "number: 1", "number 1 is taken by v1.yml"),
    Breakage(
        "overlapped row",
        "decisions.yml",
        '- outcome: not-covered/pediatric\n  when: {adult: "no"}',
        "- outcome: not-covered/pediatric\n  when: {mechanism: high_energy}",
        "row 4 (not-covered/high-energy-trauma) can never decide: rows 1, 2, 3 above cover all its cases; "
        "reorder, narrow or remove it",
        3,
    ),
    Breakage(
        "row of impossible cases",
        "decisions.yml",
        INFECTION_ROW,
        INFECTION_ROW
        + "  because: x\n- outcome: infection-workup\n  when: {etiology: pathologic, cancer_history: absent}\n",
        "row 3 (infection-workup) can never decide: no consistent case satisfies it",
        3,
    ),
    Breakage(
        "cases that no row covers",
        "decisions.yml",
        "- outcome: v1\n  when: {}",
        "- outcome: v1\n  when: {cancer_history: absent, prior_fracture: present}",
        "complete cases match no row, for example neuro_status intact",
        -60,
    ),
    # Words of messages
    Breakage(
        "words of an unknown fact",
        "words.yml",
        "about:\n",
        "facts: {symptom: {asymptomatic: [silent]}}\nabout:\n",
        "fact 'symptom' is not in facts.yml; did you mean 'symptoms'?",
    ),
    Breakage(
        "words of an unknown value",
        "words.yml",
        "about:\n",
        "facts: {symptoms: {symptomatik: [hurts]}}\nabout:\n",
        "symptoms has no value 'symptomatik'; did you mean 'symptomatic'?",
    ),
    Breakage(
        "words of two values",
        "words.yml",
        "about:\n",
        "facts: {symptoms: {symptomatic: [hurts], asymptomatic: [Hurts]}}\nabout:\n",
        "'Hurts' stands under 'symptomatic' already; keep one",
    ),
    # Synonyms
    Breakage(
        "synonym of two words",
        "synonyms.yml",
        "synonyms:\n",
        "synonyms:\n  balloons: [bkp]\n",
        "'bkp' stands under 'balloons' already; keep one",
        4,
    ),
    Breakage("synonym of itself", "synonyms.yml", "nass: [", "nass: [nass, ", "'nass' stands under itself"),
    Breakage("synonym in capitals", "synonyms.yml", "[bkp, ", "[BKP, ", "'BKP' does not match"),
    Breakage("stop word twice", "synonyms.yml", "stop_words: [a, ", "stop_words: [a, a, ", "second stop word 'a'"),
)
