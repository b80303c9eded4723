"""action_look_up: ratings, variants, protocol, radiation and knowledge, with or without a case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

from actions.alarm import interrupts
from actions.conversation import Conversation, case_events
from actions.safe import Events, Safe, notice
from actions.speak import utter
from actions.unclear import ask_back, may_mean
from knowledge.answer import Payload, common
from knowledge.case import Case
from knowledge.current import engine, store
from knowledge.engine import Conclusion
from knowledge.lookup import rating, show_variant, variants, variants_by_rating
from knowledge.names import category_named, family, find_procedures, procedures_named, variants_named
from knowledge.radiation import radiation
from knowledge.search import Found, search

Look = Callable[[str, Case], list[Payload]]

MOST_RATINGS = 4
"""Procedures of one message whose ratings are shown."""
RATED_OR_KNOWN = frozenset({"ask_rating", "ask_knowledge", "ask_protocol"})
"""Requests between which the classifier errs; the words decide."""
KNOWN = frozenset({"ask_knowledge", "ask_protocol"})
SURE_OF_KNOWLEDGE, SURE_OF_RATING, SURE_OF_REASONS, SURE_OF_RADIATION = 0.8, 0.8, 0.7, 0.6
"""Confidence from which these requests are what the classifier takes them for, whatever the words."""
LEAST_OF_SURE = 0.2
"""Share of a question's words that an entry needs then."""
LEAST_CONFIDENCE = 0.37
"""Share of a question's words that an entry needs where the question is known to be on the topic."""
MOST_ENTRIES = 2
"""Entries of the knowledge questions that are shown."""
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
"""What tells when something was done: "2020 for the cement"."""
WORDS = Path(__file__).with_name("lookup_words.yml")


class LookUp(Safe, Action):  # type: ignore[misc]
    """action_look_up: what the guideline says, asked for by name."""

    def name(self) -> str:
        return "action_look_up"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        conversation = Conversation.of(tracker)
        if interrupts(dispatcher, conversation):
            return []
        return self.look_up(dispatcher, conversation, conversation.advanced(), conversation.turn.intent)

    @staticmethod
    def look_up(dispatcher: CollectingDispatcher, conversation: Conversation, case: Case, intent: str) -> Events:
        """Answer the request `intent` with `case` at hand; returns the events that store it."""
        sure = dict(conversation.turn.guesses).get(intent, 0.0)
        found = _found(intent, conversation.turn.text, case, sure)
        if not found and (meant := may_mean(conversation, case)):
            ask_back(dispatcher, meant)
        else:
            show(dispatcher, found or [_nothing(case)])
        return [*case_events(conversation, case), *notice(dispatcher, conversation)]


def show(dispatcher: CollectingDispatcher, payloads: Iterable[Payload]) -> None:
    """Send each of `payloads` with its text."""
    for payload in payloads:
        utter(dispatcher, payload)


def looked_up(intent: str, text: str, case: Case) -> list[Payload]:
    """What is found on `text`: what the intent is after, else whatever else fits; at least that there is nothing."""
    return _found(intent, text, case, 0.0) or [_nothing(case)]


def _found(intent: str, text: str, case: Case, sure: float) -> list[Payload]:
    for look in _looks_for(intent, text, case, sure):
        if found := look(text, case):
            explains = intent == "ask_why_rating" and (sure >= SURE_OF_REASONS or _has(text, "why"))
            return [_explained(payload) for payload in found] if explains else found
    return []


