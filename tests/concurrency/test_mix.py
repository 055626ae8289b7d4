"""Everything at once, at random, for a while: nothing fails that may not, and the books balance."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from harness import (
    ADJUST,
    CANCEL,
    COMMIT,
    COUNT,
    EXTEND,
    LONG,
    MERGE,
    READ_COMMITTED,
    RECEIVE,
    RELEASE,
    SET_STOCK,
    SHIP,
    SPLIT,
    STOCK,
    SWEEP,
    Connection,
    Job,
    Outcome,
    Rows,
    ask,
    attempt,
    call,
    counts,
    items,
    keep_stock,
    keeper,
    no_deadlocks,
    open_items,
    reserve,
    stock,
    team,
)
from psycopg import IsolationLevel

SKUS = [f"SKU-{n}" for n in range(6)]
THREADS = 12
SECONDS = 120.0 if LONG else 4.0
STRICT_SECONDS = 60.0 if LONG else 1.5
LAPSE = """
update inventory.inventory_reservations
set expires_at = clock_timestamp() + make_interval(secs => %s)
where variant_id || '-' || reservation_id = %s and status = 'active'
"""
MOVED = "select coalesce(sum(on_hand_delta), 0)::integer as units from inventory.movement_list"
MAY_BE_REFUSED = {
    "reserve": {"SHI01", "SHI02"},
    "extend": {"SHI04", "SHI05"},
    "commit": {"SHI04", "SHI05"},
    "release": {"SHI04", "SHI05"},
    "ship": {"SHI05", "SHI10"},
    "cancel": {"SHI05", "SHI10"},
    "adjust": {"SHC02", "SHI06", "SHI07"},
    "set": {"SHC02", "SHI06"},
    "rebucket": {"22023"},
    "receive": {"SHI07"},
    "count": set(),
    "sweep": set(),
    "repeat": set(),
}


@dataclass
class Actor:
    """Acts at random; remembers what it was told."""

    rng: random.Random
    held: list[str]
    sold: list[str]
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    units: int = 0
    answered: list[tuple[Job, Rows]] = field(default_factory=list)

    def act(self, connection: Connection, seconds: float) -> Actor:
        end = time.monotonic() + seconds
        actions: list[Callable[[Connection], None]] = [
            *[self.reserve] * 6,
            *[self.finish] * 5,
            *[self.ship_or_cancel] * 2,
            self.edit,
            self.receive,
            self.count,
            self.rebucket,
            self.repeat,
            lambda c: self.note("sweep", attempt(c, call(SWEEP))),
        ]
        while time.monotonic() < end:
            self.rng.choice(actions)(connection)
        return self

    def note(self, name: str, outcome: Outcome) -> None:
        self.outcomes[name, outcome.sqlstate] += 1

    def key(self) -> str:
        return f"{self.rng.getrandbits(64):x}"

    def owner(self) -> str:
        return self.rng.choice(
            [f"session:{self.rng.randint(1, 4)}", f"order:{self.rng.randint(1, 99)}"]
        )

    def some_of(self, handles: list[str], most: int) -> list[str]:
        # The newest are most likely to be in a state in which something can be done.
        recent = handles[-40:]
        return self.rng.sample(recent, min(len(recent), self.rng.randint(1, most)))

    def reserve(self, connection: Connection) -> None:
        skus = self.rng.sample(SKUS, self.rng.randint(1, 4))
        job = reserve({sku: self.rng.randint(1, 6) for sku in skus}, self.owner(), self.key())
        outcome = attempt(connection, job)
        self.note("reserve", outcome)
        self.held += [row.reservation for row in outcome.rows]
        if outcome.is_done:
            self.answered.append((job, outcome.rows))

    def finish(self, connection: Connection) -> None:
        if handles := self.some_of(self.held, 3):
            name, query = self.rng.choice(
                [("extend", EXTEND), ("commit", COMMIT), ("commit", COMMIT), ("release", RELEASE)]
            )
            job = call(query, handles, self.key())
            outcome = attempt(connection, job)
            self.note(name, outcome)
            if outcome.is_done:
                self.answered.append((job, outcome.rows))
                self.sold += handles if name == "commit" else []

    def ship_or_cancel(self, connection: Connection) -> None:
        if handles := self.some_of(self.sold, 2):
            name, query = self.rng.choice([("ship", SHIP), ("cancel", CANCEL)])
            lines = open_items(handles, self.rng.choice([None, 1, 2]))
            outcome = attempt(connection, call(query, lines, self.key()))
            self.note(name, outcome)
            if name == "ship":
                self.units -= sum(row.shipped for row in outcome.rows)

    def edit(self, connection: Connection) -> None:
        sku = self.rng.choice(SKUS)
        seen = attempt(connection, call(STOCK, sku)).rows[0]
        if self.rng.random() < 0.5:
            delta = self.rng.choice([-9, -3, -1, 2, 5])
            outcome = attempt(connection, call(ADJUST, sku, delta, seen.version, None, None))
            self.note("adjust", outcome)
            self.units += delta if outcome.is_done else 0
        else:
            target = self.rng.randint(0, 80)
            outcome = attempt(connection, call(SET_STOCK, sku, target, seen.version, None, None))
            self.note("set", outcome)
            # The version says that nothing had moved since.
            self.units += target - seen.current_stock if outcome.is_done else 0

    def receive(self, connection: Connection) -> None:
        delivered = {sku: self.rng.randint(1, 20) for sku in self.rng.sample(SKUS, 3)}
        outcome = attempt(connection, call(RECEIVE, items(delivered), None, None))
        self.note("receive", outcome)
        self.units += sum(row.received for row in outcome.rows)

    def count(self, connection: Connection) -> None:
        counted = {sku: self.rng.randint(0, 90) for sku in self.rng.sample(SKUS, 3)}
        outcome = attempt(connection, call(COUNT, counts(counted), None, None))
        self.note("count", outcome)
        self.units += sum(
            row.on_hand - row.on_hand_before for row in outcome.rows if row.outcome == "counted"
        )

    def rebucket(self, connection: Connection) -> None:
        query, number = self.rng.choice([(SPLIT, 4), (SPLIT, 32), (MERGE, 3), (MERGE, 1)])
        self.note("rebucket", attempt(connection, call(query, self.rng.choice(SKUS), number)))

    def repeat(self, connection: Connection) -> None:
        if self.answered:
            job, rows = self.rng.choice(self.answered)
            outcome = attempt(connection, job)
            self.note("repeat", outcome)
            assert outcome.rows == rows


def lapse_at_random(url: str, rng: random.Random, handles: list[str], seconds: float) -> Actor:
    """Let holds fall due, at once or in a moment."""
    end = time.monotonic() + seconds
    with keeper(url) as connection:
        while time.monotonic() < end:
            if handles:
                connection.execute(LAPSE, [rng.uniform(-0.1, 0.1), rng.choice(handles[-60:])])
            connection.execute("select pg_sleep(0.003)")
    return Actor(rng, handles, [])


def everything_at_once(
    url: str, rng: random.Random, seconds: float, threads: int, isolation: IsolationLevel
) -> None:
    keep_stock(url, dict.fromkeys(SKUS, 60))
    start_units = ask(url, MOVED)[0].units
    held: list[str] = []
    sold: list[str] = []
    actors = [Actor(random.Random(rng.random()), held, sold) for _ in range(threads)]

    def acting(actor: Actor) -> Callable[[Connection], Actor]:
        return lambda connection: actor.act(connection, seconds)

    with no_deadlocks(url), team(url, threads + 1, isolation) as everybody:
        everybody.run(
            [
                *[acting(actor) for actor in actors],
                lambda _: lapse_at_random(url, random.Random(rng.random()), held, seconds),
            ]
        )
    told: Counter[tuple[str, str]] = Counter()
    for actor in actors:
        told.update(actor.outcomes)
    print(sorted(told.items()))
    unexpected = {
        (name, state) for name, state in told if state not in MAY_BE_REFUSED[name] | {"done"}
    }
    assert not unexpected
    assert told["reserve", "done"]
    assert ask(url, MOVED)[0].units - start_units == sum(actor.units for actor in actors)
    on_hand = sum(stock(url, sku).current_stock for sku in SKUS)
    assert on_hand == ask(url, MOVED)[0].units


def test_everything_at_once(shop: str, rng: random.Random) -> None:
    everything_at_once(shop, rng, SECONDS, THREADS, READ_COMMITTED)


@pytest.mark.parametrize(
    "level",
    [IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE],
    ids=lambda level: level.name.lower(),
)
def test_everything_at_once_at_stricter_levels(
    shop: str, rng: random.Random, level: IsolationLevel
) -> None:
    everything_at_once(shop, rng, STRICT_SECONDS, 6, level)
