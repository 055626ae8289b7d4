"""What is there is sold, all of it and not one unit more, and nobody is refused what is there."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from harness import (
    LONG,
    MERGE,
    READ_COMMITTED,
    SPLIT,
    Connection,
    Outcome,
    Rows,
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

CLIENTS = 64
# At the stricter levels all but one of those who meet at a row begin again: the work is quadratic.
STRICT_CLIENTS = 64 if LONG else 16


def units(outcomes: list[Outcome]) -> int:
    return sum(row.quantity for outcome in outcomes for row in outcome.rows)


def sell_single_units(
    url: str, clients: int, on_hand: int, buckets: int, isolation: IsolationLevel = READ_COMMITTED
) -> None:
    """Let more clients than there are units ask for one unit each."""
    keep_stock(url, {"HOT": on_hand}, buckets)
    with team(url, clients, isolation) as buyers:
        outcomes = buyers.race([reserve({"HOT": 1}, f"order:{n + 1}") for n in range(clients)])
    assert tally(outcomes) == {"done": on_hand, "SHI01": clients - on_hand}
    assert units(outcomes) == on_hand
    left = stock(url, "HOT")
    assert (left.reserved_quantity, left.available_stock) == (on_hand, 0)


def assert_no_false_refusal(outcomes: list[Outcome], asked: list[int]) -> None:
    """Compare each refusal with what was sold to those who came after it.

    Availability only falls here, so all that was sold later was there when it was refused.
    """
    for refusal, quantity in zip(outcomes, asked, strict=True):
        if not refusal.is_done:
            assert refusal.sqlstate == "SHI01"
            (shortage,) = refusal.detail["shortages"]
            assert shortage["available"] < shortage["requested"] == quantity
            later = units([o for o in done(outcomes) if o.began > refusal.ended])
            assert later < quantity, f"refused {quantity}, and then sold {later}"


def buyer(rng: random.Random, name: int) -> Callable[[Connection], list[tuple[int, Outcome]]]:
    """Take from 1 to 7 units a time; when that is refused, go on with less, down to one unit."""

    def buy(connection: Connection) -> list[tuple[int, Outcome]]:
        most = 7
        calls = []
        while most > 0:
            quantity = rng.randint(1, most)
            outcome = attempt(connection, reserve({"HOT": quantity}, f"order:{name + 1}"))
            calls.append((quantity, outcome))
            if not outcome.is_done:
                most = quantity - 1
        return calls

    return buy


def sell_quantities(
    url: str,
    rng: random.Random,
    clients: int,
    on_hand: int,
    buckets: int,
    isolation: IsolationLevel = READ_COMMITTED,
    rebucketers: int = 0,
) -> None:
    """Let clients buy until they are refused a single unit, while buckets are split and merged."""
    keep_stock(url, {"HOT": on_hand}, buckets)
    is_over = threading.Event()
    gone: list[int] = []

    def shop_until_sold_out(name: int) -> Callable[[Connection], list[tuple[int, Outcome]]]:
        buy = buyer(random.Random(rng.random()), name)

        def run(connection: Connection) -> list[tuple[int, Outcome]]:
            try:
                return buy(connection)
            finally:
                gone.append(name)
                if len(gone) == clients:
                    is_over.set()

        return run

    def rebucket(connection: Connection) -> list[tuple[int, Outcome]]:
        steps = [(SPLIT, 64), (MERGE, 16), (MERGE, 1), (SPLIT, 2), (SPLIT, 16), (MERGE, 2)]
        while not is_over.is_set():
            for query, number in steps:
                outcome = attempt(connection, call(query, "HOT", number))
                # Another one may have been there before.
                assert outcome.sqlstate in ("done", "22023")
        return []

    with team(url, clients + rebucketers, isolation) as everybody:
        results = everybody.run(
            [shop_until_sold_out(name) for name in range(clients)] + [rebucket] * rebucketers
        )
    calls = [each for result in results for each in result]
    outcomes = [outcome for _, outcome in calls]
    assert units(outcomes) == on_hand
    assert_no_false_refusal(outcomes, [quantity for quantity, _ in calls])
    assert stock(url, "HOT").available_stock == 0


@pytest.mark.parametrize("buckets", [1, 2, 16, 64])
def test_single_units(shop: str, buckets: int) -> None:
    with no_deadlocks(shop):
        sell_single_units(shop, CLIENTS, 40, buckets)


@pytest.mark.parametrize("buckets", [1, 16])
def test_single_units_at_each_level(shop: str, isolation: IsolationLevel, buckets: int) -> None:
    sell_single_units(shop, STRICT_CLIENTS, STRICT_CLIENTS * 5 // 8, buckets, isolation)


@pytest.mark.parametrize("buckets", [1, 2, 16, 64])
def test_quantities_that_no_bucket_covers(shop: str, rng: random.Random, buckets: int) -> None:
    with no_deadlocks(shop):
        sell_quantities(shop, rng, CLIENTS if LONG else 24, 200, buckets)


def test_splits_and_merges_meanwhile(
    shop: str, rng: random.Random, isolation: IsolationLevel
) -> None:
    clients = 12 if isolation is READ_COMMITTED else 6
    with no_deadlocks(shop):
        sell_quantities(shop, rng, clients, 160, 16, isolation, rebucketers=2)


def test_many_clients_with_splits_and_merges(shop: str, rng: random.Random) -> None:
    sell_quantities(shop, rng, CLIENTS - 2, 600 if LONG else 300, 2, rebucketers=2)


def test_a_refusal_states_what_is_there(shop: str) -> None:
    keep_stock(shop, {"HOT": 5}, 4)

    def ask(connection: Connection) -> Rows:
        return reserve({"HOT": 6}, "order:1")(connection)

    with team(shop, 8) as buyers:
        outcomes = buyers.race([ask] * 8)
    assert tally(outcomes) == {"SHI01": 8}
    assert {o.detail["shortages"][0]["available"] for o in outcomes} == {5}
