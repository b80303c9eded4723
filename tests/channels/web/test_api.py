"""The web channel's API, over real HTTP on loopback."""

from __future__ import annotations

import subprocess
import time
import uuid

import jwt
import pytest
import requests

from channels.web.sessions import ALGORITHM, PURPOSE
from service.settings import ROOT, settings
from tests.channels.time_passing import pass_by
from tests.channels.web.client import CASE, Client, payloads
from tests.contract import check_payload
from tests.served import Served, start

SCHEMATHESIS = ROOT / "tests/tools/.venv/bin/schemathesis"


@pytest.fixture
def client(served: Served) -> Client:
    """A new session."""
    return Client(served.web_url)


def test_a_case_is_answered_with_its_payload_and_the_case_behind_it(client: Client) -> None:
    """One message gives the turn with a payload that fits the contract, and every fact with its words."""
    answered = client.say(CASE)
    (payload,) = payloads(answered, "recommendation")
    check_payload(payload)
    assert payload["outcome"] == "v2"
    facts = {fact["slot"]: fact for fact in answered["case"]["facts"]}
    number, start_at, end = facts["cancer_history"]["span"]
    assert number == answered["turn"]["number"] == 1
    assert CASE[start_at:end] == facts["cancer_history"]["evidence"] == "breast cancer"
    assert {choice["value"] for choice in facts["cancer_history"]["choices"]} == {"present", "absent", "unknown"}
    assert facts["mechanism"]["basis"] == "assumed"


def test_what_is_still_open_is_listed_until_it_is_answered(client: Client) -> None:
    """A question's fact stands among the open ones, and leaves them once it is chosen."""
    answered = client.say("72F with back pain and a new L1 fracture on x-ray, neuro intact, which imaging?")
    assert "cancer_history" in [fact["slot"] for fact in answered["case"]["open"]]
    choice = next(c for a in answered["turn"]["answers"] for c in a["choices"] if c["label"] == "No")
    after = client.say(choice["send"])
    assert after["turn"]["text"] == "Cancer history: No"
    assert "cancer_history" not in [fact["slot"] for fact in after["case"]["open"]]


def test_the_same_message_sent_twice_is_taken_in_once(client: Client) -> None:
    """A retry with the same id gets the turn that is there already."""
    number = uuid.uuid4().hex
    first = client.say(CASE, number)
    assert client.say(CASE, number) == first
    assert len(client.history().json()["turns"]) == 1


def test_a_new_patient_asked_for_in_words_begins_anew(client: Client) -> None:
    """The answer says so with turn 0; nothing before it is left in the history or the case."""
    client.say(CASE)
    answered = client.say("new patient")
    assert answered["turn"]["number"] == 0 and answered["turn"]["answers"]
    assert answered["case"]["facts"] == []
    assert client.say(CASE)["turn"]["number"] == 1


def test_a_message_of_an_earlier_patient_that_arrives_late_is_not_answered_anew(client: Client) -> None:
    """A repetition by the network, after the session has long gone on with somebody else: the answer of then, and
    nothing of it in the case of now."""
    number = uuid.uuid4().hex
    first = client.say(CASE, number)
    begins = uuid.uuid4().hex
    client.say("new patient", begins)
    client.say("78M, new T11 fracture on x-ray")
    before = client.history().json()
    assert client.say(CASE, number)["turn"] == first["turn"]
    assert client.say("new patient", begins)["turn"]["number"] == 0
    assert client.history().json() == before


def test_a_case_that_has_ended_says_so(client: Client) -> None:
    """The first answer after twelve hours begins with that, and what is told then is counted from its first message."""
    client.say("72F with back pain")
    claims = jwt.decode(client.token, options={"verify_signature": False})
    pass_by(claims["sub"], hours=13)
    answered = client.say("78M, new T11 fracture on x-ray")
    assert answered["turn"]["answers"][0]["text"].startswith("The earlier case in this conversation has ended")
    assert {fact["span"][0] for fact in answered["case"]["facts"] if fact["span"]} == {1}


def test_history_is_the_conversation_as_it_was_shown(client: Client) -> None:
    """The history holds the same turns that the messages were answered with."""
    turns = [client.say(text)["turn"] for text in (CASE, "and without cancer?")]
    assert client.history().json()["turns"] == turns


