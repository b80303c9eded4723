"""Two workers at once: one conversation, one message, one click, whoever gets it."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from tests.scale.clinicians import Clinician
from tests.scale.conftest import Scaled

AT_ONCE = 8


def test_a_message_that_arrives_many_times_at_once_is_one_turn(scaled: Scaled) -> None:
    """All of them get the same answer."""
    clinician = Clinician(scaled.served.web_url, 0)
    number = uuid.uuid4().hex
    with ThreadPoolExecutor(AT_ONCE) as pool:
        replies = list(pool.map(lambda _: clinician.post(number, clinician.case), range(AT_ONCE)))
    answers = [reply.json()["turn"] for reply in replies if reply is not None and reply.status_code == 200]
    assert len(answers) == AT_ONCE and all(answer == answers[0] for answer in answers)
    clinician.sent.append((number, clinician.case))
    clinician.check()


def test_a_new_patient_that_is_asked_for_many_times_at_once_begins_once(scaled: Scaled) -> None:
    """And what is said next stands in the conversation that it began."""
    clinician = Clinician(scaled.served.web_url, 1)
    clinician.say(clinician.case)
    number = uuid.uuid4().hex
    with ThreadPoolExecutor(AT_ONCE) as pool:
        replies = list(pool.map(lambda _: clinician.post(number, "new patient"), range(AT_ONCE)))
    assert {reply.json()["turn"]["number"] for reply in replies if reply is not None} == {0}
    clinician.sent.clear()
    clinician.say(clinician.case)
    clinician.check()


def test_different_messages_at_once_are_all_taken_in(scaled: Scaled) -> None:
    """One after the other, whichever worker has them: none overwrites what another stored."""
    clinician = Clinician(scaled.served.web_url, 2)
    clinician.say(clinician.case)
    questions = ["why", "sources", "next steps", "pitfalls", "what did you assume", "when to escalate"]
    numbers = {uuid.uuid4().hex: text for text in questions}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        replies = list(pool.map(lambda number: clinician.post(number, numbers[number]), numbers))
    assert [reply.status_code for reply in replies if reply is not None] == [200] * len(questions)
    told = clinician.history()["turns"]
    assert {turn["id"] for turn in told[1:]} == set(numbers) and len(told) == len(questions) + 1
    assert [turn["number"] for turn in told] == list(range(1, len(told) + 1))


def test_conversations_are_answered_by_both_workers_alike(scaled: Scaled) -> None:
    """Twenty sessions over whatever connections: every one goes on where it was."""
    clinicians = [Clinician(scaled.served.web_url, number) for number in range(20)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda each: each.say(each.case), clinicians))
        list(pool.map(lambda each: each.say("what have you understood"), clinicians))
    for clinician in clinicians:
        clinician.check()
