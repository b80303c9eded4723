"""Facts, their values, and conditions on them."""

from __future__ import annotations

from tests.knowledge.breakages.breakage import Breakage

V1 = "variants/v1.yml"
MINIMAL_FACT = "\n- {name: extra, label: Extra, decides: true, question: Extra?, why: Extra."

FACTS = (
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
)
