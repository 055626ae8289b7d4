"""Every statement of every public function finds its rows by an index that says what it is for."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from plans_support import NAMED, Plan, Run, Watch, flows

Connection = psycopg.Connection[Any]
# Filling the shop takes the first test a minute, or several beside other work.
pytestmark = pytest.mark.timeout(1200)
LARGE = 1_000  # rows; a table of fewer may be read as a whole
# Of a large table so many rows may be read, whatever it is for, in one statement: fewer than any
# part of a large table that an index by a state, a location or a category leads to.
ROWS_A_STATEMENT = 3_500
# A scan of an index reads some pages each time that it begins (more where rows have just changed),
# a few for each row that it finds, and no more than so many besides: what it steps over inside
# the index is in no other figure of a plan.
PAGES, PAGES_A_LOOP, PAGES_A_ROW = 100, 30, 6
TABLES = """
select c.relname, n.nspname || '.' || c.relname, c.reltuples
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspowner = 'shop_owner'::regrole and c.reltuples > %s
"""
# The same columns, or the first ones of them, in the same order, for the same rows. A unique index
# that is the beginning of another is none too many: it says more.
DUPLICATES = """
with described as (
    select
        i.indexrelid, i.indrelid, i.indisunique, c.relam,
        string_to_array(i.indkey::text, ' ') as columns,
        string_to_array(i.indclass::text, ' ') as classes,
        string_to_array(i.indoption::text, ' ') as options,
        coalesce(pg_get_expr(i.indexprs, i.indrelid), '') as expressions,
        coalesce(pg_get_expr(i.indpred, i.indrelid), '') as predicate
    from pg_index as i
    inner join pg_class as c on c.oid = i.indexrelid
    inner join pg_namespace as n on n.oid = c.relnamespace
    where n.nspowner = 'shop_owner'::regrole and c.relkind in ('i', 'I')
)
select a.indexrelid::regclass::text, b.indexrelid::regclass::text
from described as a
inner join described as b
    on b.indrelid = a.indrelid and b.indexrelid <> a.indexrelid and b.relam = a.relam
    and b.predicate = a.predicate and b.expressions = a.expressions
    and b.columns[:cardinality(a.columns)] = a.columns
    and b.classes[:cardinality(a.classes)] = a.classes
    and b.options[:cardinality(a.options)] = a.options
where cardinality(b.columns) > cardinality(a.columns) and not a.indisunique
or cardinality(b.columns) = cardinality(a.columns) and (
    a.indexrelid < b.indexrelid or b.indisunique and not a.indisunique
)
order by 1, 2
"""
INDEXES = """
select
    c.relname, n.nspname || '.' || c.relname, i.indisunique or i.indisexclusion, t.relname,
    obj_description(c.oid, 'pg_class'),
    -- It has to be there anyway, whatever else is there with the same first column.
    case when i.indisprimary or obj_description(c.oid, 'pg_class') ~ 'foreign key' then array(
        select o.indexrelid::regclass::text
        from pg_index as o
        where o.indrelid = i.indrelid and o.indkey[0] = i.indkey[0]
    ) else array[]::text[] end
