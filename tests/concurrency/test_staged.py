"""Races that a load meets once in a million calls, staged step by step.

Who waits for whom is read from the server (pg_blocking_pids), so each scene is the same every time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from harness import (
    BLOCKED_AT_STOCK,
    COMMIT,
    EXTEND,
    LOCATE,
    MERGE,
    RECEIVE,
    RELEASE,
    SET_STOCK,
    SPLIT,
    SWEEP,
    Connection,
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
    put_in_buckets,
    reserve,
    start,
    stock,
    tally,
    tell,
    wait_until_blocked,
)

SHORT = {"lock_timeout": "200ms"}
LOCK_ALL_STOCK = """
select from inventory.inventory as i inner join inventory.stock_buckets as b using (variant_id)
for update
"""
LOCK_HEADS = "select from inventory.inventory for no key update"
LOCK_HOLDS = (
    "select from inventory.inventory_reservations where status = 'active' for no key update"
)
# The answer is looked for before the holds are: who stops here has found none.
GATE = """
do $$ begin lock table inventory.inventory_reservations in access exclusive mode; end $$
"""
DUE_SOON = """
update inventory.inventory_reservations
set expires_at = clock_timestamp() + interval '150 milliseconds'
"""
UNTIL_DUE = """
select pg_sleep(extract(epoch from max(expires_at) - clock_timestamp()) + 0.001)
from inventory.inventory_reservations
"""
# What sending costs brings the total above the least one.
PLACE = """
select * from orders.place_order(%s, 'GBP', %s, '{"shipping": {"amount": 20}}', 'key')
"""
ORDERED = "select status, unit_count from orders.order_list"
# Those of other databases are none of ours.
ADVISORY_LOCKS = """
select
from pg_locks as l
inner join pg_database as d on d.oid = l.database
where l.locktype = 'advisory' and d.datname = current_database()
"""
HELD = "select quantity from inventory.reservation_list where status = 'active' and owner = %s"


@contextmanager
def sessions(url: str, count: int) -> Iterator[list[Connection]]:
    """Open sessions of buyers and staff, and before them the superuser's, who looks at them."""
    with keeper(url) as observer, connected(url, count) as actors:
        yield [observer, *actors]


@contextmanager
def gated_sessions(url: str, count: int) -> Iterator[list[Connection]]:
    """Open sessions, and before them two of the superuser: one looks, one keeps locks."""
    with keeper(url) as gate, sessions(url, count) as (observer, *actors):
        yield [observer, gate, *actors]


def draw_first_of_two_buckets(buyer: Connection) -> None:
    """Let the next random() of the session be less than a half."""
    for seed in range(-9, 10):
        buyer.execute("select setseed(%s)", [seed / 10])
        if buyer.execute("select random() < 0.5 as is_first").fetchall()[0].is_first:
            buyer.execute("select setseed(%s)", [seed / 10])
            return
    raise AssertionError("no seed draws the first bucket")


@contextmanager
def in_transaction(connection: Connection) -> Iterator[Connection]:
    """Hold what the block did until the block ends, then commit."""
    connection.execute("begin")
    yield connection
    connection.execute("commit")


def two_losers_and_a_slow_path(url: str, ending: str = "commit") -> None:
    """Park two losers of the guarded update and one slow path behind the same bucket.

    Only the first bucket covers four units, and nobody covers seven.
    """
    keep_stock(url, {"A": 8})
    put_in_buckets(url, "A", [5, 3])
    with no_deadlocks(url), sessions(url, 4) as (observer, winner, loser, other_loser, slow):
        for buyer in (winner, loser, other_loser):
            draw_first_of_two_buckets(buyer)
        winner.execute("begin")
        assert attempt(winner, reserve({"A": 4}, "order:1")).is_done
        losers = [start(loser, reserve({"A": 4}, "order:2"))]
        wait_until_blocked(observer, losers[0], winner, BLOCKED_AT_STOCK)
        losers.append(start(other_loser, reserve({"A": 4}, "order:3")))
        wait_until_blocked(observer, losers[1], losers[0], BLOCKED_AT_STOCK)
        slowly = start(slow, reserve({"A": 7}, "order:4"))
        wait_until_blocked(observer, slowly, losers[0], BLOCKED_AT_STOCK)
        winner.execute(ending.encode())
        outcomes = all_end([*losers, slowly])
    # Four units are left, or all eight: the losers share them, and seven are too many either way.
    won = 1 if ending == "commit" else 2
    assert tally(outcomes[:2]) == {"done": won} | ({"SHI01": 1} if won == 1 else {})
    assert tally(outcomes[2:]) == {"SHI01": 1}
    assert stock(url, "A").available_stock == 0


