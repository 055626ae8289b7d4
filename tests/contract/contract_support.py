"""A call of every public function that succeeds, one that is refused, and a shop to try them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import payment_calls
import placing_calls
import psycopg
import refund_calls
from order_calls import LIFE, STAFF, STORIES

Connection = psycopg.Connection[Any]
Connect = Callable[..., Connection]

STAGE = Path(__file__).with_name("stage.sql")
ORDERS = Path(__file__).with_name("stage_orders.sql")
REFUNDS = Path(__file__).with_name("stage_refunds.sql")
PAYMENTS = Path(__file__).with_name("stage_payments.sql")
ACTOR, REQUEST = "staff:anna", "req-7"

# What the schemas offer. A comment that speaks of replicas is the sign of something public.
PUBLIC = r"""
select
    n.nspname || '.' || p.proname as name,
    p.provolatile = 'v' as is_volatile,
    obj_description(p.oid, 'pg_proc') ~ 'Replica:\s+no\s+[(]writes[)]' as writes,
    'p_idempotency_key' = any (p.proargnames) as takes_key
from pg_proc as p
inner join pg_namespace as n on n.oid = p.pronamespace
where n.nspowner = 'shop_owner'::regrole and n.nspname <> 'dbtool'
and obj_description(p.oid, 'pg_proc') ~ 'Replica:\s'
order by 1
"""


@dataclass(frozen=True)
class Call:
    """The arguments of a call that succeeds and of one that is refused, and how it is refused.

    `%(name)s` is a handle that stage.sql has made.
    """

    arguments: str
    refused: str
    sqlstate: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Function:
    name: str
    is_volatile: bool
    writes: bool
    takes_key: bool


STALE = {"sku": "MUG", "expected_version": 1, "version": 2, "last_updated_by": ACTOR}
ADDRESS = """'{"recipient": "A", "line1": "2", "city": "Bath", "country": "GB"}'"""
HASH = "'$argon2id$' || repeat('i', 60)"
ANN = "%(ann)s::bigint"
NOBODY = {"user_id": 0}
OWNER = {
    "argument": "p_owner",
    "expected": "user:<number> or session:<1 to 200 characters>",
}
WRITES = {
    "account.add_address": Call(
        f"{ANN}, 'shipping', {ADDRESS}, true", f"0, 'shipping', {ADDRESS}", "SHA03", NOBODY
    ),
    "account.anonymise_user": Call(ANN, "0", "SHA03", NOBODY),
    "account.record_login": Call(f"{ANN}, false", "0, false", "SHA07", NOBODY),
    "account.register_user": Call(
        "'ben@example.com', 'Ben', '+14155550100'",
        "'ANN@example.com', 'Another Ann'",
        "SHA01",
        {"argument": "p_email"},
    ),
    "account.remove_address": Call(
        f"{ANN}, %(home)s::bigint, 1", "0, %(home)s::bigint, 1", "SHA03", NOBODY
    ),
    "account.set_customer_group": Call(f"{ANN}, 'trade', 1", "0, 'trade', 1", "SHA03", NOBODY),
    "account.set_default_address": Call(
        f"{ANN}, %(work)s::bigint, 1", "0, %(work)s::bigint, 1", "SHA03", NOBODY
    ),
    "account.set_password": Call(f"{ANN}, {HASH}", f"0, {HASH}", "SHA03", NOBODY),
    "account.set_user_status": Call(f"{ANN}, 'suspended', 1", "0, 'suspended', 1", "SHA03", NOBODY),
    "account.update_address": Call(
        f"{ANN}, %(home)s::bigint, {ADDRESS}, 1",
        f"0, %(home)s::bigint, {ADDRESS}, 1",
        "SHA03",
        NOBODY,
    ),
    "account.update_user": Call(
        f"""{ANN}, '{{"full_name": "Ann B.", "phone": "+14155550100"}}', 1""",
        """0, '{"full_name": "Ann B."}', 1""",
        "SHA03",
        NOBODY,
    ),
    "cart.add_item_to_cart": Call(
        "'session:new', 'JAR', 2, 'EUR'",
        "'session:new', 'JAR', 11, 'EUR'",
        "SHI01",
        {"shortages": [{"sku": "JAR", "requested": 11, "available": 8}]},
    ),
    "cart.cleanup_expired_carts": Call(
        "", "0", "22023", {"argument": "p_limit", "expected": "a number of carts from 1 to 100000"}
    ),
    "cart.clear_cart": Call(
        "'session:cart'",
        "'session:cart', 99",
        "SHC02",
        {"cart_id": "%(guest_cart)s", "expected_version": 99, "version": 3},
    ),
    "cart.merge_carts": Call(f"'cart', {ANN}", "'cart', 0", "22023", OWNER),
    "cart.move_cart": Call(
        "'cart', 'moved'",
        "'cart', 'cart'",
        "22023",
        {"argument": "p_session", "expected": "another session than the one to move to"},
    ),
    "cart.remove_item_from_cart": Call(
        "'session:cart', 'JAR'", "'session:cart', 'MUG'", "SHK05", {"sku": "MUG"}
    ),
    "cart.repair_cart": Call(
        "'session:cart', 3",
        "'session:cart', 2",
        "SHC02",
        {"cart_id": "%(guest_cart)s", "expected_version": 2, "version": 3},
    ),
    "cart.reserve_cart": Call(
        "'user:' || %(ann)s",
        "'user:' || %(ann)s, 99",
        "SHC02",
        {"cart_id": "%(ann_cart)s", "expected_version": 99, "version": 1},
    ),
    "cart.roll_up_metrics": Call(
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of activities from 1 to 10000000"},
    ),
    "cart.set_currency": Call(
        "'session:cart', 'GBP'", "'session:cart', 'XXX'", "SHC04", {"currency": "XXX"}
    ),
    "cart.set_variant_limit": Call(
        "'JAR', 3, 0", "'JAR', 3, 1", "SHC02", {"sku": "JAR", "expected_version": 1, "version": 0}
    ),
    "cart.update_item_quantity": Call(
        "'session:cart', 'JAR', 1",
        "'session:cart', 'JAR', 60",
        "SHK03",
        {"sku": "JAR", "requested": 60, "limit": 50, "of": "units"},
    ),
    "core.set_business_rule": Call(
        "'price_max', 500, 1",
        "'price_max', 500, 2",
        "SHC02",
        {"name": "price_max", "currency": None, "expected_version": 2, "version": 1},
    ),
    "inventory.adjust_stock": Call(
        "'MUG', -2, 2, 'Broken'", "'MUG', 1, 1, 'Found'", "SHC02", {**STALE, "on_hand": 20}
    ),
    "inventory.assign_inventory_category": Call(
        """'[{"sku": "MUG", "category": "A"}, {"sku": "POT", "category": "B"}]'""",
        """'[{"sku": "MUG", "category": "A"}, {"sku": "POT", "category": "Z"}]'""",
        "SHI22",
        {"categories": ["Z"]},
    ),
    "inventory.bulk_update_stock": Call(
        """'[{"sku": "MUG", "on_hand": 19}, {"sku": "POT", "on_hand": 1},
        {"sku": "NEW", "on_hand": 4}, {"sku": "NONE", "on_hand": 4}]'""",
        """'[{"sku": "MUG", "on_hand": 19}]', 'CELLAR'""",
        "SHI08",
        {"location": "CELLAR"},
    ),
    "inventory.cancel_reservations": Call(
        "jsonb_build_array(jsonb_build_object('reservation', %(sale)s::text, 'quantity', 1))",
        "jsonb_build_array(jsonb_build_object('reservation', %(sale)s::text, 'quantity', 4))",
        "SHI10",
        {"reservations": [{"reservation": "%(sale)s", "quantity": 4, "open_quantity": 3}]},
    ),
    "inventory.cancel_stock_count": Call(
        "%(count)s::bigint, 2", "-1, 2", "SHI23", {"count_id": -1}
    ),
    "inventory.classify_stock": Call("'MAIN'", "'CELLAR'", "SHI08", {"location": "CELLAR"}),
    "inventory.cleanup_expired_reservations": Call(
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of reservations from 1 to 100000"},
    ),
    "inventory.commit_reservations": Call(
        "array[%(hold)s]", "array[%(hold)s, '1-999999']", "SHI03", {"reservations": ["1-999999"]}
    ),
    "inventory.configure_stock": Call("'MUG', 2, 7, 70", "'MUG', 1, 7", "SHC02", STALE),
    "inventory.create_location": Call(
        "'BARN', 'Barn', 9", "'TOWN', 'Town', 9", "SHI11", {"code": "TOWN"}
    ),
    "inventory.extend_reservations": Call(
        "array[%(hold)s]",
        "array[%(sale)s]",
        "SHI05",
        {
            "reservations": [{"reservation": "%(sale)s", "status": "consumed"}],
            "expected": "active",
        },
    ),
    "inventory.merge_buckets": Call("'POT'", "'NEW'", "SHI09", {"sku": "NEW"}),
    "inventory.post_stock_count": Call("%(count)s::bigint, 2", "-1, 2", "SHI23", {"count_id": -1}),
    "inventory.rebuild_analytics": Call(
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of variants from 1 to 100000"},
    ),
    "inventory.receive_from_supplier": Call(
        """'ACME', '[{"sku": "MUG", "quantity": 3, "defective": 1}, {"sku": "NEW", "quantity": 1},
        {"sku": "POT", "quantity": 1, "defective": 1}]', '2026-01-05', 'TOWN', 'DN-9'""",
        """'NONE', '[{"sku": "MUG", "quantity": 3}]', '2026-01-05'""",
        "SHI20",
        {"supplier": "NONE"},
    ),
    "inventory.receive_stock": Call(
        """'[{"sku": "MUG", "quantity": 3}, {"sku": "NEW", "quantity": 1}]', 'TOWN', 'DN-9'""",
        """'[{"sku": "MUG", "quantity": 3}, {"sku": "NONE", "quantity": 1}]'""",
        "SHP01",
        {"skus": ["NONE"]},
    ),
    "inventory.record_damage": Call(
        "'MUG', 3, 1, 2, 'Fell down'",
        "'MUG', 1, 2, 2, 'Fell down'",
        "SHI27",
        {"sku": "MUG", "damaged": 0, "newly_damaged": 1, "written_off": 2},
    ),
    "inventory.record_stock_count": Call(
        """%(count)s::bigint, '[{"sku": "MUG", "counted": 20}, {"sku": "NEW", "counted": 0}]'""",
        """-1, '[{"sku": "MUG", "counted": 20}]'""",
        "SHI23",
        {"count_id": -1},
    ),
    "inventory.refresh_alerts": Call(
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of alerts from 1 to 100000"},
    ),
    "inventory.release_reservations": Call(
        "array[%(hold)s, %(late)s]",
        "array[%(hold)s, %(sale)s]",
        "SHI05",
        {
            "reservations": [{"reservation": "%(sale)s", "status": "consumed"}],
            "expected": "active",
        },
    ),
    "inventory.reserve_inventory": Call(
        """'[{"sku": "MUG", "quantity": 2}, {"sku": "POT", "quantity": 9}]', 'session:ben'""",
        """'[{"sku": "MUG", "quantity": 2}, {"sku": "POT", "quantity": 11}]', 'session:ben'""",
        "SHI01",
        {"shortages": [{"sku": "POT", "requested": 11, "available": 10}]},
    ),
    "inventory.set_inventory_category": Call(
        "'A', 'Best', 'A', 14, 1",
        "'Z', 'Best', 'A', 14, 1",
        "SHI22",
        {"categories": ["Z"]},
    ),
    "inventory.set_overstock_level": Call("'MUG', 2, 15", "'MUG', 1, 15", "SHC02", STALE),
    "inventory.set_stock": Call(
        "'MUG', 25, 2, 'Found'",
        "'MUG', 4, 2, 'Broken'",
        "SHI06",
        {"sku": "MUG", "on_hand": 20, "requested": 4, "damaged": 0, "held": 5},
    ),
    "inventory.set_supplier": Call(
        "'ACME', 'Acme Ltd', 4, 1", "'NONE', 'Acme Ltd', 4, 1", "SHI20", {"supplier": "NONE"}
    ),
    "inventory.set_supplier_item": Call(
        "'ACME', 'MUG', 2.5, 'EUR', 0, p_is_preferred => true",
        "'NONE', 'MUG', 2.5, 'EUR', 0",
        "SHI20",
        {"supplier": "NONE"},
    ),
    "inventory.ship_reservations": Call(
        "jsonb_build_array(jsonb_build_object('reservation', %(sale)s::text, 'quantity', 2))",
        "jsonb_build_array(jsonb_build_object('reservation', %(hold)s::text))",
        "SHI05",
        {
            "reservations": [{"reservation": "%(hold)s", "status": "active"}],
            "expected": "consumed, with units still open",
        },
    ),
    "inventory.split_buckets": Call("'MUG', 4", "'NEW', 4", "SHI09", {"sku": "NEW"}),
    "inventory.start_stock_count": Call("'TOWN'", "'CELLAR'", "SHI08", {"location": "CELLAR"}),
    "inventory.transfer_stock": Call(
        """'[{"sku": "MUG", "quantity": 3}, {"sku": "POT", "quantity": 9}]', 'MAIN', 'TOWN'""",
        """'[{"sku": "MUG", "quantity": 3}, {"sku": "POT", "quantity": 11}]', 'MAIN', 'TOWN'""",
        "SHI01",
        {
            "location": "MAIN",
            "shortages": [{"sku": "POT", "requested": 11, "available": 10}],
        },
    ),
    "inventory.update_location": Call(
        "'TOWN', 1, p_is_active => false",
        "'TOWN', 2, p_is_active => false",
        "SHC02",
        {
            "location": "TOWN",
            "expected_version": 2,
            "version": 1,
            "last_updated_by": ACTOR,
        },
    ),
    **{name: Call(*said) for name, said in LIFE.items()},
    **{name: Call(*said) for name, said in payment_calls.PAYING.items()},
    **{name: Call(*said) for name, said in placing_calls.PLACING.items()},
    **{name: Call(*said) for name, said in refund_calls.REFUNDS.items()},
    "product.add_image": Call(
        "'TRAY', '/3.jpg', 3, 'From above', 'TRAY-S', 1, true",
        "'TRAY', '/2.jpg', 3",
        "SHP22",
        {"code": "TRAY", "url": "/2.jpg"},
    ),
    "product.arrange_images": Call(
        "'TRAY', array['/2.jpg', '/1.jpg'], 3",
        "'TRAY', array['/2.jpg'], 3",
        "22023",
        {"argument": "p_urls", "expected": "the address of each image, once", "images": 2},
    ),
    "product.bulk_update_prices": Call(
        """'[{"sku": "MUG", "currency": "EUR", "price": 8},
        {"sku": "MUG", "currency": "JPY", "price": 900, "min_quantity": 10},
        {"sku": "POT", "currency": "EUR", "price": 24},
        {"sku": "NONE", "currency": "EUR", "price": 3}]'""",
        """'[{"sku": "MUG", "currency": "EUR", "price": 8}]', 'none'""",
        "SHP30",
        {"price_list": "none"},
    ),
    "product.bulk_set_popularity": Call(
        """'[{"product": "MUG", "popularity": 7}, {"product": "NONE", "popularity": 7}]'""",
        """'[{"product": "MUG", "popularity": -1}]'""",
        "22023",
        {
            "argument": "p_items",
            "item": 1,
            "field": "popularity",
            "expected": "a whole number from 0 to 999999999",
        },
    ),
    "product.create_category": Call(
        "'cups', 'Cups', 'kitchen'", "'cups', 'Cups', 'cellar'", "SHP03", {"slug": "cellar"}
    ),
    "product.create_price_list": Call(
        "'trade', 'Trade', 20, 'trade', '2040-01-01 00:00+00'",
        "'sale', 'Sale', 20",
        "SHP31",
        {"price_list": "sale"},
    ),
    "product.create_product": Call(
        """'BOWL', '{"name": "Bowl", "category": "kitchen", "tags": ["new"],
        "options": [{"name": "Size", "values": ["S"]}], "images": [{"url": "/b.jpg"}],
        "specifications": [{"name": "Depth", "value": "9", "unit": "cm"}],
        "suppliers": [{"supplier": "ACME", "reference": "B-1"}]}'""",
        """'MUG', '{"name": "Mug"}'""",
        "SHP11",
        {"code": "MUG"},
    ),
    "product.create_variant": Call(
        """'TRAY', '{"sku": "TRAY-L", "name": "Large", "options": {"Size": "L"}}', 3""",
        """'TRAY', '{"sku": "TRAY-X", "name": "Small", "options": {"Size": "S"}}', 3""",
        "SHP19",
        {"options": {"Size": "S"}},
    ),
    "product.delete_category": Call(
        "'empty', 1",
        "'kitchen', 1",
        "SHP13",
        {
            "slug": "kitchen",
            "references": [{"table": "product.categories", "rows": 1, "examples": ["pans"]}],
        },
    ),
    "product.delete_product": Call(
        "'GONE', 2",
        "'GONE', 1",
        "SHC02",
        {"code": "GONE", "expected_version": 1, "version": 2, "last_updated_by": ACTOR},
    ),
    "product.delete_review": Call(
        "%(fan)s, %(praise)s, 2",
        "%(fan)s, %(waiting)s, 2",
        "SHP37",
        {"review": "%(waiting)s"},
    ),
    "product.delete_variant": Call(
        "'GONE-1', 1",
        "'GONE-1', 2",
        "SHC02",
        {"sku": "GONE-1", "expected_version": 2, "version": 1, "last_updated_by": ACTOR},
    ),
    "product.discard_draft": Call("'TRAY', 1", "'MUG', 1", "SHP25", {"code": "MUG"}),
    "product.edit_review": Call(
        "%(fan)s, %(praise)s, 2, 3, 'So so'",
        "%(fan)s, %(praise)s, 1, 3",
        "SHC02",
        {"review": "%(praise)s", "expected_version": 1, "version": 2},
    ),
    "product.end_price": Call(
        "'POT', %(later)s, 1", "'POT', 0, 1", "SHP34", {"sku": "POT", "price_id": 0}
    ),
    "product.import_products": Call(
        """'[{"sku": "MUG", "name": "Big mug", "price": 8, "currency": "EUR"},
        {"sku": "CUP", "name": "Cup", "price": 3, "currency": "GBP", "category": "kitchen"},
        {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
        {"sku": "BAD", "name": "Bad", "price": 3, "currency": "XXX"}]'""",
        "'[]'",
        "22023",
        {"argument": "p_items", "elements": 0, "expected": "1 to 10000 elements"},
    ),
    "product.moderate_review": Call(
        "%(waiting)s, 'approved', 1",
        "%(waiting)s, 'hidden', 1",
        "SHP38",
        {"review": "%(waiting)s", "status": "pending", "requested": "hidden"},
    ),
    "product.move_category": Call(
        "'kitchen', 'empty', 1",
        "'kitchen', 'pans', 1",
        "SHP15",
        {"slug": "kitchen", "parent_slug": "pans"},
    ),
    "product.publish_draft": Call("'TRAY', 1", "'MUG', 1", "SHP25", {"code": "MUG"}),
    "product.rebuild_search_documents": Call(
        "", "0", "22023", {"argument": "p_limit", "expected": "a number from 1 to 10000"}
    ),
    "product.remove_image": Call(
        "'TRAY', '/1.jpg', 3",
        "'TRAY', '/3.jpg', 3",
        "SHP21",
        {"code": "TRAY", "url": "/3.jpg"},
    ),
    "product.rename_option": Call(
        "'TRAY', 'Size', 'Form', 3",
        "'TRAY', 'Colour', 'Form', 3",
        "SHP18",
        {"option": "Colour"},
    ),
    "product.restore_content_version": Call(
        "'TRAY', 1, 3", "'TRAY', 4, 3", "SHP24", {"code": "TRAY", "version": 4}
    ),
    "product.save_draft": Call(
        """'TRAY', '{"tags": ["new"]}', 3, 1""",
        """'TRAY', '{"tags": ["new"]}', 3""",
        "SHC02",
        {
            "code": "TRAY",
            "expected_version": 0,
            "draft_version": 1,
            "last_updated_by": ACTOR,
        },
    ),
    "product.schedule_price": Call(
        "'MUG', 'EUR', 6, '2040-01-01 00:00+00', '2040-02-01 00:00+00', p_is_replacing => true",
        "'POT', 'EUR', 6, '2040-01-10 00:00+00', null, 'none'",
        "SHP30",
        {"price_list": "none"},
    ),
    "product.set_category_status": Call(
        "'kitchen', 'archived', 1",
        "'cellar', 'archived', 1",
        "SHP03",
        {"slug": "cellar"},
    ),
    "product.set_price": Call(
        "'MUG', 'EUR', 8, 1",
        "'MUG', 'EUR', 8, 2",
        "SHC02",
        {"sku": "MUG", "currency": "EUR", "expected_version": 2, "version": 1},
    ),
    "product.set_primary_image": Call(
        "'TRAY', '/2.jpg', 3",
        "'TRAY', '/3.jpg', 3",
        "SHP21",
        {"code": "TRAY", "url": "/3.jpg"},
    ),
    "product.set_product_status": Call(
        "'TRAY', 'active', 3",
        "'EMPTY', 'active', 1",
        "SHP26",
        {"code": "EMPTY", "skus_without_price": None},
    ),
    "product.submit_review": Call(
        "%(critic)s, 'POT', 4, 'Fine'",
        "%(critic)s, 'NONE', 4",
        "SHP01",
        {"code": "NONE"},
    ),
    "product.update_category": Call(
        """'kitchen', '{"slug": "cooking", "name": "Cooking"}', 1""",
        """'kitchen', '{"slug": "empty"}', 1""",
        "SHP04",
        {"slug": "empty"},
    ),
    "product.update_price": Call(
        "'POT', %(later)s, 1, 19, '2040-01-02 00:00+00'",
        "'POT', %(later)s, 1, 0, '2040-01-02 00:00+00'",
        "SHP05",
        {"price": 0, "currency": "EUR", "max": 100000.0},
    ),
    "product.update_price_list": Call(
        "'sale', 1, 'Sale', 5, null, null, false",
        "'base', 1, 'Base', 5, null, null",
        "SHP32",
        {"price_list": "base", "priority": 5},
    ),
    "product.update_product": Call(
        """'TRAY', '{"name": "Wide tray", "images": [{"url": "/9.jpg"}], "slug": null,
        "category": null, "options": [{"name": "Size", "values": ["S"]}]}', 3""",
        """'TRAY', '{"options": []}', 3""",
        "SHP17",
        {"skus": ["TRAY-S"]},
    ),
    "product.update_variant": Call(
        """'TRAY-S', '{"sku": "TRAY-1", "barcode": "12345678"}', 1""",
        """'TRAY-S', '{"sku": "MUG"}', 1""",
        "SHP12",
        {"sku": "MUG"},
    ),
}
READS = {
    "account.export_user": ANN,
    "account.get_password": "'ann@example.com'",
    "cart.get_cart": "'session:cart'",
    "cart.validate_cart": "'session:cart'",
    "core.set_context": "'staff:ben', 'req-8', '192.0.2.7', 'till/1'",
    "inventory.get_inventory_analytics": "array['MUG', 'POT'], '2026-01-01', '2026-01-31'",
    "inventory.get_stock": "array['MUG', 'POT']",
    "inventory.list_due_counts": "",
    "inventory.propose_reorder": "'ACME'",
    **STORIES,
    **placing_calls.PAGES,
    **refund_calls.REPORTS,
    "product.compare_content_versions": "'TRAY', 1, 2",
    "product.get_category": "'kitchen'",
    "product.get_content_version": "'TRAY', 1",
    "product.get_product_details": "'MUG', 'EUR', 'trade'",
    "product.get_products": """'[{"code": "MUG"}, {"code": "TRAY"}]', 'EUR'""",
    "product.get_prices": """'[{"sku": "MUG", "quantity": 2}]', 'EUR', 'trade'""",
    "product.get_user_reviews": "1",
    "ops.check_database_health": "",
    "ops.check_invariants": "",
    "ops.get_cache_hit_ratios": "",
    "ops.get_index_usage_statistics": "",
    "ops.get_slow_queries": "",
    "ops.get_table_statistics": "",
    "product.list_breadcrumb": "'pans'",
    "product.list_products_admin": "'EUR'",
    "product.list_subtree": "'kitchen'",
    "product.search_products": "'mug', 'EUR', p_has_facets => true",
}

