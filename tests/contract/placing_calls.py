"""Calls of the functions that place and list orders, and the events that placing has to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]
Tables = dict[str, dict[tuple[Any, ...], Row]]
Changes = Callable[[Tables, Tables, str], Iterator[tuple[Row | None, Row]]]

TAXED = """'{"taxes": [{"name": "VAT", "rate": 0.2}], "shipping": {"amount": 5}}'"""
# Arguments of a call that succeeds and of one that is refused, the SQLSTATE and its detail.
PLACING: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "orders.place_agreed_order": (
        """null, 'EUR', '[{"sku": "POT", "quantity": 2, "unit_price": 20}]', 'Quote 17'""",
        """null, 'EUR', '[{"sku": "NONE", "quantity": 2, "unit_price": 20}]', 'Quote 17'""",
        "SHP01",
        {"rule": "product_known", "skus": ["NONE"]},
    ),
    "orders.place_cart_order": (
        "'session:ready', 2",
        "'session:ready', 99",
        "SHC02",
        {"cart_id": "%(ready_cart)s", "expected_version": 99, "version": 2},
    ),
    "orders.place_order": (
        f"""'user:' || %(ann)s, 'EUR', '[{{"sku": "MUG", "quantity": 2}},
        {{"sku": "POT", "quantity": 9}}]', {TAXED}""",
        f"""'user:' || %(ann)s, 'EUR', '[{{"sku": "MUG", "quantity": 2}},
        {{"sku": "POT", "quantity": 11}}]', {TAXED}""",
        "SHI01",
        {"shortages": [{"sku": "POT", "requested": 11, "available": 10}]},
    ),
}
PAGES = {
    "orders.get_order": "%(sent_order)s, 'session:buyer'",
    "orders.list_orders": "'session:buyer'",
    "orders.list_orders_by_status": "'pending'",
    "orders.list_orders_paid": "'2026-01-01', '2040-01-01'",
    "orders.validate_order_business_rules": (
        """'session:buyer', 'EUR', '[{"sku": "DISH", "quantity": 1}]'"""
    ),
}
# What a customer's application may ask about something that only looks like an order or a SKU.
PROBES = {
    "orders.get_order": "%(name)s",
    "orders.list_orders": "'session:probe'",
    "orders.validate_order_business_rules": (
        "'session:probe', 'EUR', "
        "jsonb_build_array(jsonb_build_object('sku', %(name)s::text, 'quantity', 1))"
    ),
}
STAFF = {
    "orders.list_orders_by_status", "orders.list_orders_paid", "orders.order_contact_list",
    "orders.order_status_list", "orders.place_agreed_order",
}  # fmt: skip


def of_placing(
    before: Tables, after: Tables, changes: Changes
) -> Iterator[tuple[str, str, int, int | None, Row]]:
    """Derive the events of orders that are new."""
    for old, row in changes(before, after, "orders.orders"):
        if old is None:
            columns = (
                "order_id", "order_number", "version", "status", "source", "user_id", "currency",
                "total", "expires_at",
            )  # fmt: skip
            payload = {name: row[name] for name in columns}
            payload["lines"] = [
                {
                    "line": item["line_no"],
                    "variant_id": item["variant_id"],
                    "sku": item["sku"],
                    "quantity": item["quantity"],
                    "unit_price": item["unit_price"],
                }
                for (order, _), item in sorted(after["orders.order_items"].items())
                if order == row["order_id"]
            ]
            yield "order.placed", "order", row["order_id"], 1, payload
