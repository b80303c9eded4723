"""Whether the chain of answers is whole: where the first row is missing, changed, added or out of place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from audit.rows import Head, Row, hash_of, text_digest

BEGINNING = Head()


@dataclass(frozen=True)
class Verified:
    """The end of what is whole, how many texts were purged, and what is wrong after it ("" if nothing is)."""

    head: Head
    purged: int
    problem: str = ""


def verify(rows: Iterable[Row], kept: Head | None = None, begun: Head = BEGINNING) -> Verified:
    """Follow the chain from its beginning to the first fault; `kept` is an end of it that was written down elsewhere.

    With `begun`, an end that was verified before, `rows` begin with the row that it names, which has to be that one.

    Without it nobody can tell that the last rows were cut off, or that everything was written anew.
    """
    head, purged, met = begun, 0, kept in (None, begun)
    following = iter(rows)
    if begun != BEGINNING and (problem := _not_there(next(following, None), begun)):
        return Verified(BEGINNING, 0, problem)
    for row in following:
        if problem := _fault(row, head):
            return Verified(head, purged, problem)
        head, purged = Head(row.sequence, row.hash), purged + (row.text is None)
        if kept and kept.sequence == row.sequence:
            if kept.hash != row.hash:
                return Verified(head, purged, f"Row {row.sequence} is whole, but not the one whose hash was kept.")
            met = True
    if not met:
        return Verified(head, purged, f"The chain ends at row {head.sequence}; row {kept and kept.sequence} was kept.")
    return Verified(head, purged)


def _not_there(row: Row | None, begun: Head) -> str:
    if row is None or row.sequence != begun.sequence:
        return f"Row {begun.sequence}, which was verified before, is missing."
    if row.hash != begun.hash or hash_of(asdict(row)) != row.hash:
        return f"Row {begun.sequence} is not the one that was verified before."
    return ""


def _fault(row: Row, head: Head) -> str:
    due = head.sequence + 1
    if row.sequence != due:
        return f"Row {due} is missing; row {row.sequence} follows row {head.sequence}."
    if row.previous != head.hash:
        return f"Row {row.sequence} does not follow row {head.sequence}: one of them was replaced."
    if hash_of(asdict(row)) != row.hash:
        return f"Row {row.sequence}, of {row.at}, was changed."
    if row.text is not None and text_digest(row.salt or "", row.text) != row.text_digest:
        return f"The text of row {row.sequence}, of {row.at}, was changed."
    return ""
