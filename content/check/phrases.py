"""Phrases of the rule files that match more than they seem to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from content.check.examples import spelling
from content.check.problem import Problem
from content.check.project import RULES, Project
from nlu.phrase_language import PIECE, Compiler, PhraseError
from nlu.phrases import Phrase
from nlu.rule_files import BadRules, RuleFiles, as_phrases, as_texts

LIMITS = "content/limits.yml"
FOLDER = RULES.rpartition("/")[0]
GAPS = ("..", "~")
MARK = "…"
"""Stands where an optional part was."""
UNKNOWN_SET = "no set is named"
"""How the error begins that names.py tells better, with the set that was meant."""
ADVICE = "put that part in [ ]; what stands in ( ) may be left out"


def unreadable(project: Project) -> Iterator[Problem]:
    """Phrases, sets and classes that cannot be read; also phrases all of whose parts are optional."""
    try:
        files = _files(project)
        words = files.spelling()
        files.classes(words)
    except BadRules as error:
        yield _from_message(project, str(error))
        return
    compiler = Compiler(as_texts(files.sets), lru_cache(None)(words.plain))
    # A set that cannot be read spoils every phrase that names it, so sets are told first, and alone.
    for phrases in (_in_sets(files), _in_lists(files)):
        bad = [(path, phrase, wrong) for path, phrase in phrases if (wrong := _error(compiler, phrase))]
        for path, phrase, wrong in bad:
            if not wrong.startswith(UNKNOWN_SET):
                yield _unreadable(path, phrase, wrong)
        if bad:
            return


def _error(compiler: Compiler, phrase: Phrase) -> str:
    try:
        compiler.compile(phrase.text)
    except PhraseError as error:
        return str(error)
    return ""


def _unreadable(path: str, phrase: Phrase, error: str) -> Problem:
    if "no word that must occur" in error:
        what = f"every part of the phrase {shortened(phrase.text)} is optional, so that it would match anything"
        return Problem(path, phrase.line, what, "take the round brackets away from the word that decides")
    what = f"the phrase {shortened(phrase.text)} cannot be read: {error}"
    return Problem(path, phrase.line, what, "see the top of nlu/phrase_language.py for what a phrase may hold")


def hollow(project: Project) -> Iterator[Problem]:
    """Findings whose deciding part is optional: without it a common word is left, or a phrase of another label.

    Modifiers are left alone: a common word ("no", "new") is just what they look for.
    """
    files = _files(project)
    norm = lru_cache(None)(spelling(project).plain)
    limits = project.document(LIMITS).data
    common = {norm(str(word)) for word in limits["common_words"]}
    shared = {_normal(PIECE.findall(str(phrase)), norm) for phrase in limits["shared_phrases"]}
    whole: dict[str, tuple[str, Phrase]] = {}
    findings = list(files.labelled("findings"))
    for label, phrase in findings:
        if "(" not in phrase.text:
            whole.setdefault(_normal(PIECE.findall(phrase.text), norm), (label, phrase))
    for label, phrase in findings:
        if "(" not in phrase.text:
            continue
        pieces = PIECE.findall(phrase.text)
        left = _normal(without_optional(pieces), norm)
        lone = common & set(_single_words(without_optional(pieces), norm))
        lone -= set(_single_words(without_optional(pieces, instead=MARK), norm))
        if lone:
            what = f"it matches every {min(lone)!r}"
        elif left in whole and whole[left][0] != label and left not in shared:
            other, same = whole[left]
            what = f"it is one of {other} ({FOLDER}/{same.file}:{same.line})"
        else:
            continue
        what = (
            f"the phrase {shortened(phrase.text)} of {label} has its deciding part in round brackets: without it {what}"
        )
        yield Problem(f"{FOLDER}/{phrase.file}", phrase.line, what, ADVICE)


def without_optional(pieces: Sequence[str], instead: str = "") -> list[str]:
    """The pieces of a phrase without those in round brackets, for each of which `instead` is put, and without gaps
    at its ends.
    """
    rest: list[str] = []
    depth = 0
    for piece in pieces:
        if instead and piece == "(" and depth == 0:
            rest.append(instead)
        depth += (piece == "(") - (piece == ")")
        if depth == 0 and piece != ")":
            rest.append(piece)
    while rest and rest[-1].startswith(GAPS):
        rest.pop()
    while rest and rest[0].startswith(GAPS):
        rest.pop(0)
    return rest


def _single_words(pieces: Sequence[str], norm: Callable[[str], str]) -> Iterator[str]:
    """The words that match alone: of a phrase of one word, or of one bracket with alternatives."""
    inner = list(pieces)
    if inner[:1] == ["["] and inner[-1:] == ["]"] and inner.count("[") == 1:
        inner = inner[1:-1]
    if not inner or any(piece in "[]()<>" or piece.startswith(("<", "!", "^", *GAPS)) for piece in inner):
        return
    alternatives: list[list[str]] = [[]]
    for piece in inner:
        if piece == "|":
            alternatives.append([])
        else:
            alternatives[-1].append(piece)
    # Inside brackets | parts whole alternatives, outside of them single words.
    if pieces[0] == "[" or all(len(words) == 1 for words in alternatives):
        yield from (norm(words[0]) for words in alternatives if len(words) == 1)


def _normal(pieces: Sequence[str], norm: Callable[[str], str]) -> str:
    return " ".join(norm(piece) if piece[0].isalpha() else piece for piece in pieces)


def shortened(phrase: str, most: int = 60) -> str:
    """The phrase in quotation marks, cut where it is long."""
    return repr(phrase if len(phrase) <= most else f"{phrase[: most - 1]}…")


def _files(project: Project) -> RuleFiles:
    return RuleFiles({project.root / path: document.data for path, document in project.documents(RULES)})


def _in_sets(files: RuleFiles) -> Iterator[tuple[str, Phrase]]:
    for phrase in chain.from_iterable(files.sets.values()):
        yield f"{FOLDER}/{phrase.file}", phrase


def _in_lists(files: RuleFiles) -> Iterator[tuple[str, Phrase]]:
    for _, phrase in chain(files.labelled("findings"), files.labelled("sections")):
        yield f"{FOLDER}/{phrase.file}", phrase
    for path, item in files.modifiers():
        for phrase in as_phrases(path, item["phrases"]):
            yield f"{FOLDER}/{phrase.file}", phrase


def _from_message(project: Project, message: str) -> Problem:
    place, _, rest = message.partition(": ")
    file, _, line = place.rpartition(":")
    what, _, advice = rest.partition("; ")
    return Problem(file.removeprefix(f"{project.root}/"), int(line), what, advice)
