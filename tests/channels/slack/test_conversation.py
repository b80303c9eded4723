"""The running servers in Slack: real signed requests in, posts on the stand-in's API out."""

from __future__ import annotations

import pytest

from channels.slack.events import SHORTCUT
from tests.channels.slack.block_kit import elements, options, words
from tests.channels.slack.person import BOT, Person
from tests.channels.slack.stand_in import StandIn
from tests.channels.time_passing import pass_by

CASE = "72F, breast cancer 2014. New T8 compression fracture on x-ray, pain on standing, neuro intact. Which imaging?"
OPEN = "72F with back pain and a new L1 fracture on x-ray, neuro intact, which imaging?"
OTHER = "50M, new T12 fracture on x-ray, fever 39, CRP 200, neuro intact. Which imaging?"


def responses(slack: StandIn) -> list[str]:
    """What came by response URLs."""
    return [call.arguments["text"] for call in slack.calls if call.method == "respond"]


def test_a_mention_is_answered_in_its_thread(person: Person) -> None:
    """The answer hangs on the message that asked; it shows ratings, the case, the edition, and follow-ups."""
    thread = person.mention(CASE)
    answer = person.answered(thread, "Variant 2")
    shown = words(answer["blocks"])
    assert "✓ Usually appropriate" in shown and "✕ Usually not appropriate" in shown
    assert "breast cancer" in shown and "2022 update" in shown and "knowledge version" in shown
    assert {"Next steps: all 5", "sources", "note for the chart"} <= options(answer["blocks"]).keys()


def test_a_question_is_answered_by_a_click(person: Person) -> None:
    """A click answers; the buttons give way to what was chosen and by whom, and a second click counts no more."""
    thread = person.mention(OPEN)
    question = person.answered(thread, "ever had cancer")
    assert list(options(question["blocks"]))[:3] == ["Yes", "No", "Not known"]
    before = dict(question)
    assert person.click(before, "No").content == b""
    person.answered(thread, "Variant 1")
    person.settled(thread)
    settled = next(message for message in person.seen(thread) if message["ts"] == question["ts"])
    assert f"No (<@{person.user}>)" in words(settled["blocks"]) and not elements(settled["blocks"])
    assert "ever had cancer" in words(settled["blocks"])
    count = len(person.seen(thread))
    person.click(before, "Yes")
    assert "answered already" in person.told()
    assert len(person.settled(thread)) == count


def test_a_click_on_an_outdated_question_is_not_taken(person: Person) -> None:
    """Where the case has changed since, a click would answer another question: its author is told so."""
    thread = person.mention("72F with back pain and a new L1 fracture on x-ray, which imaging?")
    question = dict(person.answered(thread, "neurologic deficit"))
    person.write("neuro exam is normal", thread)
    person.answered(thread, "ever had cancer")
    count = len(person.settled(thread))
    person.click(question, list(options(question["blocks"]))[1])
    assert "case has changed" in person.told()
    assert len(person.settled(thread)) == count


def test_a_button_of_another_patient_is_not_taken(person: Person) -> None:
    """After "new patient" in the thread, although the same question is open again; its author is told so."""
    thread = person.mention(OPEN)
    question = dict(person.answered(thread, "ever had cancer"))
    for text in ("new patient", OPEN):
        person.write(text, thread)
    count = len(person.settled(thread))
    person.click(question, "Yes")
    assert "case has changed or ended" in person.told()
    assert len(person.settled(thread)) == count


def test_a_case_that_has_ended_says_so_and_takes_no_click(person: Person) -> None:
    """After twelve hours: a button is not taken, and the first answer in the thread begins with that."""
    thread = person.mention(OPEN)
    question = dict(person.answered(thread, "ever had cancer"))
    count = len(person.settled(thread))
    pass_by(f"-{thread}", hours=13)
    person.click(question, "Yes")
    assert "case has changed or ended" in person.told()
    assert len(person.settled(thread)) == count
    person.write("she has osteoporosis", thread)
    ended, answer, *_ = person.settled(thread)[count:]
    assert words(ended["blocks"]).startswith("The earlier case in this conversation has ended")
    assert "L1" not in str(answer)


def test_a_follow_up_of_an_older_answer_is_not_taken(person: Person) -> None:
    """It would be answered for another case than the one that it is shown under."""
    thread = person.mention(CASE)
    answer = dict(person.answered(thread, "Variant 2"))
    person.write("correction: she never had cancer", thread)
    count = len(person.settled(thread))
    person.click(answer, "sources")
    assert "case has changed or ended" in person.told()
    assert len(person.settled(thread)) == count


