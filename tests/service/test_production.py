"""Production starts with everything in place, and says of everything else what is wrong, where, and how to mend it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest.mock import patch

import pytest
import requests

from service.build import build_all
from service.production import CREDENTIALS, Unsafe, check_production, production_credentials
from service.secrets import SECRETS
from service.settings import ROOT, Settings, settings
from tests.channels.web.client import CASE, Client, payloads
from tests.served import free_port, start

Check = Callable[..., tuple[str, ...]]


def keys() -> dict[str, str]:
    """What production needs at least."""
    return {"ENVIRONMENT": "production"} | {n: secrets.token_urlsafe(48) for n in ("SESSION_KEY", "PSEUDONYM_KEY")}


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch) -> Check:
    """Checks production with all that it needs, changed as told; returns what is wrong."""

    def check(changes: Mapping[str, str | None], credentials: Path | None = None) -> tuple[str, ...]:
        environment = {name: value for name, value in {**keys(), **changes}.items() if value is not None}
        for name in ("WEB_ORIGINS", "LOG_LEVEL", *SECRETS, *(f"{name}_FILE" for name in SECRETS), *changes):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        current: Settings = settings.__wrapped__()
        try:
            check_production(current, os.environ, credentials or production_credentials(current))
        except Unsafe as unsafe:
            assert not any(secret in str(unsafe) for secret in current.secrets.values())
            return unsafe.problems
        return ()

    return check


def test_all_in_place_starts(problems: Check) -> None:
    """Two keys are enough; the platforms and an embedding page may be there, too."""
    platforms = {"SLACK_BOT_TOKEN": f"xoxb-{secrets.token_hex(20)}", "SLACK_SIGNING_SECRET": secrets.token_hex(16)}
    assert problems({}) == ()
    assert problems({**platforms, "WEB_ORIGINS": "https://ehr.hospital.test", "LOG_LEVEL": "WARNING"}) == ()
    elsewhere = "postgresql://vcf@db.test/vcf?sslmode=verify-full"
    assert problems({"DATABASE_URL": elsewhere, "REDIS_URL": "rediss://cache.test/0?ssl_check_hostname=true"}) == ()
    assert problems({"DATABASE_URL": "postgresql://vcf@127.0.0.1/vcf", "REDIS_URL": "redis://localhost/0"}) == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"SESSION_KEY": None}, "SESSION_KEY is not set"),
        ({"PSEUDONYM_KEY": ""}, "PSEUDONYM_KEY is not set"),
        ({"SESSION_KEY": "Qw7-" * 5 + "aB3dE6"}, "SESSION_KEY has 26 characters and needs 32"),
        ({"SESSION_KEY": "change-me-change-me-change-me-change-me"}, "SESSION_KEY is a placeholder"),
        ({"PSEUDONYM_KEY": "0" * 64}, "PSEUDONYM_KEY is a placeholder"),
        ({"SESSION_KEY": "s4me" * 4 + "QwErTyUiOp" * 3, "PSEUDONYM_KEY": "s4me" * 4 + "QwErTyUiOp" * 3}, "the same"),
        ({"SESSION_KEY_PREVIOUS": "short"}, "SESSION_KEY_PREVIOUS"),
        ({"SLACK_BOT_TOKEN": f"xoxb-{'4f1a' * 9}"}, "SLACK_SIGNING_SECRET is not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-your-token", "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2}, "placeholder"),
        (
            {"TEAMS_APP_ID": "0d1c8a52-7a2e-4ad5-9b1c-1f0a2b3c4d5e", "TEAMS_TENANT": "multi"},
            "TEAMS_APP_PASSWORD is not set",
        ),
        ({"RASA_ENABLE_API": "true"}, "HTTP API"),
        ({"AUTH_TOKEN": "abc"}, "HTTP API"),
        ({"JWT_SECRET": "abc"}, "HTTP API"),
        ({"WEB_ORIGINS": "http://ehr.hospital.test"}, "https://"),
        ({"DATABASE_URL": "postgresql://vcf@db.test:5432/vcf"}, "DATABASE_URL names another machine"),
        ({"DATABASE_URL": "postgresql://vcf@db.test/vcf?sslmode=prefer"}, "sslmode=verify-full"),
        ({"AUDIT_DATABASE": "postgresql://vcf@db.test/audit"}, "AUDIT_DATABASE names another machine"),
        ({"REDIS_URL": "redis://cache.test:6379/0"}, "rediss://"),
        ({"REDIS_URL": "rediss://cache.test/0?ssl_cert_reqs=none"}, "ssl_cert_reqs"),
        ({"REDIS_URL": "rediss://cache.test/0"}, "ssl_check_hostname=true"),
        ({"REDIS_URL": "rediss://cache.test/0?ssl_check_hostname=false"}, "ssl_check_hostname=true"),
        ({"DATABASE_URL": "postgresql://vcf@/vcf?host=db.test"}, "`host`"),
        ({"DATABASE_URL": "postgresql://localhost/vcf?host=db.test"}, "`host`"),
        ({"DATABASE_URL": "postgresql:///vcf?service=remote"}, "`service`"),
        ({"DATABASE_URL": "postgresql://localhost/vcf?%68ost=db.test"}, "`host`"),
        ({"DATABASE_URL": "postgresql://localhost/vcf?dsn=host%3Ddb.test"}, "`dsn`"),
        ({"REDIS_URL": "rediss://cache.test/0?ssl_cert_reqs=%256eone"}, "ssl_cert_reqs"),
        ({"AUDIT_DATABASE": "postgresql//vcf@db.test/vcf"}, "AUDIT_DATABASE cannot be read"),
        ({"REDIS_URL": "redis://cache.test:many/0"}, "REDIS_URL cannot be read"),
        ({"PGHOST": "db.test"}, "PGHOST is set"),
        ({"LOG_LEVEL": "DEBUG"}, "LOG_LEVEL is DEBUG"),
        ({"LOG_LEVEL_LIBRARIES": "debug"}, "LOG_LEVEL_LIBRARIES is DEBUG"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_thing_that_is_missing_or_unsafe_is_named(problems: Check, changes: Mapping[str, str], told: str) -> None:
    """One problem, one message, which holds no secret."""
    found = problems(changes)
    assert len(found) == 1 and told in found[0]


def test_a_socket_of_this_machine_needs_no_tls(problems: Check) -> None:
    """A host that is a path is no other machine; one that stands behind a path is."""
    for query in ("host=/var/run/postgresql", "host=%2Fvar%2Frun%2Fpostgresql&application_name=vcf"):
        assert problems({"DATABASE_URL": f"postgresql://vcf@/vcf?{query}"}) == ()
    for query in ("host=/run,db.test", "host=/run%2Cdb.test", "host=/run&host=db.test"):
        (told,) = problems({"DATABASE_URL": f"postgresql://vcf@/vcf?{query}"})
        assert "`host`" in told


def test_the_rest_channel_and_secrets_in_the_credentials_are_refused(problems: Check, tmp_path: Path) -> None:
    """The file that Rasa would read is looked at, whatever made it."""
    assert "RestChannel" in " ".join(problems({}, CREDENTIALS))
    own = tmp_path / "credentials.yml"
    own.write_text("rest:\nchannels.slack.channel.SlackChannel:\n  slack_token: xoxb-1234\n", encoding="utf-8")
    found = problems({}, own)
    assert "the channel rest" in found[0] and "slack_token itself" in found[1] and "xoxb-1234" not in str(found)


def test_a_secret_file_that_others_may_read_is_refused(problems: Check, tmp_path: Path) -> None:
    """Readable for everybody: named, with the command that mends it; for owner and group: taken."""
    file = tmp_path / "session-key"
    file.write_text(f"{secrets.token_urlsafe(48)}\n", encoding="ascii")
    file.chmod(0o644)
    (problem,) = problems({"SESSION_KEY": None, "SESSION_KEY_FILE": str(file)})
    assert f"chmod o= {file}" in problem
    file.chmod(0o440)
    assert problems({"SESSION_KEY": None, "SESSION_KEY_FILE": str(file)}) == ()


def test_a_key_made_for_development_is_refused(problems: Check) -> None:
    """The keys that development makes by itself are not taken over."""
    for name in ("SESSION_KEY", "PSEUDONYM_KEY"):
        Settings(5005, 5055, settings().build, (), "1/minute", "1/minute").environment()
        found = problems({name: None, f"{name}_FILE": str(settings().build / "keys" / name)})
        assert "made for development" in found[0]
        key = (settings().build / "keys" / name).read_text(encoding="ascii")
        assert any(f"{name} is a key made for development" in problem for problem in problems({name: key}))


@pytest.mark.parametrize(
    ("arguments", "more", "told"),
    [
        ([], {"SESSION_KEY": ""}, "SESSION_KEY is not set"),
        (["--enable-api"], {}, "--enable-api"),
        (["--auth-token=abc"], {}, "--auth-token"),
        (["--debug"], {}, "--debug"),
        ([], {"WEB_ORIGINS": "*"}, "every page"),
        ([], {"WEB_ORIGINS": "https://*"}, "every page"),
        ([], {"WEB_ORIGINS": "https://ehr.(test|com)"}, "no origin"),
    ],
)
def test_the_command_refuses_to_start(arguments: list[str], more: Mapping[str, str], told: str) -> None:
    """Status 1 or 2 before anything listens, and the reason on standard error."""
    environment = {**os.environ, **keys(), "RASA_PORT": str(free_port()), "ACTION_PORT": str(free_port()), **more}
    command = [sys.executable, "-m", "service", "serve", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode in (1, 2) and told in done.stderr and not done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("channels", ["rest:\n", None], ids=["Rasa's REST channel", "those of production"])
def test_rasa_refuses_to_be_started_by_hand(tmp_path: Path, channels: str | None) -> None:
    """With its own command, its API and every origin: it ends with the reason, and never listens."""
    given, port = keys(), free_port()
    with patch.dict(os.environ, given):
        current: Settings = settings.__wrapped__()
        environment = {**current.environment(), "TRACKER_DATABASE": f"sqlite:///{tmp_path / 'conversations.sqlite'}"}
        credentials = tmp_path / "credentials.yml"
        credentials.write_text(
            channels or production_credentials(current).read_text(encoding="utf-8"), encoding="utf-8"
        )
    command = [sys.executable, "-m", "rasa", "run", "--enable-api", "--cors", "*", "--port", str(port)]
    command += ["--interface", "127.0.0.1", "--credentials", str(credentials), "--model", str(build_all(settings()))]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "Rasa was started by hand" in done.stderr
    assert not (tmp_path / "conversations.sqlite").exists()


def test_production_is_reached_by_the_web_channel_alone(tmp_path: Path) -> None:
    """The session key comes from a file; the page answers a case, the REST channel and Rasa's API are not there."""
    given = keys()
    file = tmp_path / "session-key"
    file.touch(0o600)
    file.write_text(given["SESSION_KEY"], encoding="ascii")
    given |= {"SESSION_KEY": "", "SESSION_KEY_FILE": str(file)}
    running = start(more={**given, "WEB_ORIGINS": "https://ehr.test", "RASA_INTERFACE": "0.0.0.0"})
    try:
        assert payloads(Client(running.web_url).say(CASE), "recommendation")
        for path in ("webhooks/rest/", "webhooks/rest/webhook", "conversations/x/tracker", "model", "status"):
            assert requests.get(running.web_url.replace("webhooks/web/", path), timeout=10).status_code == 404
        assert requests.post(running.rest_url, json={"sender": "x", "message": "hi"}, timeout=10).status_code == 404
        process = f"/proc/{running.process.pid}"
        children = Path(f"{process}/task/{running.process.pid}/children").read_text().split()
        commands = " ".join(Path(f"/proc/{child}/cmdline").read_text() for child in children)
        assert given["PSEUDONYM_KEY"] not in commands and file.read_text() not in commands
        started = {child: Path(f"/proc/{child}/cmdline").read_text().split("\0") for child in children}
        actions = next(child for child, words in started.items() if "service.action_server" in words)
        assert file.read_text() not in Path(f"/proc/{actions}/environ").read_text()
    finally:
        assert running.stop() == 0
