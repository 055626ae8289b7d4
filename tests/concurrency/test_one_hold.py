"""Whatever races for one hold, it ends once.

What is allowed, for calls that begin at the same time:
* a hold that is not overdue: exactly one of the commits and releases wins, all others are refused
  as RESERVATION_CLOSED; the sweeper does nothing; an extension succeeds if it comes before the
  winner and is refused as closed after it, so extension and commit, or extension and release, may
  both win, in this order;
* an overdue hold: commit and extension never win. A release may still win, or the sweeper, or a
  buyer who reclaims it, and exactly one of them does; who comes later is refused as
  RESERVATION_EXPIRED, or as RESERVATION_CLOSED after a release;
* a hold that falls due in the middle: at most one of commit, release and sweeper wins; the sweeper
  only after the expiry, a commit only before it, and an extension moves it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from harness import (
    COMMIT,
    EXTEND,
    LONG,
    READ_COMMITTED,
    RELEASE,
    SWEEP,
    Job,
    Outcome,
    Team,
    age,
    ask,
    call,
    check,
    keep_stock,
    keeper,
    no_deadlocks,
    reserve,
    stock,
    tally,
    team,
    tell,
)
from psycopg import IsolationLevel

ROUNDS = 200 if LONG else 12
CLOSED, EXPIRED = "SHI05", "SHI04"
STATE = "select status from inventory.reservation_list where reservation = %s"
ENDINGS = """
select event_type from events.outbox_events
where payload ->> 'reservation' = %s
and event_type in ('reservation.consumed', 'reservation.released', 'reservation.expired')
"""
FALL_DUE = """
update inventory.inventory_reservations
set expires_at = clock_timestamp() + make_interval(secs => %s)
where variant_id || '-' || reservation_id = %s
"""
ENDED = {"commit": "consumed", "release": "released", "sweep": "expired"}


def actions(handle: str) -> dict[str, Job]:
    return {
        "commit": call(COMMIT, [handle], None),
        "release": call(RELEASE, [handle], None),
        "extend": call(EXTEND, [handle], None),
        "sweep": call(SWEEP),
    }


def hold(url: str, owner: str = "order:1", quantity: int = 3) -> str:
    with keeper(url) as connection:
        return str(reserve({"A": quantity}, owner)(connection)[0].reservation)


def race(racers: Team, handle: str, names: Sequence[str]) -> dict[str, list[Outcome]]:
    jobs = actions(handle)
    outcomes = racers.race([jobs[name] for name in names])
    by_name: dict[str, list[Outcome]] = {name: [] for name in names}
    for name, outcome in zip(names, outcomes, strict=True):
        by_name[name].append(outcome)
    return by_name


def winners(outcomes: dict[str, list[Outcome]]) -> list[str]:
    """Name what ended the hold; a sweep that found nothing did not."""
    return [
        name
        for name, each in outcomes.items()
        for outcome in each
        if outcome.is_done and outcome.rows and name in ENDED
    ]


def assert_ended_once(url: str, handle: str, outcomes: dict[str, list[Outcome]]) -> str:
    """Return what won; the state and the events of the hold must say the same."""
    won = winners(outcomes)
    assert len(won) == 1, {name: tally(each) for name, each in outcomes.items()}
    status = ENDED[won[0]]
    assert ask(url, STATE, handle)[0].status == status
    assert [row.event_type for row in ask(url, ENDINGS, handle)] == [f"reservation.{status}"]
    return won[0]


def states(outcomes: dict[str, list[Outcome]], name: str) -> set[str]:
    return set(tally(outcomes[name]))


def test_while_it_is_active(shop: str, rng: random.Random, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 10_000}, 4)
    names = ["commit", "release", "extend", "commit", "release", "extend", "sweep"]
    won: Counter[str] = Counter()
    with no_deadlocks(shop), team(shop, len(names), isolation) as racers:
        for _ in range(ROUNDS):
            handle = hold(shop)
            rng.shuffle(names)
            outcomes = race(racers, handle, names)
            won[assert_ended_once(shop, handle, outcomes)] += 1
            assert "sweep" not in won
            assert states(outcomes, "commit") | states(outcomes, "release") == {"done", CLOSED}
            assert states(outcomes, "extend") <= {"done", CLOSED}
    print(won)


def overdue_race(url: str, rng: random.Random, isolation: IsolationLevel, rounds: int) -> None:
    keep_stock(url, {"A": 10_000}, 4)
    names = ["commit", "release", "extend", "sweep", "sweep", "release"]
    with no_deadlocks(url), team(url, len(names), isolation) as racers:
        for _ in range(rounds):
            handle = hold(url)
            assert age(url) == 1
            rng.shuffle(names)
            outcomes = race(racers, handle, names)
            won = assert_ended_once(url, handle, outcomes)
            late = {CLOSED, EXPIRED} if won == "release" else {EXPIRED}
            assert states(outcomes, "commit") <= late
            assert states(outcomes, "extend") <= late
            assert states(outcomes, "release") <= {"done"} | late


def test_when_it_is_overdue(shop: str, rng: random.Random, isolation: IsolationLevel) -> None:
    overdue_race(shop, rng, isolation, ROUNDS)


def test_when_it_falls_due(shop: str, rng: random.Random, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 10_000}, 4)
    names = ["commit", "extend", "sweep", "sweep", "release"]
    seen: Counter[Any] = Counter()
    with no_deadlocks(shop), team(shop, len(names), isolation) as racers:
        for _ in range(ROUNDS):
            chosen = rng.sample(names, rng.randint(2, len(names)))
            handle = hold(shop)
            tell(shop, FALL_DUE, rng.uniform(-0.002, 0.012), handle)
            outcomes = race(racers, handle, chosen)
            won = winners(outcomes)
            assert len(won) <= 1
            is_extended = any(o.is_done for o in outcomes.get("extend", []))
            if won == ["sweep"]:
                assert not is_extended
            if "release" in chosen:
                assert_ended_once(shop, handle, outcomes)
            for outcome in (o for each in outcomes.values() for o in each):
                assert outcome.sqlstate in ("done", CLOSED, EXPIRED)
            # A hold that nobody ended must not be there for the sweepers of the next round.
            assert age(shop) == len(ask(shop, SWEEP)) == (0 if won else 1)
            seen[tuple(won), is_extended] += 1
    print(seen)


def test_a_buyer_reclaims_while_it_is_released(shop: str, rng: random.Random) -> None:
    """All units are in one overdue hold; it is released, swept and reclaimed at once."""
    keep_stock(shop, {"A": 5}, 2)
    names = ["release", "sweep", "commit"]
    with no_deadlocks(shop), team(shop, len(names) + 1) as racers:
        for number in range(ROUNDS):
            handle = hold(shop, f"order:{number + 1}", 5)
            age(shop)
            jobs = actions(handle)
            last = reserve({"A": 5}, f"order:{number + 10_001}")
            outcomes = racers.race([*[jobs[name] for name in names], last])
            buyer = outcomes.pop()
            by_name = {name: [each] for name, each in zip(names, outcomes, strict=True)}
            # The buyer ends the hold too, unless the units came back before.
            assert len(winners(by_name)) <= 1
            assert len(ask(shop, ENDINGS, handle)) == 1
            assert tally([buyer]) == {"done": 1}
            assert stock(shop, "A").available_stock == 0
            ask(shop, RELEASE, [buyer.rows[0].reservation], None)


@pytest.mark.parametrize("query", [RELEASE, COMMIT], ids=["release", "commit"])
def test_overlapping_sets_in_any_order(shop: str, rng: random.Random, query: Any) -> None:
    """Calls on many holds at once lock them in one order; each hold is in one call that wins."""
    keep_stock(shop, {f"S{n}": 100 for n in range(6)})
    with no_deadlocks(shop), team(shop, 12) as racers:
        for number in range(max(4, ROUNDS // 4)):
            with keeper(shop) as connection:
                rows = reserve({f"S{n}": 1 for n in range(6)}, f"order:{number + 1}")(connection)
            handles = [row.reservation for row in rows]
            outcomes = racers.race(
                [call(query, rng.sample(handles, rng.randint(1, 6)), None) for _ in range(12)]
            )
            ended = Counter(row.reservation for outcome in outcomes for row in outcome.rows)
            assert set(ended.values()) <= {1}
            assert set(tally(outcomes)) <= {"done", CLOSED}
            assert ended
    check(shop)


def test_a_sale_is_shipped_or_cancelled_once(shop: str, isolation: IsolationLevel) -> None:
    """Ten units are open; calls for three units each fit three times."""
    keep_stock(shop, {"A": 1000})
    clients = 8 if isolation is READ_COMMITTED else 5
    part = '[{"reservation": "%s", "quantity": 3}]'
    with no_deadlocks(shop), team(shop, clients, isolation) as racers:
        for _ in range(max(3, ROUNDS // 4)):
            handle = hold(shop, quantity=10)
            ask(shop, COMMIT, [handle], None)
            before = stock(shop, "A")
            ship = "select 's', r.* from inventory.ship_reservations(%s) as r"
            cancel = "select 'c', r.* from inventory.cancel_reservations(%s) as r"
            jobs = [call((ship, cancel)[n % 2], part % handle) for n in range(clients)]
            outcomes = racers.race(jobs)
            assert tally(outcomes) == {"done": 3, "SHI10": clients - 3}
            shipped = 3 * sum(1 for o in outcomes[::2] if o.is_done)
            after = stock(shop, "A")
            assert after.current_stock == before.current_stock - shipped
            assert after.available_stock == before.available_stock + 9 - shipped
            assert after.reserved_quantity == before.reserved_quantity - 9