def test_a_follow_up_can_be_clicked_again_and_says_who_asked(person: Person) -> None:
    """Buttons of an answer stay; each click shows what was asked, by whom, and the answer to it."""
    thread = person.mention(CASE)
    answer = person.answered(thread, "Variant 2")
    for label, said in (
        ("sources", "acsearch.acr.org"),
        ("note for the chart", "CONSULT NOTE"),
        ("sources", "acsearch"),
    ):
        count = len(person.settled(thread))
        person.click(answer, label)
        asked, *answers = person.settled(thread)[count:]
        assert words(asked["blocks"]) == f"<@{person.user}> asked: {label}"
        assert said in str(answers)
    assert not person.notes()


def test_a_correction_in_the_thread_needs_no_mention(person: Person) -> None:
    """What is written in a thread of the assistant belongs to its case."""
    thread = person.mention(CASE)
    person.answered(thread, "Variant 2")
    person.write("correction: she never had cancer", thread)
    assert "Variant 1" in words(person.answered(thread, "moves from")["blocks"])


def test_a_new_deficit_is_loud(person: Person) -> None:
    """An escalation begins with its header, in the notification too, and an ended alarm is one plain answer."""
    thread = person.mention(CASE)
    person.answered(thread, "Variant 2")
    person.write("her legs feel weak since this morning", thread)
    alarm = person.answered(thread, "STOP")
    assert alarm["blocks"][0]["type"] == "header" and alarm["text"].startswith("🚨 STOP")
    assert "legs feel weak" in words(alarm["blocks"]) and "[S-V9]" in words(alarm["blocks"])


def test_a_direct_message_opens_a_thread(person: Person) -> None:
    """A direct message needs no mention; each one that is in no thread is a case of its own."""
    one, two = person.say(CASE), person.say(OTHER)
    assert "T8" in words(person.answered(one, "Variant 2")["blocks"])
    answers = person.answers(two)
    assert "spinal infection" in words(answers[0]["blocks"]) and "breast cancer" not in str(answers)


def test_threads_do_not_mix(person: Person) -> None:
    """Two cases in one channel, told in turn: neither holds a word of the other."""
    one = person.mention("72F with back pain and a new L1 fracture on x-ray, which imaging?")
    two = person.mention("80M with back pain and a new T11 fracture on x-ray, which imaging?")
    person.answers(one), person.answers(two)
    person.write("neuro intact, breast cancer 2014", one)
    person.write("neuro intact, never had cancer", two)
    assert "L1" in words(person.answered(one, "Variant 2")["blocks"])
    assert "T11" in words(person.answered(two, "Variant 1")["blocks"])
    assert "T11" not in str(person.seen(one)) and "breast" not in str(person.seen(two))


def test_the_command_opens_a_case_that_colleagues_see(person: Person, slack: StandIn) -> None:
    """The case is posted in the channel with who asked, and answered in the thread of that message."""
    assert person.command(CASE).content == b""
    opening = person.until(
        lambda: next((one for one in slack.messages if one["channel"] == person.channel), None), lambda: "no opening"
    )
    assert words(opening["blocks"]) == f"<@{person.user}> opened a case:\n{CASE}" and "thread_ts" not in opening
    person.answered(opening["ts"], "Variant 2")
    person.write("correction: she never had cancer", opening["ts"])
    person.answered(opening["ts"], "Variant 1")


def test_where_the_assistant_is_no_member_it_says_how_to_invite_it(person: Person, slack: StandIn) -> None:
    """A command or a shortcut elsewhere gets a private answer, and nothing is posted."""
    slack.strangers.add(person.channel)
    person.command(CASE)
    person.shortcut(CASE)

    person.until(lambda: sum("/invite" in text for text in responses(slack)) >= 2, lambda: str(responses(slack)))
    assert not [message for message in slack.messages if message["channel"] == person.channel]


def test_the_shortcut_asks_about_a_message(person: Person) -> None:
    """The case is the text of the message, and the answer comes in its thread."""
    thread = person.shortcut(CASE)
    asked, *_ = person.answers(thread, 2)
    assert words(asked["blocks"]) == f"<@{person.user}> asked about the case above."
    person.answered(thread, "Variant 2")


def test_the_shortcut_is_not_for_the_assistants_own_messages(person: Person, slack: StandIn) -> None:
    """Known by its blocks or its app: its author is told, and nothing is posted; another app's message is a case."""
    answer = person.answered(person.mention(CASE), "Variant 2")
    told = len(responses(slack))
    own = [person.shortcut(CASE, bot_id="B1", blocks=answer["blocks"])]
    app = {"type": "message_action", "callback_id": SHORTCUT, "api_app_id": "A1", "response_url": slack.response_url}
    own.append(slack.new_ts())
    person.interact({**app, "message": {"ts": own[1], "text": CASE, "bot_id": "B1", "app_id": "A1"}})
    person.until(lambda: len(responses(slack)) >= told + 2, lambda: "not told")
    assert all("message of mine" in text for text in responses(slack)[told:])
    other = person.shortcut(CASE, bot_id="B2", app_id="A2")
    person.answered(other, "Variant 2")
    assert not any(person.seen(ts) for ts in own)


