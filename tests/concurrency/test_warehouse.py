"""Transfers, deliveries, stocktakes, alerts and analytics at once, and beside buyers."""

from __future__ import annotations

import threading
from itertools import cycle

import pytest
from harness import (
    LOCATE,
    RECEIVE,
    SHIP,
    Connection,
    Job,
    Outcome,
    all_end,
    ask,
    attempt,
    call,
    connected,
    done,
    items,
    keep_stock,
    keeper,
    no_deadlocks,
    open_items,
    reserve,
    start,
    stock,
    tally,
    team,
    tell,
    wait_until_blocked,
)
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

EDITOR = "inventory_editor"
EDITORS = 5
STALE = "SHC02"
TRANSFER = "select * from inventory.transfer_stock(%s, %s, %s, null, %s)"
SUPPLIER = "select * from inventory.set_supplier(%s, %s, %s, %s)"
ITEM = "select * from inventory.set_supplier_item(%s, %s, %s, 'EUR', %s, p_is_preferred => true)"
DELIVER = "select * from inventory.receive_from_supplier(%s, %s, '2026-01-05')"
CATEGORY = "select * from inventory.set_inventory_category(%s, %s, 'A', 7, %s)"
LOCATION = "select * from inventory.update_location('MAIN', %s, %s)"
OVERSTOCK = "select * from inventory.set_overstock_level('A', %s, %s)"
DAMAGE = "select * from inventory.record_damage('A', %s, 0, %s, 'Fell down')"
START = "select * from inventory.start_stock_count()"
RECORD = "select * from inventory.record_stock_count(%s, %s)"
POST = "select * from inventory.post_stock_count(%s, %s)"
ALERTS = "select * from inventory.refresh_alerts()"
ANALYTICS = "select * from inventory.rebuild_analytics(%s)"
CLASSIFY = "select * from inventory.classify_stock()"
CONFIGURE = "select * from inventory.configure_stock('A', %s, %s)"
OPEN_ALERTS = "select kind, observed from inventory.alert_list where is_open order by kind"
PREFERRED = "select supplier from inventory.supplier_item_list where is_preferred"
ON_HAND = "select sum(on_hand)::integer as units from inventory.inventory"
LEVELS = "select location, current_stock from inventory.stock_levels order by location"
DAYS = """
select variant_id, day, received, sold, closing from inventory.inventory_analytics order by 1, 2
"""
FORGET = "truncate inventory.inventory_analytics, inventory.analytics_progress"
LOCK_HEADS = "select from inventory.inventory for no key update"
LOCK_FIRST_BUCKET = """
select from inventory.stock_buckets where variant_id = (
    select variant_id from product.variants where sku = 'A'
) for update
"""


def two_places(url: str, units: int) -> None:
    """Keep units of A and B in both of two places."""
    keep_stock(url, {"A": units, "B": units})
    ask(url, LOCATE, "TOWN", "Shop in town", 2, None)
    ask(url, RECEIVE, items({"A": units, "B": units}), "TOWN", None)


def counted(units: int) -> Jsonb:
    return Jsonb([{"sku": "A", "counted": units}])


