"""What comes in, is counted, is written off and goes out, while buyers reserve."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from harness import (
    ADJUST,
    CANCEL,
    COMMIT,
    COUNT,
    IMPORT,
    LOCATE,
    LONG,
    READ_COMMITTED,
    RECEIVE,
    SHIP,
    STOCK,
    Connection,
    Job,
    Outcome,
    Rows,
    ask,
    attempt,
    call,
    counts,
    done,
    items,
    keep_stock,
    no_deadlocks,
    open_items,
    reserve,
    stock,
    tally,
    team,
    tell,
)
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

SKUS = [f"SKU-{n}" for n in range(8)]
MOVED = """
select sku, kind, sum(on_hand_delta)::integer as units
from inventory.movement_list
group by sku, kind
"""
REGISTER = "select * from account.register_user(%s, 'Ada', %s)"
SET_PRICE = "select * from product.set_price(%s, 'GBP', %s, %s)"
CATEGORY = "select * from product.create_category(%s, 'Mugs')"
Acting = Callable[[Connection, random.Random], Counter[str]]


def total(tallies: Iterable[Counter[str]]) -> Counter[str]:
    """Add up; the sum of counters would leave negative figures out."""
    result: Counter[str] = Counter()
    for each in tallies:
        result.update(each)
    return result


def buy(connection: Connection, rng: random.Random) -> Counter[str]:
    outcome = attempt(
        connection,
        reserve(
            {sku: rng.randint(1, 3) for sku in rng.sample(SKUS, 3)},
            f"order:{rng.getrandbits(50) + 1}",
        ),
    )
    assert outcome.sqlstate in ("done", "SHI01")
    return Counter({"bought": sum(row.quantity for row in outcome.rows)})


def receive(connection: Connection, rng: random.Random) -> Counter[str]:
    delivered = {sku: rng.randint(1, 9) for sku in rng.sample(SKUS, 4)}
    outcome = attempt(connection, call(RECEIVE, items(delivered), None, None))
    assert outcome.is_done, outcome
    return Counter({"receipt": sum(delivered.values())})


def adjust(connection: Connection, rng: random.Random) -> Counter[str]:
    """Write units off, or find some, as an editor does: read the version, then send it."""
    sku = rng.choice(SKUS)
    delta = rng.choice([-4, -2, -1, 1, 2])
    seen = attempt(connection, call(STOCK, sku)).rows[0]
    outcome = attempt(connection, call(ADJUST, sku, delta, seen.version, None, None))
    assert outcome.sqlstate in ("done", "SHC02", "SHI06")
    return Counter({"adjustment": delta if outcome.is_done else 0})


def count(connection: Connection, rng: random.Random) -> Counter[str]:
    counted = {sku: rng.randint(20, 60) for sku in rng.sample(SKUS, 5)}
    outcome = attempt(connection, call(COUNT, counts(counted), None, None))
    assert outcome.is_done, outcome
    assert {row.error for row in outcome.rows} <= {None, "STOCK_IS_HELD"}
    moved = [row for row in outcome.rows if row.outcome == "counted"]
    return Counter({"count": sum(row.on_hand - row.on_hand_before for row in moved)})


def sell(connection: Connection, rng: random.Random) -> Counter[str]:
    """Reserve, commit, then ship some of it and cancel the rest."""
    order = reserve(dict.fromkeys(rng.sample(SKUS, 3), 2), f"order:{rng.getrandbits(50) + 1}")
    held = attempt(connection, order)
    handles = [row.reservation for row in held.rows]
    if not handles:
        return Counter()
    assert attempt(connection, call(COMMIT, handles, None)).is_done
    rng.shuffle(handles)
    assert attempt(connection, call(SHIP, open_items(handles, 1), None)).is_done
    assert attempt(connection, call(CANCEL, open_items(handles), None)).is_done
    return Counter({"shipment": -len(handles)})


@pytest.mark.parametrize("buckets", [1, 4])
def test_against_buyers(
    shop: str, rng: random.Random, isolation: IsolationLevel, buckets: int
) -> None:
    """Every unit that came, went or was promised was so in one call that said it had done it."""
    keep_stock(shop, dict.fromkeys(SKUS, 40), buckets)
    rounds = (60 if LONG else 12) if isolation is READ_COMMITTED else 4
    actors: list[Acting] = [buy, buy, buy, receive, adjust, count, sell, sell]

    def keep_acting(acting: Acting, seed: float) -> Callable[[Connection], Counter[str]]:
        def run(connection: Connection) -> Counter[str]:
            own = random.Random(seed)
            return total(acting(connection, own) for _ in range(rounds))

        return run

    with no_deadlocks(shop), team(shop, len(actors), isolation) as everybody:
        tallies = everybody.run([keep_acting(acting, rng.random()) for acting in actors])
    told = total(tallies)
    moved = total(Counter({row.kind: row.units}) for row in ask(shop, MOVED))
    moved["receipt"] -= 40 * len(SKUS)
    kinds = ("receipt", "adjustment", "count", "shipment")
    assert {kind: moved[kind] for kind in kinds} == {kind: told[kind] for kind in kinds}
    assert sum(stock(shop, sku).reserved_quantity for sku in SKUS) == told["bought"]


def test_held_stock_is_not_counted_away(shop: str, isolation: IsolationLevel) -> None:
    """A count below what is sold at this moment is refused, or comes first and limits the sale."""
    for round_ in range(6):
        sku = f"C{round_}"
        keep_stock(shop, {sku: 10})
        jobs = [reserve({sku: 1}, f"order:{n + 1}") for n in range(8)]
        jobs += [call(COUNT, counts({sku: 4}), None, None), call(ADJUST, sku, -6, 2, None, None)]
        with no_deadlocks(shop), team(shop, 10, isolation) as everybody:
            *sales, counted, adjusted = everybody.race(jobs)
        level = stock(shop, sku)
        assert level.reserved_quantity == len(done(sales))
        assert level.current_stock in (4, 10)
        assert adjusted.sqlstate in ("done", "SHC02", "SHI06")
        assert {row.error for row in counted.rows} <= {None, "STOCK_IS_HELD"}
        assert level.available_stock == level.current_stock - len(done(sales))


def test_the_ceiling_holds(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 9_970}, 2)
    with no_deadlocks(shop), team(shop, 8, isolation) as suppliers:
        outcomes = suppliers.race([call(RECEIVE, items({"A": 9}), None, None)] * 8)
    assert tally(outcomes) == {"done": 3, "SHI07": 5}
    assert stock(shop, "A").current_stock == 9_997


def test_first_deliveries_of_new_products(shop: str, isolation: IsolationLevel) -> None:
    """The stock rows are made once, whoever comes first, in whatever order the lines are."""
    keep_stock(shop, dict.fromkeys(SKUS, 0))
    orders = [SKUS, SKUS[::-1]] * 4
    jobs = [call(RECEIVE, items(dict.fromkeys(order, 5)), None, None) for order in orders]
    with no_deadlocks(shop), team(shop, 8, isolation) as suppliers:
        assert tally(suppliers.race(jobs)) == {"done": 8}
    assert {stock(shop, sku).current_stock for sku in SKUS} == {40}


def catalogue(skus: list[str], name: str, price: str) -> Jsonb:
    rows = [
        {"sku": sku, "name": name, "price": price, "currency": "GBP", "product": f"P{n % 7}"}
        for n, sku in enumerate(skus)
    ]
    return Jsonb(rows)


def import_twice(skus: list[str]) -> list[Job]:
    forward = catalogue(skus, "One", "1.00")
    backward = Jsonb(catalogue(skus, "Two", "2.00").obj[::-1])
    return [call(IMPORT, forward, None), call(IMPORT, backward, None)]


def test_imports_in_opposite_order(shop: str, isolation: IsolationLevel) -> None:
    """New rows, then the same rows again: one import comes after the other, whole."""
    skus = [f"I{n:03}" for n in range(150)]
    with no_deadlocks(shop), team(shop, 4, isolation, "product_service") as importers:
        for number in range(3):
            outcomes = importers.race(import_twice(skus) * 2)
            assert tally(outcomes) == {"done": 4}
            made = Counter(row.sku for o in outcomes for row in o.rows if row.outcome == "inserted")
            assert made == (Counter(skus) if number == 0 else Counter())
    rows = ask(shop, "select sku, name, price from product.variant_list where sku = any(%s)", skus)
    assert len(rows) == len(skus)
    assert {(row.name, str(row.price)) for row in rows} in (
        {("One", "1.0000")},
        {("Two", "2.0000")},
    )


def test_imports_that_move_variants_and_editors_of_prices(
    shop: str, rng: random.Random, isolation: IsolationLevel
) -> None:
    """Rows in random order: every import locks products, variants and prices in one order."""
    skus = [f"M{n:02}" for n in range(20)]
    assert ask(shop, IMPORT, catalogue(skus, "First", "1.00"), None)
    rounds = (60 if LONG else 8) if isolation is READ_COMMITTED else 4

    def import_some(own: random.Random) -> Job:
        chosen = own.sample(skus, 12)
        rows = catalogue(chosen, own.choice(["One", "Two"]), own.choice(["1.00", "2.00"])).obj
        return call(
            IMPORT, Jsonb([{**row, "product": f"P{own.randint(0, 5)}"} for row in rows]), None
        )

    def work(number: int) -> Callable[[Connection], list[Outcome]]:
        own = random.Random(rng.random())

        def run(connection: Connection) -> list[Outcome]:
            if number < 5:
                return [attempt(connection, import_some(own)) for _ in range(rounds)]
            return [
                attempt(connection, call(SET_PRICE, own.choice(skus), own.randint(1, 9), version))
                for version in range(1, rounds * 2)
            ]

        return run

    with no_deadlocks(shop), team(shop, 8, isolation, "product_service") as staff:
        results = staff.run([work(number) for number in range(8)])
    assert tally(outcome for result in results[:5] for outcome in result) == {"done": 5 * rounds}
    assert set(tally(o for result in results[5:] for o in result)) <= {"done", "SHC02"}
    assert {row.error for result in results[:5] for o in result for row in o.rows} == {None}


def test_imports_beside_deliveries_and_buyers(shop: str) -> None:
    keep_stock(shop, dict.fromkeys(SKUS, 100))
    is_over = threading.Event()

    def trade(connection: Connection) -> Rows:
        outcomes: list[Outcome] = []
        while not is_over.is_set():
            outcomes.append(attempt(connection, reserve(dict.fromkeys(SKUS, 1), "order:1")))
            outcomes.append(
                attempt(connection, call(RECEIVE, items(dict.fromkeys(SKUS, 1)), None, None))
            )
        return outcomes

    def keep_importing(_: Connection) -> Rows:
        try:
            with team(shop, 2, role="product_service") as importers:
                return [o for _ in range(6) for o in importers.race(import_twice(SKUS))]
        finally:
            is_over.set()

    with no_deadlocks(shop), team(shop, 5) as everybody:
        outcomes = everybody.run([keep_importing, *[trade] * 4])
    assert set(tally(outcome for each in outcomes for outcome in each)) == {"done"}


def one_of_sixteen(url: str, isolation: IsolationLevel, role: str, job: Job, refusal: str) -> None:
    with no_deadlocks(url), team(url, 16, isolation, role) as clients:
        outcomes = clients.race([job] * 16)
    assert tally(outcomes) == {"done": 1, refusal: 15}


def test_one_registers_an_e_mail_address(shop: str, isolation: IsolationLevel) -> None:
    spellings = ["ada@example.com", "ADA@example.com", "Ada@Example.com", "adA@example.com"]
    jobs = [call(REGISTER, spelling, None) for spelling in spellings * 4]
    with no_deadlocks(shop), team(shop, 16, isolation, "account_service") as people:
        outcomes = people.race(jobs)
    assert tally(outcomes) == {"done": 1, "SHA01": 15}
    assert len(ask(shop, "select from account.user_profiles")) == 1
    events = ask(shop, "select from events.outbox_events where event_type = 'user.registered'")
    assert len(events) == 1


def test_one_registers_a_phone_number(shop: str, isolation: IsolationLevel) -> None:
    jobs = [call(REGISTER, f"ada{n}@example.com", "+442071838750") for n in range(16)]
    with no_deadlocks(shop), team(shop, 16, isolation, "account_service") as people:
        outcomes = people.race(jobs)
    assert tally(outcomes) == {"done": 1, "SHA02": 15}


def test_one_makes_a_location(shop: str, isolation: IsolationLevel) -> None:
    job = call(LOCATE, "EAST", "East", 2, None)
    one_of_sixteen(shop, isolation, "inventory_service", job, "SHI11")


def test_one_makes_a_category(shop: str, isolation: IsolationLevel) -> None:
    one_of_sixteen(shop, isolation, "product_service", call(CATEGORY, "mugs"), "SHP04")


def test_a_variant_goes_out_of_sale(shop: str) -> None:
    """A buyer is refused or not, but never half: the order has all its lines or none."""
    keep_stock(shop, {"A": 100, "B": 100})
    withdraw = "update product.variants set is_active = %s where sku = 'B'"

    def toggle(_: Connection) -> list[Outcome]:
        for number in range(10):
            tell(shop, withdraw, bool(number % 2))
        return []

    def order(connection: Connection) -> list[Outcome]:
        return [attempt(connection, reserve({"A": 1, "B": 1}, "order:1")) for _ in range(10)]

    with team(shop, 5) as everybody:
        outcomes = [o for each in everybody.run([toggle, *[order] * 4]) for o in each]
    assert set(tally(outcomes)) <= {"done", "SHP02"}
    assert {len(outcome.rows) for outcome in done(outcomes)} <= {2}
    reserved = {sku: stock(shop, sku).reserved_quantity for sku in "AB"}
    assert reserved == dict.fromkeys("AB", len(done(outcomes)))
