"""Conversations in Teams, over real HTTP: the running servers on one side, Bot Framework's stand-in on the other."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from channels.teams.answers import notice
from knowledge.document.common import say
from tests.channels.teams.client import BOT, Thread
from tests.channels.teams.conftest import Teams
from tests.channels.teams.contract import card_of, submits, words
from tests.channels.time_passing import pass_by

CASE = "72F, breast cancer 2014. New T8 compression fracture on x-ray, pain on standing, neuro intact. Which imaging?"
OPEN_CASE = "72F with back pain and a new L1 fracture on x-ray, neuro intact, which imaging?"
Threads = Callable[..., Thread]


def told(name: str) -> str:
    """A notice of the channel."""
    return str(notice(name)["text"])


def test_a_case_is_answered_with_ratings(thread: Threads) -> None:
    """Acknowledged at once, then typing, then the card: ratings, facts with their words, edition, follow-ups."""
    chat = thread()
    activity = chat.activity(text=CASE)
    response = chat.post(activity)
    assert (response.status_code, response.json()) == (202, {})
    answers = chat.platform.answers(activity["id"])
    said = words(answers)
    assert "Variant 2" in said and "✔ Usually appropriate" in said and "“breast cancer”" in said
    assert "knowledge version" in said and "(assumed)" in said
    assert {"why", "pitfalls"} <= set(submits(answers))
    typing = chat.platform.replies(activity["id"], "typing")
    assert len(typing) == 1 and typing[0].at < chat.platform.replies(activity["id"])[0].at


def test_a_question_is_answered_by_a_click_and_a_late_click_changes_nothing(thread: Threads) -> None:
    """Buttons carry the mark of the case that they were offered for; once that has changed they are out of date."""
    chat = thread()
    offered = submits(chat.say(OPEN_CASE))
    assert {"Yes", "No", "Not known"} <= set(offered)
    answered = words(chat.click(offered["No"]))
    assert say("outdated") not in answered
    assert words(chat.click(offered["Yes"])) == say("outdated")
    assert "no cancer history" in words(chat.say("what did you understand?"))


def test_a_follow_up_stays_open_while_the_answer_stands(thread: Threads) -> None:
    """Why, then pitfalls, of one answer; after a new answer the old one's buttons are out of date."""
    chat = thread()
    offered = submits(chat.say(CASE))
    assert "Not variant" in words(chat.click(offered["why"]))
    assert words(chat.click(offered["pitfalls"])) != say("outdated")
    chat.say("actually she never had cancer, osteoporosis is known")
    assert words(chat.click(offered["why"])) == say("outdated")


def test_a_button_of_another_patient_is_out_of_date(thread: Threads) -> None:
    """After "new patient" no button of the patient before does anything, though the question is the same."""
    chat = thread()
    offered = submits(chat.say(OPEN_CASE))
    chat.say("new patient")
    chat.say(OPEN_CASE)
    assert words(chat.click(offered["Yes"])) == say("outdated")


def test_a_case_that_has_ended_says_so_and_takes_no_click(thread: Threads) -> None:
    """After twelve hours: a button is not taken, and the first answer begins with that."""
    chat = thread()
    offered = submits(chat.say(OPEN_CASE))
    pass_by(chat.id, hours=13)
    assert words(chat.click(offered["Yes"])) == say("outdated")
    ended, answer, *_ = chat.say("she has osteoporosis")
    assert words([ended]).startswith("The earlier case in this conversation has ended")
    assert "L1" not in words([answer])


def test_a_correction_says_what_it_changed(thread: Threads) -> None:
    """The answer to a correction names the change."""
    chat = thread()
    chat.say(CASE)
    assert "Changed" in words(chat.say("correction: she never had cancer"))


def test_an_escalation_comes_first_and_whole(thread: Threads) -> None:
    """A new deficit is answered by the alarm, before everything else."""
    chat = thread()
    chat.say(CASE)
    answers = chat.say("her legs are weak since this morning")
    first = card_of(answers[0])["body"][0]
    assert first["style"] == "attention" and "STOP" in answers[0]["summary"]
    assert "Call spine surgery now" in words(answers)


