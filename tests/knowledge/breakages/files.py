"""What no file may look like."""

from __future__ import annotations

from tests.knowledge.breakages.breakage import Breakage

V1 = "variants/v1.yml"

FILES = (
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
)