# What is not for customers: costs, suppliers, drafts. Only editors may use these.
EDITED = STAFF | payment_calls.STAFF | placing_calls.STAFF | refund_calls.STAFF | {
    "inventory.alert_list", "inventory.analytics_list", "inventory.assign_inventory_category",
    "inventory.cancel_stock_count", "inventory.classify_stock",
    "inventory.get_inventory_analytics", "inventory.inventory_category_list",
    "inventory.list_due_counts", "inventory.post_stock_count", "inventory.propose_reorder",
    "inventory.receipt_list", "inventory.receive_from_supplier", "inventory.record_damage",
    "inventory.record_stock_count", "inventory.set_inventory_category",
    "inventory.set_overstock_level", "inventory.set_supplier", "inventory.set_supplier_item",
    "inventory.start_stock_count", "inventory.stock_count_line_list", "inventory.stock_count_list",
    "inventory.supplier_item_list", "inventory.supplier_list", "inventory.transfer_list",
    "inventory.transfer_stock", "inventory.update_location", "product.add_image",
    "product.arrange_images", "product.bulk_set_popularity", "product.category_admin_list",
    "product.compare_content_versions", "product.rebuild_search_documents",
    "product.content_draft_list", "product.content_version_list", "product.create_product",
    "product.create_variant", "product.delete_category", "product.delete_product",
    "product.delete_variant", "product.discard_draft", "product.get_content_version",
    "product.image_admin_list", "product.list_products_admin", "product.move_category",
    "product.option_admin_list",
    "product.product_admin_list", "product.publish_draft", "product.remove_image",
    "product.rename_option", "product.restore_content_version", "product.save_draft",
    "product.set_category_status", "product.set_primary_image", "product.set_product_status",
    "product.specification_admin_list", "product.supplier_reference_list",
    "product.update_category", "product.update_product", "product.update_variant",
    "product.variant_admin_list", "product.bulk_update_prices", "product.create_price_list",
    "product.end_price", "product.moderate_review", "product.price_change_list",
    "product.price_list_codes", "product.price_schedule", "product.review_moderation_list",
    "product.schedule_price", "product.update_price", "product.update_price_list",
}  # fmt: skip


def functions(connection: Connection) -> dict[str, Function]:
    """Return the public functions."""
    rows = connection.execute(PUBLIC).fetchall()
    return {row[0]: Function(*row) for row in rows}


def set_stage(connection: Connection, *, has_orders: bool = True) -> dict[str, str]:
    """Fill the shop, say who acts from here on, and return the handles that calls use."""
    for stage in (STAGE, ORDERS, PAYMENTS, REFUNDS) if has_orders else (STAGE,):
        connection.execute(stage.read_text().encode())
    rows = connection.execute("select name, handle from pg_temp.handles").fetchall()
    connection.execute("select core.set_context(%s, %s)", (ACTOR, REQUEST))
    return dict(rows)


def call(connection: Connection, name: str, arguments: str, handles: dict[str, str]) -> list[Any]:
    """Call a function; return its rows."""
    query = f"select r from {name}({arguments}) as r"
    return connection.execute(query.encode(), handles).fetchall()
