"""Clinicians at work: each asks about a patient of their own, and sends again what was not answered."""

from __future__ import annotations

import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import requests

LEVELS = ("T7", "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5")
ALL_LEVELS = re.compile(r"\b(?:T[1-9]|T1[0-2]|L[1-5])\b")
LATER = ("why", "what did you assume", "next steps", "what have you understood", "pitfalls", "sources")
ALARM = "She now tells me that her legs feel weak since this morning."
PAUSE = 0.15
"""Seconds that a clinician thinks."""
PATIENCE = 30.0
"""Seconds that a request may hang before it counts as one."""
GIVEN_UP = 90.0
"""Seconds after which an answer is not waited for any more."""


@dataclass(frozen=True)
class Reply:
    """What became of one request: its status (0 where the connection broke), its text, and how long it took."""

    status: int
    text: str
    seconds: float
    at: float


@dataclass
class Clinician:
    """One conversation over the web channel at `url`, about a patient whom no other clinician has."""

    url: str
    number: int
    replies: list[Reply] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.level, self.age = LEVELS[self.number % len(LEVELS)], 60 + self.number
        self._token = requests.post(f"{self.url}sessions", timeout=PATIENCE).json()["token"]

    @property
    def case(self) -> str:
        """The patient, in the clinician's words."""
        return (
            f"{self.age}F, new {self.level} compression fracture on x-ray after a minor fall, back pain, "
            "never had cancer, neuro exam normal. Which imaging next?"
        )

    def work(self, until: threading.Event) -> None:
        """Describe the patient, then go on asking until told to stop."""
        self.say(self.case)
        while not until.is_set():
            time.sleep(PAUSE)
            self.say(LATER[len(self.sent) % len(LATER)])

    def say(self, text: str) -> dict[str, Any]:
        """Send one message until it is answered, always under the same id, as the widget does."""
        number, until = uuid.uuid4().hex, time.monotonic() + GIVEN_UP
        self.sent.append((number, text))
        while time.monotonic() < until:
            reply = self.post(number, text)
            if reply is not None and reply.status_code == 200:
                answered: dict[str, Any] = reply.json()
                return answered
            time.sleep(0.3)
        raise AssertionError(f"not answered within {GIVEN_UP:.0f} s; last: {self.replies[-1]}")

    def post(self, number: str, text: str) -> requests.Response | None:
        """Send one message once; None where the connection broke."""
        began = time.monotonic()
        try:
            reply = requests.post(
                f"{self.url}messages", json={"id": number, "text": text}, headers=self.headers, timeout=PATIENCE
            )
            found = Reply(reply.status_code, reply.text if reply.status_code != 200 else "", 0.0, began)
        except requests.ConnectionError:
            reply, found = None, Reply(0, "", 0.0, began)
        self.replies.append(Reply(found.status, found.text, time.monotonic() - began, began))
        return reply

    @property
    def headers(self) -> dict[str, str]:
        """What opens the session."""
        return {"Authorization": f"Bearer {self._token}"}

    def history(self) -> dict[str, Any]:
        """The conversation and the case as the assistant has them."""
        reply = requests.get(f"{self.url}history", headers=self.headers, timeout=PATIENCE)
        told: dict[str, Any] = reply.json()
        return told

    def check(self) -> None:
        """Fail unless every message stands in the conversation once, in order, and nothing of another patient does."""
        told = self.history()
        assert [turn["id"] for turn in told["turns"]] == [number for number, _ in self.sent]
        assert all(turn["answers"] for turn in told["turns"])
        for turn in told["turns"]:
            for answer in turn["answers"]:
                strangers = {
                    fact["value"] for fact in (answer["payload"] or {}).get("facts", ()) if fact["slot"] == "level"
                }
                assert strangers <= {self.level}
        facts = {fact["slot"]: fact for fact in told["case"]["facts"]}
        assert facts["level"]["value"] == self.level and str(self.age) in str(facts["age"]["value"])


@dataclass
class Clinic:
    """Clinicians who work at the same time."""

    clinicians: list[Clinician]
    _done: threading.Event = field(default_factory=threading.Event)
    _failures: list[BaseException] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def open(self) -> None:
        """Everybody begins to work."""
        self._threads = [threading.Thread(target=self._work, args=(each,), daemon=True) for each in self.clinicians]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Everybody finishes what they are at. Raises what went wrong for any of them."""
        self._done.set()
        for thread in self._threads:
            thread.join(GIVEN_UP)
        if self._failures:
            raise self._failures[0]

    def _work(self, clinician: Clinician) -> None:
        try:
            clinician.work(self._done)
        except BaseException as failure:
            self._failures.append(failure)

    def answered(self, times: int = 1) -> None:
        """Wait until everybody had so many more answers."""
        goal = {each.number: len(each.sent) + times + 1 for each in self.clinicians}
        until = time.monotonic() + GIVEN_UP
        while any(len(each.sent) < goal[each.number] for each in self.clinicians):
            assert not self._failures, self._failures
            assert time.monotonic() < until, "not everybody gets answers"
            time.sleep(0.05)

    def since(self, began: float) -> list[Reply]:
        """Replies to requests that began after a moment."""
        return [reply for each in self.clinicians for reply in each.replies if reply.at >= began]
