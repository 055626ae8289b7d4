"""Ask one question through libpq itself, without importing psycopg.

Every deployment runs `dbtool migrate`, and mostly there is nothing to do. Importing psycopg would
be most of that run, so the library that psycopg has brought along is asked directly.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from dbtool.errors import ConfigError, ConnectError, DbtoolError

CONNECTION_OK, TUPLES_OK = 0, 2
CONNECT_TIMEOUT_S = "10"
FUNCTIONS = {
    "PQconnectdbParams": ctypes.c_void_p,
    "PQstatus": ctypes.c_int,
    "PQerrorMessage": ctypes.c_char_p,
    "PQexec": ctypes.c_void_p,
    "PQresultStatus": ctypes.c_int,
    "PQgetvalue": ctypes.c_char_p,
    "PQclear": None,
    "PQfinish": None,
}
PASSWORD = re.compile(r"(//[^:/@\s]*:)[^\s\"]*@|(password\s*=\s*)('[^']*'|\S+)", re.IGNORECASE)
MALFORMED = re.compile(r"(missing|invalid|unterminated|extra|unexpected|forbidden|end of string)")
# libpq gives no SQLSTATE for a refused connection, so its words have to do.
CONNECT_HINTS = (
    ("password authentication failed", "Check PGPASSWORD, ~/.pgpass or the URL's password."),
    ("no password supplied", "Give a password in PGPASSWORD, ~/.pgpass or the URL."),
    ("no pg_hba.conf entry", "The server's pg_hba.conf does not let this user in from here."),
    ("definition of service", "Look at PGSERVICE, PGSERVICEFILE and ~/.pg_service.conf."),
    ("failed to resolve", "Is the host name right, and does DNS know it?"),
    ("could not translate host name", "Is the host name right, and does DNS know it?"),
    ("connection slots", "The server has no free connection; end some, or raise max_connections."),
    ("too many clients", "The server has no free connection; end some, or raise max_connections."),
    ("starting up", "The server is starting or recovering: try again in a moment."),
    ("database", "Create it first (createdb), or correct the name."),
    ("role", "Create the role first, or connect as another user."),
    ("timeout", "Nothing answered: is the host right, and does a firewall stand between?"),
    ("", "Is the server running, and are host and port right?"),
)


def refused(message: str) -> DbtoolError:
    """Turn libpq's words about a connection into an error that says what to do."""
    text = PASSWORD.sub(
        lambda found: (found[1] or found[2]) + "***" + "@" * bool(found[1]), message
    )
    text = re.sub(r"^connection (failed|is bad): ", "", text.strip())
    if MALFORMED.match(text):
        return ConfigError(
            f"malformed connection string: {text}",
            "Write postgresql://user@host:5432/database or host=... dbname=..., without a +driver.",
        )
    hint = next(hint for words, hint in CONNECT_HINTS if words in text)
    return ConnectError(f"cannot connect: {text}", hint)


def parameters(url: str, application: str) -> dict[str, str]:
    """Return what to connect with; what stands after the connection string overrides it."""
    if url and "=" not in url and not url.startswith(("postgresql://", "postgres://")):
        # libpq would take it for the name of a database.
        raise refused(f'missing "=" after "{url}"')
    options = {"dbname": url, "application_name": application, "client_encoding": "UTF8"}
    if {"PGCONNECT_TIMEOUT", "PGSERVICE"} & set(os.environ) or "service" in url:
        return options
    # libpq would wait for an unreachable host for minutes.
    return {"connect_timeout": CONNECT_TIMEOUT_S, **options}


def scalar(url: str, query: str, application: str) -> str | None:
    """Return the one text that the query gives, or None when psycopg has to find out more."""
    library = _library()
    if not library:
        return None
    options = parameters(url, application)
    # Python would hear of Ctrl-C only when libpq has given up; nothing here needs cleaning up.
    heard = signal.signal(signal.SIGINT, signal.SIG_DFL)
    connection = ctypes.c_void_p(
        library.PQconnectdbParams(_strings(options), _strings(options.values()), 1)
    )
    try:
        if library.PQstatus(connection) != CONNECTION_OK:
            raise refused(library.PQerrorMessage(connection).decode(errors="replace"))
        result = ctypes.c_void_p(library.PQexec(connection, query.encode()))
        found = None
        if library.PQresultStatus(result) == TUPLES_OK:
            found = library.PQgetvalue(result, 0, 0).decode()
        library.PQclear(result)
        return found
    finally:
        library.PQfinish(connection)
        signal.signal(signal.SIGINT, heard)


def _strings(values: Any) -> Any:
    encoded = [os.fsencode(value) for value in values]
    return (ctypes.c_char_p * (len(encoded) + 1))(*encoded, None)


def _library() -> Any:
    """Return the libpq of psycopg's binary package, else the system's, else None."""
    package = PathFinder.find_spec("psycopg_binary")
    found = []
    if package and package.origin:
        inside = Path(package.origin).parent
        for folder in (inside.parent / "psycopg_binary.libs", inside / ".dylibs"):
            found += [str(path) for path in folder.glob("libpq[-.]*")]
    for name in (*found, "libpq.so.5", "libpq.5.dylib"):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for function, result in FUNCTIONS.items():
            getattr(library, function).restype = result
        return library
    return None
