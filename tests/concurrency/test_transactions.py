"""Inside somebody's longer transaction, and when a call is stopped in the middle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from harness import (
    COMMIT,
    PATIENCE_S,
    RELEASE,
    SWEEP,
    Connection,
    Job,
    Rows,
    age,
    ask,
    attempt,
    call,
    connected,
    content,
    keep_stock,
    keeper,
    no_deadlocks,
    reserve,
    start,
    stock,
    tally,
    wait_until_blocked,
)
from psycopg import IsolationLevel, sql
from test_idempotency import REQUESTS, World, make_worlds

# Calls that are stopped wait this long; one that is not must get by without it on a slow machine.
SOON = "30ms"
SLOW = "250ms"
LOCK_TABLE = sql.SQL("lock table {} in exclusive mode")
WRITTEN = [
    ("core", "idempotency_keys"),
    ("events", "outbox_events"),
    ("inventory", "inventory"),
    ("inventory", "inventory_movements"),
    ("inventory", "inventory_reservations"),
    ("inventory", "stock_buckets"),
]
CANCELED = "57014"
RESERVED = "select sku, quantity from inventory.reservation_list where owner = %s order by 1, 2"


@pytest.fixture
def buyer(shop: str, isolation: IsolationLevel) -> Connection:  # type: ignore[misc]
    with connected(shop, 1, isolation) as (connection,):
        yield connection


NOWHERE = World("", "", "", "", 0, "", 0, "", 0)


def test_two_calls_in_one_transaction(shop: str, buyer: Connection) -> None:
    keep_stock(shop, {"A": 10, "B": 10})
    with buyer.transaction():
        first = reserve({"B": 2}, "session:s", "one")(buyer)
        second = reserve({"A": 3}, "session:s", "two")(buyer)
        buyer.execute(COMMIT, [[first[0].reservation], "three"])
        buyer.execute(RELEASE, [[second[0].reservation], "four"])
    assert stock(shop, "A").available_stock == 10
    assert stock(shop, "B").available_stock == 8


def test_a_transaction_that_is_rolled_back(shop: str, buyer: Connection) -> None:
    keep_stock(shop, {"A": 10})
    before = content(shop)
    with buyer.transaction(force_rollback=True):
        held = reserve({"A": 3}, "session:s", "key")(buyer)
        buyer.execute(COMMIT, [[held[0].reservation], "key"])
        assert stock(shop, "A").available_stock == 10, "nobody else sees it"
    assert content(shop) == before
    assert reserve({"A": 10}, "session:s", "key")(buyer)[0].quantity == 10


def test_a_key_twice_in_one_transaction(shop: str, buyer: Connection) -> None:
    keep_stock(shop, {"A": 10})
    with buyer.transaction():
        first = reserve({"A": 3}, "session:s", "key")(buyer)
        assert reserve({"A": 3}, "session:s", "key")(buyer) == first
        handles = [row.reservation for row in first]
        committed = call(COMMIT, handles, "key")(buyer)
        assert call(COMMIT, handles, "key")(buyer) == committed
    assert ask(shop, RESERVED, "session:s") == [("A", 3)]


def test_a_savepoint_that_is_rolled_back(shop: str, buyer: Connection) -> None:
    """Effect and key go away together, so the key works again; what came before it stays."""
    keep_stock(shop, {"A": 10, "B": 10}, 4)
    with buyer.transaction():
        reserve({"A": 1}, "session:s", "before")(buyer)
        with buyer.transaction(force_rollback=True):
            reserve({"A": 4, "B": 9}, "session:s", "key")(buyer)
        reserve({"B": 2}, "session:s", "key")(buyer)
    assert ask(shop, RESERVED, "session:s") == [("A", 1), ("B", 2)]


def test_a_refusal_in_a_savepoint(shop: str, buyer: Connection) -> None:
    """A caller may catch a refusal and go on; the refused call left nothing behind."""
    keep_stock(shop, {"A": 10, "B": 3}, 2)
    with buyer.transaction():
        reserve({"A": 2}, "session:s")(buyer)
        with pytest.raises(psycopg.Error) as refusal, buyer.transaction():
            reserve({"A": 1, "B": 4}, "session:s", "key")(buyer)
        assert refusal.value.sqlstate == "SHI01"
        reserve({"A": 1, "B": 3}, "session:s", "key")(buyer)
    assert ask(shop, RESERVED, "session:s") == [("A", 1), ("A", 2), ("B", 3)]


def test_an_overdue_hold_is_expired_in_a_savepoint(shop: str, buyer: Connection) -> None:
    """What the savepoint reclaimed is overdue again when it is rolled back, and can be swept."""
    keep_stock(shop, {"A": 4})
    reserve({"A": 4}, "session:old")(buyer)
    age(shop)
    with buyer.transaction():
        with buyer.transaction(force_rollback=True):
            reserve({"A": 4}, "session:new")(buyer)
        assert [row.units for row in call(SWEEP)(buyer)] == [4]
    assert stock(shop, "A").available_stock == 4


def test_two_transactions_in_opposite_order(shop: str) -> None:
    """Several calls in a transaction may deadlock; one is told so, and succeeds when repeated."""
    keep_stock(shop, {"A": 10, "B": 10})
    # The server looks for deadlocks after this.
    with (
        keeper(shop) as observer,
        connected(shop, 2, role="postgres", settings={"deadlock_timeout": "20ms"}) as (one, other),
    ):
        for session, sku in ((one, "A"), (other, "B")):
            session.execute("begin")
            assert attempt(session, reserve({sku: 1}, "order:1", f"first {sku}")).is_done
        waiting = start(one, reserve({"B": 1}, "order:1", "one"))
        wait_until_blocked(observer, waiting, other)
        last = attempt(other, reserve({"A": 1}, "order:2", "other"))
        # Ending the one that was not refused lets the other one go on.
        other.execute("commit")
        first = waiting.outcome()
        one.execute("commit")
        assert sorted(tally([first, last])) == ["40P01", "done"]
        loser = other if first.is_done else one
        with loser.transaction():
            for sku in "AB":
                assert attempt(loser, reserve({sku: 1}, "order:3", f"again {sku}")).is_done
    assert stock(shop, "A").available_stock == stock(shop, "B").available_stock == 8


def jobs(world: World, key: str) -> dict[str, Job]:
    made = {name: request.job(world, key) for name, request in REQUESTS.items()}
    return {
        name: job
        for name, job in made.items()
        if name.startswith("inventory.") and name != "inventory.create_location"
    }


def stop_at(
    url: str, tables: list[tuple[str, str]], setting: str, limit: str, expected: str
) -> dict[str, list[str]]:
    """Stop each function at each table that it writes; afterwards the same key succeeds."""
    names = list(jobs(NOWHERE, ""))
    worlds = dict(zip(names, make_worlds(url, *[f"W{n}" for n in range(len(names))]), strict=True))
    stopped: dict[str, list[str]] = {name: [] for name in names}
    before = content(url)
    with keeper(url) as gate, connected(url, 1, settings={setting: limit}) as (caller,):
        for table in tables:
            with gate.transaction(force_rollback=True):
                gate.execute(LOCK_TABLE.format(sql.Identifier(*table)))
                for name in names:
                    with caller.transaction(force_rollback=True):
                        outcome = attempt(caller, jobs(worlds[name], "key")[name])
                    if not outcome.is_done:
                        assert outcome.sqlstate == expected
                        stopped[name].append(".".join(table))
        assert content(url) == before
        caller.execute("set lock_timeout = 0")
        caller.execute("set statement_timeout = '40s'")
        for name in names:
            assert attempt(caller, jobs(worlds[name], "key")[name]).is_done
    return stopped


def test_a_call_that_waits_too_long_for_a_lock_changes_nothing(shop: str) -> None:
    stopped = stop_at(shop, WRITTEN, "lock_timeout", SOON, "55P03")
    assert all("core.idempotency_keys" in tables for tables in stopped.values()), stopped
    assert all("events.outbox_events" in tables for tables in stopped.values()), stopped
    assert "inventory.stock_buckets" in stopped["inventory.reserve_inventory"]
    assert "inventory.stock_buckets" not in stopped["inventory.commit_reservations"]
    assert "inventory.inventory" not in stopped["inventory.reserve_inventory"]


def test_a_call_that_takes_too_long_changes_nothing(shop: str) -> None:
    """The events come late in a call: most of the work has been done when it is stopped."""
    stopped = stop_at(shop, [("events", "outbox_events")], "statement_timeout", SLOW, CANCELED)
    assert all(stopped.values()), stopped


@pytest.mark.parametrize("name", ["inventory.reserve_inventory", "inventory.ship_reservations"])
def test_a_call_that_is_cancelled_changes_nothing(shop: str, name: str) -> None:
    (world,) = make_worlds(shop, "A")
    before = content(shop)
    with keeper(shop) as gate, keeper(shop) as observer, connected(shop, 1) as (caller,):
        with gate.transaction(force_rollback=True):
            gate.execute(LOCK_TABLE.format(sql.Identifier("inventory", "inventory_movements")))
            gate.execute(LOCK_TABLE.format(sql.Identifier("inventory", "stock_buckets")))
            waiting = start(caller, jobs(world, "key")[name])
            wait_until_blocked(observer, waiting, gate)
            observer.execute("select pg_cancel_backend(%s)", [waiting.pid])
            assert tally([waiting.outcome()]) == {CANCELED: 1}
        assert content(shop) == before
        assert attempt(caller, jobs(world, "key")[name]).is_done


def test_a_read_only_transaction_changes_nothing(shop: str) -> None:
    names = list(jobs(NOWHERE, ""))
    worlds = make_worlds(shop, *[f"W{n}" for n in range(len(names))])
    before = content(shop)
    with connected(shop, 1, settings={"default_transaction_read_only": "on"}) as (caller,):
        for name, world in zip(names, worlds, strict=True):
            assert tally([attempt(caller, jobs(world, "key")[name])]) == {"25006": 1}
    assert content(shop) == before


def test_a_caller_who_leaves_a_transaction_open(shop: str) -> None:
    """Its locks go with its connection, and nothing of it stays."""
    keep_stock(shop, {"A": 3})
    with keeper(shop) as observer, connected(shop, 2) as (leaver, buyer):
        leaver.execute("begin")
        assert attempt(leaver, reserve({"A": 3}, "order:1")).is_done
        waiting = start(buyer, reserve({"A": 3}, "order:2"))
        wait_until_blocked(observer, waiting, leaver)
        leaver.close()
        assert waiting.outcome().is_done


def test_many_transactions_of_two_calls_in_one_order(shop: str) -> None:
    """Callers that go in ascending order themselves never deadlock."""
    keep_stock(shop, {"A": 1000, "B": 1000})
    pair: list[dict[str, int]] = [{"A": 1}, {"B": 1}]

    def place(connection: Connection, number: int) -> Rows:
        rows: Rows = []
        for _ in range(8):
            with connection.transaction():
                for line in pair:
                    rows += reserve(line, f"order:{number + 1}")(connection)
        return rows

    with no_deadlocks(shop), connected(shop, 8) as buyers, ThreadPoolExecutor(8) as threads:
        results = list(threads.map(place, buyers, range(8), timeout=PATIENCE_S))
    assert sum(len(rows) for rows in results) == 8 * 8 * 2
    assert len(ask(shop, RESERVED, "order:1")) == 16
