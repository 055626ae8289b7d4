"""Real connections that act at once, what came of it, and whether the database is still true.

Every worker has a connection and a thread of its own, all begin at one barrier, and each repeats
what may be repeated (40001 and 40P01) with the same arguments, so with the same idempotency key.
Why it had to is checked where it happens: a call by itself never deadlocks, and only at the
stricter isolation levels may the server ask for a repetition.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import IsolationLevel, pq, sql
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb

Connection = psycopg.Connection[Any]
Rows = list[Any]
Job = Callable[[Connection], Rows]
T = TypeVar("T")

INVARIANTS = Path(__file__).parents[2] / "sql/checks/invariants"
LONG = bool(os.environ.get("DBTOOL_TEST_LONG"))
# No call of these tests takes as long as this unless it hangs.
PATIENCE_S = 90
REPEATABLE = {"40001", "40P01"}
DONE = "done"
IDLE = pq.TransactionStatus.IDLE

READ_COMMITTED = IsolationLevel.READ_COMMITTED
STRICTER = (IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE)
LEVELS = (READ_COMMITTED, *STRICTER)

RESERVE = "select * from inventory.reserve_inventory(%s, %s, %s, %s)"
EXTEND = "select * from inventory.extend_reservations(%s, %s)"
RELEASE = "select * from inventory.release_reservations(%s, %s)"
COMMIT = "select * from inventory.commit_reservations(%s, %s)"
CANCEL = "select * from inventory.cancel_reservations(%s, %s)"
SHIP = "select * from inventory.ship_reservations(%s, null, %s)"
SWEEP = "select * from inventory.cleanup_expired_reservations()"
RECEIVE = "select * from inventory.receive_stock(%s, %s, null, %s)"
SET_STOCK = "select * from inventory.set_stock(%s, %s, %s, 'test', %s, %s)"
ADJUST = "select * from inventory.adjust_stock(%s, %s, %s, 'test', %s, %s)"
COUNT = "select * from inventory.bulk_update_stock(%s, %s, null, %s)"
SPLIT = "select * from inventory.split_buckets(%s, %s)"
MERGE = "select * from inventory.merge_buckets(%s, %s)"
IMPORT = "select * from product.import_products(%s, %s)"
LOCATE = "select * from inventory.create_location(%s, %s, %s, %s)"
TABLES = """
select n.nspname as schema, c.relname as name
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
where c.relowner = 'shop_owner'::regrole and c.relkind in ('r', 'p') and not c.relispartition
and n.nspname <> 'dbtool'
order by 1, 2
"""
CONTENT = """
select {} as name, count(*) as rows, md5(string_agg(t::text, chr(10) order by t::text)) as digest
from {} as t
"""
STOCK = "select * from inventory.get_stock(array[%s])"

# Locations have one row from the migrations; rules and currencies no test changes in a reused shop.
RESET = """
do $reset$
begin
    execute (
        select 'truncate ' || string_agg(c.oid::regclass::text, ', ') || ' restart identity'
        from pg_class as c
        where c.relowner = 'shop_owner'::regrole and c.relkind in ('r', 'p')
        and not c.relispartition and c.relnamespace <> 'dbtool'::regnamespace
        and c.oid not in (
            'core.currencies'::regclass, 'core.business_rules'::regclass,
            'inventory.locations'::regclass, 'inventory.inventory_categories'::regclass,
            'inventory.stock_jobs'::regclass, 'product.price_lists'::regclass,
            'product.search_languages'::regclass
        )
    );
    delete from inventory.locations where code <> 'MAIN';
    delete from product.price_lists where kind <> 'base';
end;
$reset$
"""
AGE = """
update inventory.inventory_reservations
set expires_at = clock_timestamp() - interval '1 second'
where status = 'active' and owner like %s
"""
BLOCKED_BY = "select pg_blocking_pids(%s)"
# Who stands in line for a bucket (an advisory lock) does not wait for the stock itself yet.
BLOCKED_AT_STOCK = """
select case
    when not exists (
        select
        from pg_locks as l
        where l.pid = s.pid and l.locktype = 'advisory' and not l.granted
    ) then pg_blocking_pids(s.pid)
end
from (select %s::integer as pid) as s
"""
NAP = "select pg_sleep(0.005)"
DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"
OTHERS = """
select count(*) from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Outcome:
    """How a call ended: with rows, or with a SQLSTATE and the object in its DETAIL."""

    sqlstate: str
    rows: Rows
    detail: dict[str, Any]
    retries: int
    began: float
    ended: float

    @property
    def is_done(self) -> bool:
        return self.sqlstate == DONE


