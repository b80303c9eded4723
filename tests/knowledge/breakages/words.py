"""The words that messages are read by, and synonyms of the search."""

from __future__ import annotations

from tests.knowledge.breakages.breakage import Breakage

WORDS = (
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