@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_two_losers_and_a_slow_path(shop: str, ending: str) -> None:
    two_losers_and_a_slow_path(shop, ending)


@pytest.mark.parametrize(("buckets", "is_placed"), [((4,), False), ((4, 4), True)])
def test_an_order_that_comes_second_at_a_bucket(
    shop: str, buckets: tuple[int, ...], *, is_placed: bool
) -> None:
    """It gives back what it took and looks again: another bucket serves it, or none does."""
    keep_stock(shop, {"A": sum(buckets), "B": 9})
    put_in_buckets(shop, "A", buckets)
    with no_deadlocks(shop), gated_sessions(shop, 1) as (observer, loser, winner):
        for buyer in (winner, loser):
            draw_first_of_two_buckets(buyer)
        with in_transaction(winner):
            assert attempt(winner, reserve({"A": 4}, "order:1")).is_done
            second = start(loser, call(PLACE, "session:late", items({"A": 4, "B": 2})))
            wait_until_blocked(observer, second, winner, BLOCKED_AT_STOCK)
        outcome = all_end([second])
    assert tally(outcome) == ({"done": 1} if is_placed else {"SHI01": 1})
    assert ask(shop, ORDERED) == ([("pending", 6)] if is_placed else [])
    assert stock(shop, "A").available_stock == 0
    assert stock(shop, "B").available_stock == (7 if is_placed else 9)


def test_nobody_waits_long_behind_a_stranger(shop: str) -> None:
    """Any role may take any advisory lock: the line for a bucket is not worth waiting for long."""
    keep_stock(shop, {"A": 2})
    with sessions(shop, 2) as (observer, stranger, buyer):
        stranger.execute("begin")
        stranger.execute(
            """
            select pg_advisory_xact_lock(
                (s.variant_id << 22) | (s.location_id << 6) | g.bucket
            )
            from inventory.stock_levels as s
            cross join generate_series(0, 63) as g (bucket)
            """
        )
        buyer.execute("set lock_timeout = '30s'")
        began = time.monotonic()
        assert attempt(buyer, reserve({"A": 2}, "order:1")).is_done
        assert 0.2 < time.monotonic() - began < 20
        kept = buyer.execute("show lock_timeout").fetchall()
        assert [row.lock_timeout for row in kept] == ["30s"]
        stranger.execute("rollback")
        assert observer.execute(ADVISORY_LOCKS).rowcount == 0


def split_while_a_slow_path_waits(url: str) -> None:
    """The slow path has to see the buckets that it waited for, or it finds too little."""
    keep_stock(url, {"A": 6}, 2)
    with no_deadlocks(url), sessions(url, 2) as (observer, operator, buyer):
        with in_transaction(operator):
            operator.execute(SPLIT, ["A", 16])
            slowly = start(buyer, reserve({"A": 5}, "order:1"))
            wait_until_blocked(observer, slowly, operator)
        assert tally([slowly.outcome()]) == {"done": 1}
    assert stock(url, "A").available_stock == 1


def test_split_while_a_slow_path_waits(shop: str) -> None:
    split_while_a_slow_path_waits(shop)


def test_merge_while_a_slow_path_waits(shop: str) -> None:
    keep_stock(shop, {"A": 6}, 16)
    with no_deadlocks(shop), sessions(shop, 2) as (observer, operator, buyer):
        with in_transaction(operator):
            operator.execute(MERGE, ["A", 1])
            slowly = start(buyer, reserve({"A": 5}, "order:1"))
            wait_until_blocked(observer, slowly, operator)
        assert tally([slowly.outcome()]) == {"done": 1}


def test_merge_takes_the_bucket_that_a_buyer_waits_for(shop: str) -> None:
    keep_stock(shop, {"A": 6})
    put_in_buckets(shop, "A", [1, 1, 1, 3])
    with no_deadlocks(shop), sessions(shop, 2) as (observer, operator, buyer):
        with in_transaction(operator):
            operator.execute(MERGE, ["A", 2])
            # Only the last bucket covers three.
            bought = start(buyer, reserve({"A": 3}, "order:1"))
            wait_until_blocked(observer, bought, operator)
        assert tally([bought.outcome()]) == {"done": 1}
    assert stock(shop, "A").available_stock == 3