def _looks_for(intent: str, text: str, case: Case, sure: float) -> Sequence[Look]:
    """Where a request is looked up; between intents that the classifier confuses, and is not `sure` of, the words
    decide."""
    looks, guideline = LOOKS.get(intent, ANY), engine().guideline
    if variants_named(text, guideline) and procedures_named(text, guideline) and not _has(text, "dose"):
        return (_shown_variants, *looks)  # "what does v9 give radiation oncology?"
    if _has(text, "ionizing"):
        return (_radiation, *looks)
    if intent in KNOWN and sure >= SURE_OF_KNOWLEDGE:
        return SURELY_KNOWN
    if intent == "ask_rating" and sure >= SURE_OF_RATING:
        return ANY
    if intent in RATED_OR_KNOWN:
        return _rated_or_known(text)
    doubted = sure < SURE_OF_RADIATION and not _has(text, "radiation")
    if intent == "ask_radiation" and (_has(text, "rating") or doubted) and not _has(text, "dose"):
        return ANY
    if intent == "find_variants" and case.readings:
        across = _has(text, "across") or category_named(text, guideline)
        return looks if across else (_ratings, *looks)
    return looks


def _rated_or_known(text: str) -> Sequence[Look]:
    """Ratings first, knowledge first, or, where the words leave it open, both."""
    if asks_a_rating(text):
        return ANY
    named = procedures_named(text, engine().guideline)
    return (_knowledge_and_ratings, *ANY) if named and not _has(text, "knowledge") else LIKELY_FIRST


@lru_cache(maxsize=1)
def _words() -> Mapping[str, frozenset[str]]:
    """The lists of lookup_words.yml."""
    return {kind: frozenset(words) for kind, words in YAML(typ="safe").load(WORDS).items()}


def _has(text: str, kind: str) -> bool:
    return not _words()[kind].isdisjoint(re.findall("[a-z]+", text.lower()))


def asks_a_rating(text: str) -> bool:
    """Whether the words ask how a procedure is rated, rather than about it: "BKP?", "is ablation worth it?"."""
    if _has(text, "rating"):
        return True
    named = [text[found.start : found.end] for found in find_procedures(text, engine().guideline)]
    rest = re.sub("|".join(map(re.escape, named)), " ", text) if named else text
    others = [word for word in re.findall("[a-z]+", rest.lower()) if word not in _words()["small"]]
    return bool(named) and len(others) <= 1 and not (_has(text, "knowledge") or YEAR.search(rest))


def _explained(payload: Payload) -> Payload:
    """A rating as the explanation that it was asked for."""
    return payload | {"type": "explanation", "about": "rating"} if payload["type"] == "rating" else payload


def found_for(text: str, case: Case) -> list[Payload]:
    """What is found on a message of which only the words are known, or nothing."""
    looks = ANY if asks_a_rating(text) else KNOWN_FIRST
    if _has(text, "dose"):
        looks = (_radiation, *looks)
    return next((found for look in looks if (found := look(text, case))), [])


def _ratings(text: str, case: Case) -> list[Payload]:
    guideline = engine().guideline
    if variants_named(text, guideline):
        return _shown_variants(text, case)
    named = [
        procedure
        for found in find_procedures(text, guideline)
        for procedure in family(text[found.start : found.end], found.procedure, guideline)
    ]
    return [rating(engine(), case, procedure) for procedure in list(dict.fromkeys(named))[:MOST_RATINGS]]


def _shown_variants(text: str, case: Case) -> list[Payload]:
    """The variants that are named; if procedures are named with them, their ratings there."""
    guideline = engine().guideline
    shown = variants_named(text, guideline)
    procedures = procedures_named(text, guideline)[:MOST_RATINGS]
    if procedures:
        return [rating(engine(), case, procedure, variant) for variant in shown for procedure in procedures]
    return [show_variant(guideline, variant) for variant in shown]


def _all_variants(text: str, case: Case) -> list[Payload]:
    return [variants(engine().guideline)]


def _found_variants(text: str, case: Case) -> list[Payload]:
    guideline = engine().guideline
    category = category_named(text, guideline)
    procedures = procedures_named(text, guideline)
    return [variants_by_rating(guideline, procedure, category) for procedure in procedures[:MOST_RATINGS]]