from pg_index as i
inner join pg_class as c on c.oid = i.indexrelid
inner join pg_class as t on t.oid = i.indrelid
inner join pg_namespace as n on n.oid = c.relnamespace
where n.nspowner = 'shop_owner'::regrole and n.nspname not in ('dbtool', 'audit')
and not c.relispartition
order by 2
"""
CALLABLE = """
select n.nspname || '.' || p.proname
from pg_proc as p
inner join pg_namespace as n on n.oid = p.pronamespace
where n.nspowner = 'shop_owner'::regrole and n.nspname not in ('dbtool', 'ops')
union
select v.schemaname || '.' || v.viewname
from pg_views as v
"""
VIEW = re.compile(r"^select .+ from [a-z]+\.[a-z_]+_(list|levels|totals|schedule|codes|profiles)\b")
NOT_LEAKPROOF = "the view is a security barrier, and the operator of the index is not leakproof"
PLANNED_APART = "the view is a security barrier: its reader's order and limit come after its joins"
# What reads much by design, and why: (function, table).
WHOLE: dict[tuple[str, str], str] = {
    ("inventory.refresh_alerts", "inventory.inventory"): "a job; one in fifty of all is low here",
    ("inventory.refresh_alerts", "inventory.stock_buckets"): "the same",
    ("inventory.refresh_alerts", "inventory.inventory_alerts"): "the same",
    ("inventory.refresh_alerts", "product.variants"): "the same",
    ("inventory.rebuild_analytics", "inventory.inventory"): "a job; it looks for what has moved",
    ("inventory.rebuild_analytics", "inventory.analytics_progress"): "the same",
    ("payment.roll_up_payment_analytics", "payment.payments"): "a job; a whole day's steps",
    ("product.product_admin_list", "product.products"): NOT_LEAKPROOF,
    ("product.review_moderation_list", "product.products"): PLANNED_APART,
    ("product.review_moderation_list", "product.product_reviews"): PLANNED_APART,
    ("payment.refund_list", "payment.payments"): PLANNED_APART,
}
# What steps over much of an index by design, and why: (function, index).
LONG_WAY: dict[tuple[str, str], str] = {
    ("inventory.cleanup_expired_reservations", "inventory_reservations_overdue_idx"): (
        "a sweep goes once through all active holds, in the order of variants"
    ),
}
# An index that what its comment names does not use on a shop of this size, and why.
UNUSED: dict[str, str] = {
    "inventory.inventory_alerts_location_id_variant_id_idx": "all alerts are of one location here",
    "inventory.inventory_categories_pkey": "every category is asked for",
    "inventory.inventory_reservations_open_key": (
        "what inventory.stock_levels counts are active holds, which the overdue ones are among"
    ),
    "inventory.inventory_reservations_overdue_idx": (
        "inventory.reserve_inventory looks for overdue holds only where stock is short"
    ),
    "inventory.supplier_items_preferred_key": "the rivals of an item are found by the variant",
    "product.prices_currency_variant_id_idx": "the primary key finds the few prices of a variant",
    "product.prices_price_list_id_idx": "half of all prices are expected of each of two lists",
    "product.products_metadata_idx": NOT_LEAKPROOF,
    "product.products_tags_idx": NOT_LEAKPROOF,
    "product.variants_barcode_key": "product.variant_admin_list shows it",
}


def rows_read(node: dict[str, Any]) -> int:
    return int(node.get("Actual Loops", 0)) * (
        int(node.get("Actual Rows", 0)) + int(node.get("Rows Removed by Filter", 0))
    )


def caller(plan: Plan) -> str:
    """Return the function that was called, or the view that was read."""
    found = VIEW.search(plan.called)
    return NAMED.findall(found[0])[-1] if found else plan.called


def is_of_ours(plan: Plan) -> bool:
    """Tell what calls a function or reads a view from what only looks up what a call needs."""
    return VIEW.search(plan.called) is not None or " " not in plan.called


def whole_reads(plans: list[Plan], large: dict[str, str]) -> set[tuple[str, str]]:
    """Return (called, table) of what has read a large table as a whole, or much of it."""
    return {
        (caller(plan), large[node["Relation Name"]])
        for plan in plans
        for node in plan.nodes
        if not plan.is_forced
        and is_of_ours(plan)
        and node.get("Relation Name") in large
        and (node["Node Type"] == "Seq Scan" or rows_read(node) > ROWS_A_STATEMENT)
    }


def long_ways(plans: list[Plan]) -> set[tuple[str, str]]:
    """Return (called, index) of what has stepped over much of an index to find little."""
    return {
        (caller(plan), node["Index Name"])
        for plan in plans
        for node in plan.nodes
        if not plan.is_forced
        and is_of_ours(plan)
        and node["Node Type"] in ("Index Scan", "Index Only Scan")
        and node["Shared Hit Blocks"] + node["Shared Read Blocks"]
        > PAGES + PAGES_A_LOOP * node["Actual Loops"] + PAGES_A_ROW * rows_read(node)
    }


def large_tables(connection: Connection) -> dict[str, str]:
    rows = connection.execute(TABLES, [LARGE]).fetchall()
    return {name: qualified for name, qualified, _ in rows}


def users(plans: list[Plan]) -> dict[str, set[str]]:
    """Return for each index and written table the names of what has used it."""
    found: dict[str, set[str]] = {}
    for plan in plans:
        for node in plan.nodes:
            used = [node.get("Index Name"), *node.get("Conflict Arbiter Indexes", [])]
            if node["Node Type"] == "ModifyTable":
                used.append(f"written {node.get('Relation Name')}")
            for name in used:
                if name:
                    found.setdefault(name, set()).update(plan.names)
    return found


def unused_indexes(connection: Connection, plans: list[Plan]) -> dict[str, list[str]]:
    """Return each index with those that its comment names and that do not use it."""
    used = users([plan for plan in plans if not plan.is_forced])
    of_small_tables = users(plans)
    large = large_tables(connection)
    known = {name for (name,) in connection.execute(CALLABLE).fetchall()}
    found = {}
    for name, qualified, is_rule, table, comment, equals in connection.execute(INDEXES).fetchall():
        by = used if table in large else of_small_tables
        theirs = set(by.get(name, ()))
        for other in equals:
            theirs |= by.get(other.partition(".")[2], set())
        if is_rule:
            # What writes the table asks the index whether the row may be there.
            theirs |= used.get(f"written {table}", set())
        named = [each for each in NAMED.findall(comment or "") if each in known]
        idle = [each for each in named if each.partition(".")[2] not in theirs]
        if idle:
            found[qualified] = idle
    return found


def test_every_public_function_is_called(large_shop: Connection, run: Run) -> None:
    public = set(flows.public_functions(large_shop))
    assert public - run.called == flows.NOT_CALLED.keys()
    assert run.called - public == {""}


def test_no_call_is_refused(run: Run) -> None:
    assert not run.refused


def test_no_statement_reads_a_large_table_as_a_whole(large_shop: Connection, run: Run) -> None:
    found = whole_reads(run.plans, large_tables(large_shop))
    assert found - WHOLE.keys() == set()


def test_no_scan_steps_over_much_of_an_index(run: Run) -> None:
    assert long_ways(run.plans) - LONG_WAY.keys() == set()


def test_no_index_is_there_twice(large_shop: Connection) -> None:
    assert large_shop.execute(DUPLICATES).fetchall() == []


def test_every_index_is_used_by_what_its_comment_names(large_shop: Connection, run: Run) -> None:
    idle = unused_indexes(large_shop, run.plans)
    assert {name: named for name, named in idle.items() if name not in UNUSED} == {}


def test_every_exception_is_about_something(large_shop: Connection) -> None:
    callable_names = {name for (name,) in large_shop.execute(CALLABLE).fetchall()}
    assert {name for name, _ in [*WHOLE, *LONG_WAY]} <= callable_names
    assert {name for _, name in WHOLE} <= set(large_tables(large_shop).values())
    indexes = large_shop.execute(INDEXES).fetchall()
    assert {name for _, name in LONG_WAY} <= {row[0] for row in indexes}
    assert UNUSED.keys() <= {row[1] for row in indexes}


def test_what_is_wrong_is_seen(large_shop: Connection) -> None:
    found = Run()
    with large_shop.transaction(force_rollback=True), Watch(large_shop, found) as watch:
        watch.statement = "careless"
        large_shop.execute("select count(*) from product.products as p where p.description = ''")
        large_shop.execute("set local enable_seqscan = off")
        # Of two lower bounds, the scan begins at the one that it comes upon first.
        large_shop.execute(
            "select i.sku from orders.order_items as i where (i.order_id, i.line_no) > (0, 0)"
            " and i.order_id > 90000 order by i.order_id, i.line_no limit 1"
        )
        assert ("careless", "order_items_pkey") in long_ways(found.plans)
        large_shop.execute("create index twice_idx on product.variants (sku)")
        large_shop.execute("create index idle_idx on product.variants (updated_at)")
        large_shop.execute("comment on index product.idle_idx is 'For product.get_prices.'")
        assert ("careless", "product.products") in whole_reads(
            found.plans, large_tables(large_shop)
        )
        duplicates = large_shop.execute(DUPLICATES).fetchall()
        assert ("product.twice_idx", "product.variants_sku_key") in duplicates
        assert unused_indexes(large_shop, [])["product.idle_idx"] == ["product.get_prices"]
    assert re.search("products", str(found.plans))