def test_the_shortcut_does_not_merge_two_patients(person: Person, slack: StandIn) -> None:
    """In a thread that holds a case, another message is not read into it; its author is told."""
    thread = person.mention(CASE)
    count, told = len(person.settled(thread)), len(responses(slack))
    person.shortcut(OTHER, thread_ts=thread)
    assert len(person.settled(thread)) == count
    assert ["already holds a case" in text for text in responses(slack)[told:]] == [True]


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "Write the case after my name"), ("x" * 20_001, "20,000 characters at most; this has 20,001")],
    ids=["empty", "over-long"],
)
def test_what_cannot_be_read_is_told_to_its_author_alone(person: Person, text: str, told: str) -> None:
    """An empty mention and an over-long message get a private note, and no post."""
    thread = person.mention(text)
    assert told in person.told()
    assert not person.seen(thread)


def test_ten_thousand_characters_are_answered(person: Person) -> None:
    """A long pasted note is taken whole."""
    person.answered(person.mention(CASE + " Social history: lives with her son." * 280), "Variant 2")


def test_too_many_messages_are_asked_to_wait(person: Person) -> None:
    """Over the limit of a person: a private note with the seconds; others go on."""
    for number in range(31):
        person.mention(f"hello {number}")
    assert "try again in" in person.told().lower()
    other = Person(person.url, person.slack, channel=person.channel)
    other.answered(other.mention(CASE), "Variant 2")


def test_a_mention_that_arrives_twice_counts_once(person: Person) -> None:
    """Twenty messages as forty events are below the limit of thirty."""
    for number in range(20):
        ts = person.slack.new_ts()
        for kind in ("app_mention", "message"):
            person.send(person.envelope(f"<@{BOT}> hello {number}", ts, type=kind, channel_type="im"))
    assert len(person.settled(ts)) == 2 and not person.notes()


def test_others_are_left_alone(person: Person) -> None:
    """No answer to bots, edits, deletions, joins, talk outside the assistant's threads or to a colleague in them."""
    thread = person.mention(CASE)
    count = len(person.settled(thread))
    calls = len(person.slack.calls)
    person.write("her legs are weak", thread, bot_id="B1")
    person.write("her legs are weak", thread, subtype="message_changed")
    person.write("her legs are weak", thread, subtype="message_deleted")
    person.write("has joined", subtype="channel_join")
    person.write("her legs are weak", thread, edited={"ts": "1.1", "user": person.user})
    person.write("<@U0COLLEAGUE> her legs are weak", thread)
    elsewhere = person.write("her legs are weak")
    strange = person.write("her legs are weak", "1.000001")
    person.write("thanks", thread)
    assert len(person.settled(thread)) == count + 1 and not person.seen(elsewhere) and not person.seen(strange)
    assert len(person.slack.calls) == calls + 1 and not person.notes()


def test_a_mention_in_a_thread_arrives_twice_and_is_answered_once(person: Person) -> None:
    """Slack sends it as app_mention and as message, with two event ids: it is one message."""
    thread = person.mention(CASE)
    count, ts = len(person.settled(thread)), person.slack.new_ts()
    text = f"<@{BOT}> correction: she never had cancer"
    for kind in ("app_mention", "message"):
        assert person.send(person.envelope(text, ts, thread, type=kind)).status_code == 200
    assert "moves from" in words(person.settled(thread)[count]["blocks"])
    assert len(person.seen(thread)) == count + 1


def test_hostile_text_stays_text(person: Person, slack: StandIn) -> None:
    """Mentions and links in what a person wrote come back as text, in answers and in the opening of a command."""
    hostile = "&lt;!channel&gt; <https://evil.test|click> *72F*, breast cancer &lt;@U1&gt; 2014, new T8 fracture"

    def mine() -> list[dict[str, str]]:
        return [one for one in slack.messages if one["channel"] == person.channel]

    person.mention(hostile)
    person.command(hostile)
    person.settled("")
    assert any("opened a case" in message["text"] for message in mine())
    for message in mine():
        assert "<!channel>" not in message["text"] and "<@U1>" not in message["text"]


def test_an_unknown_button_is_refused(person: Person) -> None:
    """A button that this version does not know is not taken as text; its author is told."""
    thread = person.mention(OPEN)
    question = person.answered(thread, "ever had cancer")
    count = len(person.settled(thread))
    assert person.click(question, "No", action_id="launch.0").status_code == 200
    assert "do not know this button" in person.told()
    assert person.click(question, "No", block_id="else").status_code == 200
    assert len(person.settled(thread)) == count
