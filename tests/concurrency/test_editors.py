"""Of editors who saw the same version one wins; the others are told who was first."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from harness import (
    ADJUST,
    COUNT,
    READ_COMMITTED,
    SET_STOCK,
    Connection,
    Job,
    Outcome,
    Rows,
    ask,
    attempt,
    call,
    keep_stock,
    no_deadlocks,
    reserve,
    stock,
    tally,
    team,
)
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

EDITORS = 5
STALE = "SHC02"
SET_PRICE = "select * from product.set_price(%s, %s, %s, %s, %s)"
CONFIGURE = "select * from inventory.configure_stock(%s, %s, %s)"
RULE = "select * from core.set_business_rule(%s, %s, %s, %s)"
MOVEMENTS = "select * from inventory.movement_list where sku = %s order by seq"
RULE_EVENTS = "select * from events.outbox_events where event_type = 'rule.updated'"


def set_to(version: int) -> list[Job]:
    # Far above all that is held, and never what is there already: that would be no edit.
    return [
        call(SET_STOCK, "A", 5000 + 10 * version + n, version, None, None) for n in range(EDITORS)
    ]


def adjust_by(version: int) -> list[Job]:
    return [call(ADJUST, "A", 1 + n, version, None, None) for n in range(EDITORS)]


def configure(version: int) -> list[Job]:
    return [call(CONFIGURE, "A", version, 10 + n) for n in range(EDITORS)]


def different(version: int) -> list[Job]:
    return [*set_to(version)[:2], *adjust_by(version)[:2], *configure(version)[:1]]


Editing = Callable[[int], list[Job]]


def five_editors(
    url: str, editing: Editing, isolation: IsolationLevel = READ_COMMITTED
) -> list[Outcome]:
    keep_stock(url, {"A": 50}, 4)
    seen = stock(url, "A").version
    with no_deadlocks(url), team(url, EDITORS, isolation) as editors:
        outcomes = editors.race(editing(seen))
    assert tally(outcomes) == {"done": 1, STALE: EDITORS - 1}
    for outcome in outcomes:
        if not outcome.is_done:
            assert outcome.detail["error"] == "CONCURRENT_MODIFICATION"
            assert (outcome.detail["expected_version"], outcome.detail["version"]) == (
                seen,
                seen + 1,
            )
    assert stock(url, "A").version == seen + 1
    return outcomes


@pytest.mark.parametrize("editing", [set_to, adjust_by, configure, different])
def test_one_wins(shop: str, isolation: IsolationLevel, editing: Editing) -> None:
    five_editors(shop, editing, isolation)


@pytest.mark.parametrize("editing", [set_to, adjust_by, different])
def test_one_wins_while_others_reserve(shop: str, editing: Editing) -> None:
    """Reservations are no edits: they change no version, and an edit is never refused for them."""
    keep_stock(shop, {"A": 1000}, 2)
    is_over = threading.Event()

    def buy(connection: Connection) -> list[Outcome]:
        outcomes = []
        while not is_over.is_set():
            outcomes.append(attempt(connection, reserve({"A": 1}, "order:1")))
        return outcomes

    def edit(_: Connection) -> list[Outcome]:
        try:
            with team(shop, EDITORS) as editors:
                return [outcome for v in range(2, 8) for outcome in editors.race(editing(v))]
        finally:
            is_over.set()

    with no_deadlocks(shop), team(shop, 9) as everybody:
        edits, *sales = everybody.run([edit, *[buy] * 8])
    assert tally(edits) == {"done": 6, STALE: 6 * (EDITORS - 1)}
    sold = [outcome for each in sales for outcome in each]
    assert set(tally(sold)) <= {"done", "SHI01"}
    level = stock(shop, "A")
    assert level.version == 8
    assert level.reserved_quantity == len([outcome for outcome in sold if outcome.is_done])


def test_who_makes_the_stock_row(shop: str, isolation: IsolationLevel) -> None:
    """Version 0 says that there was no stock row: only one editor can be right."""
    keep_stock(shop, {"A": 0})
    jobs = [call(SET_STOCK, "A", 10 + n, 0, None, None) for n in range(EDITORS)]
    with no_deadlocks(shop), team(shop, EDITORS, isolation) as editors:
        outcomes = editors.race(jobs)
    assert tally(outcomes) == {"done": 1, STALE: EDITORS - 1}
    assert len(ask(shop, MOVEMENTS, "A")) == 1


def test_counts_with_a_version(shop: str, isolation: IsolationLevel) -> None:
    """Each element of a bulk call is an editor of its own."""
    skus = [f"S{n}" for n in range(6)]
    keep_stock(shop, dict.fromkeys(skus, 10))

    def post(editor: int) -> Job:
        ordered = skus if editor % 2 else skus[::-1]
        return call(
            COUNT,
            Jsonb([{"sku": sku, "on_hand": 20 + editor, "expected_version": 2} for sku in ordered]),
            None,
            None,
        )

    with no_deadlocks(shop), team(shop, EDITORS, isolation) as editors:
        outcomes = editors.race([post(editor) for editor in range(EDITORS)])
    assert tally(outcomes) == {"done": EDITORS}
    rows: Rows = [row for outcome in outcomes for row in outcome.rows]
    for sku in skus:
        of_sku = [row for row in rows if row.sku == sku]
        (counted,) = [row for row in of_sku if row.outcome == "counted"]
        assert {row.error for row in of_sku if row is not counted} == {"CONCURRENT_MODIFICATION"}
        assert stock(shop, sku).current_stock == counted.on_hand


@pytest.mark.parametrize(("currency", "version"), [("GBP", 1), ("EUR", 0)])
def test_a_price(shop: str, isolation: IsolationLevel, currency: str, version: int) -> None:
    """A currency in which there is no price yet has version 0."""
    keep_stock(shop, {"A": 0})
    jobs = [call(SET_PRICE, "A", currency, 5 + n, version, None) for n in range(EDITORS)]
    with no_deadlocks(shop), team(shop, EDITORS, isolation, "product_service") as editors:
        outcomes = editors.race(jobs)
    assert tally(outcomes) == {"done": 1, STALE: EDITORS - 1}
    assert [row.version for outcome in outcomes for row in outcome.rows] == [version + 1]


def test_a_rule(own_shop: str, isolation: IsolationLevel) -> None:
    jobs = [call(RULE, "cart_holds_max", 6 + n, 1, None) for n in range(EDITORS)]
    with no_deadlocks(own_shop), team(own_shop, EDITORS, isolation, "ops_service") as editors:
        outcomes = editors.race(jobs)
    assert tally(outcomes) == {"done": 1, STALE: EDITORS - 1}
    (won,) = [row for outcome in outcomes for row in outcome.rows]
    assert ask(own_shop, "select core.rule('cart_holds_max')") == [(won.value,)]
    assert len(ask(own_shop, RULE_EVENTS)) == 1


def test_a_rule_of_a_currency_that_has_none(own_shop: str, isolation: IsolationLevel) -> None:
    jobs = [call(RULE, "price_max", 500 + n, 0, "JPY") for n in range(EDITORS)]
    with no_deadlocks(own_shop), team(own_shop, EDITORS, isolation, "ops_service") as editors:
        outcomes = editors.race(jobs)
    assert tally(outcomes) == {"done": 1, STALE: EDITORS - 1}
    (won,) = [row for outcome in outcomes for row in outcome.rows]
    assert ask(own_shop, "select core.rule('price_max', 'JPY')") == [(won.value,)]
