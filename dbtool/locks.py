"""Take the runner's lock, and take table locks without making the shop queue behind us."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from dbtool.database import BACKEND_PID, Connection
from dbtool.errors import LockBusyError
from dbtool.ledger import SQL

T = TypeVar("T")
Report = Callable[[str], None]

# The first eight bytes of sha256("dbtool.migrations"), as a signed number. Advisory locks are one
# set a database, so two databases of one cluster migrate at the same time.
LOCK_KEY = 651075546372250223
TRY_LOCK = "select pg_try_advisory_lock(%s)"
UNLOCK = "select pg_advisory_unlock(%s)"
HOLDER = (SQL / "lock_holder.sql").read_bytes()
BLOCKERS = (SQL / "lock_blockers.sql").read_bytes()
OWN_SESSION = (SQL / "session.sql").read_text()
RETRYABLE = ("55P03", "40P01")
WATCH_END_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


@contextlib.contextmanager
def locked(connection: Connection, timeout_s: float, report: Report) -> Iterator[None]:
    """Hold the lock that admits one runner to this database; refuse after the deadline.

    It is polled: a session that waits in `pg_advisory_lock` has a snapshot, and CREATE INDEX
    CONCURRENTLY in the session that holds the lock would wait for it, which is a deadlock.
    """
    connection.execute(OWN_SESSION)
    deadline = time.monotonic() + timeout_s
    pause, told = 0.05, False
    while connection.execute(TRY_LOCK, (LOCK_KEY,)).fetchone() != (True,):
        row = connection.execute(HOLDER, {"key": LOCK_KEY}).fetchone()
        if time.monotonic() >= deadline:
            pid, holder = row or ("?", "somebody who has just let go")
            raise LockBusyError(
                f"another dbtool works on this database, waited {timeout_s:g} s for it: {holder}",
                "Wait for it, or allow more (--wait, or lock_wait in dbtool.toml), or end it:"
                f" select pg_terminate_backend({pid});",
            )
        if row and not told:
            told = True
            report(f"waiting for another dbtool: {row[1]}")
        time.sleep(pause * random.uniform(0.5, 1))
        pause = min(pause * 1.5, 1.0)
    try:
        yield
    finally:
        roll_back(connection)
        if not connection.closed:
            connection.execute(UNLOCK, (LOCK_KEY,))


def roll_back(connection: Connection) -> None:
    """Leave the transaction, if there is a connection and one is open."""
    if connection.info.transaction_status == TransactionStatus.ACTIVE:
        # Interrupted after something was sent, and before the answer was awaited.
        connection.cancel()
        connection.close()
    elif not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
        connection.execute("rollback")


def timeouts(lock_ms: int, statement_ms: int, *, scope: str = "local") -> str:
    """Return the statements that set both timeouts, for the transaction or the session."""
    return f"set {scope} lock_timeout = {lock_ms}; set {scope} statement_timeout = {statement_ms};"


def with_lock_retries(
    connection: Connection,
    work: Callable[[], T],
    *,
    lock_timeout_ms: int,
    deadline_s: float,
    report: Report,
    statement_timeout_ms: int = 0,
    watch: Watch | None = None,
) -> T:
    """Run work in one transaction; when a lock is not granted in time, let go and try again.

    Whoever waits for a strong lock makes everybody behind it wait, too. So each wait is short, and
    between two of them the queue drains.
    """
    deadline = time.monotonic() + deadline_s
    pause = FIRST_PAUSE_S
    with contextlib.ExitStack() as stack:
        watch = watch or stack.enter_context(Watch(connection))
        while True:
            try:
                with watch.over(lock_timeout_ms):
                    connection.execute("begin;" + timeouts(lock_timeout_ms, statement_timeout_ms))
                    result = work()
                    connection.execute("commit")
                    return result
            except BaseException as error:
                roll_back(connection)
                if not _worth_retrying(error):
                    raise
                missed = f"lock not granted within {lock_timeout_ms} ms: " + (
                    "; ".join(watch.seen) or "whoever it was has let go"
                )
                # Full jitter: runners and jobs that missed together must not meet again.
                nap = random.uniform(0, pause)
                if time.monotonic() + nap > deadline:
                    raise LockBusyError(
                        f"gave up after {deadline_s:g} s, nothing was changed: {missed}",
                        "Let that session finish, or end it: select pg_terminate_backend(pid);",
                    ) from error
            report(f"{missed}; trying again in {nap:.1f} s")
            time.sleep(nap)
            pause = min(pause * 2, LONGEST_PAUSE_S)


def _worth_retrying(error: BaseException) -> bool:
    state = getattr(error, "sqlstate", None)
    # Two databases of one cluster that create or grant the same role at once (seen on 15).
    return state in RETRYABLE or (state == "XX000" and "tuple concurrently" in str(error))


class Watch:
    """Sees from a second connection who blocks the first, once that has been busy for a while.

    After a missed lock it is too late to ask: nobody waits any more.
    """

    def __init__(self, connection: Connection) -> None:
        self.seen: list[str] = []
        self._connection = connection
        self._busy: tuple[float, float, Report | None] | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Watch:
        # Behind a pooler libpq knows the number of a process that is not the one that works.
        row = self._connection.execute(BACKEND_PID).fetchone()
        self._pid = row and row[0]
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        # Where it cannot get a connection (a pool of one) it must not hold up the run.
        self._thread.join(WATCH_END_S)

    @contextlib.contextmanager
    def over(self, lock_timeout_ms: int, report: Report | None = None) -> Iterator[None]:
        """Look while this lasts; with `report`, tell at once."""
        self.seen = []
        pause = min(max(lock_timeout_ms / 1000 * 0.4, 0.1), 2.0)
        self._busy = (time.monotonic() + pause, pause, report)
        try:
            yield
        finally:
            self._busy = None

    def _run(self) -> None:
        second: Connection | None = None
        pause = 0.1
        while not self._done.wait(pause):
            busy = self._busy
            if not busy or time.monotonic() < busy[0]:
                pause = 0.1
                continue
            pause = busy[1] / 2
            try:
                second = second or self._connect()
                rows = second.execute(BLOCKERS, {"pid": self._pid})
                found = [str(row[0]) for row in rows]
            except psycopg.Error as error:
                found = [f"who blocks could not be seen: {error}"]
            if found and busy[2] and found != self.seen:
                busy[2]("; ".join(found))
            self.seen = found or self.seen
        if second:
            second.close()

    def _connect(self) -> Connection:
        info = self._connection.info
        target = make_conninfo(info.dsn, password=info.password, application_name="dbtool watch")
        return psycopg.connect(target, autocommit=True)