def test_merge_takes_the_bucket_that_a_release_waits_for(shop: str) -> None:
    keep_stock(shop, {"A": 64}, 64)
    with no_deadlocks(shop), sessions(shop, 2) as (observer, operator, owner):
        held = attempt(owner, reserve({"A": 9}, "order:1")).rows
        with in_transaction(operator):
            operator.execute(MERGE, ["A", 1])
            released = start(owner, call(RELEASE, [held[0].reservation], None))
            wait_until_blocked(observer, released, operator)
        assert tally([released.outcome()]) == {"done": 1}
    assert stock(shop, "A").available_stock == 64


def test_a_split_waits_for_a_buyer(shop: str) -> None:
    keep_stock(shop, {"A": 10})
    with no_deadlocks(shop), sessions(shop, 2) as (observer, buyer, operator):
        with in_transaction(buyer):
            assert attempt(buyer, reserve({"A": 3}, "order:1")).is_done
            split = start(operator, call(SPLIT, "A", 8))
            wait_until_blocked(observer, split, buyer)
        assert split.outcome().rows[0].available == 7


def test_overdue_holds_that_a_sweeper_is_closing_are_not_sold_out(shop: str) -> None:
    """The sweeper has the hold, the buyer has the stock: the buyer must wait, not give up."""
    keep_stock(shop, {"A": 10})
    with no_deadlocks(shop), gated_sessions(shop, 2) as (observer, gate, sweeper, buyer):
        assert attempt(buyer, reserve({"A": 10}, "order:1")).is_done
        age(shop)
        with in_transaction(gate):
            gate.execute(LOCK_ALL_STOCK)
            bought = start(buyer, reserve({"A": 4}, "order:2"))
            wait_until_blocked(observer, bought, gate)
            swept = start(sweeper, call(SWEEP))
            wait_until_blocked(observer, swept)
        outcomes = all_end([bought, swept])
    assert tally(outcomes) == {"done": 2}
    assert stock(shop, "A").available_stock == 6


def test_overdue_holds_that_a_release_is_closing_are_not_sold_out(shop: str) -> None:
    keep_stock(shop, {"A": 10})
    with no_deadlocks(shop), gated_sessions(shop, 2) as (observer, gate, owner, buyer):
        held = attempt(buyer, reserve({"A": 10}, "order:1")).rows
        age(shop)
        with in_transaction(gate):
            gate.execute(LOCK_ALL_STOCK)
            bought = start(buyer, reserve({"A": 4}, "order:2"))
            wait_until_blocked(observer, bought, gate)
            released = start(owner, call(RELEASE, [held[0].reservation], None))
            wait_until_blocked(observer, released)
        outcomes = all_end([bought, released])
    assert tally(outcomes) == {"done": 2}
    assert stock(shop, "A").available_stock == 6


def test_overdue_holds_that_somebody_has_locked_are_not_sold_out(shop: str) -> None:
    """Such as a commit that came too late: it locks the hold, then sees that it has expired."""
    keep_stock(shop, {"A": 10})
    with no_deadlocks(shop), gated_sessions(shop, 1) as (observer, gate, buyer):
        assert attempt(buyer, reserve({"A": 10}, "order:1")).is_done
        age(shop)
        with in_transaction(gate):
            gate.execute(LOCK_HOLDS)
            bought = start(buyer, reserve({"A": 4}, "order:2"))
            wait_until_blocked(observer, bought, gate)
        assert tally([bought.outcome()]) == {"done": 1}


def test_an_owner_who_comes_back_does_not_make_others_sold_out(shop: str) -> None:
    """The owner of the overdue hold closes it first; the other buyer has the stock first."""
    keep_stock(shop, {"A": 10})
    with no_deadlocks(shop), gated_sessions(shop, 2) as (observer, gate, other, owner):
        assert attempt(owner, reserve({"A": 10}, "session:owner")).is_done
        age(shop)
        with in_transaction(gate):
            gate.execute(LOCK_HEADS)
            others = start(other, reserve({"A": 2}, "session:other"))
            wait_until_blocked(observer, others, gate)
            owners = start(owner, reserve({"A": 2}, "session:owner"))
            wait_until_blocked(observer, owners)
        outcomes = all_end([others, owners])
    assert tally(outcomes) == {"done": 2}
    assert stock(shop, "A").available_stock == 6