def test_the_alarm_stands_beside_the_case_until_it_is_corrected(client: Client) -> None:
    """A deficit gives an alarm that a remark does not end and an explicit correction does."""
    assert client.say(f"{CASE} Legs weak since this morning.")["case"]["alarm"]["triggers"]
    assert client.say("family says it is nothing")["case"]["alarm"]
    assert client.say('/inform{"neuro_status": "intact"}')["case"]["alarm"] is None


def test_sessions_do_not_see_each_other(served: Served) -> None:
    """Two sessions talk in turn; neither holds a word of the other."""
    one, two = Client(served.web_url), Client(served.web_url)
    one.say(CASE)
    two.say("50M, new T12 fracture, fever 39, CRP 200")
    mine, theirs = (str(client.history().json()["turns"]) for client in (one, two))
    assert "T12" not in mine and "T8" not in theirs


def test_nobody_gets_in_without_a_session_of_this_server(served: Served) -> None:
    """No token, a token signed with another key, one for another purpose, an expired one: 401 and a clear reason."""
    key = settings().environment()["SESSION_KEY"]
    soon, past = int(time.time()) + 60, int(time.time()) - 60
    forged = [
        jwt.encode({"sub": "chosen", "exp": soon, "aud": PURPOSE}, b"x" * 32, ALGORITHM),
        jwt.encode({"sub": "chosen", "exp": soon, "aud": "other"}, key, ALGORITHM),
        jwt.encode({"sub": "chosen", "exp": past, "aud": PURPOSE}, key, ALGORITHM),
        jwt.encode({"sub": "chosen", "aud": PURPOSE}, key, ALGORITHM),
        jwt.encode({"sub": "chosen", "exp": soon, "aud": PURPOSE}, None, "none"),
    ]
    for header in ({}, {"Authorization": "Basic x"}, *({"Authorization": f"Bearer {token}"} for token in forged)):
        response = requests.get(f"{served.web_url}history", headers=header, timeout=10)
        assert response.status_code == 401 and response.json()["error"]["code"] == "no_session"
        body = {"id": uuid.uuid4().hex, "text": CASE}
        assert requests.post(f"{served.web_url}messages", json=body, headers=header, timeout=10).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("no json", 400, "no_json"),
        ("[]", 400, "no_json"),
        ('{"text": "pain"}', 400, "bad_id"),
        ('{"id": "../../etc", "text": "pain"}', 400, "bad_id"),
        ('{"id": "12345678", "text": " "}', 400, "no_text"),
        ('{"id": "12345678", "text": 7}', 400, "no_text"),
        ('{"id": "12345678", "text": "' + "x" * 20_001 + '"}', 413, "too_long"),
        ('{"id": "12345678", "text": "' + "x" * 400_000 + '"}', 413, "too_long"),
    ],
)
def test_a_bad_message_gets_a_clear_error(client: Client, body: str, status: int, code: str) -> None:
    """What is wrong is said in JSON, and the conversation stays as it was."""
    response = requests.post(f"{client.url}messages", data=body, headers=client.headers, timeout=10)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert client.history().json()["turns"] == []


def test_ten_thousand_characters_are_answered(client: Client) -> None:
    """A long pasted note is taken whole."""
    note = CASE + " Social history: lives with her son." * 280
    assert len(note) > 10_000
    assert payloads(client.say(note), "recommendation")


def test_long_messages_of_an_address_count_in_all_its_sessions_together() -> None:
    """Who begins a session for each of them gains nothing."""
    limited = start(more={"WEB_ADDRESS_RATE": "60/minute"})
    try:
        long = CASE + " Social history: lives with her son." * 550
        answers = [Client(limited.web_url).post(long).status_code for _ in range(6)]
        assert answers[:4] == [200] * 4 and answers[-1] == 429
    finally:
        limited.stop()


