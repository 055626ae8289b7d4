"""One exception family; each class is one exit code.

Only `dbtool.cli.main` turns an error into a message on stderr and an exit code.
"""


class DbtoolError(Exception):
    """Base of every expected failure: a short message, and what to do next.

    `hint` is printed on a line of its own and may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class FileError(DbtoolError):
    """A file of the user is missing, unreadable or malformed."""

    exit_code = 2


class ConfigError(DbtoolError):
    """A setting, an option or a connection string is malformed."""

    exit_code = 2


class DriftError(DbtoolError):
    """The files or the database are not what the ledger says."""

    exit_code = 4


class LockBusyError(DbtoolError):
    """Another runner, or traffic on a table, did not let go in time."""

    exit_code = 5


class ConnectError(DbtoolError):
    """No usable connection: no server, wrong password, a pooler, a read-only server."""

    exit_code = 6


class RefusedError(DbtoolError):
    """A guard said no: production, out of order, data that would be lost."""

    exit_code = 7


class SqlError(DbtoolError):
    """PostgreSQL refused a statement of the user's SQL.

    `sqlstate` is "" when the connection was lost before the server could say why.
    """

    def __init__(self, message: str, hint: str = "", sqlstate: str = "") -> None:
        super().__init__(message, hint)
        self.sqlstate = sqlstate