def test_a_repetition_whose_twin_took_the_last_units(shop: str) -> None:
    """The twin commits after the repetition looked for its answer, before it looks at the stock."""
    keep_stock(shop, {"A": 2}, 2)
    with no_deadlocks(shop), gated_sessions(shop, 2) as (observer, gate, twin, repeater):
        job = reserve({"A": 2}, "session:s", "key")
        twin.execute("begin")
        first = attempt(twin, job)
        gate.execute("begin")
        closing = start(gate, call(GATE))
        wait_until_blocked(observer, closing, twin)
        repeated = start(repeater, job)
        wait_until_blocked(observer, repeated)
        twin.execute("commit")
        closing.outcome()
        gate.execute("commit")
        outcome = repeated.outcome()
    assert first.is_done
    assert tally([outcome]) == {"done": 1}
    assert outcome.rows == first.rows


def test_units_come_back_elsewhere_while_a_buyer_waits(shop: str) -> None:
    """At every moment there are five units at one of the places."""
    keep_stock(shop, {"A": 5}, 2)
    ask(shop, LOCATE, "EAST", "East", 2, None)
    ask(shop, RECEIVE, items({"A": 5}), "EAST", None)
    with no_deadlocks(shop), sessions(shop, 3) as (observer, first, owner, buyer):
        held = attempt(owner, reserve({"A": 5}, "order:1", location="EAST")).rows
        with in_transaction(first):
            assert attempt(first, reserve({"A": 5}, "order:2", location="MAIN")).is_done
            bought = start(buyer, reserve({"A": 5}, "order:3"))
            wait_until_blocked(observer, bought, first)
            assert attempt(owner, call(RELEASE, [held[0].reservation], None)).is_done
        outcome = bought.outcome()
    assert [(row.location, row.quantity) for row in outcome.rows] == [("EAST", 5)]


@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_the_second_call_with_a_key_waits_for_the_first(shop: str, ending: str) -> None:
    keep_stock(shop, {"A": 10})
    with no_deadlocks(shop), sessions(shop, 2) as (observer, first, second):
        job = reserve({"A": 3}, "session:s", "key")
        first.execute("begin")
        answer = attempt(first, job)
        waiting = start(second, job)
        wait_until_blocked(observer, waiting, first)
        first.execute(ending.encode())
        outcome = waiting.outcome()
    assert outcome.is_done
    assert (outcome.rows == answer.rows) == (ending == "commit")
    assert ask(shop, HELD, "session:s") == [(3,)]


def sixth_hold_after_the_fifth(url: str, ending: str = "commit") -> None:
    keep_stock(url, {"A": 10})
    with no_deadlocks(url), sessions(url, 2) as (observer, fifth, sixth):
        for _ in range(4):
            assert attempt(fifth, reserve({"A": 1}, "session:s")).is_done
        fifth.execute("begin")
        assert attempt(fifth, reserve({"A": 1}, "session:s")).is_done
        waiting = start(sixth, reserve({"A": 1}, "session:s"))
        wait_until_blocked(observer, waiting, fifth)
        fifth.execute(ending.encode())
        assert tally([waiting.outcome()]) == {"SHI02" if ending == "commit" else "done": 1}
    assert len(ask(url, HELD, "session:s")) == 5


@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_the_sixth_hold_waits_for_the_fifth(shop: str, ending: str) -> None:
    sixth_hold_after_the_fifth(shop, ending)


def test_who_waits_for_the_first_line_holds_no_other(shop: str) -> None:
    keep_stock(shop, {"A": 10, "B": 10})
    with no_deadlocks(shop), sessions(shop, 2) as (observer, first, second):
        with in_transaction(first):
            assert attempt(first, reserve({"A": 1}, "order:1")).is_done
            waiting = start(second, reserve([("B", 1), ("A", 1)], "order:2"))
            wait_until_blocked(observer, waiting, first)
            with connected(shop, 1, settings=SHORT) as (third,):
                assert attempt(third, reserve({"B": 1}, "order:3")).is_done
        assert waiting.outcome().is_done


def commit_that_waits_too_long(url: str) -> None:
    """The hold was good when the call came, and has expired when its lock was granted."""
    keep_stock(url, {"A": 10})
    with no_deadlocks(url), gated_sessions(url, 1) as (observer, gate, owner):
        held = attempt(owner, reserve({"A": 2}, "order:1")).rows
        with in_transaction(gate):
            gate.execute(LOCK_HOLDS)
            gate.execute(DUE_SOON)
            committed = start(owner, call(COMMIT, [held[0].reservation], None))
            wait_until_blocked(observer, committed, gate)
            gate.execute(UNTIL_DUE)
        assert tally([committed.outcome()]) == {"SHI04": 1}


