"""An owner holds a variant at most five times, however many calls arrive at once."""

from __future__ import annotations

import random

import pytest
from harness import (
    LOCATE,
    READ_COMMITTED,
    RECEIVE,
    Job,
    Outcome,
    age,
    ask,
    call,
    items,
    keep_stock,
    no_deadlocks,
    reserve,
    tally,
    team,
    tell,
)
from psycopg import IsolationLevel

LIMIT = 5
REFUSED = "SHI02"
ACTIVE = """
select sku, owner, count(*) as holds from inventory.reservation_list
where status = 'active' group by sku, owner order by sku, owner
"""
REGISTER = "select user_id from account.register_user('ada@example.com', 'Ada')"


def holds(url: str) -> dict[tuple[str, str], int]:
    return {(row.sku, row.owner): row.holds for row in ask(url, ACTIVE)}


def race(url: str, jobs: list[Job], isolation: IsolationLevel = READ_COMMITTED) -> list[Outcome]:
    with no_deadlocks(url), team(url, len(jobs), isolation) as calls:
        return calls.race(jobs)


def sixth_hold(url: str, isolation: IsolationLevel, clients: int = 24, buckets: int = 1) -> None:
    """Let many calls of one owner arrive at once; five of them succeed."""
    keep_stock(url, {"A": 1000}, buckets)
    outcomes = race(url, [reserve({"A": 1}, "session:s")] * clients, isolation)
    assert tally(outcomes) == {"done": LIMIT, REFUSED: clients - LIMIT}
    refusal = next(outcome for outcome in outcomes if not outcome.is_done)
    assert refusal.detail == {"error": "RESERVATION_LIMIT_REACHED", "sku": "A", "limit": LIMIT}
    assert holds(url) == {("A", "session:s"): LIMIT}


def test_of_a_session(shop: str, isolation: IsolationLevel) -> None:
    sixth_hold(shop, isolation, 24 if isolation is READ_COMMITTED else 10)


def test_of_a_user_with_buckets(shop: str) -> None:
    user = f"user:{ask(shop, REGISTER)[0].user_id}"
    keep_stock(shop, {"A": 100}, 8)
    outcomes = race(shop, [reserve({"A": 9}, user)] * 12)
    assert tally(outcomes) == {"done": LIMIT, REFUSED: 12 - LIMIT}


def test_lines_of_one_sku_are_one_hold(shop: str) -> None:
    keep_stock(shop, {"A": 1000})
    outcomes = race(shop, [reserve([("A", 1), ("A", 2), ("A", 1)], "session:s")] * 12)
    assert tally(outcomes) == {"done": LIMIT, REFUSED: 12 - LIMIT}
    assert {row.quantity for outcome in outcomes for row in outcome.rows} == {4}


def test_over_several_skus(shop: str, rng: random.Random) -> None:
    """Each SKU is full at the end: a call is refused only for holds that are really there."""
    keep_stock(shop, {"A": 1000, "B": 1000})
    jobs = [reserve([("A", 1), ("B", 1)], "session:s"), reserve([("B", 1), ("A", 1)], "session:s")]
    jobs = [*jobs * 4, *[reserve({"A": 1}, "session:s"), reserve({"B": 1}, "session:s")] * 8]
    rng.shuffle(jobs)
    outcomes = race(shop, jobs)
    assert set(tally(outcomes)) == {"done", REFUSED}
    assert holds(shop) == {("A", "session:s"): LIMIT, ("B", "session:s"): LIMIT}


def test_owners_do_not_share_their_places(shop: str) -> None:
    keep_stock(shop, {"A": 1000})
    owners = [f"session:{name}" for name in "abcd"]
    outcomes = race(shop, [reserve({"A": 1}, owner) for owner in owners * 8])
    assert tally(outcomes) == {"done": 4 * LIMIT, REFUSED: 4 * (8 - LIMIT)}
    assert holds(shop) == {("A", owner): LIMIT for owner in owners}


