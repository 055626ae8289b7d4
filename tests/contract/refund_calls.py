"""Calls of the functions of refunds and disputes, and the events that have to tell of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]
Tables = dict[str, dict[tuple[Any, ...], Row]]
Changes = Callable[[Tables, Tables, str], Iterator[tuple[Row | None, Row]]]

NONE = "00000000-0000-0000-0000-000000000000"
NO_REFUND = ("SHM31", {"refund": NONE})
NO_DISPUTE = ("SHM32", {"dispute": NONE})
# Arguments of a call that succeeds and of one that is refused, the SQLSTATE and its detail.
REFUNDS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "orders.roll_up_sales": (
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of changes from 1 to 1000000"},
    ),
    "payment.add_evidence": (
        "%(dispute)s::uuid, 'letter', 'Dear bank'",
        f"'{NONE}', 'letter', 'Dear bank'",
        *NO_DISPUTE,
    ),
    "payment.begin_refund": ("%(approved_refund)s::uuid", f"'{NONE}'", *NO_REFUND),
    "payment.cleanup_overdue_disputes": (
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of disputes from 1 to 100000"},
    ),
    "payment.decide_refund": (
        "%(requested_refund)s::uuid, 'approved'",
        f"'{NONE}', 'approved'",
        *NO_REFUND,
    ),
    "payment.open_dispute": (
        "%(sold_payment)s::uuid, 'dp_9', 'fraudulent', 20",
        f"'{NONE}', 'dp_9', 'fraudulent', 20",
        "SHM01",
        {"payment": NONE},
    ),
    "payment.record_refund": (
        "%(refund_step)s::uuid, 'succeeded', 're_9'",
        f"'{NONE}', 'succeeded', 're_9'",
        "SHM02",
        {"transaction": NONE, "kind": "refund"},
    ),
    "payment.request_refund": (
        "%(sold_order)s, 5, 'returned', 'Broken'",
        "'none', 5, 'returned', 'Broken'",
        "SHO01",
        {"order_number": "none"},
    ),
    "payment.resolve_dispute": ("%(dispute)s::uuid, 'won'", f"'{NONE}', 'won'", *NO_DISPUTE),
    "payment.reverse_refund": (
        "%(done_refund)s::uuid, 'rr_9'",
        f"'{NONE}', 'rr_9'",
        *NO_REFUND,
    ),
    "payment.roll_up_payment_analytics": (
        "",
        "'2026-01-02', '2026-01-01'",
        "22023",
        {"argument": "p_from", "expected": "a day up to 366 days before p_to"},
    ),
    "payment.submit_evidence": ("%(dispute)s::uuid", f"'{NONE}'", *NO_DISPUTE),
}
REPORTS = {"payment.reconcile_settlement": "'acme', '[]', '2026-01-01', '2040-01-01'"}
KEYLESS = {
    "orders.roll_up_sales", "payment.cleanup_overdue_disputes", "payment.record_refund",
    "payment.roll_up_payment_analytics",
}  # fmt: skip
STAFF = {
    *(REFUNDS.keys() - {"orders.roll_up_sales", "payment.request_refund"}),
    *("payment.dispute_list", "payment.evidence_list", "payment.payment_analytics_list"),
    *("payment.reconcile_settlement", "payment.refund_list"),
}


def of_refunds(
    before: Tables, after: Tables, changes: Changes
) -> Iterator[tuple[str, str, int, int | None, Row]]:
    """Derive the events of refunds and disputes; those of their payments are checked apart."""
    for _, row in changes(before, after, "payment.refunds"):
        columns = (
            "order_id", "payment_id", "amount", "reason_code", "status", "error_code", "version",
        )  # fmt: skip
        payload = {name: row[name] for name in columns} | {"refund": row["public_id"]}
        yield f"refund.{row['status']}", "refund", row["refund_id"], row["version"], payload
    for old, row in changes(before, after, "payment.payment_disputes"):
        columns = (
            "order_id", "payment_id", "provider", "amount", "counted", "reason_code", "status",
            "evidence_due_at", "submission_count", "version",
        )  # fmt: skip
        payload = {name: row[name] for name in columns} | {"dispute": row["public_id"]}
        what = row["status"]
        if old and old["submission_count"] != row["submission_count"]:
            what = "evidence_submitted"
        elif old and old["status"] == row["status"]:
            what = "evidence_added"
        yield f"dispute.{what}", "dispute", row["dispute_id"], row["version"], payload
    for _, row in changes(before, after, "orders.order_contacts"):
        if row["erased_at"]:
            head = after["orders.orders"][(row["order_id"],)]
            payload = {name: head[name] for name in ("order_id", "order_number", "version")}
            yield "order.contact_erased", "order", row["order_id"], head["version"], payload
