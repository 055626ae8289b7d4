"""Bring a database to the state that the files describe. Here alone it is changed by migrations."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import errors, generators
from psycopg.pq import ExecStatus

from dbtool import drift, ledger, sqltext
from dbtool.config import Settings
from dbtool.database import Connection, describe
from dbtool.errors import DbtoolError, LockBusyError, RefusedError, SqlError
from dbtool.ledger import Ledger
from dbtool.locks import OWN_SESSION, Report, Watch, locked, timeouts, with_lock_retries
from dbtool.migrations import Migration, Step, shown
from dbtool.survey import Part, needs_work, plan, read, unprepared

T = TypeVar("T")

# CREATE INDEX CONCURRENTLY waits for every older transaction, and giving up leaves an INVALID
# index; VALIDATE waits without making others wait. Both may take their time.
SLOW_LOCK_TIMEOUT_MS = 600_000
FRESH_SESSION = f"reset session authorization; reset all; reset role; {OWN_SESSION}"
RESUME = (
    "The next migrate runs it again. If it had its effect all the same, say so:"
    " dbtool repair FILE --mark-applied --reason ..."
)
RESUME_INDEX = (
    "The next migrate drops the INVALID index that this may have left, and builds it again."
)
DUPLICATE = "42P07"
INDEX_STATE = (ledger.SQL / "index_state.sql").read_bytes()


@dataclass
class Run:
    """One run under the lock, and what it has applied so far."""

    connection: Connection
    settings: Settings
    report: Report
    started: frozenset[tuple[str, int]] = frozenset()
    drifted: Sequence[drift.Change] = ()
    watch: Watch | None = None
    applied: list[Migration] = field(default_factory=list)

    @property
    def owner(self) -> str | None:
        """Return the role that the ledger is handed to: the owner of the first source with one."""
        return next((source.owner for source in self.settings.sources if source.owner), None)


def migrate(
    connection: Connection,
    settings: Settings,
    *,
    report: Report,
    target: tuple[str, int] | None = None,
    out_of_order: bool = False,
) -> list[Migration]:
    """Apply what is pending, in order; return the migrations applied."""
    connection.add_notice_handler(partial(_notice, report))
    with locked(connection, settings.lock_wait_s, report):
        found = read(connection, settings)
        ledger.refuse_environment(found.ledger, settings.environment)
        parts = plan(found, target=target, out_of_order=out_of_order)
        if not needs_work(found, parts, settings):
            return []
        # What somebody had changed by hand is not made right by migrating.
        known = found.ledger.version and not found.ledger.unfinished
        drifted = drift.compare(connection) if known else []
        started = (key for key, row in found.ledger.entries.items() if row.interrupted)
        with Watch(connection) as watch:
            run = Run(connection, settings, report, frozenset(started), drifted, watch)
            prepare_ledger(run, found.ledger)
            if any(part.due for part in parts):
                _migrate(run, parts)
        return run.applied


def _migrate(run: Run, parts: list[Part]) -> None:
    try:
        for part in parts:
            _migrate_source(run, part)
    except Exception:
        if run.applied and not run.connection.closed:
            # What did get in is no drift.
            try:
                retrying(run, lambda: finish(run, complete=False))
            except (DbtoolError, psycopg.Error) as error:
                run.report(f"the fingerprint was not stored: {error}")
        raise
    complete = len(parts) == len(run.settings.sources) and all(part.whole for part in parts)
    retrying(run, lambda: finish(run, complete=complete))


def prepare_ledger(run: Run, state: Ledger) -> None:
    """Create or upgrade the ledger, and mark the environment, in one transaction."""

    def work() -> None:
        if state.version < ledger.LEDGER_VERSION:
            ledger.bootstrap(run.connection, run.owner)
        if run.settings.environment and not state.environment:
            run.connection.execute(ledger.SET, ("environment", run.settings.environment))

    if unprepared(state, run.settings):
        retrying(run, work)


def _migrate_source(run: Run, part: Part) -> None:
    position, functions_done = 0, False
    while position < len(part.steps):
        step = part.steps[position]
        if step.transactional:
            done, functions_done = retrying(run, partial(_transaction, run, part, position), step)
        else:
            done = [_alone(run, step)]
        run.applied += [migration for migration, _ in done]
        position += len(done)
        for migration, elapsed in done:
            run.report(f"applied {shown(migration.path)} in {elapsed} ms")
    if part.whole and part.due and not functions_done:
        retrying(run, partial(_functions, run, part))


def _transaction(run: Run, part: Part, position: int) -> tuple[list[tuple[Migration, int]], bool]:
    """Run a file; if a function or view went with it, the rest and the functions, too.

    Callers then see the old objects or the new ones, and never the gap.
    """
    if not part.functions:
        return [_file(run, part.steps[position])], False
    from dbtool import repeatables

    source = part.comparison.source
    before = repeatables.snapshot_objects(run.connection, source)
    done = [_file(run, part.steps[position])]
    lost = repeatables.lost_objects(run.connection, source, before)
    if not lost:
        return done, False
    for step in part.steps[position + 1 :]:
        if not step.transactional:
            raise RefusedError(
                f"{shown(done[0][0].path)}: drops {lost[0]}, which the functions create again, and"
                f" {step.migration.path.name} cannot be in the same transaction",
                "Give the no-transaction file a lower number than the one that drops.",
            )
        done.append(_file(run, step))
    if part.whole:
        _functions(run, part)
    return done, part.whole


def _file(run: Run, step: Step) -> tuple[Migration, int]:
    """Run a file and record it, inside the caller's transaction."""
    started = time.monotonic()
    path, text = step.migration.path, step.migration.text
    # What an earlier file has set for its session is not for this one. No commit before the last
    # waits for the disk: that of `finish` does, and takes the others with it.
    limits = f"set local synchronous_commit = off; {timeouts(*_limits(run, step))}"
    run.connection.execute(FRESH_SESSION + limits)
    run_script(run.connection, path, text)
    elapsed = round((time.monotonic() - started) * 1000)
    try:
        ledger.record(run.connection, step.migration, execution_ms=elapsed, owner=run.owner)
    except psycopg.Error as error:
        # A deferred constraint of the file speaks up here.
        raise describe(error, path, text, step.statements[-1].offset) from error
    return step.migration, elapsed