def test_a_commit_reads_the_clock_after_its_wait(shop: str) -> None:
    commit_that_waits_too_long(shop)


def test_a_refusal_of_what_is_sold_out_waits_for_no_lock(shop: str) -> None:
    keep_stock(shop, {"A": 5}, 4)
    with keeper(shop) as gate, connected(shop, 1, settings=SHORT) as (buyer,):
        assert attempt(buyer, reserve({"A": 5}, "order:1")).is_done
        with in_transaction(gate):
            gate.execute(LOCK_ALL_STOCK)
            assert tally([attempt(buyer, reserve({"A": 1}, "order:2", "key"))]) == {"SHI01": 1}
            assert stock(shop, "A").available_stock == 0


def test_commit_and_extension_touch_no_stock(shop: str) -> None:
    keep_stock(shop, {"A": 5}, 4)
    with keeper(shop) as gate, connected(shop, 1, settings=SHORT) as (buyer,):
        held = attempt(buyer, reserve({"A": 5}, "order:1")).rows[0].reservation
        with in_transaction(gate):
            gate.execute(LOCK_ALL_STOCK)
            assert attempt(buyer, call(EXTEND, [held], None)).is_done
            assert attempt(buyer, call(COMMIT, [held], None)).is_done


def test_a_buyer_does_not_wait_for_the_inventory_row(shop: str) -> None:
    """Deliveries and shipments hold it; buyers go past them."""
    keep_stock(shop, {"A": 5})
    with keeper(shop) as gate, connected(shop, 1, settings=SHORT) as (buyer,), in_transaction(gate):
        gate.execute(LOCK_HEADS)
        assert attempt(buyer, reserve({"A": 2}, "order:1")).is_done


@pytest.mark.parametrize(("ending", "expected"), [("commit", "SHI06"), ("rollback", "done")])
def test_an_edit_waits_for_a_buyer(shop: str, ending: str, expected: str) -> None:
    """Whether the units may be written off depends on a reservation that is not committed yet."""
    keep_stock(shop, {"A": 10})
    with no_deadlocks(shop), sessions(shop, 2) as (observer, buyer, editor):
        buyer.execute("begin")
        assert attempt(buyer, reserve({"A": 6}, "order:1")).is_done
        edit = start(editor, call(SET_STOCK, "A", 5, 2, None, None))
        wait_until_blocked(observer, edit, buyer)
        buyer.execute(ending.encode())
        assert tally([edit.outcome()]) == {expected: 1}


def sale_and_release_of_one_hold(url: str) -> None:
    keep_stock(url, {"A": 10})
    with no_deadlocks(url), sessions(url, 2) as (observer, seller, owner):
        held = [attempt(owner, reserve({"A": 6}, "order:1")).rows[0].reservation]
        with in_transaction(seller):
            assert attempt(seller, call(COMMIT, held, None)).is_done
            released = start(owner, call(RELEASE, held, None))
            wait_until_blocked(observer, released, seller)
        outcome = released.outcome()
    assert outcome.sqlstate == "SHI05"
    assert outcome.detail["reservations"] == [{"reservation": held[0], "status": "consumed"}]


def test_a_sale_and_a_release_of_one_hold(shop: str) -> None:
    sale_and_release_of_one_hold(shop)


def test_a_location_is_closed_while_a_buyer_waits(shop: str) -> None:
    """The parcel then comes from elsewhere, or is refused; it is never half."""
    keep_stock(shop, {"A": 4}, 2)
    ask(shop, LOCATE, "EAST", "East", 2, None)
    ask(shop, RECEIVE, items({"A": 4}), "EAST", None)
    with no_deadlocks(shop), gated_sessions(shop, 1) as (observer, gate, buyer):
        with in_transaction(gate):
            gate.execute(LOCK_ALL_STOCK)
            bought = start(buyer, reserve({"A": 5}, "order:1"))
            wait_until_blocked(observer, bought, gate)
            tell(shop, "update inventory.locations set is_active = false where code = 'EAST'")
        outcome = bought.outcome()
    assert outcome.sqlstate in ("done", "SHI01")
    assert sum(row.quantity for row in outcome.rows) in (0, 5)
