"""Bot Framework out of reach, slow, or unwilling: nothing is lost, nothing is said twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from channels.courier import SWEEP
from channels.deliveries import Deliveries
from tests import databases
from tests.channels.teams.client import Thread
from tests.channels.teams.conftest import Teams
from tests.channels.teams.contract import words
from tests.channels.teams.local import running_channel
from tests.channels.teams.platform import Platform, running_platform
from tests.channels.teams.test_messages import CASE, OPEN_CASE

Threads = Callable[..., Thread]
MINUTE = 60.0
TAKEN: tuple[int, dict[str, str]] = (0, {})


def failing(*failures: tuple[int, dict[str, str]] | None) -> Callable[[], tuple[int, dict[str, str]] | None]:
    """Answers with the failures in turn, then takes what is posted."""
    left: Iterator[tuple[int, dict[str, str]] | None] = iter(failures)
    return lambda: next(left, TAKEN)


@dataclass
class Outage:
    """A minute without the connector, which passes while the other tests of this file run; `asked` was said before."""

    platform: Platform
    asked: str
    over_at: float


@pytest.fixture(scope="module", autouse=True)
def minute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outage]:
    """The outage, begun before the first test; the channel runs alone, with a stand-in of its own."""
    with running_platform() as platform, running_channel(platform, tmp_path_factory.mktemp("outage")) as url:
        over_at = time.monotonic() + MINUTE
        platform.fail = lambda: (503, {}) if time.monotonic() < over_at else TAKEN
        chat = Thread(platform, url)
        activity = chat.activity(text="Is anybody there?")
        assert chat.post(activity).status_code == 202
        yield Outage(platform, activity["id"], over_at)


@pytest.mark.parametrize("failure", [(503, {}), (500, {}), (412, {}), None])
def test_an_outage_loses_and_doubles_nothing(thread: Threads, failure: tuple[int, dict[str, str]] | None) -> None:
    """While the platform is down the message stays taken; afterwards each card comes once, in order."""
    chat = thread()
    usual = words(chat.say(CASE))
    other = thread()
    other.platform.fail = failing(*[failure] * 3)
    assert words(other.say(CASE)) == usual


def test_messages_during_an_outage_are_answered_in_their_order(thread: Threads) -> None:
    """Two messages taken while nothing can be posted are both answered, the first first."""
    chat = thread()
    chat.platform.fail = lambda: (503, {})
    first, second = chat.activity(text=CASE), chat.activity(text="why")
    assert [chat.post(activity).status_code for activity in (first, second)] == [202, 202]
    time.sleep(1.5)
    assert not chat.platform.replies(first["id"])
    chat.platform.fail = None
    assert "Variant 2" in words(chat.platform.answers(first["id"]))
    assert "Not variant" in words(chat.platform.answers(second["id"]))
    assert chat.platform.replies(first["id"])[-1].at < chat.platform.replies(second["id"])[0].at


def test_the_platform_says_how_long_to_wait(thread: Threads) -> None:
    """429 with Retry-After: not a moment earlier."""
    chat = thread()
    chat.platform.fail = failing((429, {"Retry-After": "3"}), (429, {"Retry-After": "3"}))
    started = time.monotonic()
    chat.say(CASE)
    assert time.monotonic() - started >= 3


def test_a_token_that_is_refused_is_replaced_once(teams: Teams, thread: Threads) -> None:
    """The stand-in takes its newest token only: after it grants one to somebody else, the bot asks again."""
    chat = thread()
    chat.say("hello")
    granted = len(teams.platform.granted)
    chat.say("hello")
    assert len(teams.platform.granted) == granted
    teams.platform.granted.append("somebody else's")
    assert words(chat.say("hello"))
    assert len(teams.platform.granted) == granted + 2


def test_answers_wait_while_no_token_is_taken(thread: Threads) -> None:
    """401 for the new token, too, while the bot is set up anew: later the card comes once."""
    chat = thread()
    usual = words(chat.say(CASE))
    other = thread()
    other.platform.fail = failing(*[(401, {})] * 6)
    assert words(other.say(CASE)) == usual


def test_a_database_that_dies_before_a_post_is_noted_does_not_double_it(tmp_path: Path) -> None:
    """It is killed as the card arrives; whenever the process looks for what waits, the card came."""
    with databases.postgres() as server, running_platform() as platform:
        kept = {"url": server.url, "worker": "one"}

        calls = count()

        def cut_off() -> tuple[int, dict[str, str]]:
            if next(calls) == 1:  # after the sign of typing
                server.interrupt()
            return TAKEN

        with running_channel(platform, tmp_path, deliveries=kept) as url:
            chat = Thread(platform, url)
            activity = chat.activity(text="Is anybody there?")
            platform.fail = cut_off
            assert chat.post(activity).status_code == 202
            platform.answers(activity["id"], quiet=1.5 * SWEEP)
            assert len(platform.replies(activity["id"])) == 1
            assert Deliveries(server.url, "teams", "one").waiting() == []


@pytest.mark.parametrize("status", [403, 404, 302])
def test_a_refusal_for_good_ends_it(thread: Threads, status: int) -> None:
    """A bot that was removed stops trying, and the next message is answered when it may."""
    chat = thread()
    tried: list[int] = []
    chat.platform.fail = lambda: (tried.append(1), (status, {"Location": "http://127.0.0.1:9/"}))[1]
    activity = chat.activity(text=CASE)
    assert chat.post(activity).status_code == 202
    time.sleep(3)
    assert len(tried) == 2  # typing, and the first card
    chat.platform.fail = None
    assert "T8" in words(chat.say("what did you understand?"))
    assert not chat.platform.replies(activity["id"])


@pytest.mark.parametrize("status", [400, 413])
def test_what_is_no_card_for_the_platform_comes_as_text(thread: Threads, status: int) -> None:
    """An alarm whose card is refused is read all the same, once, across an outage between its card and its text."""
    chat = thread()
    chat.say(CASE)
    chat.platform.no_cards = status
    chat.platform.fail = failing(TAKEN, TAKEN, (503, {}))  # typing, the card, then its text
    answers = chat.say("her legs are weak since this morning")
    (alarm,) = [answer for answer in answers if "STOP" in answer["text"]]
    assert "Call spine surgery now" in alarm["text"] and "attachments" not in alarm
    listed = chat.say(OPEN_CASE.replace("neuro intact", "legs weak"))
    assert not [answer for answer in listed if "attachments" in answer]


def test_the_answer_does_not_wait_for_the_sign_of_typing(thread: Threads) -> None:
    """Where typing takes its time, the answer is there before."""
    chat = thread()
    chat.platform.typing_takes = 8.0
    started = time.monotonic()
    chat.say("hello")
    assert time.monotonic() - started < 6


def test_a_restart_during_an_outage_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """What was taken before the servers stopped is answered after they start, and what was posted is not again."""
    from tests.served import start

    with running_platform() as platform:
        # Of their own: the other servers of these tests would take over what waits.
        environment = {**platform.environment, "RUN_DIRECTORY": str(tmp_path)}
        served = start(more=environment)
        teams = Teams(platform, served)
        chat, posted = teams.thread(), teams.thread()
        usual = words(posted.say(CASE))
        platform.fail = lambda: (503, {})
        activity = chat.activity(text=CASE)
        assert chat.post(activity).status_code == 202
        time.sleep(1)
        served.stop()
        platform.fail = failing((503, {}))
        served = start(more=environment)
        try:
            assert words(platform.answers(activity["id"])) == usual
            assert Thread(platform, Teams(platform, served).url, id=chat.id).post(activity).status_code == 202
            assert words(platform.answers(activity["id"], quiet=1.5)) == usual
            assert not platform.complaints
        finally:
            served.stop()


def test_an_outage_of_a_minute_loses_and_doubles_nothing(minute: Outage) -> None:
    """The last test of this file: the minute is mostly over by now."""
    left = max(0.0, minute.over_at - time.monotonic())
    (answer,) = minute.platform.answers(minute.asked, within=left + MINUTE, quiet=1.5)
    assert answer["attachments"] and "Is anybody there?" in words([answer])
    (posted,) = minute.platform.replies(minute.asked)
    assert posted.at > minute.over_at
