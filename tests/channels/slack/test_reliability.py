"""Nothing lost and nothing doubled: repeated requests, a platform that fails, servers that stop."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from channels.courier import SWEEP
from channels.slack.channel import SlackChannel
from channels.slack.messages import BLOCKS, LONGEST
from service.settings import settings
from tests import databases
from tests.channels.local import running
from tests.channels.slack.block_kit import options, words
from tests.channels.slack.conftest import Workspace
from tests.channels.slack.person import BOT, SECRET, Person
from tests.channels.slack.stand_in import TOKEN, StandIn
from tests.channels.slack.test_conversation import CASE, OPEN, responses

SENTINEL = "Quackenbush"
ANSWERED = ["Variant 2", "For clini"]
"""What the messages begin with that the case is answered with: the answer, and once a thread the notice."""


MINUTE = 60.0


@dataclass
class Outage:
    """A minute without Slack's API, which passes while the other tests of this file run; what `person` wrote at its
    beginning hangs on the message `thread`."""

    slack: StandIn
    person: Person
    thread: str
    over_at: float


@pytest.fixture(scope="module", autouse=True)
def minute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outage]:
    """The outage, begun before the first test; the channel runs alone, with a stand-in of its own."""
    slack = StandIn(down=True)
    database = f"sqlite:///{tmp_path_factory.mktemp('outage') / 'deliveries.sqlite'}"
    with running(channel_of(slack, database)) as url:
        over_at = time.time() + MINUTE
        end = threading.Timer(MINUTE, setattr, (slack, "down", False))
        end.start()
        person = Person(f"{url}webhook", slack)
        thread = person.mention("one")
        person.write("two", thread)
        person.command("three")
        yield Outage(slack, person, thread, over_at)
        end.cancel()
    slack.stop()
    assert not slack.complaints


@dataclass
class CutOff(StandIn):
    """Has the database killed with every message that is posted, which comes back a moment later."""

    server: databases.Postgres | None = None

    def _carried_out(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        answer = super()._carried_out(method, given)
        if method == "chat.postMessage" and self.server:
            self.server.interrupt()
        return answer


def channel_of(slack: StandIn, database: str) -> SlackChannel:
    """The channel alone, which keeps what is not answered in `database`."""
    rate = "100000/minute"
    rates = {"requests_of_address": rate, "messages_of_user": rate, "messages_of_channel": rate}
    given = {"slack_token": TOKEN, "slack_signing_secret": SECRET, "slack_api_url": slack.url, "locks": ""}
    return SlackChannel.from_credentials({**given, "rates": rates, "deliveries": {"url": database, "worker": "one"}})


def heads(messages: list[dict[str, Any]]) -> list[str]:
    """What messages begin with."""
    return [words(message["blocks"])[:9] for message in messages]


def test_a_retry_storm_is_answered_once(person: Person) -> None:
    """The same event five times at once, and again later: one answer."""
    ts = person.slack.new_ts()
    sent = person.envelope(f"<@{BOT}> {CASE}", ts, type="app_mention")

    def send(number: int) -> int:
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {}
        return int(person.send(sent, **retry).status_code)

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(send, range(5))) == {200}
    person.settled(ts)
    assert send(5) == 200
    assert heads(person.settled(ts)) == ANSWERED


def test_the_acknowledgment_does_not_wait_for_the_answer(person: Person, slack: StandIn) -> None:
    """With Slack's API silent, events, commands and clicks are still acknowledged at once."""
    question = person.answers(person.mention("72F, back pain, new L1 fracture on x-ray, neuro intact, which imaging?"))
    slack.down = True
    started = time.monotonic()
    person.mention(CASE)
    person.command(CASE)
    person.click(question[0], next(iter(options(question[0]["blocks"]))))
    assert time.monotonic() - started < 3
    slack.down = False
    person.settled("")


