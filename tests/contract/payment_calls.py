"""Calls of the functions that take money, and the events that have to tell what they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]
Tables = dict[str, dict[tuple[Any, ...], Row]]
Changes = Callable[[Tables, Tables, str], Iterator[tuple[Row | None, Row]]]

NOBODY = "'00000000-0000-0000-0000-000000000000'"
AMOUNTS = (
    "status", "authorized", "captured", "refunded", "refund_pending", "charged_back", "settled",
)  # fmt: skip


def unknown_step(kind: str) -> tuple[str, dict[str, Any]]:
    return "SHM02", {"transaction": NOBODY.strip("'"), "kind": kind}


UNKNOWN = ("SHM01", {"payment": NOBODY.strip("'")})
NO_METHOD = ("SHM03", {"method": NOBODY.strip("'")})
# Arguments of a call that succeeds and of one that is refused, the SQLSTATE and its detail.
PAYING: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "payment.add_payment_method": (
        "%(ann)s, 'acme', 'wallet', 'tok-3', p_is_default => true",
        "0, 'acme', 'wallet', 'tok-3'",
        "SHA03",
        {"user_id": 0},
    ),
    "payment.begin_capture": ("%(held)s, 25", f"{NOBODY}, 25", *UNKNOWN),
    "payment.begin_payment": (
        "%(waiting_order)s, 'acme'",
        "%(waiting_order)s, 'acme', null, 125.5",
        "SHM07",
        {"order_number": "%(waiting_order)s", "amount": 125.5, "due": 125},
    ),
    "payment.begin_void": ("%(held)s, 25", f"{NOBODY}, 25", *UNKNOWN),
    "payment.cleanup_expired_payments": (
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of payments from 1 to 100000"},
    ),
    "payment.claim_overdue_steps": (
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of steps from 1 to 10000"},
    ),
    "payment.cleanup_provider_events": (
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of events from 1 to 100000"},
    ),
    "payment.process_payment_authorization": (
        "%(asked)s, 'approved', 'asked-1'",
        f"{NOBODY}, 'approved', 'asked-1'",
        *unknown_step("authorize"),
    ),
    "payment.process_provider_events": (
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of events from 1 to 10000"},
    ),
    "payment.receive_provider_event": (
        """'acme', 'event', jsonb_build_object(
            'kind', 'settlement.succeeded', 'payment', %(taken)s::text, 'provider_ref', 'payout-2',
            'amount', 50
        )""",
        """'acme', '', '{"kind": "capture.failed", "original_ref": "taken-1"}'""",
        "22023",
        {
            "argument": "p_event_id",
            "expected": "the provider's reference: 1 to 255 characters, no card number",
        },
    ),
    "payment.record_capture": (
        "%(capturing)s, 'succeeded', 'partly-1'",
        f"{NOBODY}, 'succeeded', 'partly-1'",
        *unknown_step("capture"),
    ),
    "payment.record_settlement": (
        "%(taken)s, 'payout-1', 125, 2.5",
        "%(taken)s, 'payout-1', 126",
        "SHM11",
        {"payment": "%(taken)s", "amount": 126, "captured": 125, "settled": 0},
    ),
    "payment.record_void": (
        "%(voiding)s, 'succeeded'",
        f"{NOBODY}, 'succeeded'",
        *unknown_step("void"),
    ),
    "payment.remove_payment_method": ("%(ann)s, %(card_1)s", f"%(ann)s, {NOBODY}", *NO_METHOD),
    "payment.set_default_payment_method": (
        "%(ann)s, %(card_2)s, 1",
        "%(ann)s, %(card_2)s, 9",
        "SHC02",
        {"method": "%(card_2)s", "expected_version": 9, "version": 1},
    ),
}
# Whoever records an outcome repeats it with the same transaction, and a provider its event.
KEYLESS = {
    "payment.claim_overdue_steps", "payment.cleanup_expired_payments",
    "payment.cleanup_provider_events", "payment.process_payment_authorization",
    "payment.process_provider_events", "payment.receive_provider_event", "payment.record_capture",
    "payment.record_settlement", "payment.record_void",
}  # fmt: skip
# Another request of the same payment or user: a key is theirs.
OTHERS = {
    "payment.add_payment_method": "%(ann)s, 'acme', 'wallet', 'tok-4'",
    "payment.begin_capture": "%(held)s, 26",
    "payment.begin_void": "%(held)s, 26",
}
STAFF = {
    "payment.begin_capture", "payment.begin_void", "payment.claim_overdue_steps",
    "payment.provider_event_list",
    "payment.record_capture", "payment.record_settlement", "payment.record_void",
}  # fmt: skip


def of_methods(
    before: Tables, after: Tables, changes: Changes
) -> Iterator[tuple[str, str, int, int | None, Row]]:
    """Derive the events of payment methods."""
    for old, row in changes(before, after, "payment.payment_methods"):
        columns = ("user_id", "provider", "kind", "is_default", "version")
        named = {"method": row["public_id"], **{name: row[name] for name in columns}}
        what = "updated" if old else "added"
        # One that is added as the default is added first, and then becomes it.
        if not old and row["version"] == 2:
            first = {**named, "is_default": False, "version": 1}
            yield "payment_method.added", "payment_method", row["method_id"], 1, first
            what = "updated"
        if row["status"] == "removed":
            what = "removed"
        yield f"payment_method.{what}", "payment_method", row["method_id"], row["version"], named


def check_payments(before: Tables, after: Tables, changes: Changes, written: list[Row]) -> None:
    """A payment has one event a version, of which the last one tells what it has come to."""
    told: dict[int, list[Row]] = defaultdict(list)
    for event in written:
        told[event["aggregate_id"]].append(event)
    changed = set()
    steps = {row["public_id"]: row for row in after["payment.payment_transactions"].values()}
    for old, row in changes(before, after, "payment.payments"):
        events = sorted(told[row["payment_id"]], key=lambda event: int(event["aggregate_seq"]))
        first = old["version"] + 1 if old else 1
        assert [e["aggregate_seq"] for e in events] == list(range(first, row["version"] + 1))
        changed.add(row["payment_id"])
        for event in events:
            payload = event["payload"]
            assert payload["payment"] == row["public_id"]
            assert payload["version"] == event["aggregate_seq"]
            named = ("order_id", "provider", "currency")
            assert {name: payload[name] for name in named} == {name: row[name] for name in named}
            if "transaction" in payload:
                step = steps[payload["transaction"]]
                assert step["payment_id"] == row["payment_id"]
                assert payload.get("amount", step["amount"]) == step["amount"]
        assert {name: events[-1]["payload"][name] for name in AMOUNTS} == {
            name: row[name] for name in AMOUNTS
        }
    assert told.keys() == changed