def test_orders_have_no_limit(shop: str) -> None:
    keep_stock(shop, {"A": 1000})
    assert tally(race(shop, [reserve({"A": 1}, "order:1")] * 24)) == {"done": 24}


def test_at_two_locations(shop: str, isolation: IsolationLevel) -> None:
    """The best-ranked location is empty; all five holds come from the other one."""
    keep_stock(shop, {"A": 0})
    ask(shop, RECEIVE, items({"A": 1}), "MAIN", None)
    ask(shop, "select * from inventory.reserve_inventory(%s, 'order:1')", items({"A": 1}))
    ask(shop, LOCATE, "EAST", "East", 2, None)
    ask(shop, RECEIVE, items({"A": 1000}), "EAST", None)
    clients = 16 if isolation is READ_COMMITTED else 8
    outcomes = race(shop, [reserve({"A": 1}, "session:s")] * clients, isolation)
    assert tally(outcomes) == {"done": LIMIT, REFUSED: clients - LIMIT}
    assert {row.location for outcome in outcomes for row in outcome.rows} == {"EAST"}


def test_a_parcel_from_two_locations_takes_two_places(shop: str) -> None:
    keep_stock(shop, {"A": 3})
    ask(shop, LOCATE, "EAST", "East", 2, None)
    ask(shop, RECEIVE, items({"A": 3}), "EAST", None)
    outcomes = race(shop, [reserve({"A": 4}, "session:s")] * 12)
    assert tally(outcomes) == {"done": 1, "SHI01": 11}
    (parcel,) = [outcome.rows for outcome in outcomes if outcome.is_done]
    assert {row.location for row in parcel} == {"MAIN", "EAST"}
    assert sum(row.quantity for row in parcel) == 4
    assert holds(shop) == {("A", "session:s"): 2}


@pytest.mark.parametrize("buckets", [1, 8])
def test_overdue_holds_take_no_place(shop: str, isolation: IsolationLevel, buckets: int) -> None:
    keep_stock(shop, {"A": 1000}, buckets)
    race(shop, [reserve({"A": 1}, "session:s")] * LIMIT)
    assert age(shop) == LIMIT
    clients = 16 if isolation is READ_COMMITTED else 8
    outcomes = race(shop, [reserve({"A": 1}, "session:s")] * clients, isolation)
    assert tally(outcomes) == {"done": LIMIT, REFUSED: clients - LIMIT}


def test_a_limit_that_was_raised_counts_at_once(own_shop: str) -> None:
    keep_stock(own_shop, {"A": 1000})
    race(own_shop, [reserve({"A": 1}, "session:s")] * LIMIT)
    tell(own_shop, "select core.set_business_rule('cart_holds_max', 7, 1)")
    outcomes = race(own_shop, [reserve({"A": 1}, "session:s")] * 8)
    assert tally(outcomes) == {"done": 2, REFUSED: 6}


def test_a_place_is_free_again_at_once(shop: str) -> None:
    """Release and reserve at once: never more than five, and at the end the places are full."""
    keep_stock(shop, {"A": 1000})
    held = race(shop, [reserve({"A": 1}, "session:s")] * LIMIT)
    release = "select * from inventory.release_reservations(%s)"
    jobs = [call(release, [row.reservation]) for outcome in held for row in outcome.rows]
    outcomes = race(shop, [*jobs, *[reserve({"A": 1}, "session:s")] * 12])
    assert tally(outcomes[:LIMIT]) == {"done": LIMIT}
    assert set(tally(outcomes[LIMIT:])) <= {"done", REFUSED}
    again = race(shop, [reserve({"A": 1}, "session:s")] * LIMIT)
    assert holds(shop) == {("A", "session:s"): LIMIT}
    assert len([o for o in outcomes[LIMIT:] + again if o.is_done]) == LIMIT