@pytest.mark.parametrize(
    "value",
    [
        {"send": "why", "mark": "x", "also": 1},
        {"send": "why"},
        {"send": 7, "mark": "x"},
        {"send": "why", "mark": 7},
        {"action": "delete"},
        [],
        7,
        "not json",
        {"send": "x" * 20_001, "mark": "x"},
    ],
)
def test_a_card_that_is_not_ours_is_refused_clearly(thread: Threads, value: Any) -> None:
    """Unknown keys and kinds get a clear reply, and nothing else happens."""
    assert words(thread().click(value)) == told("unknown_card")


def test_a_list_without_a_choice_is_told_so(thread: Threads) -> None:
    """The button of a list sends nothing if nothing was chosen."""
    assert words(thread().click({"mark": "x"})) == told("nothing_chosen")


def test_in_a_channel_each_thread_is_a_case(thread: Threads) -> None:
    """Two threads of one channel, mentions and all, know nothing of each other, and are answered in their place."""
    channel = f"19:{secrets.token_hex(12)}@thread.tacv2"
    one, two = (thread("channel", id=f"{channel};messageid={number}") for number in (1481567603816, 1481567603817))
    mention = {"type": "mention", "mentioned": BOT, "text": "<at>VCF</at>"}
    one.say(f"<at>VCF</at> {CASE}", entities=[mention])
    assert "T8" in words(one.say("<at>VCF</at>&nbsp;what did you understand?", entities=[mention]))
    other = words(two.say("<at>VCF</at> what did you understand?", entities=[mention]))
    assert "T8" not in other and "breast" not in other
    assert {posted.conversation for posted in one.platform.posted if "messageid" in posted.conversation} == {
        one.id,
        two.id,
    }


def test_a_group_chat_is_one_patient_until_the_next(thread: Threads) -> None:
    """In a group the case goes on from message to message; "new patient" starts clean."""
    group = thread("groupChat")
    group.say(f"<at>VCF</at> {CASE}")
    assert "T8" in words(group.say("<at>VCF</at> what did you understand?"))
    group.say("<at>VCF</at> new patient")
    assert "T8" not in words(group.say("<at>VCF</at> what did you understand?"))


def test_one_conversation_in_two_tenants_is_two(teams: Teams) -> None:
    """The name of Rasa's conversation holds the tenant."""
    from channels.teams.activities import read_activity

    chat = teams.thread()
    other = teams.thread(tenant="00000000-8888-7777-6666-555555555555", id=chat.id)
    assert read_activity(chat.activity()).case != read_activity(other.activity()).case
    assert read_activity(chat.activity()).case == f"teams-{chat.tenant}-{chat.id}"


def test_a_storm_of_retries_is_one_message(thread: Threads) -> None:
    """The same activity five times at once, and once more later: acknowledged each time, answered once."""
    chat = thread()
    activity = chat.activity(text=CASE)
    with ThreadPoolExecutor(5) as pool:
        responses = list(pool.map(lambda _: chat.post(activity), range(5)))
    answers = chat.platform.answers(activity["id"])
    responses.append(chat.post(activity))
    assert {response.status_code for response in responses} == {202}
    assert chat.platform.answers(activity["id"], quiet=1.5) == answers
    assert sum("Variant 2" in words([answer]) for answer in answers) == 1


def test_html_is_read_as_it_was_typed(thread: Threads) -> None:
    """Entities are signs: "&lt; 3 weeks" is less than three weeks."""
    from channels.teams.activities import plain

    entities = [{"type": "mention", "text": "<at>VCF</at>"}, {"type": "clientInfo"}, "x"]
    assert plain("<at>VCF</at>&nbsp;pain &lt; 3 weeks &amp; fever", entities) == "pain < 3 weeks & fever"
    assert plain('ask <at id="0">Ann &amp; Bo</at> too') == "ask   too"
    assert plain(None) == plain(7) == ""
    assert "T8" in words(thread().say(CASE.replace("T8", "&#84;8")))


