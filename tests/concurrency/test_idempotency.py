"""A key stands for one effect and one answer, however many calls bring it, whenever they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, LiteralString

import pytest
from harness import (
    ADJUST,
    CANCEL,
    COMMIT,
    COUNT,
    EXTEND,
    IMPORT,
    LOCATE,
    RECEIVE,
    RELEASE,
    RESERVE,
    SET_STOCK,
    SHIP,
    STRICTER,
    Job,
    Team,
    ask,
    call,
    content,
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
)
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

CLIENTS = 32
REUSED = "SHC01"
CONFIGURE = "select * from inventory.configure_stock(%s, 2, %s, null, null, %s)"
CATEGORY = "select * from product.create_category(%s, 'Mugs', null, %s)"
SET_PRICE = "select * from product.set_price(%s, %s, %s, %s, %s)"
REGISTER = "select * from account.register_user(%s, 'Ada', null, %s)"
PRICE_LIST = "select * from product.create_price_list(%s, 'Sale', 9, p_idempotency_key => %s)"
EDIT_LIST = "select * from product.update_price_list(%s, 1, 'S', 8, null, null, true, %s)"
SCHEDULE = "select * from product.schedule_price(%s, 'EUR', 5, p_idempotency_key => %s)"
EDIT_PRICE = "select * from product.update_price(%s, %s, 1, 9, null, null, %s)"
END_PRICE = "select * from product.end_price(%s, %s, 1, %s)"
BULK_PRICES = "select * from product.bulk_update_prices(%s, %s, %s)"
USER = "select user_id from account.users where email = %s"
PRICE_ID = "select price_id from product.price_schedule where sku = %s"
REVIEW = "select * from product.submit_review(%s, %s, 5, p_idempotency_key => %s)"
EDIT_REVIEW = "select * from product.edit_review(%s, %s, 1, 4, p_idempotency_key => %s)"
DELETE_REVIEW = "select * from product.delete_review(%s, %s, 1, %s)"
MODERATE = "select * from product.moderate_review(%s, 'approved', 1, null, %s)"
BODIES = """
select p.oid::regproc::text as name, p.prosrc || pg_get_functiondef(p.oid) as source
from pg_proc as p
where p.proowner = 'shop_owner'::regrole and p.prokind = 'f'
"""
TAKES_A_KEY = """
select p.oid::regproc::text as name, p.prosrc || pg_get_functiondef(p.oid) as source
from pg_proc as p
where p.prosecdef and 'p_idempotency_key' = any (p.proargnames)
and p.proowner = 'shop_owner'::regrole
"""


@dataclass(frozen=True)
class World:
    """What a request is about: a SKU with stock, an active hold of it and two sales.

    Also its price, a price list, who has reviewed it, the review, and who has not.
    """

    sku: str
    hold: str
    sold: str
    second: str
    price_id: int
    sale: str
    author: int
    review: str
    reader: int


@dataclass(frozen=True)
class Request:
    """A call; its arguments but the key are about a world."""

    role: str
    query: LiteralString
    arguments: Callable[[World], tuple[Any, ...]]

    def job(self, world: World, key: str) -> Job:
        return call(self.query, *self.arguments(world), key)


def inventory(query: LiteralString, arguments: Callable[[World], tuple[Any, ...]]) -> Request:
    return Request("inventory_service", query, arguments)


def product(world: World) -> Jsonb:
    return Jsonb([{"sku": f"{world.sku}-NEW", "name": "New", "price": "1.00", "currency": "GBP"}])


REQUESTS = {
    "inventory.reserve_inventory": Request(
        "inventory_service",
        "select * from inventory.reserve_inventory(%s, 'session:s', null, %s)",
        lambda world: (items({world.sku: 3}),),
    ),
    "inventory.extend_reservations": inventory(EXTEND, lambda world: ([world.hold],)),
    "inventory.release_reservations": inventory(RELEASE, lambda world: ([world.hold],)),
    "inventory.commit_reservations": inventory(COMMIT, lambda world: ([world.hold],)),
    "inventory.cancel_reservations": inventory(
        CANCEL, lambda world: (open_items([world.sold], 1),)
    ),
    "inventory.ship_reservations": inventory(SHIP, lambda world: (open_items([world.second], 1),)),
    "inventory.receive_stock": inventory(RECEIVE, lambda world: (items({world.sku: 7}), None)),
    "inventory.set_stock": inventory(SET_STOCK, lambda world: (world.sku, 60, 2, None)),
    "inventory.adjust_stock": inventory(ADJUST, lambda world: (world.sku, -3, 2, None)),
    "inventory.bulk_update_stock": inventory(COUNT, lambda world: (counts({world.sku: 45}), None)),
    "inventory.configure_stock": inventory(CONFIGURE, lambda world: (world.sku, 9)),
    "inventory.create_location": inventory(LOCATE, lambda world: (world.sku, "A place", 9)),
    "product.create_category": Request(
        "product_service", CATEGORY, lambda world: (f"mugs-{world.sku.lower()}",)
    ),
    "product.import_products": Request("product_service", IMPORT, lambda world: (product(world),)),
    "product.set_price": Request(
        "product_service", SET_PRICE, lambda world: (world.sku, "GBP", "2.50", 1)
    ),
    "product.create_price_list": Request(
        "product_editor", PRICE_LIST, lambda world: (f"new-{world.sku.lower()}",)
    ),
    "product.update_price_list": Request("product_editor", EDIT_LIST, lambda world: (world.sale,)),
    "product.schedule_price": Request("product_editor", SCHEDULE, lambda world: (world.sku,)),
    "product.update_price": Request(
        "product_editor", EDIT_PRICE, lambda world: (world.sku, world.price_id)
    ),
    "product.end_price": Request(
        "product_editor", END_PRICE, lambda world: (world.sku, world.price_id)
    ),
    "product.bulk_update_prices": Request(
        "product_editor",
        BULK_PRICES,
        lambda world: (
            Jsonb([{"sku": world.sku, "currency": "GBP", "price": "7.00"}]),
            world.sale,
        ),
    ),
    "product.submit_review": Request(
        "product_service", REVIEW, lambda world: (world.reader, world.sku)
    ),
    "product.edit_review": Request(
        "product_service", EDIT_REVIEW, lambda world: (world.author, world.review)
    ),
    "product.delete_review": Request(
        "product_service", DELETE_REVIEW, lambda world: (world.author, world.review)
    ),
    "product.moderate_review": Request("product_editor", MODERATE, lambda world: (world.review,)),
    "account.register_user": Request(
        "account_service", REGISTER, lambda world: (f"{world.sku}@example.com",)
    ),
}


def opinions(url: str, sku: str) -> tuple[int, str, int, str, int]:
    # The same two people in every world: whose key it is counts as well.
    author, reader = (
        (ask(url, USER, email) or ask(url, REGISTER, email, None))[0].user_id
        for email in ("author@example.com", "reader@example.com")
    )
    sale = f"sale-{sku.lower()}"
    ask(url, PRICE_LIST, sale, None)
    (price,) = ask(url, PRICE_ID, sku)
    (written,) = ask(url, REVIEW, author, sku, None)
    return price.price_id, sale, author, written.review, reader


def make_worlds(url: str, *names: str) -> list[World]:
    keep_stock(url, dict.fromkeys(names, 50))
    with team(url, 1) as shopper:
        connection = shopper.connections[0]
        worlds = []
        for sku in names:
            handles = [reserve({sku: 4}, "order:1")(connection)[0].reservation for _ in range(3)]
            connection.execute(COMMIT, [handles[1:], None])
            worlds.append(World(sku, *handles, *opinions(url, sku)))
        return worlds


def rows_of_all_tables(url: str) -> Counter[str]:
    # Words are kept once for all products, so that the second product with one adds none.
    return Counter(
        {
            table: rows
            for table, (rows, _) in content(url).items()
            if table != "product.search_words"
        }
    )


def test_every_key_goes_through_one_helper(shop: str) -> None:
    """The functions that are raced here stand for the others, which claim their keys alike."""
    keyed = {row.name: row.source for row in ask(shop, TAKES_A_KEY)}
    assert set(REQUESTS) <= set(keyed)
    bodies = {row.name: row.source for row in ask(shop, BODIES)}

    def claims(source: str) -> bool:
        return "core.claim_key(" in source or any(
            f"{name}(" in source and "core.claim_key(" in body for name, body in bodies.items()
        )

    assert not [name for name, source in keyed.items() if not claims(source)]


def one_effect(url: str, name: str, callers: Team) -> None:
    """Compare what many calls with one key do with what one call does to a world like theirs."""
    request, number = REQUESTS[name], list(REQUESTS).index(name)
    alone, together = make_worlds(url, f"W{number}A", f"W{number}B")
    before = rows_of_all_tables(url)
    (single,) = callers.race([request.job(alone, "first")])
    assert single.is_done, single
    after_one = rows_of_all_tables(url)
    outcomes = callers.race([request.job(together, "key")] * len(callers.connections))
    assert tally(outcomes) == {"done": len(callers.connections)}
    assert all(outcome.rows == outcomes[0].rows for outcome in outcomes)
    after_many = rows_of_all_tables(url)
    assert after_many - after_one == after_one - before
    other = callers.race([request.job(alone, "key")] * 4)
    assert tally(other) == {REUSED: 4}, "another request must not get this answer"
    again = callers.race([request.job(together, "key")])
    assert again[0].rows == outcomes[0].rows
    assert rows_of_all_tables(url) == after_many


@pytest.mark.parametrize("name", REQUESTS)
def test_many_calls_with_one_key(shop: str, name: str) -> None:
    with no_deadlocks(shop), team(shop, CLIENTS, role=REQUESTS[name].role) as callers:
        one_effect(shop, name, callers)


@pytest.mark.parametrize("level", STRICTER, ids=lambda level: level.name.lower())
def test_many_calls_with_one_key_at_stricter_levels(shop: str, level: IsolationLevel) -> None:
    with no_deadlocks(shop), team(shop, 5, level, role="postgres") as callers:
        for name in REQUESTS:
            one_effect(shop, name, callers)


@pytest.mark.parametrize("buckets", [1, 2])
def test_the_last_units(shop: str, isolation: IsolationLevel, buckets: int) -> None:
    """The stock that a call takes is no reason to refuse its repetition."""
    with no_deadlocks(shop), team(shop, 12, isolation) as buyers:
        for number in range(6):
            keep_stock(shop, {f"L{number}": 2}, buckets)
            outcomes = buyers.race([reserve({f"L{number}": 2}, "session:s", f"key {number}")] * 12)
            assert tally(outcomes) == {"done": 12}
            assert len({outcome.rows[0].reservation for outcome in outcomes}) == 1
            assert stock(shop, f"L{number}").available_stock == 0


def test_the_last_place_of_an_owner(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 100})
    with team(shop, 12, isolation) as buyers:
        for number in range(5):
            outcomes = buyers.race([reserve({"A": 1}, "session:s", f"key {number}")] * 12)
            assert tally(outcomes) == {"done": 12}
        outcomes = buyers.race([reserve({"A": 1}, "session:s", f"key {n % 6}") for n in range(12)])
    assert tally(outcomes) == {"done": 10, "SHI02": 2}


def test_different_requests_with_one_key(shop: str, isolation: IsolationLevel) -> None:
    """Whoever is first has the key; all others ask for something else."""
    keep_stock(shop, {"A": 100})
    with no_deadlocks(shop), team(shop, 12, isolation) as buyers:
        outcomes = buyers.race([reserve({"A": n + 1}, "session:s", "key") for n in range(12)])
    assert tally(outcomes) == {"done": 1, REUSED: 11}
    assert stock(shop, "A").reserved_quantity == done(outcomes)[0].rows[0].quantity


def test_owners_and_functions_do_not_share_keys(shop: str) -> None:
    keep_stock(shop, {"A": 100})
    with team(shop, 12) as buyers:
        outcomes = buyers.race([reserve({"A": 1}, f"session:{n}", "key") for n in range(12)])
        assert tally(outcomes) == {"done": 12}
        handles = [row.reservation for outcome in outcomes for row in outcome.rows]
        mixed = buyers.race(
            [
                call(COMMIT, handles[:6], "key"),
                call(RELEASE, handles[6:], "key"),
                call(RECEIVE, items({"A": 1}), None, "key"),
            ]
        )
    assert tally(mixed) == {"done": 3}


def test_a_refused_call_keeps_no_key(shop: str) -> None:
    """Refusals and a delivery at once: the key succeeds once there is stock, and only once."""
    keep_stock(shop, {"A": 1})
    with team(shop, 13) as buyers:
        job = reserve({"A": 3}, "session:s", "key")
        assert tally(buyers.race([job] * 12)) == {"SHI01": 12}
        outcomes = buyers.race([job] * 12 + [call(RECEIVE, items({"A": 5}), None, None)])
        assert outcomes.pop().is_done
        assert set(tally(outcomes)) <= {"done", "SHI01"}
        again = buyers.race([job] * 12)
    assert tally(again) == {"done": 12}
    assert len({outcome.rows[0].reservation for outcome in done(outcomes) + again}) == 1
    assert stock(shop, "A").reserved_quantity == 3


def test_without_a_key_each_call_counts(shop: str) -> None:
    keep_stock(shop, {"A": 100})
    with team(shop, 8) as buyers:
        outcomes = buyers.race([call(RESERVE, items({"A": 1}), "order:1", None, None)] * 8)
    assert len({outcome.rows[0].reservation for outcome in outcomes}) == 8
