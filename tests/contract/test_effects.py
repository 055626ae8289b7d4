"""A call that returns has done all of it and told the outbox; one that raises has done nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import payment_calls
import psycopg
import pytest
import refund_calls
from contract_support import (
    ACTOR,
    ADDRESS,
    ANN,
    HASH,
    READS,
    REQUEST,
    WRITES,
    Connection,
    call,
    functions,
)
from order_calls import of_orders
from payment_calls import check_payments, of_methods
from placing_calls import of_placing

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
# What is merged or taken away; every other row stays for good.
LOSING = {
    "account.addresses", "account.credentials", "cart.cart_activities", "cart.cart_items",
    "cart.cart_metrics", "inventory.stock_buckets", "orders.sales_changes", "product.categories",
    "payment.provider_events", "product.content_drafts",
    "product.content_versions", "product.option_values", "product.price_history", "product.prices",
    "product.product_images", "product.product_options", "product.product_reviews",
    "product.products", "product.search_documents", "product.specifications",
    "product.supplier_references", "product.variants",
}  # fmt: skip
# Where a version or a number of buckets makes a repetition harmless, no key is needed.
KEYLESS = {
    "cart.cleanup_expired_carts", "cart.roll_up_metrics", "core.set_business_rule",
    "inventory.cleanup_expired_reservations", "inventory.merge_buckets",
    "inventory.rebuild_analytics", "inventory.refresh_alerts", "inventory.split_buckets",
    "orders.cleanup_expired_orders",
    "product.rebuild_search_documents", *payment_calls.KEYLESS,
    *refund_calls.KEYLESS,
}  # fmt: skip
KEYED = [name for name in WRITES if name not in KEYLESS]
# Another request, where the one that is refused is malformed and never gets as far as the key.
OTHERS = {
    "account.add_address": f"{ANN}, 'billing', {ADDRESS}",
    "account.record_login": f"{ANN}, true",
    "account.remove_address": f"{ANN}, %(home)s::bigint, 9",
    "account.set_customer_group": f"{ANN}, 'trade', 9",
    "account.set_default_address": f"{ANN}, %(work)s::bigint, 9",
    "account.set_password": f"{ANN}, {HASH} || 'j'",
    "account.set_user_status": f"{ANN}, 'suspended', 9",
    "account.update_address": f"{ANN}, %(home)s::bigint, {ADDRESS}, 9",
    "account.update_user": f"""{ANN}, '{{"full_name": "Ann B."}}', 9""",
    "cart.merge_carts": f"'other', {ANN}",
    "cart.move_cart": "'other', 'moved'",
    "product.bulk_set_popularity": """'[{"product": "MUG", "popularity": 8}]'""",
    "product.import_products": "'[7]'",
    **payment_calls.OTHERS,
}


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
    assert not lost or table in LOSING, f"{table} has lost rows"
    for key, row in after[table].items():
        if row != before[table].get(key):
            yield before[table].get(key), row


def is_changed(old: Row | None, new: Row, columns: Iterable[str]) -> bool:
    return old is not None and any(old[column] != new[column] for column in columns)


def bounds(window: str) -> Row:
    """Read a range as its JSON shows it: the times of an event have a T and no quotes."""
    limits = [] if window == "empty" else window[1:-1].replace('"', "").split(",")
    times = [limit.replace(" ", "T") + ":00" * bool(limit) or None for limit in limits]
    return dict(zip(("valid_from", "valid_until"), times or (None, None), strict=True))


def as_text(payload: Row) -> str:
    # 8 and 8.0000 are one amount, and what has changed stands in no order.
    if "fields" in payload:
        payload = {**payload, "fields": sorted(payload["fields"])}
    return json.dumps(json.loads(json.dumps(payload), parse_int=float), sort_keys=True)


def of_people(before: Tables, after: Tables) -> Iterator[tuple[str, str, int, int | None, Row]]:
    """Derive the events of users, their addresses and passwords."""
    for old, row in changes(before, after, "account.users"):
        key, named = row["user_id"], {name: row[name] for name in ("user_id", "version")}
        what = "updated"
        if not old:
            what, named = "registered", {name: row[name] for name in ("user_id", "public_id")}
        elif row["status"] == "anonymized":
            what, named = "anonymized", {**named, "public_id": row["public_id"]}
        elif is_changed(old, row, ["status"]):
            what = "reactivated" if row["status"] == "active" else row["status"]
        else:
            personal = ("customer_group", "email", "full_name", "phone")
            named["fields"] = [name for name in personal if old[name] != row[name]]
        yield f"user.{what}", "user", key, row["version"], named
    addresses = "account.addresses"
    gone = [before[addresses][key] for key in before[addresses].keys() - after[addresses].keys()]
    for old, row in [*changes(before, after, addresses), *((row, row) for row in gone)]:
        columns = ("user_id", "address_id", "kind", "is_default", "version")
        named = {name: row[name] for name in columns}
        what = "removed" if row in gone else "updated" if old else "added"
        yield f"address.{what}", "address", row["address_id"], row["version"], named
    for old, row in changes(before, after, "account.credentials"):
        key = row["user_id"]
        if not old or is_changed(old, row, ["version"]):
            named = {"user_id": key, "version": row["version"]}
            yield "user.password_set", "user", key, row["version"], named
        elif row["locked_until"]:
            named = {"user_id": key, "locked_until": row["locked_until"]}
            yield "user.locked", "user", key, None, named


def of_carts(before: Tables, after: Tables) -> Iterator[tuple[str, str, int, int | None, Row]]:
    """Derive the events of carts and of what limits them."""
    skus = {row["variant_id"]: row["sku"] for row in after["product.variants"].values()}
    lines, table = {}, "cart.cart_items"
    for key in before[table].keys() | after[table].keys():
        old, row = before[table].get(key), after[table].get(key)
        if old != row:
            lines[key] = row["quantity"] if row else 0
    done = Counter(row["kind"] for _, row in changes(before, after, "cart.cart_activities"))
    causes = {"add": "add", "quantity_change": "set_quantity", "merge": "merge"}
    for old, row in changes(before, after, "cart.carts"):
        key = row["cart_id"]
        named = {name: row[name] for name in ("cart_id", "public_id", "version")}
        if row["status"] != "active":
            named["merged_into"] = row["merged_into"]
            yield f"cart.{row['status']}", "cart", key, row["version"], named
            continue
        mine = {variant: quantity for (cart, variant), quantity in lines.items() if cart == key}
        cause = next((causes[kind] for kind in causes if done[kind]), "repair")
        if done["removal"]:
            cause = "remove" if done["removal"] == 1 else "clear"
        elif is_changed(old, row, ["user_id", "session_token"]):
            cause = "move"
            mine = {v: i["quantity"] for (c, v), i in after[table].items() if c == key}
        elif is_changed(old, row, ["currency"]):
            cause = "set_currency"
        elif not mine:
            cause = "reserve"
        items = [
            {"variant_id": variant, "sku": skus[variant], "quantity": quantity}
            for variant, quantity in sorted(mine.items())
        ]
        named |= {"cause": cause, "items": items}
        yield "cart.updated", "cart", key, row["version"], named
    for _, row in changes(before, after, "cart.variant_limits"):
        named = {name: row[name] for name in ("variant_id", "max_units", "version")}
        named["sku"] = skus[row["variant_id"]]
        yield "cart.limit_set", "variant", row["variant_id"], row["version"], named


def expected_events(before: Tables, after: Tables) -> Counter[Event]:
    """Derive from the rows that changed which events have to say so."""

    def changed(table: str) -> Iterator[tuple[Row | None, Row]]:
        return changes(before, after, table)

    def lost(table: str) -> list[Row]:
        return [before[table][key] for key in before[table].keys() - after[table].keys()]

    events: Counter[Event] = Counter()

    def expect(kind: str, aggregate: str, key: int, seq: int | None, payload: Row) -> None:
        events[(kind, aggregate, key, seq, as_text(payload))] += 1

    skus = {row["variant_id"]: row["sku"] for row in after["product.variants"].values()}
    for event in (
        *of_people(before, after),
        *of_carts(before, after),
        *of_orders(before, after, changes),
        *of_placing(before, after, changes),
        *refund_calls.of_refunds(before, after, changes),
        *of_methods(before, after, changes),
    ):
        expect(*event)
    for _, row in changed("core.business_rules"):
        named = {name: row[name] for name in ("name", "currency", "value", "is_enabled", "version")}
        expect("rule.updated", "business_rule", row["business_rule_id"], row["version"], named)
    for old, row in changed("product.categories"):
        above = after["product.categories"].get((row["parent_id"],))
        key, named = row["category_id"], {name: row[name] for name in ("category_id", "slug")}
        if not old:
            named["parent_slug"] = above["slug"] if above else None
            expect("category.created", "category", key, 1, named)
        elif is_changed(old, row, ["version"]):
            # Those below one that moves change in nothing but their paths.
            columns = ("slug", "name", "description", "position", "status", "parent_id")
            fields = [name.removesuffix("_id") for name in columns if old[name] != row[name]]
            named |= {"version": row["version"], "fields": fields}
            expect("category.updated", "category", key, row["version"], named)
    for row in lost("product.categories"):
        named = {name: row[name] for name in ("category_id", "slug")}
        expect("category.deleted", "category", row["category_id"], row["version"] + 1, named)
    for _, row in changed("product.prices"):
        columns = ("variant_id", "price_id", "currency", "min_quantity", "amount", "version")
        named = {name: row[name] for name in columns}
        named["price_list"] = after["product.price_lists"][(row["price_list_id"],)]["code"]
        window = row["validity"]
        named["is_withdrawn"] = window == "empty"
        named |= {"valid_from": None, "valid_until": None}
        expect("price.updated", "variant", row["variant_id"], None, {**named, **bounds(window)})
    for old, row in changed("product.price_lists"):
        columns = (
            "price_list_id",
            "code",
            "kind",
            "customer_group",
            "priority",
            "is_active",
            "version",
        )
        named = {name: row[name] for name in columns}
        what = "updated" if old else "created"
        expect(
            f"price_list.{what}", "price_list", row["price_list_id"], row["version"],
            {**named, **bounds(row["validity"])},
        )  # fmt: skip
    reviews = "product.product_reviews"
    gone = lost(reviews)
    for old, row in [*changed(reviews), *((row, row) for row in gone)]:
        named = {name: row[name] for name in ("product_id", "user_id", "rating", "is_verified")}
        version, status = row["version"], row["status"]
        if row in gone:
            version, status, what = version + 1, "deleted", "deleted"
        elif not old:
            what = "submitted"
        else:
            what = "edited" if status == "pending" else status
        expect(
            f"review.{what}", "review", row["review_id"], version,
            {**named, "review": row["public_id"], "status": status, "version": version},
        )  # fmt: skip
    versions, products = after["product.content_versions"], after["product.products"]
    published = set()
    for old, row in changed("product.content_versions"):
        assert not old, "a version is never edited"
        key, seq = row["product_id"], row["version"]
        assert products[(key,)]["version"] == seq, "one version a call and product"
        former = versions.get((key, seq - 1))
        content = row["snapshot"]
        if former:
            fields = [name for name in content if content[name] != former["snapshot"][name]]
            assert sorted(row["fields"]) == sorted(fields)
        named = {"product_id": key, "code": content["code"], "version": seq}
        expect("content.updated", "product", key, seq, {**named, "fields": row["fields"]})
        published.add(key)
    for old, row in changed("product.products"):
        assert row["product_id"] in published or not is_changed(old, row, ["version"])
    for row in lost("product.products"):
        named = {name: row[name] for name in ("product_id", "code")}
        expect("product.deleted", "product", row["product_id"], row["version"] + 1, named)
    for _, row in changed("product.content_drafts"):
        key, draft = row["product_id"], {"draft_version": row["version"]}
        draft |= {"product_id": key, "base_version": row["base_version"]}
        draft["code"] = products[(key,)]["code"]
        expect("content.draft_saved", "product", key, None, draft)
    for row in lost("product.content_drafts"):
        key, draft = row["product_id"], {"draft_version": row["version"]}
        if (key,) in products and key not in published:
            draft |= {"product_id": key, "code": products[(key,)]["code"]}
            expect("content.draft_discarded", "product", key, None, draft)
    for old, row in changed("inventory.locations"):
        names = ("location_id", "code") + ("rank", "is_active", "version") * bool(old)
        what = "location.updated" if old else "location.created"
        named = {name: row[name] for name in names}
        expect(what, "location", row["location_id"], row["version"], named)
    for old, row in changed("inventory.inventory"):
        named = {name: row[name] for name in ("variant_id", "location_id")}
        if not old:
            expect("stock.opened", "variant", row["variant_id"], None, named)
        limits = ("min_stock_level", "max_on_hand", "overstock_level")
        if is_changed(old, row, limits):
            levels = {name: row[name] for name in (*limits, "version")}
            named = {**named, **levels, "sku": skus[row["variant_id"]]}
            expect("stock.configured", "variant", row["variant_id"], None, named)
        if is_changed(old, row, ["category_id"]):
            named |= {name: row[name] for name in ("category_id", "version")}
            expect("stock.categorized", "variant", row["variant_id"], None, named)
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
        elif is_changed(old, row, ["owner"]):
            what = "moved"
        elif is_changed(old, row, ["quantity"]):
            what = "reduced"
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
    for _, row in changed("inventory.stock_transfers"):
        named = {
            name: row[name]
            for name in (
                "variant_id", "transfer_id", "from_location_id", "to_location_id", "quantity",
            )
        }  # fmt: skip
        expect("stock.transferred", "variant", row["variant_id"], None, named)
    for old, row in changed("inventory.inventory_alerts"):
        named = {
            name: row[name]
            for name in ("alert_id", "variant_id", "location_id", "kind", "threshold", "observed")
        }
        named["sku"] = skus[row["variant_id"]]
        if old:
            named["observed"] = row["closed_observed"]
        what, seq = ("alert.closed", 2) if old else ("alert.opened", 1)
        expect(what, "alert", row["alert_id"], seq, named)
    for _, row in changed("inventory.inventory_suppliers"):
        named = {name: row[name] for name in ("supplier_id", "code", "is_active", "version")}
        expect("supplier.updated", "supplier", row["supplier_id"], row["version"], named)
    for _, row in changed("inventory.supplier_items"):
        named = {
            name: row[name]
            for name in ("variant_id", "supplier_id", "is_preferred", "is_active", "version")
        }
        expect("supplier_item.updated", "variant", row["variant_id"], None, named)
    receipts = Counter(
        (row["receipt_id"], row["supplier_id"], row["location_id"])
        for _, row in changed("inventory.supplier_receipts")
    )
    for (receipt, supplier, location), variants in receipts.items():
        named = {"receipt_id": receipt, "supplier_id": supplier, "location_id": location}
        named["variants"] = variants
        expect("receipt.recorded", "receipt", receipt, 1, named)
    for _, row in changed("inventory.inventory_categories"):
        named = {
            name: row[name]
            for name in ("category_id", "code", "abc_class", "count_every_days", "version")
        }
        key = row["category_id"]
        expect("inventory_category.updated", "inventory_category", key, row["version"], named)
    counted = Counter(row["count_id"] for _, row in changed("inventory.stock_count_lines"))
    for old, row in changed("inventory.stock_counts"):
        named = {name: row[name] for name in ("count_id", "location_id")}
        what = row["status"]
        if what == "open":
            what = "recorded" if old else "started"
        if what in ("recorded", "posted"):
            named["lines"] = counted[row["count_id"]]
        expect(f"stock_count.{what}", "stock_count", row["count_id"], row["version"], named)
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
        if row not in stock and row["aggregate_type"] != "payment"
    )  # fmt: skip
    assert others == expected_events(before, after)
    check_payments(
        before, after, changes, [row for row in written if row["aggregate_type"] == "payment"]
    )
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
    # The same moments, in the words of another client.
    shop_floor.execute("set local time zone 'Asia/Kolkata'")
    call(shop_floor, name, keyed, handles)
    shop_floor.execute("set local time zone default")
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
