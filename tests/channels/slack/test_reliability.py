"""Nothing lost and nothing doubled: repeated requests, a platform that fails, servers that stop."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from service.settings import settings
from tests.channels.slack.block_kit import options, words
from tests.channels.slack.conftest import Workspace
from tests.channels.slack.person import BOT, Person
from tests.channels.slack.stand_in import StandIn
from tests.channels.slack.test_conversation import CASE

SENTINEL = "Quackenbush"


def heads(person: Person, thread: str) -> list[str]:
    """The first words of the assistant's messages in a thread."""
    return [words(message["blocks"])[:12] for message in person.seen(thread)]


def test_a_retry_storm_is_answered_once(person: Person) -> None:
    """The same event five times at once, and again later: one answer."""
    ts = person.slack.new_ts()
    sent = person.envelope(f"<@{BOT}> {CASE}", ts, type="app_mention")

    def send(number: int) -> int:
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {}
        return int(person.send(sent, **retry).status_code)

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(send, range(5))) == {200}
    person.answered(ts, "Variant 2")
    assert send(5) == 200
    person.write("thanks", ts)
    assert len(person.answers(ts, 2)) == 2


def test_the_acknowledgment_does_not_wait_for_the_answer(person: Person, slack: StandIn) -> None:
    """With Slack's API silent, events, commands and clicks are still acknowledged at once."""
    question = person.answers(person.mention("72F, back pain, new L1 fracture on x-ray, neuro intact, which imaging?"))
    slack.down = True
    started = time.monotonic()
    person.mention(CASE)
    person.command(CASE)
    person.click(question[0], next(iter(options(question[0]["blocks"]))))
    assert time.monotonic() - started < 3


def test_a_platform_that_is_down_for_a_while_gets_everything_once(person: Person, slack: StandIn) -> None:
    """What came in meanwhile is answered afterwards, in its order, once."""
    slack.down, refused = True, slack.refused
    one, two = person.mention(CASE), person.mention("hello")
    person.write("correction: she never had cancer", one)
    person.until(lambda: slack.refused >= refused + 2, lambda: "not tried")
    assert not person.seen(one)
    slack.down = False
    person.answered(one, "Variant 1")
    person.answers(two)
    assert [head[:9] for head in heads(person, one)] == ["Variant 2", "*Changed:"]
    assert len(person.seen(two)) == 1


def test_a_lost_reply_does_not_double_the_message(person: Person, slack: StandIn) -> None:
    """Where a post was carried out but its reply got lost, the message is found in the thread, not posted again."""
    slack.next["chat.postMessage"] = deque(["lost"])
    thread = person.mention(CASE)
    person.until(lambda: any(call.method == "conversations.replies" for call in slack.calls), lambda: "did not look")
    person.write("thanks", thread)
    assert len(person.answers(thread, 2)) == 2


def test_a_lost_opening_opens_one_thread(person: Person, slack: StandIn) -> None:
    """The same for the message that a command opens its thread with."""
    slack.next["chat.postMessage"] = deque(["lost"])
    person.command(CASE)
    person.until(lambda: len([one for one in slack.messages if one["channel"] == person.channel]) == 2, lambda: "?")
    opening, answer = [one for one in slack.messages if one["channel"] == person.channel]
    assert answer["thread_ts"] == opening["ts"]


def test_the_time_that_slack_asks_for_is_waited(person: Person, slack: StandIn) -> None:
    """429 with Retry-After: the next attempt comes after that time, not before."""
    slack.next["chat.postMessage"] = deque([2])
    started = time.monotonic()
    person.answers(person.mention(CASE))
    assert time.monotonic() - started >= 2


def test_a_server_error_is_tried_again_and_a_refusal_is_not(person: Person, slack: StandIn) -> None:
    """503 passes; a code of refusal ends the attempts, and the next message is answered."""
    slack.next["chat.postMessage"] = deque(["service_unavailable"])
    person.answers(person.mention(CASE))
    slack.next["chat.postMessage"] = deque(["is_archived"])
    refused = person.mention(CASE)
    person.until(lambda: not slack.next["chat.postMessage"], lambda: "not tried")
    person.answers(person.mention("hello"))
    assert not person.seen(refused)


def test_blocks_that_slack_refuses_are_said_in_plain_text(person: Person, slack: StandIn) -> None:
    """Better an answer without form than none."""
    slack.next["chat.postMessage"] = deque(["invalid_blocks"])
    thread = person.mention(f"{CASE} Legs weak since this morning.")
    assert "STOP" in person.answers(thread)[0]["text"]


def test_nothing_is_lost_or_doubled_over_a_restart(workspace: Workspace) -> None:
    """Taken while Slack is down, answered after the servers were stopped and started again: each once.

    One post had reached Slack before the stop although its reply had not: it is found, not repeated.
    """
    slack = workspace.slack
    waiting, lost, command = workspace.person(), workspace.person(), workspace.person()
    slack.next["chat.postMessage"] = deque(["lost"])
    posted = lost.mention(CASE)
    lost.answers(posted)
    slack.down, refused = True, slack.refused
    thread = waiting.mention(CASE)
    command.command(CASE)
    waiting.until(lambda: slack.refused >= refused + 3, lambda: "not tried")
    workspace.restart()
    slack.down = False

    def opened() -> list[str]:
        return [one["ts"] for one in slack.messages if one["channel"] == command.channel and "thread_ts" not in one]

    waiting.answered(thread, "Variant 2")
    command.until(opened, lambda: "no opening")
    command.answered(opened()[0], "Variant 2")
    for person, root in ((waiting, thread), (lost, posted), (command, opened()[0])):
        person.write("thanks", root)
        assert len(person.answers(root, 2)) == 2
    assert len(opened()) == 1


def test_no_text_of_a_message_is_in_the_log(person: Person, slack: StandIn) -> None:
    """A name in a message, a command, a click or a message that cannot be posted stands nowhere in the log."""
    slack.next["chat.postMessage"] = deque(["is_archived", "lost"])
    for text in (f"{SENTINEL}, 80F, new L1 fracture", f'/inform{{"{SENTINEL}', f"/{SENTINEL}"):
        thread = person.mention(text)
        person.command(text)
        person.shortcut(text)
        person.until(lambda: not slack.next["chat.postMessage"], lambda: "not tried")
        person.answers(person.mention(CASE))
        assert thread
    person.post(f'{{"{SENTINEL}": ', "application/json")
    person.post(f"payload={SENTINEL}", "application/x-www-form-urlencoded")
    log = (settings().build / "servers.log").read_text(encoding="utf-8", errors="replace")
    assert SENTINEL not in log and "is_archived" in log
