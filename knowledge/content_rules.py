"""What JSON Schema cannot say about the content: references, duplicates and the decision table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.meant import meant
from knowledge.model import conditions
from knowledge.yaml_source import ContentError, Document

Path = list[str | int]


def rule_errors(documents: Mapping[str, Document]) -> Iterator[ContentError]:
    """Every error in documents that each fit their schema."""
    values = _values_of_facts(documents)
    outcomes = {document.data["id"] for name, document in documents.items() if _is_outcome(name)}
    for name, document in documents.items():
        yield from _unknown_sources(document, documents)
        yield from _unknown_conditions(document, values)
        if name.startswith("variants"):
            yield from _rating_errors(document, documents)
        if _is_outcome(name):
            yield from _procedure_errors(document, documents)
    yield from _duplicates(
        documents["procedures.yml"], [p["name"] for p in documents["procedures.yml"].data], "procedure"
    )
    for position, procedure in enumerate(documents["procedures.yml"].data):
        others = list(procedure.get("other_names", ()))
        yield from _duplicates(documents["procedures.yml"], others, "other name", [position, "other_names"])
    yield from _duplicates(
        documents["facts.yml"], [f["name"] for f in documents["facts.yml"].data["facts"]], "fact", ["facts"]
    )
    yield from _duplicate_ids(documents)
    if "knowledge.yml" in documents:
        yield from _question_errors(documents["knowledge.yml"])
    if "synonyms.yml" in documents:
        yield from _synonym_errors(documents["synonyms.yml"])
    if "words.yml" in documents:
        yield from _word_errors(documents["words.yml"], values)
    yield from _decision_errors(documents["decisions.yml"], outcomes)
    yield from _fact_errors(documents["facts.yml"])
    yield from _undecided_conditions(documents)


def _is_outcome(name: str) -> bool:
    return name.startswith(("variants", "outcomes"))


def _values_of_facts(documents: Mapping[str, Document]) -> dict[str, set[str]]:
    return {
        fact["name"]: {value["value"] for value in fact.get("values", ())}
        for fact in documents["facts.yml"].data["facts"]
    }


def _walk(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, node
    if isinstance(node, Mapping):
        for key in node:
            yield from _walk(node[key], [*path, key])
    elif isinstance(node, list):
        for position, item in enumerate(node):
            yield from _walk(item, [*path, position])


def _unknown_sources(document: Document, documents: Mapping[str, Document]) -> Iterator[ContentError]:
    known = set(documents["sources.yml"].data)
    for path, node in _walk(document.data, []):
        if not isinstance(node, Mapping):
            continue
        if "source" in node and node["source"] not in known:
            yield document.error(
                [*path, "source"], f"source {node['source']!r} is not in sources.yml; {meant(node['source'], known)}"
            )
        if "text" in node and "source" not in node:
            yield document.error(path, "the statement has no source; add `source:` with a key of sources.yml")


def _unknown_conditions(document: Document, values: Mapping[str, set[str]]) -> Iterator[ContentError]:
    for path, node in _walk(document.data, []):
        if not isinstance(node, Mapping) or not _is_condition(document, path):
            continue
        for fact, wanted in conditions(node).items():
            if fact not in values:
                yield document.error([*path, fact], f"fact {fact!r} is not in facts.yml; {meant(fact, set(values))}")
                continue
            for value in wanted:
                if not values[fact]:
                    yield document.error(
                        [*path, fact], f"{fact} has no list of values in facts.yml, so no condition can name it"
                    )
                elif value not in values[fact]:
                    yield document.error([*path, fact], f"{fact} has no value {value!r}; {meant(value, values[fact])}")
            for value in sorted({value for value in wanted if wanted.count(value) > 1}):
                yield document.error([*path, fact], f"value {value!r} is given twice; keep one")


def _is_condition(document: Document, path: Path) -> bool:
    in_red_flag = document.path.name == "red_flags.yml" and len(path) == 3 and path[1] == "facts"
    return in_red_flag or (bool(path) and path[-1] in ("when", "unless", "then", "ask_when", "only_with"))


def _undecided_conditions(documents: Mapping[str, Document]) -> Iterator[ContentError]:
    """Conditions that the decision table cannot evaluate, because it reads the deciding facts alone."""
    decisions, facts = documents["decisions.yml"], documents["facts.yml"]
    deciding = {fact["name"] for fact in facts.data["facts"] if fact.get("decides")}
    places: list[tuple[Document, Path]] = [(decisions, [row, "when"]) for row in range(len(decisions.data))]
    for position, rule in enumerate(facts.data["implications"]):
        path: Path = ["implications", position]
        if rule["kind"] != "constraint":
            continue
        if "unless" in rule:
            yield facts.error(
                [*path, "unless"], "a constraint holds of every real case, so it has no unless; make it a default"
            )
        places += [(facts, [*path, "when"]), (facts, [*path, "then"])]
    for document, path in places:
        node = document.data
        for step in path:
            node = node[step]
        for fact in sorted(set(node) - deciding):
            yield document.error(
                [*path, fact], f"{fact} does not decide; set `decides: true` in facts.yml or take it out here"
            )


def _rating_errors(document: Document, documents: Mapping[str, Document]) -> Iterator[ContentError]:
    categories = set(documents["guideline.yml"].data["categories"])
    procedures = {procedure["name"]: procedure for procedure in documents["procedures.yml"].data}
    for position, rating in enumerate(document.data["ratings"]):
        name, category = rating["procedure"], rating["category"]
        if category not in categories:
            yield document.error(
                ["ratings", position, "category"], f"unknown category {category!r}; {meant(category, categories)}"
            )
        if name not in procedures:
            yield document.error(
                ["ratings", position, "procedure"],
                f"procedure {name!r} is not in procedures.yml; {meant(name, set(procedures))}",
            )
    rated = [rating["procedure"] for rating in document.data["ratings"]]
    yield from _duplicates(document, rated, "rating of procedure", ["ratings"])


def _procedure_errors(document: Document, documents: Mapping[str, Document]) -> Iterator[ContentError]:
    """Procedures that a statement is about and that its variant does not rate, or that nothing rates."""
    known = [item["procedure"] for item in document.data.get("ratings", ())]
    wrong = "this variant does not rate" if known else "procedures.yml does not list"
    known = known or [procedure["name"] for procedure in documents["procedures.yml"].data]
    for path, node in _walk(document.data, []):
        names = node.get("procedures", ()) if isinstance(node, Mapping) and "text" in node else ()
        for name in names:
            if name not in known:
                yield document.error([*path, "procedures"], f"{wrong} {name!r}; {meant(name, set(known))}")
        yield from _duplicates(document, list(names), "mention of procedure", [*path, "procedures"])


def _duplicates(document: Document, names: list[str], what: str, under: Path | None = None) -> Iterator[ContentError]:
    seen: dict[str, int] = {}
    for position, name in enumerate(names):
        if name in seen:
            first = document.line([*(under or []), seen[name]])
            yield document.error(
                [*(under or []), position], f"second {what} {name!r}; the first is on line {first}; keep one"
            )
        seen.setdefault(name, position)


def _duplicate_ids(documents: Mapping[str, Document]) -> Iterator[ContentError]:
    for key in ("id", "number"):
        seen: dict[object, Document] = {}
        for name, document in documents.items():
            if not _is_outcome(name) or key not in document.data:
                continue
            value = document.data[key]
            if value in seen:
                yield document.error(
                    [key], f"{key} {value!r} is taken by {seen[value].path.name}; every outcome needs its own"
                )
            seen[value] = document


def _question_errors(document: Document) -> Iterator[ContentError]:
    """Entries with the id of another, and questions that stand under two entries."""
    ids: set[str] = set()
    entry_of: dict[str, str] = {}
    for number, entry in enumerate(document.data):
        name = str(entry["id"])
        if name in ids:
            yield document.error([number, "id"], f"there is an entry {name!r} already; give this one an id of its own")
        ids.add(name)
        for position, question in enumerate(entry["questions"]):
            same = " ".join(re.findall(r"\w+", question.casefold()))
            if entry_of.setdefault(same, name) != name:
                yield document.error(
                    [number, "questions", position],
                    f"{question!r} stands under {entry_of[same]!r} already; keep it where its answer is",
                )


def _synonym_errors(document: Document) -> Iterator[ContentError]:
    """Phrases and stop words given twice, phrases that stand for themselves."""
    seen: dict[str, str] = {}
    for word, phrases in document.data["synonyms"].items():
        for position, phrase in enumerate(phrases):
            path: Path = ["synonyms", word, position]
            if phrase == word:
                yield document.error(path, f"{phrase!r} stands under itself; take it out")
            elif phrase in seen:
                yield document.error(path, f"{phrase!r} stands under {seen[phrase]!r} already; keep one")
            seen[phrase] = word
    yield from _duplicates(document, list(document.data["stop_words"]), "stop word", ["stop_words"])


def _word_errors(document: Document, values: Mapping[str, set[str]]) -> Iterator[ContentError]:
    """Words for facts and values that do not exist, and words that say two values of a fact."""
    for fact, said in document.data.get("facts", {}).items():
        if fact not in values:
            yield document.error(["facts", fact], f"fact {fact!r} is not in facts.yml; {meant(fact, set(values))}")
            continue
        seen: dict[str, str] = {}
        for value, words in said.items():
            if value not in values[fact]:
                yield document.error(
                    ["facts", fact, value], f"{fact} has no value {value!r}; {meant(value, values[fact])}"
                )
            for position, word in enumerate(words):
                if seen.setdefault(word.casefold(), value) != value:
                    yield document.error(
                        ["facts", fact, value, position],
                        f"{word!r} stands under {seen[word.casefold()]!r} already; keep one",
                    )


def _decision_errors(document: Document, outcomes: set[str]) -> Iterator[ContentError]:
    used = [row["outcome"] for row in document.data]
    for position, outcome in enumerate(used):
        if outcome not in outcomes:
            yield document.error(
                [position, "outcome"], f"no variant or outcome file has the id {outcome!r}; {meant(outcome, outcomes)}"
            )
    for outcome in sorted(outcomes - set(used)):
        yield document.error([], f"no row leads to {outcome!r}; add one or remove its file")


def _fact_errors(document: Document) -> Iterator[ContentError]:
    for position, fact in enumerate(document.data["facts"]):
        path: Path = ["facts", position]
        values = [value["value"] for value in fact.get("values", ())]
        yield from _duplicates(document, values, f"value of {fact['name']}", [*path, "values"])
        if fact.get("decides") and len(values) < 2:
            yield document.error(path, f"{fact['name']} decides, so it needs at least two values")
        if fact.get("decides") and not ("question" in fact and "why" in fact):
            yield document.error(
                path, f"{fact['name']} decides, so it needs a question and the reason (why) it is asked"
            )
        for key in ("assume", "unknown_means"):
            if key in fact and fact[key] not in values:
                yield document.error(
                    [*path, key], f"{fact['name']} has no value {fact[key]!r}; {meant(fact[key], set(values))}"
                )