def test_transfers_in_both_directions(shop: str, isolation: IsolationLevel) -> None:
    """Each call wants the same rows, half of them in the other order."""
    two_places(shop, 100)
    directions = cycle([("MAIN", "TOWN"), ("TOWN", "MAIN")])
    jobs = [
        call(TRANSFER, items([("B", 3), ("A", 2)][:: 1 - n % 4 // 2 * 2]), *next(directions), None)
        for n in range(8)
    ]
    with no_deadlocks(shop), team(shop, 8, isolation, EDITOR) as movers:
        assert tally(movers.race(jobs)) == {"done": 8}
    assert ask(shop, ON_HAND)[0].units == 400
    assert {row.current_stock for row in ask(shop, LEVELS)} == {100}


def test_the_last_units_go_one_way(shop: str) -> None:
    """Of buyers and a transfer that want the same units nobody gets what another one has."""
    two_places(shop, 6)
    buyers = [reserve({"A": 1}, f"order:{n + 1}", location="MAIN") for n in range(6)]
    movers = [call(TRANSFER, items({"A": 2}), "MAIN", "TOWN", None) for _ in range(3)]
    with no_deadlocks(shop), team(shop, 9, role=EDITOR) as everybody:
        outcomes = everybody.race(buyers + movers)
    assert set(tally(outcomes)) <= {"done", "SHI01"}
    sold, moved = len(done(outcomes[:6])), len(done(outcomes[6:]))
    # A single unit may be left, too few for a parcel of two.
    assert sold + 2 * moved in (5, 6)
    assert stock(shop, "A").reserved_quantity == sold


def test_one_key_moves_once(shop: str, isolation: IsolationLevel) -> None:
    two_places(shop, 10)
    job = call(TRANSFER, items({"A": 3}), "MAIN", "TOWN", "key")
    with no_deadlocks(shop), team(shop, 4, isolation, EDITOR) as movers:
        outcomes = movers.race([job] * 4)
    assert tally(outcomes) == {"done": 4}
    assert len({tuple(outcome.rows) for outcome in outcomes}) == 1
    assert len(ask(shop, "select from inventory.stock_transfers")) == 1


def test_a_transfer_beside_deliveries_and_shipments(shop: str) -> None:
    two_places(shop, 20)
    with keeper(shop) as connection:
        held = [attempt(connection, reserve({"A": 1}, "order:1")).rows[0] for _ in range(3)]
        handles = [row.reservation for row in held]
        connection.execute("select inventory.commit_reservations(%s)", [handles])
        connection.execute(SUPPLIER, ["ACME", "Acme", 3, 0])
    jobs: list[Job] = [call(SHIP, open_items([handle]), None) for handle in handles]
    jobs += [call(DELIVER, "ACME", items({"B": 2, "A": 1})) for _ in range(2)]
    jobs += [call(TRANSFER, items({"A": 1, "B": 1}), "TOWN", "MAIN", None) for _ in range(3)]
    with no_deadlocks(shop), team(shop, 8, role=EDITOR) as everybody:
        assert tally(everybody.race(jobs)) == {"done": 8}
    assert ask(shop, ON_HAND)[0].units == 80 - 3 + 6


@pytest.mark.parametrize(
    "edit",
    [
        lambda n: call(SUPPLIER, "ACME", f"Acme {n}", n, 1),
        lambda n: call(SUPPLIER, "BOLT", f"Bolt {n}", n, 0),
        lambda n: call(ITEM, "ACME", "A", n, 0),
        lambda n: call(LOCATION, 1, f"Main {n}"),
        lambda n: call(OVERSTOCK, 2, n),
        lambda n: call(DAMAGE, n + 1, 2),
        lambda n: call(CATEGORY, "A", f"A {n}", 1),
        lambda n: call(CATEGORY, "NEW", f"New {n}", 0),
    ],
    ids=["supplier", "new", "terms", "location", "overstock", "damage", "category", "new_category"],
)
def test_of_editors_one_wins(own_shop: str, isolation: IsolationLevel, edit: object) -> None:
    assert callable(edit)
    keep_stock(own_shop, {"A": 50})
    ask(own_shop, SUPPLIER, "ACME", "Acme", 3, 0)
    with no_deadlocks(own_shop), team(own_shop, EDITORS, isolation, EDITOR) as editors:
        outcomes = editors.race([edit(n) for n in range(EDITORS)])
    assert tally(outcomes) == {"done": 1, STALE: EDITORS - 1}


def test_two_suppliers_are_preferred_at_once(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 0})
    codes = ["ACME", "BOLT", "CROW", "DOVE"]
    for code in codes:
        ask(shop, SUPPLIER, code, code, 3, 0)
    with no_deadlocks(shop), team(shop, 4, isolation, EDITOR) as editors:
        outcomes = editors.race([call(ITEM, code, "A", 1, 0) for code in codes])
    assert tally(outcomes) == {"done": 4}
    assert len(ask(shop, PREFERRED)) == 1


def test_a_stocktake_is_posted_once(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 10})
    (sheet,) = ask(shop, START)
    ask(shop, RECORD, sheet.count_id, counted(7))
    with no_deadlocks(shop), team(shop, EDITORS, isolation, EDITOR) as editors:
        outcomes = editors.race([call(POST, sheet.count_id, 2)] * EDITORS)
    assert tally(outcomes) == {"done": 1, "SHI24": EDITORS - 1}
    assert stock(shop, "A").current_stock == 7


def test_a_sku_is_counted_in_one_stocktake(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 10})
    sheets = [ask(shop, START)[0].count_id for _ in range(4)]
    with no_deadlocks(shop), team(shop, 4, isolation, EDITOR) as editors:
        outcomes = editors.race([call(RECORD, sheet, counted(7)) for sheet in sheets])
    assert tally(outcomes) == {"done": 1, "SHI26": 3}


