"""Overdue holds are stock: no buyer waits for a sweeper, and none is refused because of one."""

from __future__ import annotations

import random
from typing import Any

import pytest
from harness import (
    LOCATE,
    LONG,
    READ_COMMITTED,
    RECEIVE,
    RELEASE,
    RESERVE,
    SWEEP,
    age,
    all_end,
    ask,
    attempt,
    call,
    connected,
    items,
    keep_stock,
    keeper,
    no_deadlocks,
    reserve,
    start,
    stock,
    tally,
    team,
    wait_until_blocked,
)
from psycopg import IsolationLevel

UNITS = 24
ROUNDS = 40 if LONG else 4
CONSUME = """
select inventory.consume_order_holds(%s, array_agg(variant_id), array[1, 1], true) as is_sale
from product.variants
"""


def hold_everything(url: str, sizes: list[int], owner: str = "order:1") -> None:
    """Let overdue holds of given sizes have all units."""
    with team(url, 1) as buyers:
        for size in sizes:
            assert attempt(buyers.connections[0], reserve({"A": size}, owner)).is_done
    assert stock(url, "A").available_stock == 0
    assert age(url, owner) == len(sizes)
    assert stock(url, "A").available_stock == sum(sizes)


@pytest.mark.parametrize("buckets", [1, 16])
@pytest.mark.parametrize("quantity", [1, 5, UNITS])
def test_the_next_buyer_gets_it(
    shop: str, isolation: IsolationLevel, buckets: int, quantity: int
) -> None:
    keep_stock(shop, {"A": UNITS}, buckets)
    hold_everything(shop, [2] * (UNITS // 2))
    with team(shop, 1, isolation) as buyers:
        (outcome,) = buyers.race([reserve({"A": quantity}, "session:next")])
    assert tally([outcome]) == {"done": 1}
    level = stock(shop, "A")
    assert (level.reserved_quantity, level.available_stock) == (quantity, UNITS - quantity)


def all_is_sold(url: str, clients: int, buckets: int, isolation: IsolationLevel) -> None:
    """Let buyers of three units each come at once: all overdue units are sold, once."""
    keep_stock(url, {"A": UNITS}, buckets)
    hold_everything(url, [1, 1, 1, 5, 2, 2, 6, 3, 3])
    with no_deadlocks(url), team(url, clients, isolation) as buyers:
        outcomes = buyers.race([reserve({"A": 3}, f"session:{n}") for n in range(clients)])
    assert tally(outcomes) == {"done": UNITS // 3, "SHI01": clients - UNITS // 3}
    assert stock(url, "A").available_stock == 0


@pytest.mark.parametrize("buckets", [1, 16])
def test_many_buyers_share_it(shop: str, isolation: IsolationLevel, buckets: int) -> None:
    clients = 32 if isolation is READ_COMMITTED else 12
    all_is_sold(shop, clients, buckets, isolation)


@pytest.mark.parametrize("buckets", [1, 16])
def test_while_the_sweepers_run(
    shop: str, rng: random.Random, isolation: IsolationLevel, buckets: int
) -> None:
    """There is exactly enough for all buyers, so none may be refused."""
    keep_stock(shop, {"A": UNITS}, buckets)
    with no_deadlocks(shop), team(shop, 10, isolation) as everybody:
        for _ in range(ROUNDS):
            small = rng.choice([1, 2, 3])
            hold_everything(shop, [small] * 4 + [UNITS - 4 * small])
            jobs = [reserve({"A": 3}, f"order:{n + 2}") for n in range(8)] + [call(SWEEP)] * 2
            rng.shuffle(jobs)
            outcomes = everybody.race(jobs)
            assert tally(outcomes) == {"done": 10}
            release_everything(shop)


def release_everything(url: str) -> None:
    held = "select reservation from inventory.reservation_list where status = 'active'"
    handles = [row.reservation for row in ask(url, held)]
    ask(url, RELEASE, handles, None)
    assert stock(url, "A").available_stock == UNITS


def test_while_owners_come_back(shop: str) -> None:
    """Four owners have overdue holds of all units and ask for some of it again, at once."""
    keep_stock(shop, {"A": UNITS}, 2)
    owners = [f"session:{name}" for name in "abcd"]
    with no_deadlocks(shop), team(shop, 8) as buyers:
        for _ in range(ROUNDS):
            for owner in owners:
                ask_for = call(
                    "select * from inventory.reserve_inventory(%s, %s)",
                    items({"A": UNITS // 4}),
                    owner,
                )
                assert buyers.race([ask_for])[0].is_done
            age(shop)
            outcomes = buyers.race([reserve({"A": 3}, owner) for owner in owners * 2])
            assert tally(outcomes) == {"done": 8}
            release_everything(shop)


def test_at_another_location(shop: str, isolation: IsolationLevel) -> None:
    """Overdue units at two locations make one parcel."""
    keep_stock(shop, {"A": 6})
    ask(shop, LOCATE, "EAST", "East", 2, None)
    ask(shop, RECEIVE, items({"A": 6}), "EAST", None)
    hold_everything(shop, [6, 6])
    with team(shop, 1, isolation) as buyers:
        (outcome,) = buyers.race([reserve({"A": 9}, "session:next")])
    places: dict[Any, int] = {row.location: row.quantity for row in outcome.rows}
    assert places.keys() == {"MAIN", "EAST"}
    assert sum(places.values()) == 9
    assert stock(shop, "A").available_stock == 3


def test_sweepers_expire_each_hold_once(shop: str, isolation: IsolationLevel) -> None:
    skus = {f"S{n}": 50 for n in range(8)}
    keep_stock(shop, skus, 4)
    with no_deadlocks(shop), team(shop, 6, isolation) as sweepers:
        for _ in range(ROUNDS):
            with team(shop, 5) as buyers:
                jobs = [reserve(dict.fromkeys(skus, 7), f"session:{n}") for n in range(5)]
                assert tally(buyers.race(jobs)) == {"done": 5}
            assert age(shop) == 5 * len(skus)
            outcomes = sweepers.race([call(SWEEP)] * 6)
            assert tally(outcomes) == {"done": 6}
            rows = [row for outcome in outcomes for row in outcome.rows]
            assert {row.error for row in rows} == {None}
            assert sum(row.reservations for row in rows) == 5 * len(skus)
            assert sum(row.units for row in rows) == 35 * len(skus)
            assert {stock(shop, sku).available_stock for sku in skus} == {50}


def test_late_payments_that_need_what_the_other_lets_lapse(shop: str) -> None:
    """Two orders past their expiry, each without what the other still holds: one is a sale."""
    keep_stock(shop, {"A": 1, "B": 1})
    for owner, sku in (("order:1", "A"), ("order:2", "B")):
        ask(shop, RESERVE, items({sku: 1}), owner, None, None)
    age(shop)
    with (
        no_deadlocks(shop),
        keeper(shop) as gate,
        keeper(shop) as observer,
        connected(shop, 2, role="postgres") as customers,
    ):
        gate.execute("begin")
        gate.execute("select from inventory.inventory for no key update")
        payments = [
            start(customer, call(CONSUME, number))
            for number, customer in enumerate(customers, start=1)
        ]
        for payment in payments:
            wait_until_blocked(observer, payment)
        gate.execute("commit")
        outcomes = all_end(payments)
    assert tally(outcomes) == {"done": 2}
    assert sorted(outcome.rows[0].is_sale for outcome in outcomes) == [False, True]