def test_a_platform_that_is_down_for_a_while_gets_everything_once(person: Person, slack: StandIn) -> None:
    """What came in meanwhile is answered afterwards, in its order, once."""
    slack.down, refused = True, slack.refused
    one, two = person.mention(CASE), person.mention("hello")
    person.write("correction: she never had cancer", one)
    person.until(lambda: slack.refused >= refused + 2, lambda: "not tried")
    assert not person.seen(one)
    slack.down = False
    assert heads(person.settled(one)) == [*ANSWERED, "*Changed:"]
    assert heads(person.seen(two)) == ["Hello. De", "For clini"]


def test_a_lost_reply_does_not_double_the_message(person: Person, slack: StandIn) -> None:
    """Where a post was carried out but its reply got lost, the message is found in the thread, not posted again."""
    slack.next[person.channel] = deque(["lost"])
    thread = person.mention(CASE)
    assert heads(person.settled(thread)) == ANSWERED
    looked = [call.arguments["ts"] for call in slack.calls if call.method == "conversations.replies"]
    assert thread in looked


def test_a_database_that_dies_before_a_post_is_noted_does_not_double_it() -> None:
    """A command, whose thread is opened once and has one answer, whenever the process looks for what waits."""
    with databases.postgres() as server, running(channel_of(slack := CutOff(), server.url)) as url:
        slack.server = server
        person = Person(f"{url}webhook", slack, database=server.url)
        person.command("three")
        person.until(lambda: len(slack.messages) >= 2, lambda: f"{slack.messages}")
        time.sleep(1)
        person.until(server.answers, lambda: "the database is away")
        person.settled("")
        time.sleep(1.5 * SWEEP)
    slack.stop()
    assert len(slack.messages) == 2 and words(slack.messages[1]["blocks"]) == "You said: three"


def test_a_lost_opening_opens_one_thread(person: Person, slack: StandIn) -> None:
    """The same for the message that a command opens its thread with."""
    slack.next[person.channel] = deque(["lost"])
    person.command(CASE)
    person.settled("")
    opening, *answers = [one for one in slack.messages if one["channel"] == person.channel]
    assert heads(answers) == ANSWERED and {one["thread_ts"] for one in answers} == {opening["ts"]}


def test_the_time_that_slack_asks_for_is_waited(person: Person, slack: StandIn) -> None:
    """429 with Retry-After: the next attempt comes after that time, not before."""
    slack.next[person.channel] = deque([2])
    started = time.monotonic()
    assert person.settled(person.mention(CASE))
    assert time.monotonic() - started >= 2


def test_a_server_error_is_tried_again_and_a_refusal_is_not(person: Person, slack: StandIn) -> None:
    """503 passes; a code of refusal ends the attempts, and the next message is answered."""
    slack.next[person.channel] = deque(["service_unavailable"])
    assert heads(person.settled(person.mention(CASE))) == ANSWERED
    slack.next[person.channel] = deque(["is_archived"])
    assert not person.settled(person.mention(CASE))
    assert person.settled(person.mention("hello"))


def test_blocks_that_slack_refuses_are_said_in_plain_text(person: Person, slack: StandIn) -> None:
    """Better an answer without form than none."""
    slack.next[person.channel] = deque(["invalid_blocks"])
    thread = person.mention(f"{CASE} Legs weak since this morning.")
    answer = person.settled(thread)[0]
    assert answer["text"].startswith("🚨 STOP") and "Call spine surgery" in answer["text"]


def test_a_refused_question_lists_its_choices(person: Person, slack: StandIn) -> None:
    """What cannot be clicked can be written."""
    slack.next[person.channel] = deque(["msg_blocks_too_long"])
    question = person.settled(person.mention(OPEN))[0]
    assert question["text"].endswith("write it: Yes, No, Not known") and not options(question["blocks"])


def test_a_long_opening_is_paged_in_its_own_thread(person: Person, slack: StandIn) -> None:
    """None of its messages is too long; one that Slack refuses loses its form, and only that one is posted anew."""
    slack.next[person.channel] = deque([None, "msg_blocks_too_long"])
    text = f"{CASE} {'She lives with her son. ' * 600}THE END."
    person.command(text)
    person.settled("")
    opening, *others = [one for one in slack.messages if one["channel"] == person.channel]
    assert "thread_ts" not in opening and {one["thread_ts"] for one in others} == {opening["ts"]}
    assert all(len(one["text"]) <= LONGEST + BLOCKS for one in (opening, *others))
    told = "".join("".join(one["text"] for one in (opening, *others[:-2])).split(":", 1)[1].split())
    assert told == "".join(text.split())
    assert heads(others[-2:]) == ANSWERED