def test_a_stocktake_that_is_posted_waits_for_the_last_line(shop: str) -> None:
    keep_stock(shop, {"A": 10})
    (sheet,) = ask(shop, START)
    with (
        no_deadlocks(shop),
        keeper(shop) as observer,
        connected(shop, 2, role=EDITOR) as (counter, poster),
    ):
        counter.execute("begin")
        assert attempt(counter, call(RECORD, sheet.count_id, counted(7))).is_done
        posted = start(poster, call(POST, sheet.count_id, 1))
        wait_until_blocked(observer, posted, counter)
        counter.execute("commit")
        assert tally([posted.outcome()]) == {STALE: 1}
    assert stock(shop, "A").current_stock == 10


def test_the_difference_is_posted_beside_sales(shop: str) -> None:
    """Two of thousands are not found; meanwhile some are sold and shipped, never all of them."""
    keep_stock(shop, {"A": 9002})
    (sheet,) = ask(shop, START)
    ask(shop, RECORD, sheet.count_id, counted(9000))
    is_over = threading.Event()

    def sell(connection: Connection) -> int:
        sold = 0
        while not is_over.is_set():
            held = attempt(connection, reserve({"A": 1}, "order:1")).rows[0].reservation
            attempt(connection, call("select inventory.commit_reservations(%s)", [held]))
            sold += attempt(connection, call(SHIP, open_items([held]), None)).is_done
        return sold

    def post(connection: Connection) -> int:
        try:
            assert attempt(connection, call(POST, sheet.count_id, 2)).is_done
        finally:
            is_over.set()
        return 0

    with no_deadlocks(shop), team(shop, 4, role=EDITOR) as everybody:
        sold = sum(everybody.run([post, sell, sell, sell]))
    assert stock(shop, "A").current_stock == 9000 - sold


def test_an_alert_opens_once_and_closes_once(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 3})
    with no_deadlocks(shop), team(shop, 4, isolation) as jobs:
        opened = jobs.race([call(ALERTS)] * 4)
        assert tally(opened) == {"done": 4}
        assert sorted(len(outcome.rows) for outcome in opened) == [0, 0, 0, 1]
        ask(shop, RECEIVE, items({"A": 10}), "MAIN", None)
        closed = jobs.race([call(ALERTS)] * 4)
        assert sorted(len(outcome.rows) for outcome in closed) == [0, 0, 0, 1]
    assert not ask(shop, OPEN_ALERTS)


def test_alerts_wait_for_no_stock(shop: str) -> None:
    keep_stock(shop, {"A": 3})
    with keeper(shop) as gate, connected(shop, 1, settings={"lock_timeout": "1s"}) as (job,):
        gate.execute("begin")
        gate.execute(LOCK_HEADS)
        gate.execute("select from inventory.stock_buckets for update")
        assert len(attempt(job, call(ALERTS)).rows) == 1
        assert attempt(job, call(ANALYTICS, 10)).is_done
        gate.execute("commit")