@dataclass(frozen=True)
class Team:
    """Connections whose workers begin together."""

    connections: list[Connection]

    def race(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Make one call on each connection, all at once."""
        return self.run([calling(job) for job in jobs])

    def run(self, workers: Sequence[Callable[[Connection], T]]) -> list[T]:
        """Run one worker on each connection, all at once; return what they return, in order."""
        assert len(workers) <= len(self.connections)
        barrier = threading.Barrier(len(workers))

        def work(worker: Callable[[Connection], T], connection: Connection) -> T:
            barrier.wait(PATIENCE_S)
            return worker(connection)

        with ThreadPoolExecutor(len(workers)) as threads:
            return list(threads.map(work, workers, self.connections))


@dataclass(frozen=True)
class Waiting:
    """A call that goes on in the background, usually because it waits for a lock."""

    connection: Connection
    future: Future[Outcome]

    @property
    def pid(self) -> int:
        return self.connection.info.backend_pid

    def outcome(self) -> Outcome:
        return self.future.result(PATIENCE_S)


def connect(
    url: str,
    isolation: IsolationLevel = READ_COMMITTED,
    role: str = "inventory_service",
    settings: Mapping[str, str] | None = None,
) -> Connection:
    """Open a connection that acts as a role."""
    level = isolation.name.lower().replace("_", r"\ ")
    settings = {"statement_timeout": f"{PATIENCE_S}s", "role": role, **(settings or {})}
    options = "".join(f" -c {name}={value}" for name, value in settings.items())
    options += f" -c default_transaction_isolation={level}"
    connection: Connection = psycopg.connect(
        url, autocommit=True, options=options, row_factory=namedtuple_row
    )
    connection.isolation_level = isolation
    return connection


@contextmanager
def connected(
    url: str,
    count: int,
    isolation: IsolationLevel = READ_COMMITTED,
    role: str = "inventory_service",
    settings: Mapping[str, str] | None = None,
) -> Iterator[list[Connection]]:
    """Open connections; whatever they still do at the end is cancelled."""
    with ThreadPoolExecutor(count) as threads:
        opening = [threads.submit(connect, url, isolation, role, settings) for _ in range(count)]
    connections = [each.result() for each in opening]
    try:
        yield connections
    finally:
        for connection in connections:
            if connection.info.transaction_status == pq.TransactionStatus.ACTIVE:
                connection.cancel_safe()
            connection.close()


@contextmanager
def team(
    url: str,
    count: int,
    isolation: IsolationLevel = READ_COMMITTED,
    role: str = "inventory_service",
) -> Iterator[Team]:
    with connected(url, count, isolation, role) as connections:
        yield Team(connections)


@contextmanager
def keeper(url: str) -> Iterator[Connection]:
    """Open a superuser's connection, to set things up and to look at them."""
    with connected(url, 1, role="postgres") as connections:
        yield connections[0]


def call(query: LiteralString, *arguments: Any) -> Job:
    def job(connection: Connection) -> Rows:
        cursor = connection.execute(query, arguments)
        return cursor.fetchall() if cursor.description else []

    return job


def items(quantities: Mapping[str, int] | Iterable[tuple[str, int]]) -> Jsonb:
    pairs = quantities.items() if isinstance(quantities, Mapping) else quantities
    return Jsonb([{"sku": sku, "quantity": quantity} for sku, quantity in pairs])


def reserve(
    quantities: Mapping[str, int] | Iterable[tuple[str, int]],
    owner: str,
    key: str | None = None,
    location: str | None = None,
) -> Job:
    return call(RESERVE, items(quantities), owner, location, key)


def counts(on_hand: Mapping[str, int]) -> Jsonb:
    return Jsonb([{"sku": sku, "on_hand": units} for sku, units in on_hand.items()])


def open_items(handles: Iterable[str], quantity: int | None = None) -> Jsonb:
    """Name committed reservations to ship or cancel, with all that is open or some of it."""
    part = {} if quantity is None else {"quantity": quantity}
    return Jsonb([{"reservation": handle, **part} for handle in handles])


def attempt(connection: Connection, job: Job) -> Outcome:
    """Make a call, and repeat it as long as the server says so."""
    began = time.monotonic()
    retries = 0
    while True:
        try:
            rows = job(connection)
        except psycopg.Error as error:
            sqlstate = error.sqlstate or "closed"
            # In a longer transaction only the whole of it can be repeated.
            if sqlstate in REPEATABLE and connection.info.transaction_status == IDLE:
                strict = connection.isolation_level in STRICTER
                assert strict, f"{sqlstate} at {connection.isolation_level}"
                assert sqlstate == "40001"
                assert time.monotonic() < began + PATIENCE_S, f"{retries} times {sqlstate}"
                retries += 1
                continue
            detail = error.diag.message_detail or ""
            explained = json.loads(detail) if detail.startswith("{") else {"text": str(error)}
            return Outcome(sqlstate, [], explained, retries, began, time.monotonic())
        return Outcome(DONE, rows, {}, retries, began, time.monotonic())


def calling(job: Job) -> Callable[[Connection], Outcome]:
    return lambda connection: attempt(connection, job)


def tally(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Count the outcomes by SQLSTATE."""
    return dict(Counter(outcome.sqlstate for outcome in outcomes))


def done(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.is_done]


def start(connection: Connection, job: Job) -> Waiting:
    """Make a call in the background."""
    threads = ThreadPoolExecutor(1)
    future = threads.submit(attempt, connection, job)
    threads.shutdown(wait=False)
    return Waiting(connection, future)


def wait_until_blocked(
    observer: Connection,
    waiting: Waiting,
    by: Connection | Waiting | None = None,
    query: LiteralString = BLOCKED_BY,
) -> None:
    """Return when a call waits for a session, which has the lock or is before it in the queue."""
    if isinstance(by, Waiting):
        by = by.connection
    deadline = time.monotonic() + PATIENCE_S
    while True:
        (blockers,) = observer.execute(query, [waiting.pid]).fetchone() or ([],)
        if blockers and (by is None or by.info.backend_pid in blockers):
            return
        assert not waiting.future.done(), f"it did not wait: {waiting.outcome()}"
        assert time.monotonic() < deadline, f"it waits for {blockers}"
        # The server tells who waits only when it is asked.
        observer.execute(NAP)


def all_end(waiting: Sequence[Waiting]) -> list[Outcome]:
    wait([each.future for each in waiting], PATIENCE_S)
    return [each.outcome() for each in waiting]


def keep_stock(url: str, on_hand: Mapping[str, int], buckets: int = 1) -> None:
    """Make products, and receive stock of them."""
    products = [
        {"sku": sku, "name": f"Product {sku}", "price": "1.00", "currency": "GBP"}
        for sku in on_hand
    ]
    received = {sku: units for sku, units in on_hand.items() if units > 0}
    with keeper(url) as connection:
        connection.execute(IMPORT, [Jsonb(products), None])
        if received:
            connection.execute(RECEIVE, [items(received), None, None])
        for sku in on_hand if buckets > 1 else ():
            connection.execute(SPLIT, [sku, buckets])


def put_in_buckets(url: str, sku: str, units: Sequence[int]) -> None:
    """Put given numbers of units into the buckets of a SKU at its only location."""
    with keeper(url) as connection:
        connection.execute(SPLIT, [sku, len(units)])
        for bucket, available in enumerate(units):
            connection.execute(
                """
                update inventory.stock_buckets as b set available = %s
                from product.variants as v
                where v.sku = %s and b.variant_id = v.variant_id and b.bucket = %s
                """,
                [available, sku, bucket],
            )


def stock(url: str, sku: str) -> Any:
    """Return what inventory.get_stock says of a SKU."""
    return ask(url, STOCK, sku)[0]


def ask(url: str, query: LiteralString, *arguments: Any) -> Rows:
    with keeper(url) as connection:
        return connection.execute(query, arguments).fetchall()


def tell(url: str, query: LiteralString, *arguments: Any) -> int:
    """Change something as the superuser; return the number of rows."""
    with keeper(url) as connection:
        return connection.execute(query, arguments).rowcount


def content(url: str) -> dict[str, tuple[int, str]]:
    """Return for each table how many rows it has, and a digest of them."""
    with keeper(url) as connection:
        tables = connection.execute(TABLES).fetchall()
        parts = [
            sql.SQL(CONTENT).format(f"{schema}.{name}", sql.Identifier(schema, name))
            for schema, name in tables
        ]
        rows = connection.execute(sql.SQL(" union all ").join(parts)).fetchall()
        return {row.name: (row.rows, row.digest) for row in rows}


def age(url: str, owners: str = "%") -> int:
    """Let active holds of owners be past their expiry."""
    return tell(url, AGE, owners)


def deadlocks(url: str) -> int:
    """Return the server's count of deadlocks, once all other sessions have reported theirs."""
    deadline = time.monotonic() + PATIENCE_S
    with keeper(url) as connection:
        # A session adds to the statistics when it ends.
        while connection.execute(OTHERS).fetchone()[0]:  # type: ignore[index]
            assert time.monotonic() < deadline
            connection.execute(NAP)
        return int(connection.execute(DEADLOCKS).fetchone()[0])  # type: ignore[index]


@contextmanager
def no_deadlocks(url: str) -> Iterator[None]:
    before = deadlocks(url)
    yield
    assert deadlocks(url) == before


def violations_in(connection: Connection) -> list[str]:
    """Run the query of every invariant; return what they find."""
    found = []
    for path, query in invariants().items():
        for row in connection.execute(query).fetchall():
            found.append(f"{path}: {row.object} {row.detail}")
    return found


@cache
def invariants() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(INVARIANTS.glob("*.sql"))}


def check(url: str) -> None:
    """Fail unless every invariant holds."""
    with keeper(url) as connection:
        found = violations_in(connection)
    assert not found, "\n".join(found)