def test_who_asked_is_told_of_a_refusal(person: Person, slack: StandIn) -> None:
    """A command, a shortcut and a click that Slack does not let us answer, with Slack's code."""
    question = person.answered(person.mention(OPEN), "ever had cancer")
    person.settled("")
    told = len(responses(slack))
    slack.next[person.channel] = deque(["is_archived"] * 3)
    person.command(CASE)
    person.settled("")
    person.shortcut(CASE)
    person.settled("")
    person.click(question, "No")
    assert "(is_archived)" in person.told()
    assert ["(is_archived)" in text for text in responses(slack)[told:]] == [True, True]


def test_the_same_bytes_twice_are_taken_once(person: Person, slack: StandIn) -> None:
    """A signed request that is sent again within its five minutes: event, command, click, follow-up, shortcut."""
    person.twice = True
    thread = person.mention(OPEN)
    question = person.settled(thread)[0]
    person.click(question, "No")
    *_, answer = person.settled(thread)
    assert heads([answer]) == ["Variant 1"]
    count = len(person.seen(thread))
    person.click(answer, "sources")
    assert len(person.settled(thread)) == count + 2
    assert len(person.settled(person.shortcut(CASE))) == 1 + len(ANSWERED)
    person.command(CASE)
    person.settled("")
    assert sum("opened a case" in one["text"] for one in slack.messages if one["channel"] == person.channel) == 1


def test_nothing_is_lost_or_doubled_over_a_restart(workspace: Workspace) -> None:
    """Taken while Slack is down, answered after the servers were stopped and started again: each once.

    One post had reached Slack before the stop although its reply had not: it is found, not repeated.
    """
    slack = workspace.slack
    waiting, lost, command = workspace.person(), workspace.person(), workspace.person()
    slack.next[lost.channel] = deque(["lost"])
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

    command.settled("")
    (opening,) = opened()
    for person, root in ((waiting, thread), (lost, posted), (command, opening)):
        assert heads(person.settled(root)) == ANSWERED


def test_no_text_of_a_message_is_in_the_log(person: Person, slack: StandIn) -> None:
    """A name in a message, a command, a click or a message that cannot be posted stands nowhere in the log."""
    slack.next[person.channel] = deque(["is_archived", "lost"])
    for text in (f"{SENTINEL}, 80F, new L1 fracture", f'/inform{{"{SENTINEL}', f"/{SENTINEL}"):
        person.mention(text)
        person.command(text)
        person.shortcut(text)
        person.settled("")
    person.post(f'{{"{SENTINEL}": ', "application/json")
    person.post(f"payload={SENTINEL}", "application/x-www-form-urlencoded")
    log = (settings().build / "servers.log").read_text(encoding="utf-8", errors="replace")
    assert SENTINEL not in log and "is_archived" in log


def test_an_outage_of_a_minute_loses_and_doubles_nothing(minute: Outage) -> None:
    """The last test of this file: the minute is mostly over by now. A mention, a message in its thread, a command."""
    time.sleep(max(0.0, minute.over_at - time.time()))
    answers = minute.person.answers(minute.thread, 2)
    minute.person.until(lambda: len(minute.slack.messages) >= 4, lambda: f"{minute.slack.messages}")
    assert [words(answer["blocks"]) for answer in answers] == ["You said: one", "You said: two"]
    opening, answer = [one for one in minute.slack.messages if one not in answers]
    assert words(opening["blocks"]).endswith("opened a case:\nthree") and answer["thread_ts"] == opening["ts"]
    assert words(answer["blocks"]) == "You said: three"
    assert minute.slack.refused > 3 and min(float(one["ts"]) for one in minute.slack.messages) >= int(minute.over_at)
    time.sleep(2)  # nothing more comes
    assert len(minute.slack.messages) == 4
