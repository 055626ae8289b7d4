"""A call that returns has done all of it and told the outbox; one that raises has done nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
import pytest
from contract_support import ACTOR, READS, REQUEST, WRITES, Connection, call, functions

Row = dict[str, Any]
Tables = dict[str, dict[tuple[Any, ...], Row]]
# The type, kind and key of what changed, its number, and what the event says of it.
Event = tuple[str, str, int, int | None, str]

TABLES = """
select c.oid::regclass::text, array_agg(a.attname::text order by k.position)
from pg_class as c
inner join pg_index as i on i.indrelid = c.oid and i.indisprimary
cross join unnest(i.indkey) with ordinality as k (attnum, position)
inner join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
where c.relowner = 'shop_owner'::regrole and c.relkind in ('r', 'p') and not c.relispartition
and c.relnamespace <> 'dbtool'::regnamespace
group by c.oid
"""
ROWS = "select to_jsonb(t) from {} as t"
ERROR_CODES = "select name, meaning from core.error_codes where sqlstate = %s"
CONTEXT = "select core.actor(), core.request_id()"
DEFERRED = "set constraints all immediate"
ACTORS = ("actor", "updated_by", "last_updated_by", "created_by")
OUTBOX = "events.outbox_events"
# Where a version or a number of buckets makes a repetition harmless, no key is needed.
KEYLESS = {
    "core.set_business_rule", "inventory.cleanup_expired_reservations", "inventory.merge_buckets",
    "inventory.split_buckets",
}  # fmt: skip
KEYED = [name for name in WRITES if name not in KEYLESS]
# Another request, where the one that is refused is malformed and never gets as far as the key.
OTHERS = {"product.import_products": "'[7]'"}


def with_key(arguments: str) -> str:
    return f"{arguments}, p_idempotency_key => 'k'"


def snapshot(connection: Connection) -> Tables:
    """Read every row of every table."""
    tables = connection.execute(TABLES).fetchall()
    return {
        name: {
            tuple(row[column] for column in key): row
            for (row,) in connection.execute(ROWS.format(name).encode())
        }
        for name, key in tables
    }


def changes(before: Tables, after: Tables, table: str) -> Iterator[tuple[Row | None, Row]]:
    """Yield the rows of a table that are new or different, with what they were."""
    lost = before[table].keys() - after[table].keys()
    assert not lost or table == "inventory.stock_buckets", f"{table} has lost rows"
    for key, row in after[table].items():
        if row != before[table].get(key):
            yield before[table].get(key), row


def is_changed(old: Row | None, new: Row, columns: Iterable[str]) -> bool:
    return old is not None and any(old[column] != new[column] for column in columns)


def as_text(payload: Row) -> str:
    # 8 and 8.0000 are one amount.
    return json.dumps(json.loads(json.dumps(payload), parse_int=float), sort_keys=True)


def expected_events(before: Tables, after: Tables) -> Counter[Event]:
    """Derive from the rows that changed which events have to say so."""

    def changed(table: str) -> Iterator[tuple[Row | None, Row]]:
        return changes(before, after, table)

    events: Counter[Event] = Counter()

    def expect(kind: str, aggregate: str, key: int, seq: int | None, payload: Row) -> None:
        events[(kind, aggregate, key, seq, as_text(payload))] += 1

    skus = {row["variant_id"]: row["sku"] for row in after["product.variants"].values()}
    for _, row in changed("account.users"):
        named = {name: row[name] for name in ("user_id", "public_id")}
        expect("user.registered", "user", row["user_id"], row["version"], named)
    for _, row in changed("core.business_rules"):
        named = {name: row[name] for name in ("name", "currency", "value", "is_enabled", "version")}
        expect("rule.updated", "business_rule", row["business_rule_id"], row["version"], named)
    for _, row in changed("product.categories"):
        above = after["product.categories"].get((row["parent_id"],))
        named = {"category_id": row["category_id"], "slug": row["slug"]}
        named["parent_slug"] = above["slug"] if above else None
        expect("category.created", "category", row["category_id"], row["version"], named)
    for _, row in changed("product.prices"):
        named = {name: row[name] for name in ("variant_id", "currency", "amount", "version")}
        expect("price.updated", "variant", row["variant_id"], None, named)
    renamed = {
        key
        for old, row in changed("product.variants")
        for key in (row["product_id"], old["product_id"] if old else row["product_id"])
    }
    for old, row in changed("product.products"):
        fields = [
            field
            for field, column in (
                ("name", "name"), ("description", "description"), ("category", "category_id"),
            )
            if (is_changed(old, row, [column]) if old else field != "category" or row[column])
        ] + ["variants"] * (row["product_id"] in renamed)  # fmt: skip
        named = {name: row[name] for name in ("product_id", "code", "version")}
        expect(
            "content.updated", "product", row["product_id"], row["version"],
            {**named, "fields": fields},
        )  # fmt: skip
    for _, row in changed("inventory.locations"):
        named = {name: row[name] for name in ("location_id", "code")}
        expect("location.created", "location", row["location_id"], row["version"], named)
    for old, row in changed("inventory.inventory"):
        named = {name: row[name] for name in ("variant_id", "location_id")}
        if not old:
            expect("stock.opened", "variant", row["variant_id"], None, named)
        if is_changed(old, row, ("min_stock_level", "max_on_hand")):
            limits = {name: row[name] for name in ("min_stock_level", "max_on_hand", "version")}
            named = {**named, **limits, "sku": skus[row["variant_id"]]}
            expect("stock.configured", "variant", row["variant_id"], None, named)
    for _, row in changed("inventory.inventory_movements"):
        stock = after["inventory.inventory"][(row["variant_id"], row["location_id"])]
        assert stock["last_seq"] == row["seq"], "one movement a call and stock row"
        named = {
            name: row[name]
            for name in (
                "variant_id", "location_id", "kind", "seq", "on_hand_delta", "damaged_delta",
            )
        }  # fmt: skip
        named |= {"on_hand": row["on_hand_after"], "damaged": row["damaged_after"]}
        named["version"] = stock["version"]
        expect("stock.moved", "variant", row["variant_id"], row["seq"], named)
    for old, row in changed("inventory.inventory_reservations"):
        assert row["seq"] == (old["seq"] if old else 0) + 1, "one change a call and reservation"
        if not old:
            what = "created"
        elif is_changed(old, row, ["status"]):
            what = row["status"]
        elif is_changed(old, row, ["shipped_quantity"]):
            what = "shipped"
        else:
            what = "cancelled" if is_changed(old, row, ["open_quantity"]) else "extended"
        named = {
            name: row[name]
            for name in (
                "variant_id", "location_id", "status", "quantity", "open_quantity",
                "shipped_quantity", "expires_at",
            )
        }  # fmt: skip
        named["reservation"] = f"{row['variant_id']}-{row['reservation_id']}"
        expect(f"reservation.{what}", "reservation", row["reservation_id"], row["seq"], named)
    return events


def stock_changes(before: Tables, after: Tables) -> dict[int, Row]:
    """Add up what a call has changed of each variant."""
    places = (
        ("available", "inventory.stock_buckets", "available"),
        ("reserved", "inventory.inventory_reservations", "open_quantity"),
        ("on_hand", "inventory.inventory", "on_hand"),
    )
    deltas: dict[int, Row] = {}
    for name, table, column in places:
        for tables, sign in ((before, -1), (after, 1)):
            for row in tables[table].values():
                of_variant = deltas.setdefault(
                    row["variant_id"], {"available": 0, "reserved": 0, "on_hand": 0}
                )
                of_variant[name] += sign * row[column]
    return {variant: delta for variant, delta in deltas.items() if any(delta.values())}


def test_every_public_function_is_called(shop_floor: Connection) -> None:
    public = functions(shop_floor)
    assert {name for name, function in public.items() if function.writes} == WRITES.keys()
    assert {name for name, function in public.items() if not function.writes} == READS.keys()
    assert all(public[name].is_volatile for name in WRITES)
    assert [name for name in WRITES if public[name].takes_key] == KEYED


@pytest.mark.parametrize("name", WRITES)
def test_what_returns_is_done_and_told(
    name: str, shop_floor: Connection, handles: dict[str, str]
) -> None:
    before = snapshot(shop_floor)
    call(shop_floor, name, WRITES[name].arguments, handles)
    shop_floor.execute(DEFERRED)
    after = snapshot(shop_floor)
    assert after != before

    written = [row for _, row in changes(before, after, OUTBOX)]
    assert {(row["actor"], row["request_id"]) for row in written} <= {(ACTOR, REQUEST)}
    assert all(
        row["partition_key"] == f"{row['aggregate_type']}:{row['aggregate_id']}" for row in written
    )
    stock = [row for row in written if row["event_type"] == "stock.updated"]
    others = Counter(
        (
            row["event_type"], row["aggregate_type"], row["aggregate_id"], row["aggregate_seq"],
            as_text(row["payload"]),
        )
        for row in written
        if row not in stock
    )  # fmt: skip
    assert others == expected_events(before, after)
    deltas = stock_changes(before, after)
    told = {row["aggregate_id"]: row["payload"] for row in stock}
    assert len(told) == len(stock), "one event a variant"
    assert {
        variant: {name: payload[name] for name in ("available", "reserved", "on_hand")}
        for variant, payload in told.items()
    } == deltas
    skus = {row["variant_id"]: row["sku"] for row in after["product.variants"].values()}
    assert all(payload["sku"] == skus[variant] for variant, payload in told.items())

    for table in before:
        # A bucket has no actor, nor has a row whose other columns are as they were.
        for old, row in changes(before, after, table):
            named = [row[column] for column in ACTORS if column in row]
            only_buckets = old is not None and {**old, "bucket_count": row.get("bucket_count")}
            assert set(named) <= {ACTOR} or row == only_buckets, table
    broken = shop_floor.execute("select * from ops.check_invariants()").fetchall()
    assert not broken


@pytest.mark.parametrize("name", WRITES)
def test_what_raises_has_changed_nothing(
    name: str, shop_floor: Connection, handles: dict[str, str]
) -> None:
    before = snapshot(shop_floor)
    wanted = WRITES[name]
    refused = with_key(wanted.refused) if name in KEYED else wanted.refused
    with pytest.raises(psycopg.Error) as raised, shop_floor.transaction():
        call(shop_floor, name, refused, handles)
    assert snapshot(shop_floor) == before

    diagnosis = raised.value.diag
    assert diagnosis.sqlstate == wanted.sqlstate
    found = shop_floor.execute(ERROR_CODES, (wanted.sqlstate,)).fetchone()
    assert found
    error, meaning = found
    detail = json.dumps({"error": error, **wanted.detail}) % handles
    assert json.loads(diagnosis.message_detail or "") == json.loads(detail)
    assert diagnosis.message_primary == meaning
    assert diagnosis.message_hint


@pytest.mark.parametrize("name", KEYED)
def test_the_same_key_has_one_effect_and_one_answer(
    name: str, shop_floor: Connection, handles: dict[str, str]
) -> None:
    keyed = with_key(WRITES[name].arguments)
    before = snapshot(shop_floor)
    first = call(shop_floor, name, keyed, handles)
    after = snapshot(shop_floor)
    assert call(shop_floor, name, keyed, handles) == first
    assert snapshot(shop_floor) == after
    ((_, key),) = changes(before, after, "core.idempotency_keys")
    assert key["key"] == "k"
    assert key["response"] is not None
    assert key["scope"].startswith(name)
    with pytest.raises(psycopg.Error) as raised, shop_floor.transaction():
        call(shop_floor, name, with_key(OTHERS.get(name, WRITES[name].refused)), handles)
    assert raised.value.sqlstate == "SHC01"


def test_what_a_transaction_says_of_itself_ends_with_it(sql_database: str) -> None:
    with psycopg.connect(sql_database) as connection:
        connection.execute("select core.set_context('staff:anna', 'req-7')")
        assert connection.execute(CONTEXT).fetchone() == ("staff:anna", "req-7")
        connection.commit()
        assert connection.execute(CONTEXT).fetchone() == (connection.info.user, None)