def test_too_many_messages_are_asked_to_wait() -> None:
    """Over the limit of a session: 429 with the seconds to wait, and other sessions go on. A message that is sent again
    counts once."""
    limited = start(message_rate="3/minute")
    try:
        client = Client(limited.web_url)
        answers = [client.post("hello", "12345678") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200] * 4
        answers = [client.post("hello") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        body = answers[-1].json()["error"]
        assert body["code"] == "too_many" and 1 <= body["retry_after"] <= 60
    finally:
        limited.stop()


def test_nothing_that_may_hold_case_text_is_kept_on_the_way(client: Client) -> None:
    """Every response of the API forbids caches, the page allows no inline script and no third party."""
    client.say(CASE)
    assert client.history().headers["Cache-Control"] == "no-store"
    page = requests.get(client.url, timeout=10)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert "<script>" not in page.text and "style=" not in page.text


def test_only_allowed_origins_may_use_the_channel(served: Served) -> None:
    """The allow-listed origin gets its CORS headers, in the preflight too; any other gets none."""
    for method, path in (("OPTIONS", "messages"), ("POST", "sessions"), ("GET", "vcf-assistant.js")):
        for origin, allowed in ((served.other_origin,) * 2, ("http://evil.test", None), ("null", None)):
            response = requests.request(method, f"{served.web_url}{path}", headers={"Origin": origin}, timeout=10)
            assert response.headers.get("Access-Control-Allow-Origin") == allowed
            assert "Origin" in response.headers["Vary"]
    for elsewhere in ("rest/", "slack/", "teams/"):
        response = requests.get(served.url(elsewhere.rstrip("/")), headers={"Origin": served.other_origin}, timeout=10)
        assert "Access-Control-Allow-Origin" not in response.headers


def test_the_page_may_be_asked_for_without_its_content(served: Served) -> None:
    """HEAD of the page and of a file: 200, with the headers of a GET and no body."""
    for path in ("", "vcf-assistant.js"):
        asked, got = (method(f"{served.web_url}{path}", timeout=10) for method in (requests.head, requests.get))
        assert asked.status_code == 200 and not asked.content
        assert asked.headers["ETag"] == got.headers["ETag"]
        assert asked.headers["Content-Security-Policy"] == got.headers["Content-Security-Policy"]


def test_the_widget_weighs_little_and_is_sent_once(served: Served) -> None:
    """All the page loads is at most 30 kB compressed, and comes from the cache while it is unchanged."""
    total = 0
    for path in sorted((ROOT / "widget").iterdir()):
        reply = requests.get(f"{served.web_url}{path.name}", timeout=10, stream=True)
        assert reply.headers["Content-Encoding"] == "gzip"
        total += len(reply.raw.read(decode_content=False))
        again = requests.get(reply.url, headers={"If-None-Match": reply.headers["ETag"]}, timeout=10)
        assert again.status_code == 304 and not again.content
    assert 0 < total <= 30_000


def test_the_openapi_file_is_true(client: Client) -> None:
    """schemathesis finds no response that the file does not describe."""
    command = [str(SCHEMATHESIS), "--config-file", str(ROOT / "tests/tools/schemathesis.toml"), "run"]
    command += [str(ROOT / "channels/web/openapi.yml"), "--url", client.url.rstrip("/"), "--no-color"]
    command += ["--header", f"Authorization: Bearer {client.token}", "--max-examples", "25", "--seed", "1"]
    # TRACE is refused by the server before it reaches the channel, without the list of allowed methods.
    command += ["--phases", "examples,coverage,fuzzing", "--exclude-checks", "unsupported_method"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout[-4000:]


def test_what_is_not_there_is_said_in_json(served: Served) -> None:
    """An unknown address and a wrong method below the channel get a clear error with the security headers."""
    for method, path, status in (("GET", "nothing", 404), ("GET", "no/where", 404), ("GET", "messages", 405)):
        response = requests.request(method, f"{served.web_url}{path}", timeout=10)
        assert response.status_code == status
        assert response.json()["error"]["message"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert requests.get(f"{served.web_url}messages", timeout=10).headers["Allow"] == "POST"


@pytest.mark.parametrize("command", ["/back", "/session_start", "//back", " /session_start", "/"])
def test_no_command_of_the_server_undoes_a_case(client: Client, command: str) -> None:
    """What begins with a slash and is no reply that was offered is a message like any other."""
    client.say(f"{CASE} Legs weak since this morning.")
    answered = client.say(command)
    assert answered["turn"]["text"] == command.strip(" /") and answered["turn"]["answers"]
    assert answered["case"]["alarm"] and answered["case"]["facts"]
    assert len(client.history().json()["turns"]) == 2


def test_a_new_patient_sent_twice_begins_once(client: Client) -> None:
    """The id that began a conversation does not begin another when it arrives again."""
    number = uuid.uuid4().hex
    client.say("new patient", number)
    client.say(CASE)
    assert client.say("new patient", number)["turn"]["number"] == 0
    assert client.history().json()["turns"]


def test_half_a_character_is_refused_and_whole_ones_are_not(client: Client) -> None:
    """A lone surrogate is said to be one; the longest message of the widest characters is taken."""
    response = client.post("pain \ud800")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_text")
    assert client.post("😀" * 20_000).status_code == 200