def test_what_is_too_long_or_no_text_gets_a_clear_reply(thread: Threads) -> None:
    """20,000 characters are read; one more, or a picture alone, is told why not."""
    chat = thread()
    assert words(chat.say("x" * 20_001)) == told("too_long")
    assert words(chat.say(attachments=[{"contentType": "image/png"}])) == told("no_text")
    assert words(chat.say("<at>VCF</at>")) == told("no_text")
    assert "Variant 2" in words(chat.say(CASE + " Lives with her son." * 900))


@pytest.mark.parametrize("text", ["<at>", "<at", "<at>x</at ", "<at>x</at>", "&amp;", "<"])
def test_a_text_made_to_be_slow_is_not(teams: Teams, text: str) -> None:
    """100 kB of anything are read, or refused, in an instant."""
    from channels.teams.activities import plain, read_activity, said

    long = (text * 100_000)[:100_000]
    activities = [read_activity(teams.thread().activity(text=given)) for given in (long, long * 9)]
    started = time.monotonic()
    plain(long, [{"type": "mention", "text": f"x{number}"} for number in range(10_000)])
    found = [said(activity) for activity in activities]
    assert time.monotonic() - started < 0.2
    assert found[1] and found[1].notice == "too_long"


def test_hostile_text_comes_back_as_text(thread: Threads) -> None:
    """Markup in a message breaks no card; the stand-in checks each by the schema."""
    hostile = "{{DATE(2020)}} **x** [a](http://evil.test) <script> \\ \u202e \ud83d\ude00 \x00"
    answers = thread().say(f"{CASE} cancer: {hostile}")
    assert "{{DATE" not in str(answers)


def test_only_what_asks_for_an_answer_gets_one(teams: Teams, thread: Threads) -> None:
    """Added to a chat: the welcome, once. Other members, reactions, typing, edits: acknowledged, no word."""
    chat = thread()
    added = chat.activity(type="conversationUpdate", membersAdded=[{"id": BOT["id"]}, {"id": "29:somebody"}])
    silent = [
        chat.activity(type="conversationUpdate", membersAdded=[{"id": "29:somebody"}]),
        chat.activity(type="conversationUpdate", membersRemoved=[{"id": BOT["id"]}]),
        chat.activity(type="messageReaction", reactionsAdded=[{"type": "like"}]),
        chat.activity(type="typing"),
        chat.activity(type="messageUpdate", text=CASE),
        chat.activity(type="somethingNew"),
    ]
    assert [chat.post(activity).status_code for activity in silent] == [200] * len(silent)
    assert chat.post(added).status_code == chat.post(added).status_code == 202
    for _ in range(100):
        welcomes = [posted for posted in teams.platform.posted if posted.conversation == chat.id]
        if welcomes:
            break
        time.sleep(0.05)
    assert [posted.activity["text"] for posted in welcomes] == [told("welcome")]
    assert welcomes[0].reply_to is None


def test_an_invoke_is_answered_at_once(thread: Threads) -> None:
    """There is nothing to invoke: 501, in the body where Teams reads it there."""
    chat = thread()
    assert chat.post(chat.activity(type="invoke", name="task/fetch", value={})).status_code == 501
    executed = chat.post(chat.activity(type="invoke", name="adaptiveCard/action", value={}))
    assert (executed.status_code, executed.json()["statusCode"]) == (200, 501)


def test_no_word_of_a_message_is_logged(teams: Teams, thread: Threads) -> None:
    """The servers' log holds nothing of what was said, whatever became of it."""
    from service.settings import settings

    word = f"sentinel{secrets.token_hex(6)}"
    chat = thread()
    chat.say(f"{CASE} {word}")
    chat.click({"send": word, "mark": word})
    chat.click({word: word})
    chat.post(chat.activity(text=word), token="x")
    chat.post({"text": word})
    requests.post(chat.url, data=f"{{{word}", headers={"Authorization": f"Bearer {chat.platform.token()}"}, timeout=10)
    assert word not in (settings().build / "servers.log").read_text(encoding="utf-8", errors="replace")
