"""Orders of several lines lock in one order, whatever order they are written in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from harness import (
    LONG,
    READ_COMMITTED,
    RELEASE,
    Connection,
    Outcome,
    Team,
    attempt,
    call,
    done,
    keep_stock,
    no_deadlocks,
    reserve,
    stock,
    tally,
    team,
)
from psycopg import IsolationLevel

SKUS = [f"SKU-{n:02}" for n in range(20)]
Orders = list[list[tuple[str, int]]]


def shuffled_orders(rng: random.Random, count: int, lines: int = 5) -> Orders:
    """Make orders on few SKUs: their lines are in random order, and SKUs come up twice."""
    return [[(sku, rng.randint(1, 3)) for sku in rng.choices(SKUS, k=lines)] for _ in range(count)]


def place(name: int, orders: Orders) -> Callable[[Connection], list[Outcome]]:
    def run(connection: Connection) -> list[Outcome]:
        return [
            attempt(connection, reserve(order, f"order:{name + 1}{number:04}"))
            for number, order in enumerate(orders)
        ]

    return run


def place_orders(buyers: Team, rng: random.Random, each: int) -> tuple[Orders, list[Outcome]]:
    carts = [shuffled_orders(rng, each) for _ in buyers.connections]
    results = buyers.run([place(name, orders) for name, orders in enumerate(carts)])
    orders = [order for cart in carts for order in cart]
    return orders, [outcome for result in results for outcome in result]


def sold(outcomes: list[Outcome]) -> Counter[str]:
    total: Counter[str] = Counter()
    for outcome in outcomes:
        for row in outcome.rows:
            total[row.sku] += row.quantity
    return total


def test_all_succeed_while_stock_lasts(
    shop: str, rng: random.Random, isolation: IsolationLevel
) -> None:
    clients, each = (32, 10 if LONG else 4) if isolation is READ_COMMITTED else (8, 4)
    keep_stock(shop, dict.fromkeys(SKUS, 5000))
    with no_deadlocks(shop), team(shop, clients, isolation) as buyers:
        orders, outcomes = place_orders(buyers, rng, each)
    assert tally(outcomes) == {"done": clients * each}
    assert sold(outcomes) == sum((Counter(dict_of(order)) for order in orders), Counter())


def dict_of(order: list[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for sku, quantity in order:
        total[sku] += quantity
    return dict(total)


@pytest.mark.parametrize("buckets", [1, 4])
def test_each_order_is_whole_or_not_there(shop: str, rng: random.Random, buckets: int) -> None:
    keep_stock(shop, dict.fromkeys(SKUS, 30), buckets)
    with no_deadlocks(shop), team(shop, 24) as buyers:
        orders, outcomes = place_orders(buyers, rng, 5)
    assert set(tally(outcomes)) == {"done", "SHI01"}
    for order, outcome in zip(orders, outcomes, strict=True):
        if outcome.is_done:
            assert {row.sku: row.quantity for row in outcome.rows} == dict_of(order)
        else:
            short = {shortage["sku"] for shortage in outcome.detail["shortages"]}
            assert short
            assert short <= set(dict_of(order))
    total = sold(outcomes)
    for sku in SKUS:
        level = stock(shop, sku)
        assert (level.reserved_quantity, level.available_stock) == (total[sku], 30 - total[sku])


def test_orders_and_their_release(shop: str, rng: random.Random) -> None:
    """Release takes and returns in the same order as reserving, or the two would deadlock."""
    keep_stock(shop, dict.fromkeys(SKUS, 500), 2)

    def come_and_go(name: int, orders: Orders) -> Callable[[Connection], list[Outcome]]:
        def run(connection: Connection) -> list[Outcome]:
            outcomes = place(name, orders)(connection)
            handles = [row.reservation for o in outcomes for row in o.rows]
            random.Random(name).shuffle(handles)
            return [attempt(connection, call(RELEASE, handles, None))]

        return run

    with no_deadlocks(shop), team(shop, 16) as buyers:
        workers = [come_and_go(name, shuffled_orders(rng, 4)) for name in range(16)]
        outcomes = [outcome for result in buyers.run(workers) for outcome in result]
    assert len(done(outcomes)) == 16, tally(outcomes)
    assert {stock(shop, sku).available_stock for sku in SKUS} == {500}
