"""The suite notices: each of these breaks one promise of the functions, and a test fails for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from harness import READ_COMMITTED, check, keeper, team
from hypothesis import Phase
from test_editors import five_editors, set_to
from test_idempotency import one_effect
from test_model import any_sequence_of_calls
from test_one_hold import overdue_race
from test_overdue import all_is_sold
from test_sold_out import sell_single_units
from test_staged import (
    commit_that_waits_too_long,
    sale_and_release_of_one_hold,
    sixth_hold_after_the_fifth,
    two_losers_and_a_slow_path,
)

DEFINITION = "select pg_get_functiondef(%s::regproc) as definition"
GUARD = "and b.available >= p_lines[v_line].quantity"
GO_ON = """
perform inventory.reserve_carefully(
    (
        select jsonb_agg(jsonb_build_object('sku', l.sku, 'quantity', l.quantity))
        from unnest(p_lines) as l
    ), p_owner, null, null, null, null
);
return;
"""
DROP_CHECK = """
alter table inventory.stock_buckets drop constraint stock_buckets_available_is_not_negative_check
"""
SHARE_PLACES = """
drop index inventory.inventory_reservations_open_key;
create unique index inventory_reservations_open_key
on inventory.inventory_reservations (variant_id, owner, slot, reservation_id)
where open_quantity > 0
"""
Scene = Callable[[str], object]


@dataclass(frozen=True)
class Mutation:
    """A change of the text of a function, and what must not get by it."""

    function: str
    old: str
    new: str
    scene: Scene
    also: str = ""


def repetitions(url: str) -> None:
    with team(url, 6) as callers:
        one_effect(url, "inventory.reserve_inventory", callers)


def overdue(url: str) -> None:
    overdue_race(url, random.Random(1), READ_COMMITTED, 30)
    check(url)


def sold_out(url: str) -> None:
    sell_single_units(url, 24, 12, 4)
    check(url)


def model(url: str) -> None:
    any_sequence_of_calls(url, random.Random(1), [Phase.generate])


MUTATIONS = {
    "a guarded update without its guard sells what is not there": Mutation(
        "inventory.take_holds", GUARD, "", two_losers_and_a_slow_path, DROP_CHECK
    ),
    "a caller is not to see the check that stands behind the guard": Mutation(
        "inventory.take_holds", GUARD, "", two_losers_and_a_slow_path
    ),
    "a loser that keeps its lock on the way to the slow path deadlocks": Mutation(
        "inventory.take_holds", "raise no_data_found;", GO_ON, two_losers_and_a_slow_path
    ),
    "buckets that are counted without their locks are sold twice": Mutation(
        "inventory.lock_stock", "for no key update\n", "\n", two_losers_and_a_slow_path
    ),
    "a bucket that is drawn for each row is credited twice or never": Mutation(
        "inventory.credit_stock",
        "b.bucket = v_bucket",
        "b.bucket = floor(random() * (v_bucket + 4))",
        overdue,
    ),
    "a hold that is not locked ends twice": Mutation(
        "inventory.lock_reservations", "for no key update of r", "", sale_and_release_of_one_hold
    ),
    "an overdue hold is sold": Mutation(
        "inventory.check_active", "r.expires_at <= clock_timestamp()", "false", overdue
    ),
    "the clock stood still while a commit waited": Mutation(
        "inventory.check_active", "clock_timestamp()", "now()", commit_that_waits_too_long
    ),
    "editors overwrite each other": Mutation(
        "inventory.change_on_hand",
        "stock.version <> p_expected_version",
        "false",
        lambda url: five_editors(url, set_to),
    ),
    "a repeated call is done again": Mutation(
        "core.claim_key", "if p_key is null then", "if true then", repetitions
    ),
    "places that are only counted are taken twice": Mutation(
        "inventory.reserve_slowly",
        "on conflict (variant_id, owner, slot) where",
        "on conflict (variant_id, owner, slot, reservation_id) where",
        sixth_hold_after_the_fifth,
        SHARE_PLACES,
    ),
    "overdue holds are lost to buyers": Mutation(
        "inventory.reclaim_overdue",
        "v_reclaimed >= p_needed",
        "true",
        lambda url: all_is_sold(url, 12, 1, READ_COMMITTED),
    ),
    "a movement that no editor gets to know of": Mutation(
        "inventory.move_stock", "version = i.version + 1", "version = i.version", model
    ),
    "an event with the wrong number": Mutation(
        "inventory.emit_reserved", "1::bigint", "2::bigint", sold_out
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_is_noticed(own_shop: str, name: str) -> None:
    mutation = MUTATIONS[name]
    with keeper(own_shop) as connection:
        (row,) = connection.execute(DEFINITION, [mutation.function]).fetchall()
        assert mutation.old in row.definition, f"{mutation.function} has changed"
        mutated = row.definition.replace(mutation.old, mutation.new)
        connection.execute(mutated.encode())
        if mutation.also:
            connection.execute(mutation.also.encode())
    with pytest.raises(AssertionError) as noticed:
        mutation.scene(own_shop)
    print(noticed.value)
