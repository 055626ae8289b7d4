"""Calls of the functions that change orders, and the events that have to tell what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]
Tables = dict[str, dict[tuple[Any, ...], Row]]
Changes = Callable[[Tables, Tables, str], Iterator[tuple[Row | None, Row]]]

ORDER = {"of": "order", "order_number": "%(late_order)s", "status": "pending"}
WAITS = ["confirmed", "cancelled", "expired"]
UNKNOWN = ("SHO01", {"order_number": "none"})
PARCEL = ("SHO34", {"order_number": "%(sent_order)s", "fulfillment_no": 9})
RETURN = ("SHO36", {"order_number": "%(returning_order)s", "return_no": 9})
# Arguments of a call that succeeds and of one that is refused, the SQLSTATE and its detail.
LIFE: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "orders.add_customer_note": (
        "%(waiting_order)s, 'session:buyer', 'Ring twice.'",
        "%(waiting_order)s, 'session:other', 'Ring twice.'",
        "SHO01",
        {"order_number": "%(waiting_order)s"},
    ),
    "orders.add_order_note": ("%(waiting_order)s, 'Call first.'", "'none', 'x'", *UNKNOWN),
    "orders.anonymise_order": ("%(arrived_order)s", "'none'", *UNKNOWN),
    "orders.cancel_fulfillment": ("%(packed_order)s, 1", "%(sent_order)s, 9", *PARCEL),
    "orders.cancel_order": (
        """%(paid_order)s, '[{"sku": "DISH", "quantity": 2}]', 'Too many'""",
        """%(paid_order)s, '[{"sku": "DISH", "quantity": 7}]'""",
        "SHO32",
        {
            "order_number": "%(paid_order)s",
            "item": 1,
            "sku": "DISH",
            "line_no": None,
            "requested": 7,
            "open": 6,
        },
    ),
    "orders.cleanup_expired_orders": (
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of orders from 1 to 100000"},
    ),
    "orders.close_return": ("%(returning_order)s, 2", "%(returning_order)s, 9", *RETURN),
    "orders.complete_order": (
        "%(arrived_order)s",
        "%(late_order)s",
        "SHO30",
        {**ORDER, "requested": "completed", "legal": WAITS},
    ),
    "orders.confirm_order": (
        "%(free_order)s",
        "%(waiting_order)s",
        "SHO33",
        {"order_number": "%(waiting_order)s", "due": 125, "covered": 0},
    ),
    "orders.decide_return": (
        "%(returning_order)s, 1, 'rejected', 'Too late.'",
        "%(returning_order)s, 9, 'rejected', 'Too late.'",
        *RETURN,
    ),
    "orders.deliver_fulfillment": ("%(sent_order)s, 1", "%(sent_order)s, 9", *PARCEL),
    "orders.fail_fulfillment": (
        "%(sent_order)s, 1, 'Lost.'",
        "%(sent_order)s, 9, 'Lost.'",
        *PARCEL,
    ),
    "orders.pack_order": (
        """%(paid_order)s, '[{"sku": "DISH", "quantity": 2}]'""",
        """%(paid_order)s, '[{"sku": "MUG", "quantity": 2}]'""",
        "SHO31",
        {"order_number": "%(paid_order)s", "item": 1, "sku": "MUG", "line_no": None},
    ),
    "orders.process_order": (
        "%(paid_order)s",
        "%(late_order)s",
        "SHO30",
        {**ORDER, "requested": "processing", "legal": WAITS},
    ),
    "orders.receive_return": (
        """%(returning_order)s, 2, '[{"sku": "DISH", "disposition": "damaged"}]', 'TOWN'""",
        "%(returning_order)s, 9",
        *RETURN,
    ),
    "orders.request_return": (
        """%(arrived_order)s, '[{"sku": "DISH", "quantity": 2}]', 'Broken.', 'session:buyer'""",
        "'none', null, 'Broken.'",
        *UNKNOWN,
    ),
    "orders.return_fulfillment": ("%(sent_order)s, 2", "%(sent_order)s, 9", *PARCEL),
    "orders.ship_order": (
        "%(packed_order)s, null, 'DHL', 'X3', 1",
        "%(packed_order)s, null, 'DHL', 'X1', 1",
        "SHO35",
        {
            "order_number": "%(packed_order)s",
            "fulfillment_no": 1,
            "carrier": "DHL",
            "tracking": "X1",
        },
    ),
    "orders.track_fulfillment": (
        "%(sent_order)s, 1, 'UPS', 'Y1', true",
        "%(sent_order)s, 9, 'UPS', 'Y1', true",
        *PARCEL,
    ),
}
STORIES = {
    "orders.get_order_history": "%(sent_order)s",
    "orders.get_order_timeline": "%(sent_order)s, 'session:buyer'",
}
STAFF = {
    *(LIFE.keys() - {
        "orders.add_customer_note", "orders.cancel_order", "orders.cleanup_expired_orders",
        "orders.request_return",
    }),
    "orders.get_order_history", "orders.order_note_list", "orders.order_return_list",
    "orders.return_item_list",
}  # fmt: skip


def parts(after: Tables, table: str, key: str, row: Row) -> list[Row]:
    """Return the lines of a parcel or return as its event shows them."""
    return [
        {"line_no": item["line_no"], "quantity": item["quantity"]}
        for item in sorted(after[table].values(), key=lambda item: item["line_no"])
        if (item["order_id"], item[key]) == (row["order_id"], row[key])
    ]


def of_orders(
    before: Tables, after: Tables, changes: Changes
) -> Iterator[tuple[str, str, int, int | None, Row]]:
    """Derive the events of orders from what has become of them after they were placed."""
    heads = after["orders.orders"]

    def named(row: Row) -> Row:
        return {
            "order_id": row["order_id"],
            "order_number": heads[(row["order_id"],)]["order_number"],
        }

    for old, row in changes(before, after, "orders.orders"):
        key, seq = row["order_id"], row["version"]
        if old and (old["payment_status"], old["paid_at"]) != (
            row["payment_status"],
            row["paid_at"],
        ):
            payload = named(row) | {name: row[name] for name in ("payment_status", "paid_at")}
            payload["version"] = seq
            yield "order.payment_changed", "order", key, seq, payload
        if old and old["expires_at"] != row["expires_at"]:
            payload = named(row) | {"expires_at": row["expires_at"], "version": seq}
            yield "order.extended", "order", key, seq, payload
    for _, row in changes(before, after, "orders.order_status_history"):
        if row["from_status"]:
            head = heads[(row["order_id"],)]
            payload = named(row) | {
                name: head[name] for name in ("user_id", "currency", "total", "credit_total")
            }
            payload |= {"from": row["from_status"], "status": row["to_status"], "seq": row["seq"]}
            yield f"order.{row['to_status']}", "order", row["order_id"], row["seq"], payload
    for _, row in changes(before, after, "orders.order_credits"):
        payload = named(row) | {
            name: row[name] for name in ("credit_no", "line_no", "quantity", "amount")
        }
        payload["currency"] = heads[(row["order_id"],)]["currency"]
        payload["credit_total"] = row["credit_after"]
        yield "order.credited", "order", row["order_id"], row["credit_no"], payload
    for _, row in changes(before, after, "orders.order_notes"):
        payload = named(row) | {name: row[name] for name in ("note_no", "visibility")}
        yield "order.note_added", "order", row["order_id"], row["note_no"], payload
    for old, row in changes(before, after, "orders.order_fulfillment"):
        what = "tracked" if old and old["status"] == row["status"] else row["status"]
        columns = ("fulfillment_no", "status", "location", "carrier", "version")
        payload = named(row) | {name: row[name] for name in columns}
        payload["items"] = parts(after, "orders.fulfillment_items", "fulfillment_no", row)
        yield f"fulfillment.{what}", "order", row["order_id"], None, payload
    for _, row in changes(before, after, "orders.order_returns"):
        payload = named(row) | {name: row[name] for name in ("return_no", "status", "version")}
        payload["items"] = parts(after, "orders.return_items", "return_no", row)
        yield f"return.{row['status']}", "order", row["order_id"], None, payload
