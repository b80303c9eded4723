"""What several workers need, and what is said where it is missing: exactly what, and how to get it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from service.settings import ROOT, Settings, settings
from service.shared import Missing, check_shared
from storage.database import open_database
from tests.databases import Postgres, Redis, database
from tests.served import free_port

PASSWORD = "correct-horse-battery"


def shared(secrets: Mapping[str, str], workers: int = 2, production: bool = False) -> Settings:
    """Settings of a machine with these addresses."""
    more = {"workers": workers, "production": production, "secrets": secrets}
    return Settings(5005, 5055, settings().build, (), "1/minute", "1/minute", **more)


def missing(secrets: Mapping[str, str], workers: int = 2, production: bool = False) -> str:
    """What is said to be missing."""
    with pytest.raises(Missing) as refusal:
        check_shared(shared(secrets, workers, production))
    assert PASSWORD not in str(refusal.value)
    return str(refusal.value)


def test_several_workers_start_where_both_are_there(postgres: Postgres, redis: Redis) -> None:
    """Nothing is said."""
    check_shared(shared({"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}))


def test_one_worker_needs_neither() -> None:
    """SQLite and its own memory do."""
    check_shared(shared({}, workers=1))


def test_what_is_not_set_is_named_with_how_to_get_it() -> None:
    """Both at once, not one after the other."""
    told = missing({})
    for name, package in (
        ("DATABASE_URL", "apt-get install postgresql"),
        ("REDIS_URL", "apt-get install redis-server"),
    ):
        assert f"{name} is not set" in told and package in told


def test_a_server_that_is_not_there_is_named_by_its_place() -> None:
    """Also for one worker, if it was given its address."""
    ports = free_port(), free_port()
    addresses = {
        "DATABASE_URL": f"postgresql://vcf:{PASSWORD}@127.0.0.1:{ports[0]}/vcf",
        "REDIS_URL": f"redis://:{PASSWORD}@127.0.0.1:{ports[1]}/0",
    }
    for workers in (1, 2):
        told = missing(addresses, workers)
        assert f"No PostgreSQL can be used at 127.0.0.1:{ports[0]}" in told and "refused" in told
        assert f"No Redis can be used at 127.0.0.1:{ports[1]}" in told


@pytest.mark.parametrize("database", ["sqlite:///kept.sqlite", "mysql://vcf@127.0.0.1/vcf", "nonsense"])
def test_another_database_is_refused(database: str, redis: Redis) -> None:
    """With the form that the address is to have."""
    assert "postgresql://USER:PASSWORD@HOST" in missing({"DATABASE_URL": database, "REDIS_URL": redis.url})


def test_what_the_server_says_is_passed_on(postgres: Postgres, redis: Redis) -> None:
    """A database that does not exist."""
    told = missing({"DATABASE_URL": f"{postgres.url}-other", "REDIS_URL": redis.url})
    assert "does not exist" in told


@pytest.fixture
def clinic(postgres: Postgres) -> Iterator[tuple[str, Callable[[str], None]]]:
    """The URL of a database whose user has no special rights, and how its administrator runs commands."""
    name = f"clinic_{uuid4().hex}"
    admin = create_engine(postgres.url, isolation_level="AUTOCOMMIT", future=True)

    def run(command: str) -> None:
        with admin.connect() as connection:
            connection.execute(text(command))

    with database(postgres) as url:
        run(f"CREATE ROLE {name} LOGIN")
        run(f"ALTER DATABASE {url.rpartition('/')[2]} OWNER TO {name}")
        yield url.replace("postgres@", f"{name}@"), run
    run(f"DROP ROLE {name}")
    admin.dispose()


def fail(url: str, told: str) -> None:
    """Have a statement that holds `told` fail at the server."""
    engine = open_database(url, "test")
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS said (number integer PRIMARY KEY, words text)"))
        for _ in range(2):
            connection.execute(text("INSERT INTO said VALUES (1, :told)"), {"told": told})
    engine.dispose()


def test_production_has_a_database_that_logs_nothing_of_what_it_is_given(
    postgres: Postgres, clinic: tuple[str, Callable[[str], None]]
) -> None:
    """PostgreSQL's own log has the statement of an error unless it is told not to; the advice that is given does it."""
    url, run = clinic
    fail(url, "Quillfeather before")
    assert "Quillfeather before" in postgres.log.read_text(), "nothing would have to be done"
    check_shared(shared({"DATABASE_URL": url}, workers=1))
    told = missing({"DATABASE_URL": url}, 1, production=True)
    assert "DATABASE_URL" in told and "log_min_error_statement is error" in told
    (advice,) = re.findall(r"ALTER ROLE … SET (.*)\.", told)
    role = make_url(url).username
    run(f"ALTER ROLE {role} SET {advice}")
    check_shared(shared({"DATABASE_URL": url, "AUDIT_DATABASE": url}, workers=1, production=True))
    fail(url, "Quillfeather after")
    assert "Quillfeather after" not in postgres.log.read_text()
    for level in ("fatal", "log"):
        run(f"ALTER ROLE {role} SET log_min_error_statement = {level}")
        assert f"is {level}" in missing({"DATABASE_URL": url}, 1, production=True), (
            "who ends a connection has it logged"
        )
    run(f"ALTER ROLE {role} SET {advice}")
    run(f"ALTER ROLE {role} SET log_min_duration_statement = 0")
    told = missing({"DATABASE_URL": postgres.url, "AUDIT_DATABASE": url}, 1, production=True)
    assert "The PostgreSQL of AUDIT_DATABASE" in told and "log_min_duration_statement is 0" in told


def test_the_command_installs_nothing_and_says_what_is_missing() -> None:
    """`make up-scaled` without anything ends at once, with what to do."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    command = ["make", "--no-print-directory", "up-scaled"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode and "DATABASE_URL is not set" in done.stderr and "REDIS_URL is not set" in done.stderr
    assert not done.stdout.strip()
