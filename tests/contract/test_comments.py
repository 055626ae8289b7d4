"""The comment of a public function names the errors that its source can raise, and no others."""

from __future__ import annotations

import re
from functools import cache

from contract_support import PUBLIC, Connection

from dbtool.config import packaged_sql

FUNCTIONS = packaged_sql() / "functions"
CREATE = re.compile(r"create or replace function ([\w.]+)\(", re.IGNORECASE)
CODE = re.compile(r"'(SH[A-Z]\d\d|22023)'")
CALL = re.compile(r"\b([a-z_]+\.[a-z_]+)\s*\(")
NAME = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")
STRING = re.compile(r"'([A-Z]+(?:_[A-Z]+)+)'")
RULE = re.compile(r"core\.rule\(\s*'(\w+)'\s*[,)]")
REGISTRY = "select sqlstate, name from core.error_codes"
COMMENTS = f"""
select p.name, obj_description(p.name::regproc, 'pg_proc') from ({PUBLIC}) as p
"""
RULES = "select name from core.rules"

# What a shared function can raise, but not for this caller.
# What cart.cart_lines tells of a line is no error.
TOLD = {
    *("CART_LIMIT_EXCEEDED", "INSUFFICIENT_STOCK", "PRICE_CHANGED", "PRICE_UNAVAILABLE"),
    "PRODUCT_NOT_ACTIVE",
}
USER = {"USER_NOT_ACTIVE", "USER_NOT_FOUND"}
# An order's own holds are found and locked before they are shipped or given up.
HOLDS = {
    *("RESERVATION_CLOSED", "RESERVATION_NOT_FOUND", "RESERVATION_OF_ORDER"),
    "SHIPMENT_EXCEEDS_RESERVATION",
}
# Who says no reference of a provider takes none.
NAMED = {"PROVIDER_REFERENCE_TAKEN"}
# An order takes no slots and names no place; what it cannot hold again ends it, and is no error.
HELD_AGAIN = (
    HOLDS
    | USER
    | NAMED
    | {
        *("INSUFFICIENT_STOCK", "LOCATION_NOT_FOUND", "PRODUCT_NOT_ACTIVE", "PRODUCT_NOT_FOUND"),
        *("RESERVATION_LIMIT_REACHED", "RULE_NOT_FOUND"),
    }
)
# An order takes no slots and names no place; those that make room for it are the user's own.
PLACED = {
    *(HOLDS | NAMED),
    *("ILLEGAL_TRANSITION", "LOCATION_NOT_FOUND", "ORDER_NOT_FOUND", "RESERVATION_LIMIT_REACHED"),
}
# What orders.draft_problems tells of an order is no error.
BROKEN = {
    *("CART_INVALID", "INSUFFICIENT_STOCK", "ORDER_TOO_LARGE", "ORDER_TOTAL_OUT_OF_RANGE"),
    *("PENDING_ORDER_LIMIT_REACHED", "PRICE_CHANGED", "PRICE_OUT_OF_RANGE", "PRICE_UNAVAILABLE"),
    *("PRODUCT_NOT_ACTIVE", "PRODUCT_NOT_FOUND", "UNITS_PER_USER_EXCEEDED", "USER_NOT_ACTIVE"),
}
# The order of a refund or dispute is there, in a currency; what holds its stock again is above.
GIVEN_BACK = {"CURRENCY_NOT_FOUND", "ORDER_NOT_FOUND"}
# A payment has an order, and its currency is one.
THERE = {"CURRENCY_NOT_FOUND", "ORDER_NOT_FOUND"}
# What money does to its order is no error; an event that says too much or too early is told so.
PAID = (
    HELD_AGAIN - NAMED
    | THERE
    | {
        *("DISPUTE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED", "ILLEGAL_TRANSITION"),
        "PAYMENT_NOT_FOUND",
    }
)
UNREACHABLE = {
    # Images are a part of the content that names no category, slug or option.
    "product.add_image": {"CATEGORY_NOT_FOUND", "OPTION_IN_USE", "PRODUCT_SLUG_TAKEN"},
    "product.remove_image": {"CATEGORY_NOT_FOUND", "OPTION_IN_USE", "PRODUCT_SLUG_TAKEN"},
    # Nothing of a new product is in use.
    "product.create_product": {"OPTION_IN_USE"},
    # No depth is asked for.
    "product.get_category": {"INVALID_ARGUMENT"},
    # Neither changes a slug.
    "product.move_category": {"CATEGORY_SLUG_TAKEN"},
    "product.set_category_status": {"CATEGORY_SLUG_TAKEN"},
    # The currency is that of the price.
    "product.update_price": {"CURRENCY_NOT_FOUND"},
    # Only who opens a cart, or gets one, has to be an active user.
    "account.anonymise_user": {"USER_NOT_ACTIVE"},
    "cart.clear_cart": USER,
    "cart.get_cart": TOLD,
    "cart.merge_carts": TOLD,
    "cart.move_cart": TOLD | USER,
    "cart.remove_item_from_cart": USER,
    "cart.repair_cart": TOLD | USER,
    # No location is named, a variant in a cart is not deleted, and no cart is an order's.
    "cart.reserve_cart": {
        *("CART_LIMIT_EXCEEDED", "LOCATION_NOT_FOUND", "PRICE_CHANGED", "PRICE_UNAVAILABLE"),
        *("PRODUCT_NOT_FOUND", "RESERVATION_OF_ORDER"),
    },
    "cart.set_currency": TOLD | USER,
    "orders.cancel_order": HELD_AGAIN,
    # What is wrong with an order is told in its row.
    "orders.cleanup_expired_orders": {
        *HELD_AGAIN,
        "IDEMPOTENCY_KEY_REUSED",
        "ILLEGAL_TRANSITION",
        "ORDER_NOT_FOUND",
    },
    "orders.confirm_order": HELD_AGAIN,
    "orders.deliver_fulfillment": HELD_AGAIN,
    "orders.place_agreed_order": PLACED | {"CART_INVALID"},
    # A price in a list is within the limit that was in force for it.
    "orders.place_cart_order": PLACED | {"PRICE_OUT_OF_RANGE"},
    "orders.place_order": PLACED | {"CART_INVALID", "PRICE_OUT_OF_RANGE"},
    "orders.receive_return": HELD_AGAIN - {"LOCATION_NOT_FOUND"},
    "orders.return_fulfillment": HELD_AGAIN - {"LOCATION_NOT_FOUND"},
    "orders.ship_order": HELD_AGAIN - {"INSUFFICIENT_STOCK", "LOCATION_NOT_FOUND"},
    "orders.validate_order_business_rules": BROKEN,
    "payment.add_evidence": GIVEN_BACK,
    "payment.begin_refund": GIVEN_BACK,
    # What was found is there, and what is late may always be lost.
    "payment.cleanup_overdue_disputes": {
        *(GIVEN_BACK | HELD_AGAIN),
        *("DISPUTE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED", "ILLEGAL_TRANSITION"),
    },
    "payment.decide_refund": GIVEN_BACK,
    # A warning may always become a dispute.
    "payment.open_dispute": GIVEN_BACK | HELD_AGAIN - NAMED | {"ILLEGAL_TRANSITION"},
    # What events that have waited lead to is told in the inbox.
    "payment.record_refund": {
        *(GIVEN_BACK | HELD_AGAIN - NAMED),
        *("DISPUTE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED", "ILLEGAL_TRANSITION"),
        "PAYMENT_NOT_FOUND",
    },
    "payment.request_refund": {"CURRENCY_NOT_FOUND"},
    "payment.resolve_dispute": GIVEN_BACK | HELD_AGAIN,
    "payment.reverse_refund": GIVEN_BACK | HELD_AGAIN - NAMED,
    "payment.submit_evidence": GIVEN_BACK,
    "payment.begin_capture": THERE,
    "payment.begin_payment": {"CURRENCY_NOT_FOUND"},
    "payment.begin_void": THERE,
    "payment.cleanup_expired_payments": PAID | NAMED,
    "payment.process_payment_authorization": PAID,
    "payment.process_provider_events": PAID | NAMED | {"PAYMENT_TRANSACTION_NOT_FOUND"},
    "payment.receive_provider_event": (
        PAID - {"IDEMPOTENCY_KEY_REUSED"} | {"PAYMENT_TRANSACTION_NOT_FOUND"}
    ),
    "payment.record_capture": PAID,
    "payment.record_settlement": THERE,
    "payment.record_void": PAID,
    # What is counted down was there; who counts says no version.
    "inventory.post_stock_count": {"STOCK_NOT_FOUND"},
    "inventory.record_stock_count": {"CONCURRENT_MODIFICATION"},
    # A transfer tells as a shortage what it cannot take.
    "inventory.transfer_stock": {"CONCURRENT_MODIFICATION", "STOCK_IS_HELD", "STOCK_NOT_FOUND"},
    # A delivery has no expected version, and takes nothing away.
    "inventory.receive_from_supplier": {
        "CONCURRENT_MODIFICATION",
        "STOCK_IS_HELD",
        "STOCK_NOT_FOUND",
    },
    "inventory.receive_stock": {"CONCURRENT_MODIFICATION", "STOCK_IS_HELD", "STOCK_NOT_FOUND"},
}
# Names of rules are literals in our source; a test below looks them up.
SAFE = {"core.rule"}