def test_low_stock_is_found_whatever_buyers_did(shop: str) -> None:
    """Levels, buckets and availability change all at once; the index misses nothing."""
    keep_stock(shop, {"A": 200}, 4)
    is_over = threading.Event()

    def buy(connection: Connection) -> list[Outcome]:
        outcomes = []
        while not is_over.is_set():
            outcomes.append(attempt(connection, reserve({"A": 3}, "order:1")))
        return outcomes

    def edit(connection: Connection) -> list[Outcome]:
        try:
            outcomes = []
            for round_number, buckets in enumerate((8, 16, 16)):
                version = stock(shop, "A").version
                outcomes += [
                    attempt(connection, call(CONFIGURE, version, 10 * round_number)),
                    attempt(connection, call("select inventory.split_buckets('A', %s)", buckets)),
                    attempt(connection, call("select inventory.merge_buckets('A', 3)")),
                    attempt(connection, call(ALERTS)),
                ]
            return outcomes
        finally:
            is_over.set()

    with no_deadlocks(shop), team(shop, 5, role=EDITOR) as everybody:
        outcomes = [outcome for each in everybody.run([edit, *[buy] * 4]) for outcome in each]
    assert set(tally(outcomes)) <= {"done", "SHI01"}
    left = stock(shop, "A").available_stock
    ask(shop, CONFIGURE, stock(shop, "A").version, left)
    ask(shop, ALERTS)
    kinds = {row.kind for row in ask(shop, OPEN_ALERTS)}
    assert kinds == {"low_stock"} | ({"out_of_stock"} if left == 0 else set())


def test_analytics_beside_shipments(shop: str) -> None:
    """What is built while stock moves is, in the end, what is built at once."""
    skus = [f"S{n}" for n in range(5)]
    keep_stock(shop, dict.fromkeys(skus, 1000))
    is_over = threading.Event()

    def move(connection: Connection) -> int:
        moved = 0
        for sku in cycle(skus):
            if is_over.is_set():
                return moved
            moved += attempt(connection, call(RECEIVE, items({sku: 1}), "MAIN", None)).is_done
        return moved

    def build(connection: Connection) -> int:
        try:
            for _ in range(20):
                assert attempt(connection, call(ANALYTICS, 3)).is_done
        finally:
            is_over.set()
        return 0

    with no_deadlocks(shop), team(shop, 6) as everybody:
        moved = sum(everybody.run([build, build, *[move] * 4]))
    while ask(shop, ANALYTICS, 3):
        pass
    stepwise = ask(shop, DAYS)
    assert sum(row.received for row in stepwise) == 5000 + moved
    tell(shop, FORGET)
    ask(shop, ANALYTICS, 1000)
    assert ask(shop, DAYS) == stepwise


def test_stock_is_classified_beside_edits(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 10, "B": 10, "C": 10})
    jobs = [call(CLASSIFY)] * 3 + [call(DELIVER, "ACME", items({"C": 1, "A": 1}))] * 2
    ask(shop, SUPPLIER, "ACME", "Acme", 3, 0)
    with no_deadlocks(shop), team(shop, 5, isolation, EDITOR) as everybody:
        assert tally(everybody.race(jobs)) == {"done": 5}


@pytest.mark.parametrize("task", ["delivery", "stocktake"])
def test_new_stock_is_opened_in_its_turn(shop: str, task: str) -> None:
    """Not after the rows that were there: a delivery of the same may hold it, and want those."""
    keep_stock(shop, {"A": 10, "B": 0, "C": 10})
    ask(shop, SUPPLIER, "ACME", "Acme", 3, 0)
    (count,) = ask(shop, START)
    lines = Jsonb([{"sku": sku, "counted": 20} for sku in "ABC"])
    ask(shop, RECORD, count.count_id, lines)
    job = (
        call(DELIVER, "ACME", items({"A": 10, "B": 20, "C": 10}))
        if task == "delivery"
        else call(POST, count.count_id, count.version + 1)
    )
    with (
        no_deadlocks(shop),
        keeper(shop) as gate,
        keeper(shop) as observer,
        connected(shop, 2, role="postgres") as (editor, other),
    ):
        gate.execute("begin")
        gate.execute(LOCK_FIRST_BUCKET)
        first = start(editor, job)
        wait_until_blocked(observer, first, gate)
        second = start(other, call(RECEIVE, items({"B": 1, "C": 1}), None, None))
        wait_until_blocked(observer, second, first)
        gate.execute("commit")
        assert tally(all_end([first, second])) == {"done": 2}
    assert [stock(shop, sku).current_stock for sku in "ABC"] == [20, 21, 21]
