"""Prices and reviews under many hands: no two prices at one time, no rating that is off."""

from __future__ import annotations

import random

import pytest
from harness import (
    READ_COMMITTED,
    ask,
    call,
    keep_stock,
    no_deadlocks,
    tally,
    team,
)
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

CLIENTS = 8
SALE = "select * from product.create_price_list('sale', 'Sale', 10)"
SCHEDULE = """
select * from product.schedule_price(
    %s, 'GBP', %s, %s::timestamptz, %s::timestamptz, 'sale', 1, %s
)
"""
BULK = "select * from product.bulk_update_prices(%s)"
PRICES = "select * from product.price_schedule where sku = %s and price_list = 'sale'"
EDIT_LIST = "select * from product.update_price_list('sale', 1, %s, 5, null, null)"
REGISTER = "select user_id from account.register_user(%s, 'Reader')"
SUBMIT = "select * from product.submit_review(%s, 'A', %s)"
MODERATE = "select * from product.moderate_review(%s, %s, %s)"
RATING = "select rating_sum, rating_count from product.rating_list"
SHOWN = "select sum(rating) as rating_sum, count(*) as rating_count from product.review_list"


def january(day: int) -> str:
    return f"2040-01-{day:02} 00:00+00"


def test_one_window_inserted_by_many(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 0})
    ask(shop, SALE)
    jobs = [call(SCHEDULE, "A", 1 + n, january(1), january(31), False) for n in range(CLIENTS)]
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, "product_editor") as editors:
        outcomes = editors.race(jobs)
    assert tally(outcomes) == {"done": 1, "SHP33": CLIENTS - 1}
    (price,) = ask(shop, PRICES, "A")
    for outcome in outcomes:
        if not outcome.is_done:
            assert [found["price_id"] for found in outcome.detail["prices"]] == [price.price_id]


def test_windows_that_overlap_in_part(shop: str, isolation: IsolationLevel) -> None:
    """Each begins a day later than the one before and lasts two: no two neighbours fit."""
    keep_stock(shop, {"A": 0})
    ask(shop, SALE)
    jobs = [
        call(SCHEDULE, "A", 1 + n, january(1 + n), january(3 + n), False) for n in range(CLIENTS)
    ]
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, "product_editor") as editors:
        outcomes = editors.race(jobs)
    kept = tally(outcomes)
    assert set(kept) <= {"done", "SHP33"}
    assert len(ask(shop, PRICES, "A")) == kept["done"] >= CLIENTS // 3


def test_replacing_windows_leave_one_price_at_a_time(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 0})
    ask(shop, SALE)
    jobs = [
        call(SCHEDULE, "A", 1 + n, january(1 + n), january(9 + n), True) for n in range(CLIENTS)
    ]
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, "product_editor") as editors:
        assert tally(editors.race(jobs)) == {"done": CLIENTS}


def test_two_editors_of_a_price_list(shop: str, isolation: IsolationLevel) -> None:
    ask(shop, SALE)
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, "product_editor") as editors:
        outcomes = editors.race([call(EDIT_LIST, f"Sale {n}") for n in range(CLIENTS)])
    assert tally(outcomes) == {"done": 1, "SHC02": CLIENTS - 1}


def test_bulk_changes_in_any_order(
    shop: str, rng: random.Random, isolation: IsolationLevel
) -> None:
    skus = [f"B{n:02}" for n in range(20)]
    keep_stock(shop, dict.fromkeys(skus, 0))
    jobs = [
        call(
            BULK,
            Jsonb([
                {"sku": sku, "currency": rng.choice(["GBP", "EUR"]), "price": rng.randint(1, 9)}
                for sku in rng.sample(skus, 12)
            ]),
        )
        for _ in range(3 * CLIENTS)
    ]  # fmt: skip
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, "product_editor") as editors:
        for start in range(0, len(jobs), CLIENTS):
            assert tally(editors.race(jobs[start : start + CLIENTS])) == {"done": CLIENTS}


def test_a_user_reviews_once(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 0})
    (user,) = ask(shop, REGISTER, "reader@example.com")
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, "product_service") as readers:
        outcomes = readers.race([call(SUBMIT, user.user_id, 5)] * CLIENTS)
    assert tally(outcomes) == {"done": 1, "SHP36": CLIENTS - 1}


@pytest.mark.parametrize("level", [READ_COMMITTED])
def test_a_rating_under_many_moderators(
    shop: str, rng: random.Random, level: IsolationLevel
) -> None:
    """Eight moderators approve and hide the reviews of one product; half of them come too late."""
    keep_stock(shop, {"A": 0})
    reviews = []
    for n in range(CLIENTS):
        (user,) = ask(shop, REGISTER, f"reader{n}@example.com")
        (review,) = ask(shop, SUBMIT, user.user_id, rng.randint(1, 5))
        reviews.append(review.review)
    with no_deadlocks(shop), team(shop, CLIENTS, level, "product_editor") as moderators:
        approved = moderators.race([call(MODERATE, review, "approved", 1) for review in reviews])
        assert tally(approved) == {"done": CLIENTS}
        hidden = moderators.race(
            [call(MODERATE, reviews[n // 2], "hidden", 2) for n in range(CLIENTS)]
        )
        assert tally(hidden) == {"done": CLIENTS // 2, "SHC02": CLIENTS // 2}
    assert ask(shop, RATING) == ask(shop, SHOWN)
