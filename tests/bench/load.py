"""The load generator: clinicians in a channel, each holding one conversation after the other.

A process of its own in the environment of tests/tools, so that nothing of it gets into the assistant's. It prints the
environment that has the servers take it for Slack and Teams, then reads one job a line and prints its result as a line.
Nothing but 127.0.0.1 is asked, and every job ends by itself.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import secrets  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from itertools import count, repeat  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from locust import FastHttpUser, task  # noqa: E402
from locust.env import Environment  # noqa: E402

from tests.bench.platforms import Platforms  # noqa: E402
from tests.bench.talk import messages, patient  # noqa: E402

TURNS = 8
"""Turns of a conversation, if a job says nothing else."""
POSTED_WITHIN = 60.0
"""Seconds that the answer to a message on a platform may take."""
conversations = count(1)


class Clinician(FastHttpUser):  # type: ignore[misc]
    """Somebody who says the next message of a conversation, and begins another when it is over."""

    abstract = True
    turns = TURNS
    pause = 0.0
    """Seconds from one message to the next."""
    places: Iterator[float] = repeat(0.0)
    """Where each stands among all, from 0 to 1."""
    insecure = False
    network_timeout = connection_timeout = 60.0

    def on_start(self) -> None:
        place = next(self.places)
        gevent.sleep(place * self.pause)
        self.due = time.perf_counter()
        self.begin()
        # So that conversations do not all end at once either.
        del self.left[len(self.left) - int(place * len(self.left)) :]

    def wait_time(self) -> float:
        """Seconds until the next message is due."""
        now = time.perf_counter()
        self.due = max(now, self.due + self.pause)
        return self.due - now

    def begin(self) -> None:
        """Start a conversation."""
        self.number = next(conversations)
        self.left = list(messages(self.number, self.turns))
        self.said: list[tuple[str, str]] = []
        self.open()

    def open(self) -> None:
        """What a channel needs before the first message."""

    def say(self, text: str) -> None:
        """Send a message and wait for what is answered. Raises AssertionError with what was wrong."""
        raise NotImplementedError

    def close(self) -> None:
        """Look back at a conversation that is over. Raises AssertionError with what was wrong."""

    @task  # type: ignore[misc]
    def turn(self) -> None:
        begun, failure = time.perf_counter(), None
        try:
            self.say(self.left.pop(0))
        except Exception as error:
            failure = error
        taken = 1000 * (time.perf_counter() - begun)
        fire = self.environment.events.request.fire
        fire(request_type="turn", name="turn", response_time=taken, response_length=0, exception=failure)
        if not self.left or failure:
            try:
                if not failure:
                    self.close()
                self.begin()
            except Exception as error:
                fire(request_type="check", name="check", response_time=0, response_length=0, exception=error)

    def _post(self, path: str, body: Any, name: str, **more: Any) -> Any:
        with self.client.post(path, name=name, catch_response=True, **body, **more) as reply:
            assert reply.status_code in (200, 201, 202), f"{path}: status {reply.status_code}"
            reply.success()
            return json.loads(reply.text) if reply.text else {}

    def _send(self, path: str, headers: dict[str, str], body: str, answered: Any) -> None:
        """Send a message to a platform's webhook and wait until its answer is posted."""
        self._post(path, {"data": body}, "message", headers=headers)
        assert answered.wait(POSTED_WITHIN), "no answer was posted"


class Rest(Clinician):
    """The REST channel."""

    def open(self) -> None:
        self.sender = f"bench-{time.time_ns()}-{self.number}"

    def say(self, text: str) -> None:
        body = {"sender": self.sender, "message": text}
        assert self._post("/webhooks/rest/webhook", {"json": body}, "rest"), "no answer"


class Web(Clinician):
    """The web channel; what its conversations hold is looked at when they are over."""

    def open(self) -> None:
        token = self._post("/webhooks/web/sessions", {}, "session")["token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def say(self, text: str) -> None:
        key = f"{time.time_ns():x}-{self.number:08x}"
        answered = self._post(
            "/webhooks/web/messages", {"json": {"id": key, "text": text}}, "web", headers=self.headers
        )
        assert answered["turn"]["id"] == key and answered["turn"]["answers"], "no turn"
        self.said.append((key, text))

    def close(self) -> None:
        """Each message has exactly one turn, in its place, and no fact of another patient is there."""
        with self.client.get(
            "/webhooks/web/history", name="history", headers=self.headers, catch_response=True
        ) as told:
            assert told.status_code == 200, f"history: status {told.status_code}"
            told.success()
        held = json.loads(told.text)
        turns = [(turn["id"], turn["text"]) for turn in held["turns"]]
        assert turns == self.said, f"{len(self.said)} messages, {len(turns)} turns, or not the same"
        age, level = patient(self.number)
        text = json.dumps(held["case"])
        assert str(age) in text and level in text, "the case of somebody else"


class Slack(Clinician):
    """A direct message in Slack; a turn lasts until its answer is posted."""

    def open(self) -> None:
        self.channel, self.user = f"D{secrets.token_hex(5).upper()}", f"U{secrets.token_hex(5).upper()}"
        self.thread: str | None = None

    def say(self, text: str) -> None:
        self.thread, sent = platforms.slack_message(text, self.channel, self.user, self.thread)
        self._send("/webhooks/slack/webhook", *sent)


class Teams(Clinician):
    """A chat in Teams; a turn lasts until its answer is posted."""

    def open(self) -> None:
        self.chat = f"a:{secrets.token_hex(20)}"

    def say(self, text: str) -> None:
        self._send("/webhooks/teams/messages", *platforms.teams_message(text, self.chat))


CHANNELS = {"rest": Rest, "web": Web, "slack": Slack, "teams": Teams}
platforms = Platforms()


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Hold conversations for `seconds`, `users` at a time, each saying something every `pause` seconds at most often.

    Returns what the turns took (milliseconds, in order), how long the whole took, and what failed.
    """
    users, pause = job["users"], job.get("pause", 0.0)
    # Those who pause begin one after the other over one pause, so that they do not all speak at once.
    places = iter([place / users for place in range(users)])
    kind = type("Job", (CHANNELS[job["channel"]],), {"turns": job.get("turns", TURNS), "places": places})
    kind.pause = pause
    kind.host = job["url"]
    environment = Environment(user_classes=[kind])
    taken: list[float] = []
    failures: list[str] = []

    def record(request_type: str, response_time: float, exception: Exception | None, **_: Any) -> None:
        if exception:
            failures.append(f"{request_type}: {exception}"[:300])
        if request_type == "turn" and not exception:
            taken.append(response_time)

    environment.events.request.add_listener(record)
    runner = environment.create_local_runner()
    begun = time.perf_counter()
    runner.start(users, spawn_rate=users)
    until = begun + job["seconds"]
    while time.perf_counter() < until and len(taken) + len(failures) < job.get("most", sys.maxsize):
        gevent.sleep(0.05)
    seconds = time.perf_counter() - begun
    runner.stop()
    environment.events.request.remove_listener(record)
    return {"milliseconds": [round(each, 2) for each in taken], "seconds": seconds, "failures": failures}


def main() -> None:
    """Serve jobs until standard input ends."""
    print(json.dumps(platforms.environment), flush=True)
    for line in iter(sys.stdin.readline, ""):
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
