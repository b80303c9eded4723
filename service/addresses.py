"""Whether the database and Redis are of this machine, or reached over TLS: they hold what clinicians wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from redis.connection import parse_url
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from channels.http_client import LOOPBACK
from service.secrets import REDIS_URL

SOCKET = re.compile(r"/[\w./-]*")
"""A host of PostgreSQL that is the folder of a socket of this machine."""
HIDING = frozenset(("host", "hostaddr", "service", "servicefile", "dsn"))
"""Parameters by which an address names another machine than it seems to."""
TLS = frozenset(("require", "verify-ca", "verify-full"))
"""Modes in which PostgreSQL's client (libpq) never goes on without encryption."""


def problems(addresses: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the addresses, by the names of their variables; each is read as its own client reads it."""
    for name, address in addresses.items():
        try:
            yield from _of_redis(name, address) if name == REDIS_URL else _of_database(name, address)
        except (ArgumentError, ValueError):
            # Without its words: they quote the address, which may hold a password.
            yield f"{name} cannot be read. Write it as docs/operations.md shows."


def _of_redis(name: str, address: str) -> Iterator[str]:
    given = parse_url(address)
    secure = address.startswith("rediss:")
    if secure and str(given.get("ssl_cert_reqs", "required")).lower() == "none":
        yield f"{name} has `ssl_cert_reqs`, which weakens TLS. Leave it out."
    elif secure and not given.get("ssl_check_hostname"):
        yield f"{name} takes a certificate of any machine. Add ?ssl_check_hostname=true, as docs/operations.md shows."
    elif not secure and "path" not in given and given.get("host", "localhost") not in LOOPBACK:
        yield f"{name} names another machine without TLS. Write rediss:// there, as docs/operations.md shows."


def _of_database(name: str, address: str) -> Iterator[str]:
    given = make_url(address)
    hidden = sorted(word for word in HIDING.intersection(given.query) if not _is_socket(word, given.query[word]))
    if hidden:
        yield f"{name} has `{hidden[0]}`, which leads elsewhere. Write the host before the slash alone."
    elif given.host is not None and given.host not in LOOPBACK and given.query.get("sslmode") not in TLS:
        yield (
            f"{name} names another machine without TLS. Add ?sslmode=verify-full&sslrootcert=/FOLDER/ca.crt, "
            "or at least ?sslmode=require."
        )


def _is_socket(parameter: str, value: str | tuple[str, ...]) -> bool:
    return parameter == "host" and isinstance(value, str) and bool(SOCKET.fullmatch(value))
