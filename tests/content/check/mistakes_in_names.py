"""Files that cannot be read, are no files of their kind, or name what does not exist."""

from __future__ import annotations

from content.check import names, shapes, syntax
from tests.content.check.mistake import CASES, DOMAIN, EXAMPLE, NEURO, NLU, RULES, STORY, V1, mistake

MISTAKES = (
    # Syntax
    mistake(
        syntax.yaml_syntax, "tab", RULES, "  - intent: what_if\n", "\t- intent: what_if\n", "'\\t'", "spaces instead"
    ),
    mistake(
        syntax.yaml_syntax,
        "missing colon",
        CASES,
        "  - intent: greet\n",
        "  - intent greet\n    entities: []\n",
        "not valid YAML",
        "write a colon after the key",
    ),
    mistake(
        syntax.yaml_syntax,
        "unclosed quote",
        STORY,
        "    slot: neuro_status\n",
        "    says: ['weakness]\n    slot: neuro_status\n",
        "not valid YAML",
        "close",
    ),
    mistake(
        syntax.yaml_syntax,
        "bad indentation",
        "actions/wording.yml",
        "truncated:",
        "  truncated:",
        "not valid YAML",
        "indent the line",
    ),
    mistake(
        syntax.yaml_syntax,
        "duplicate key",
        "channels/web/free_facts.yml",
        "  hint: years, such as 72\n",
        "  hint: years, such as 72\n  hint: years\n",
        'duplicate key "hint"',
        "keep one",
        1,
    ),
    mistake(
        syntax.yaml_syntax,
        "colon in a text",
        V1,
        "text: MRI shows",
        "text: Note: MRI shows",
        "not valid YAML",
        "quotation marks",
    ),
    mistake(
        syntax.example_lines, "comma forgotten", EXAMPLE, ', "flag": false', ' "flag": false', "not JSON", "put a comma"
    ),
    mistake(
        syntax.example_lines, "unknown key", EXAMPLE, '"flag": false', '"flagg": false', "no key 'flagg'", "'flag'"
    ),
    mistake(syntax.example_lines, "wrong value", EXAMPLE, '"flag": false', '"flag": "no"', "flag is", "true or false"),
    # Shapes, and the guideline's own rules
    mistake(
        shapes.shapes,
        "misspelled step",
        RULES,
        "  - intent: what_if\n",
        "  - intnt: what_if\n",
        "the key 'intnt' is not known",
        "'intent'",
    ),
    mistake(
        shapes.shapes, "story without steps", STORY, "  steps:\n", "  step:\n", "key 'steps' is missing", "add", -1
    ),
    mistake(
        shapes.guideline, "statement without source", V1, "    source: S-V7\n", "", "key 'source' is missing", "add", -1
    ),
    mistake(shapes.guideline, "unknown source", V1, "source: S-V7", "source: S-V77", "'S-V77' is not in", "'S-V7'"),
    # Names
    mistake(
        names.unknown_names, "unknown intent", CASES, "intent: ask_why\n", "intent: ask_wy\n", "'ask_wy'", "'ask_why'"
    ),
    mistake(
        names.unknown_names,
        "unknown action",
        CASES,
        "action: action_tell_more",
        "action: action_tel_more",
        "'action_tel_more'",
        "'action_tell_more'",
    ),
    mistake(
        names.unknown_names,
        "unknown form",
        CASES,
        "active_loop: case_form",
        "active_loop: cas_form",
        "'cas_form'",
        "'case_form'",
    ),
    mistake(
        names.unknown_names,
        "unknown slot",
        CASES,
        "- requested_slot: neuro",
        "- requestd_slot: neuro",
        "'requestd_slot'",
        "'requested_slot'",
    ),
    mistake(
        names.unknown_names,
        "unknown entity",
        NLU,
        "    - and treatment?\n",
        "    - and [cement](procedur)?\n",
        "'procedur'",
        "did you mean",
    ),
    mistake(names.unknown_names, "unknown outcome", STORY, "outcome: v9", "outcome: v19", "'v19'", "did you mean 'v1'"),
    mistake(
        names.unknown_names,
        "unknown value in a story",
        "tests/stories/variants.yml",
        "symptoms: symptomatic}",
        "symptoms: symptomtic}",
        "symptoms has no value 'symptomtic'",
        "'symptomatic'",
    ),
    mistake(names.unknown_names, "unknown set", NEURO, "'<limb>', ", "'<limbs>', ", "set 'limbs'", "'limb'"),
    mistake(
        names.unknown_names,
        "unknown label",
        NEURO,
        "deficits: [motor_sign",
        "deficits: [motor_sgn",
        "'motor_sgn'",
        "'motor_sign'",
    ),
    mistake(
        names.unknown_names,
        "unknown fact of the panel",
        "channels/web/free_facts.yml",
        "age:\n",
        "ages:\n",
        "'ages'",
        "'age'",
    ),
    mistake(
        names.unused_names,
        "unused set",
        NEURO,
        "  limb:\n",
        "  limp: [limp]\n  limb:\n",
        "no phrase uses the set 'limp'",
        "remove",
    ),
    mistake(
        names.unused_names,
        "unused slot",
        DOMAIN,
        "slots:\n",
        "slots:\n  hobby: {type: text}\n",
        "a slot 'hobby'",
        "take it out",
        1,
    ),
    mistake(
        names.unused_names,
        "unused action",
        DOMAIN,
        "- action_answer\n",
        "- action_answer\n- action_dance\n",
        "'action_dance'",
        "take it out",
        1,
    ),
)