def _alone(run: Run, step: Step) -> tuple[Migration, int]:
    """Run the one statement of a file that no transaction can hold; it may be resumed."""
    connection, migration = run.connection, step.migration
    started = time.monotonic()
    resumed = (migration.source, migration.version) in run.started
    retrying(run, lambda: ledger.record(connection, migration, state="started"))
    lock_ms, statement_ms = _limits(run, step)
    connection.execute(FRESH_SESSION + timeouts(lock_ms, statement_ms, scope="session"))
    if not _index_is_there(run, step, resumed):
        try:
            with Watch(connection) as watch, watch.over(lock_ms, run.report):
                run_script(connection, migration.path, migration.text)
        except SqlError as error:
            is_built = step.index and error.sqlstate != DUPLICATE
            error.hint += " " * bool(error.hint) + (RESUME_INDEX if is_built else RESUME)
            # The server says that it failed, so a valid index of its name is not its own. When
            # nobody knows how it ended, there is no time.
            elapsed = round((time.monotonic() - started) * 1000) if error.sqlstate else None
            failed = partial(ledger.record, connection, migration, state="started")
            with contextlib.suppress(DbtoolError, psycopg.Error):
                retrying(run, partial(failed, execution_ms=elapsed))
            raise
        if step.index and not _index_is_there(run, step, resumed=True):
            raise SqlError(f"{shown(migration.path)}: the index {step.index[1]} is not valid")
    elapsed = round((time.monotonic() - started) * 1000)
    retrying(run, lambda: ledger.record(connection, migration, execution_ms=elapsed))
    return migration, elapsed


def _index_is_there(run: Run, step: Step, resumed: bool) -> bool:
    """Drop what a failed build left; tell whether an interrupted one had come to its end."""
    if not step.index:
        return False
    values = {"table": step.index[0], "name": step.index[1]}
    row = run.connection.execute(INDEX_STATE, values).fetchone()
    if not row:
        return False
    valid, name, builder = row
    if valid:
        return resumed
    if builder:
        raise LockBusyError(f"the index {name} is being built by pid {builder}", "Wait for it.")
    run.report(f"dropping {name}: a failed build left it INVALID")
    run.connection.execute(f"drop index concurrently {name}".encode())
    return False


def run_script(connection: Connection, path: Path, text: str) -> None:
    """Send a file whole, so that the server splits it; say which statement failed.

    Nothing goes with it: whoever asks the server what is running should see the file.
    An error at run time carries no position, but the server answers each statement before it, so
    the answers are counted. (Running the statements again one by one would run them twice, and
    sending them one by one would make our splitter decide what runs.)
    """
    connection.pgconn.send_query(text.encode())
    try:
        results = connection.wait(generators.execute(connection.pgconn))
    except psycopg.OperationalError as error:
        raise describe(error, path, text, 0) from error
    for done, result in enumerate(results):
        if result.status == ExecStatus.FATAL_ERROR:
            failure, offset = errors.error_from_result(result), 0
            if not failure.diag.statement_position:
                statements = sqltext.split_statements(text)
                offset = statements[done].offset if done < len(statements) else 0
            raise describe(failure, path, text, offset) from failure


def _functions(run: Run, part: Part) -> None:
    """Apply the functions of a source inside the caller's transaction."""
    if not part.functions:
        return
    from dbtool import repeatables

    source = part.comparison.source
    outcome = repeatables.apply(run.connection, source, part.functions)
    run.report(f"functions of {source.name}: {len(outcome.changed)} of {outcome.applied} changed")
    for label in ("mended", "dropped", "warnings"):
        for line in getattr(outcome, label):
            run.report(f"  {label}: {line}")


def finish(run: Run, *, complete: bool) -> None:
    """Store the fingerprint inside the caller's transaction; with `complete`, nothing is left."""
    drift.record(run.connection, run.settings.sources, run.drifted)
    # Either way a row changes, so that the commit reaches the disk.
    run.connection.execute(ledger.FINISHED if complete else ledger.UNFINISHED)


def _limits(run: Run, step: Step | None) -> tuple[int, int]:
    """Return the lock and statement timeout of a file: its header's, or the usual ones."""
    lock, statement = run.settings.lock_timeout_ms, run.settings.statement_timeout_ms
    if not step:
        return lock, statement
    if step.slow_locks or not step.transactional:
        lock, statement = SLOW_LOCK_TIMEOUT_MS, 0
    return (
        step.milliseconds("lock_timeout", lock),
        step.milliseconds("statement_timeout", statement),
    )


def retrying(run: Run, work: Callable[[], T], step: Step | None = None) -> T:
    """Run work in one transaction, under the timeouts of the file or the usual ones."""
    lock, statement = _limits(run, step)
    return with_lock_retries(
        run.connection,
        work,
        lock_timeout_ms=lock,
        deadline_s=run.settings.lock_retry_s,
        report=run.report,
        statement_timeout_ms=statement,
        watch=run.watch,
    )


def _notice(report: Report, diagnosis: psycopg.errors.Diagnostic) -> None:
    # "does not exist, skipping" is noise; what a file raises by itself is not.
    message = diagnosis.message_primary or ""
    if not message.endswith(", skipping"):
        report(f"{diagnosis.severity}: {message}")
