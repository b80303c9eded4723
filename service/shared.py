"""What several workers share: a PostgreSQL and a Redis, which have to be there before the first worker starts, and in
production a PostgreSQL that is set to log no statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from service.secrets import AUDIT_DATABASE, DATABASE_URL, REDIS_URL
from service.settings import Settings
from storage.database import PATIENCE, open_database

HOW = {
    DATABASE_URL: "Set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE, or name a file that holds it in "
    "DATABASE_URL_FILE. Debian has the server: apt-get install postgresql.",
    REDIS_URL: "Set it to redis://:PASSWORD@HOST:6379/0, or name a file that holds it in REDIS_URL_FILE. "
    "Debian has the server: apt-get install redis-server.",
}


QUIET = {
    "log_min_error_statement": ("panic",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "auto_explain.log_min_duration": ("-1",),
    "pgaudit.log": ("none", ""),
}
"""The settings by which PostgreSQL logs statements, and with them what stands in them, and their values that do not.
The first is advised (https://www.postgresql.org/docs/15/runtime-config-logging.html)."""


class Missing(Exception):
    """What several workers need is not there; the message lists all of it, how to get it, and holds no secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["What the assistant is to use is not ready yet:", *problems]))
        self.problems = tuple(problems)


def check_shared(settings: Settings) -> None:
    """Check what the workers of `settings` share; nothing is installed or made. Raises Missing."""
    problems: list[str] = []
    for name, check in ((DATABASE_URL, partial(_database, DATABASE_URL, check=_makes_tables)), (REDIS_URL, _redis)):
        url = settings.secrets.get(name, "")
        if url:
            problems += check(url)
        elif settings.workers > 1:
            problems.append(
                f"- {name} is not set, and RASA_WORKERS is {settings.workers}: without it the workers would not know "
                f"of each other. {HOW[name]} Or set RASA_WORKERS to 1."
            )
    if settings.production and not problems:
        for name in (DATABASE_URL, AUDIT_DATABASE):
            url = settings.secrets.get(name, "")
            if url and not url.startswith("sqlite"):
                problems += _database(name, url, _logs_nothing)
    if problems:
        raise Missing(problems)


def _database(name: str, url: str, check: Callable[[Connection, str, str], Iterable[str]]) -> Iterator[str]:
    """What `check` has to say of the database whose address is `name`, and where it is; or that it cannot be used."""
    try:
        if make_url(url).get_backend_name() != "postgresql":
            yield f"- {name} is not the address of a PostgreSQL. {HOW[DATABASE_URL]}"
            return
        place = f"{make_url(url).host}:{make_url(url).port or 5432}"
        database = open_database(url, "check")
        with database.connect() as connection:
            yield from check(connection, name, place)
        database.dispose()
    except ArgumentError:
        yield f"- {name} cannot be read. {HOW[DATABASE_URL]}"
    except ModuleNotFoundError as missing:
        yield f"- The driver {missing.name} for PostgreSQL is not installed. Run `make setup`."
    except SQLAlchemyError as failure:
        yield (
            f"- No PostgreSQL can be used at {place}: {_reason(failure)}. Start it, and check that this machine may "
            f"reach it within {PATIENCE} s, the user, the password and the name of the database."
        )


def _makes_tables(connection: Connection, name: str, place: str) -> Iterator[str]:
    may = text("has_schema_privilege(current_schema(), 'CREATE')")
    if not connection.execute(select(may)).scalar():
        yield (
            f"- The user of {name} may not make tables at {place}. Let the database's owner run: "
            "GRANT CREATE ON SCHEMA public TO that user."
        )


def _logs_nothing(connection: Connection, name: str, place: str) -> Iterator[str]:
    for setting, safe in QUIET.items():
        value = connection.execute(select(func.current_setting(setting, True))).scalar()
        if value not in (None, *safe):
            yield (
                f"- The PostgreSQL of {name} at {place} writes statements into its log, and with them what clinicians "
                f"wrote: {setting} is {value}. Let its administrator run, for the user of {name}: "
                f"ALTER ROLE … SET {setting} = '{safe[0]}'."
            )


def _redis(url: str) -> Iterator[str]:
    try:
        client = Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    except ValueError:
        yield f"- REDIS_URL cannot be read. {HOW[REDIS_URL]}"
        return
    place = "{host}:{port}".format(**{"host": "localhost", "port": 6379} | client.connection_pool.connection_kwargs)
    try:
        client.ping()
    except (RedisError, OSError) as failure:
        yield (
            f"- No Redis can be used at {place}: {type(failure).__name__}. Start it, and check that this machine may "
            f"reach it within {PATIENCE} s, and the password."
        )
    finally:
        client.close()


def _reason(failure: SQLAlchemyError) -> str:
    """What the server or its library says, in one line."""
    return " ".join(str(getattr(failure, "orig", failure)).split())
