"""One thing wrong with the content."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.yaml_source import ContentError


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in line `line` of the file `path` (from the folder of the project), and how to mend it."""

    path: str
    line: int
    what: str
    how_to_mend: str

    @property
    def parts(self) -> tuple[str, str, str]:
        """Place, what is wrong and how to mend it, the last two as sentences."""
        return f"{self.path}:{self.line}:", _sentence(self.what), _sentence(self.how_to_mend)

    def __str__(self) -> str:
        return " ".join(self.parts)


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


_PLAIN = (
    (r"'(.+)' is a required property", "the key '{}' is missing", "add `{}:` here"),
    (r"Additional properties are not allowed \('(.+)' (?:was|were) unexpected\)", "the key '{}' is not known here", ""),
    (
        r"(.+) is not of type '(?:string)'",
        "{} is not text",
        "write text here; put numbers and dates in quotation marks",
    ),
    (r"(.+) is not of type 'array'", "{} is not a list", "write a list: one item a line, each after a dash"),
    (r"(.+) is not of type 'object'", "{} stands where keys belong", "write `key: value` lines here"),
    (r"(.+) is not of type '(?:integer|number)'", "{} is not a number", "write a number in digits"),
    (r"(.+) does not match '\^https://'", "the address {} is not a secure one", "let it begin with https://"),
)
"""What the validator of shapes says, and the same for people who have never seen one."""


def from_content_error(error: ContentError, path: str) -> Problem:
    """The problem behind an error that reading the content reports; `path` is the file from the project's folder."""
    message = " ".join(error.message.split())
    what, _, advice = message.partition("; ")
    where, _, said = what.partition(": ")
    for pattern, plain, mend in _PLAIN:
        if found := re.fullmatch(pattern, said):
            return Problem(path, error.line, f"{where}: {plain.format(found[1])}", advice or mend.format(found[1]))
    return Problem(path, error.line, what, advice or "compare it with the other entries of its kind and write it alike")