def _radiation(text: str, case: Case) -> list[Payload]:
    """The levels of the studies that are named, or all levels if the words ask for levels."""
    found = radiation(text, engine().guideline)
    asks = found["studies"] or found["not_rated"] or _has(text, "dose")
    return [_answer("radiation", case, found)] if asks else []


def _levels(text: str, case: Case) -> list[Payload]:
    asks = _has(text, "dose") or _has(text, "radiation")
    return [_answer("radiation", case, radiation("", engine().guideline))] if asks else []


def _knowledge(text: str, case: Case) -> list[Payload]:
    """The entry that answers `text`; where words of it are missing there, also a second one that has as many."""
    found = search(text, limit=MOST_ENTRIES, store=store())
    complete = any(entry.confidence == 1 for entry in found[:1])
    shown = found[:1] if complete else [entry for entry in found if entry.confidence >= found[0].confidence]
    return [_known(entry, case) for entry in shown]


def _likely_knowledge(text: str, case: Case) -> list[Payload]:
    """The same, or the nearest entry, for a question that is known to be on the topic."""
    if known := _knowledge(text, case):
        return known
    return [_known(entry, case) for entry in search(text, store=store(), least_confidence=LEAST_CONFIDENCE)]


def _sure_knowledge(text: str, case: Case) -> list[Payload]:
    """The two nearest entries, for a question that only knowledge can answer."""
    found = search(text, limit=MOST_ENTRIES, store=store(), least_confidence=LEAST_OF_SURE)
    return [_known(entry, case) for entry in found]


def _known(entry: Found, case: Case) -> Payload:
    statements = [dict(item) for item in entry.statements]
    return _answer("knowledge", case, {"title": entry.title, "statements": statements})


def _knowledge_and_ratings(text: str, case: Case) -> list[Payload]:
    """Both; where something is known, without procedures that the case's variant does not rate."""
    ratings, known = _ratings(text, case), _likely_knowledge(text, case)
    if known and case.readings:
        ratings = [payload for payload in ratings if payload["category"]]
    return [*ratings, *known]


def _other_guidelines(text: str, case: Case) -> list[Payload]:
    """What others say of the case's own outcome, and what is known of them in general."""
    step = engine().next_step(case) if case.readings else None
    own = engine().guideline.outcome[step.outcome].statements if isinstance(step, Conclusion) else ()
    others = [item for item in own if item.source in _words()["other_guidelines"]]
    statements = [{"text": item.text, "source": item.source} for item in others]
    for entry in search(f"{text} NASS", store=store()):
        statements += [dict(item) for item in entry.statements]
    unique = list({item["text"]: item for item in statements}.values())
    if not unique:
        return []
    return [_answer("other_guidelines", case, {"statements": unique}) | {"type": "explanation"}]


def _nothing(case: Case) -> Payload:
    return _answer("knowledge", case, {"statements": []})


def _answer(about: str, case: Case, found: Payload) -> Payload:
    payload: Payload = {"type": "answer", "about": about, **found}
    return payload | common(engine().guideline, case, payload)


ANY: Sequence[Look] = (_ratings, _knowledge, _shown_variants)
KNOWN_FIRST: Sequence[Look] = (_knowledge, _ratings, _shown_variants)
LIKELY_FIRST: Sequence[Look] = (_likely_knowledge, _ratings, _shown_variants)
SURELY_KNOWN: Sequence[Look] = (_likely_knowledge, _sure_knowledge, _ratings, _shown_variants)
LOOKS: dict[str, Sequence[Look]] = {
    "ask_rating": ANY,
    "ask_why_rating": ANY,
    "ask_variant": (_shown_variants, _all_variants),
    "find_variants": (_found_variants, _shown_variants, _all_variants),
    "ask_protocol": LIKELY_FIRST,
    "ask_radiation": (_radiation, _knowledge, _levels),
    "ask_knowledge": LIKELY_FIRST,
    "ask_other_guidelines": (_other_guidelines, _knowledge),
}
"""Where each request is looked up, in this order."""
