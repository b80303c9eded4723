"""What several workers share: a PostgreSQL and a Redis, which have to be there before the first worker starts."""

from __future__ import annotations

from collections.abc import Iterator

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from service.secrets import DATABASE_URL, REDIS_URL
from service.settings import Settings
from storage.database import PATIENCE, open_database

HOW = {
    DATABASE_URL: "Set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE, or name a file that holds it in "
    "DATABASE_URL_FILE. Debian has the server: apt-get install postgresql.",
    REDIS_URL: "Set it to redis://:PASSWORD@HOST:6379/0, or name a file that holds it in REDIS_URL_FILE. "
    "Debian has the server: apt-get install redis-server.",
}


class Missing(Exception):
    """What several workers need is not there; the message lists all of it, how to get it, and holds no secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["The assistant cannot be shared by several workers yet:", *problems]))
        self.problems = tuple(problems)


def check_shared(settings: Settings) -> None:
    """Check what the workers of `settings` share; nothing is installed or made. Raises Missing."""
    problems: list[str] = []
    for name, check in ((DATABASE_URL, _database), (REDIS_URL, _redis)):
        url = settings.secrets.get(name, "")
        if url:
            problems += check(url)
        elif settings.workers > 1:
            problems.append(
                f"- {name} is not set, and RASA_WORKERS is {settings.workers}: without it the workers would not know "
                f"of each other. {HOW[name]} Or set RASA_WORKERS to 1."
            )
    if problems:
        raise Missing(problems)


def _database(url: str) -> Iterator[str]:
    try:
        if make_url(url).get_backend_name() != "postgresql":
            yield f"- DATABASE_URL is not the address of a PostgreSQL. {HOW[DATABASE_URL]}"
            return
        place = f"{make_url(url).host}:{make_url(url).port or 5432}"
        database = open_database(url, "check")
        with database.connect() as connection:
            may = text("has_schema_privilege(current_schema(), 'CREATE')")
            if not connection.execute(select(may)).scalar():
                yield (
                    f"- The user of DATABASE_URL may not make tables at {place}. Let the database's owner run: "
                    "GRANT CREATE ON SCHEMA public TO that user."
                )
        database.dispose()
    except ArgumentError:
        yield f"- DATABASE_URL cannot be read. {HOW[DATABASE_URL]}"
    except ModuleNotFoundError as missing:
        yield f"- The driver {missing.name} for PostgreSQL is not installed. Run `make setup`."
    except SQLAlchemyError as failure:
        yield (
            f"- No PostgreSQL can be used at {place}: {_reason(failure)}. Start it, and check that this machine may "
            f"reach it within {PATIENCE} s, the user, the password and the name of the database."
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