@cache
def bodies() -> dict[str, str]:
    """Return the code of every function by its name."""
    found = {}
    for path in FUNCTIONS.rglob("*.sql"):
        text = re.sub(r"--[^\n]*", "", path.read_text())
        if match := CREATE.search(text):
            found[match[1]] = text.split("\ncomment on function")[0]
    return found


def reachable(name: str, seen: set[str] | None = None) -> set[str]:
    """Return the codes and names in a function and in those that it calls."""
    seen = seen if seen is not None else set()
    seen.add(name)
    body = bodies()[name]
    found = set(CODE.findall(body)) | set(STRING.findall(body))
    for callee in set(CALL.findall(body)) & bodies().keys() - seen - SAFE:
        found |= reachable(callee, seen)
    return found


def test_each_comment_lists_what_the_source_can_raise(shop_floor: Connection) -> None:
    registry = dict(shop_floor.execute(REGISTRY).fetchall())
    wrong = {}
    for name, comment in shop_floor.execute(COMMENTS).fetchall():
        listed = set(NAME.findall(comment)) & set(registry.values())
        raised = {registry.get(code, code) for code in reachable(name)} & set(registry.values())
        raised -= UNREACHABLE.get(name, set())
        if listed != raised:
            wrong[name] = {"not listed": raised - listed, "not raised": listed - raised}
    assert not wrong


def test_each_comment_names_registered_errors_alone(shop_floor: Connection) -> None:
    names = set(dict(shop_floor.execute(REGISTRY).fetchall()).values())
    for name, comment in shop_floor.execute(COMMENTS).fetchall():
        assert set(NAME.findall(comment)) <= names, name


def test_each_comment_says_whether_a_replica_will_do(shop_floor: Connection) -> None:
    for name, comment in shop_floor.execute(COMMENTS).fetchall():
        assert re.search(r"Replica:\s+(yes|no\s+\(writes\))\.$", comment), name


def test_the_rules_that_functions_ask_for_are_there(shop_floor: Connection) -> None:
    known = {rule for (rule,) in shop_floor.execute(RULES).fetchall()}
    asked = {rule for body in bodies().values() for rule in RULE.findall(body)}
    assert asked
    assert asked <= known
