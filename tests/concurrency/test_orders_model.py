"""Whatever is called in whatever order, orders, payments and stock keep every promise.

Every public function of the three services is called, with arguments that mostly make sense, over
connections at three isolation levels, one call at a time or three at once. After each step every
invariant is checked, what may only grow has only grown, a call that was refused has changed
nothing, and a call that is repeated with its key is answered as before.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
from harness import (
    LEVELS,
    LOCATE,
    LONG,
    RESET,
    TABLES,
    Connection,
    Job,
    Outcome,
    attempt,
    connected,
    counts,
    items,
    keeper,
    tell,
    violations_in,
)
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from psycopg import sql
from psycopg.types.json import Jsonb
from shopping import ADD, HOLD, LET_ORDERS_LAPSE, register, stock_up

SKUS = ("A", "B")
PLACES = ("MAIN", "EAST")
GUEST = "session:g"
ANYBODY = "postgres"
SERVICES = ("orders", "payment", "inventory")

PUBLIC = r"""
select n.nspname || '.' || p.proname as name, 'p_idempotency_key' = any (p.proargnames) as has_key
from pg_proc as p
inner join pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any (%s) and obj_description(p.oid, 'pg_proc') ~ 'Replica:\s'
"""
# What is written once and for all.
FOREVER = """
select 'history' as what, h.order_id as a, h.seq as b, h.to_status as c
from orders.order_status_history as h
union all
select 'credit', c.order_id, c.credit_no, concat_ws(' ', c.line_no, c.quantity, c.amount)
from orders.order_credits as c
union all
select
    'line', i.order_id, i.line_no,
    concat_ws(' ', i.sku, i.quantity, i.unit_price, i.line_subtotal, i.line_discount, i.line_tax)
from orders.order_items as i
union all
select 'step', t.order_id, t.transaction_id, concat_ws(' ', t.kind, t.amount, t.provider_ref)
from payment.payment_transactions as t
where t.status = 'succeeded'
union all
select
    'movement', m.variant_id, m.seq,
    concat_ws(' ', m.location_id, m.kind, m.on_hand_delta, m.damaged_delta)
from inventory.inventory_movements as m
"""
CONTENT = """
select {} as name, md5(string_agg(t::text, chr(10) order by t::text)) as digest from {} as t
"""
# Where a call gets somewhere: mostly, those are chosen.
ORDERS_IN = "select order_number from orders.orders where status = any (%s) order by order_id"
PARTS = {
    "fulfillment_no": """
    select o.order_number, f.fulfillment_no as no
    from orders.order_fulfillment as f
    inner join orders.orders as o on o.order_id = f.order_id
    where f.status not in ('delivered', 'returned', 'cancelled')
    order by f.order_id, f.fulfillment_no
    """,
    "return_no": """
    select o.order_number, r.return_no as no
    from orders.order_returns as r
    inner join orders.orders as o on o.order_id = r.order_id
    where r.status not in ('closed', 'rejected')
    order by r.order_id, r.return_no
    """,
}
PAYMENTS_WITH = """
select public_id from payment.payments
where case %s when 'rest' then authorized > captured else captured > 0 end
order by payment_id
"""
STEPS_OF = """
select public_id from payment.payment_transactions
where kind = %s and status in ('pending', 'timed_out')
order by transaction_id
"""
REFUNDS_IN = "select public_id from payment.refunds where status = any (%s) order by refund_id"
DISPUTES = (
    "select public_id from payment.payment_disputes where closed_at is null order by opened_at"
)
HANDLES = """
select variant_id || '-' || reservation_id as handle from inventory.inventory_reservations
order by owner like 'order:%' desc, reservation_id
"""
# As if the time had passed, in one way or another.
LATER = {
    "claims": """
    update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second'
    where claimed_until is not null
    """,
    "authorisations": """
    update payment.payments set auth_expires_at = clock_timestamp() - interval '1 second'
    where authorized > captured
    """,
    "evidence": """
    update payment.payment_disputes set evidence_due_at = clock_timestamp() - interval '1 second'
    where status = 'needs_response'
    """,
    "events": """
    update payment.provider_events set next_try_at = clock_timestamp() - interval '1 second'
    where status = 'waiting'
    """,
    "cart holds": """
    update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 second'
    where status = 'active' and owner not like 'order:%'
    """,
}
MANY_ATTEMPTS = "update core.business_rules set value = %s where name = 'payment_attempts_max'"

Arguments = dict[str, Any]
connections = st.integers(0, len(LEVELS) - 1)
numbers = st.lists(st.integers(0, 11), max_size=9)


@dataclass
class Pick:
    """Choices, from numbers that hypothesis can make smaller."""

    numbers: list[int]

    def of(self, things: Sequence[Any]) -> Any:
        """Choose one: the first number chooses the last thing, which is the newest."""
        number = self.numbers.pop() if self.numbers else 0
        return things[-1 - number % len(things)] if things else None

    def amount(self) -> Decimal | None:
        return self.of([Decimal("1000"), Decimal("20.00"), Decimal("7.50"), None, None])

    def units(self) -> int:
        return int(self.of([9, 3, 2, 1]))

    def lines(self) -> Jsonb | None:
        """Some lines of an order, or all that is left of it."""
        part = {"sku": self.of(SKUS), "quantity": self.units()}
        return self.of([Jsonb([part]), Jsonb([{"sku": self.of(SKUS)}]), None, None])

    def fates(self) -> Jsonb | None:
        how = self.of(["written_off", "damaged", "restock"])
        line = {"sku": self.of(SKUS), "quantity": self.units(), "disposition": how}
        return self.of([Jsonb([line]), None])


class Shop(RuleBasedStateMachine):
    """What has been made so far, and the calls that may be made with it."""

    def __init__(self, callers: Sequence[Connection], owner: Connection) -> None:
        super().__init__()
        self.callers = callers
        self.database = owner
        self.known: dict[str, list[Any]] = {}
        self.answered: list[tuple[Job, Any]] = []
        self.forever: set[tuple[Any, ...]] = set()
        self.told: Counter[tuple[str, str]] = Counter()
        self.calls = 0
        self.keyed: dict[str, bool] = {
            row.name: row.has_key for row in owner.execute(PUBLIC, [list(SERVICES)])
        }
        parts = [
            sql.SQL(CONTENT).format(
                f"{row.schema}.{row.name}", sql.Identifier(row.schema, row.name)
            )
            for row in owner.execute(TABLES.encode()).fetchall()
        ]
        self.digest = sql.SQL(" union all ").join(parts)
        self.user = ""

    @initialize(units=st.lists(st.integers(0, 40), min_size=2, max_size=2))
    def open(self, units: list[int]) -> None:
        self.database.execute(RESET)
        url = self.database.info.dsn
        stock_up(url, dict(zip(SKUS, units, strict=True)))
        self.database.execute(LOCATE, ["EAST", "East", 2, None])
        self.user = register(url)
        for name in ("sell", "pay"):
            self.whole_story(0, name, [])

    def have(self, what: str) -> list[Any]:
        return self.known.setdefault(what, [])

    def some(self, pick: Pick, what: str, query: str, *arguments: Any) -> Any:
        """Choose a thing that the query finds, mostly, or any that is known."""
        found = [row[0] for row in self.database.execute(query.encode(), arguments)]
        return pick.of(found if found and pick.of([False, True, True, True]) else self.have(what))

    def owner(self, pick: Pick) -> str:
        return str(pick.of([self.user, GUEST]))

    def job(self, name: str, numbers: list[int]) -> Job:
        """Make up a call of a function."""
        pick = Pick(list(numbers))
        arguments = CALLS[name](self, pick)
        if self.keyed[name]:
            self.calls += 1
            arguments["p_idempotency_key"] = f"key {self.calls}"
        named = ", ".join(f"{argument} => %s" for argument in arguments)
        query = f"select * from {name}({named})".encode()
        return lambda connection: connection.execute(query, list(arguments.values())).fetchall()

    def learn(self, name: str, job: Job, outcome: Outcome) -> None:
        """Fail unless the call was done or refused; remember what it made."""
        self.told[name, outcome.sqlstate] += 1
        if not outcome.is_done:
            is_refusal = outcome.sqlstate.startswith("SH") or outcome.sqlstate == "22023"
            assert is_refusal, (name, outcome)
            assert outcome.detail.get("error"), outcome
            return
        if self.keyed[name]:
            self.answered.append((job, outcome.rows))
        for row in outcome.rows:
            for what, thing in row._asdict().items():
                what = f"{what} of {name}" if what in ("transaction", "version") else what
                if thing is not None and thing not in self.have(what):
                    self.have(what).append(thing)

    def make(self, who: int, name: str, numbers: list[int]) -> Outcome:
        job = self.job(name, numbers)
        before = self.content()
        outcome = attempt(self.callers[who], job)
        self.learn(name, job, outcome)
        if not outcome.is_done or name in READING:
            assert self.content() == before, f"{name} has changed something"
        return outcome

    def content(self) -> dict[str, str]:
        return {row.name: row.digest for row in self.database.execute(self.digest)}

    @rule(
        who=connections,
        name=st.deferred(lambda: st.sampled_from(PAYING + SENDING + GIVING_BACK)),
        n=numbers,
    )
    def go_on(self, who: int, name: str, n: list[int]) -> None:
        self.make(who, name, n)

    @rule(who=connections, name=st.deferred(lambda: st.sampled_from(sorted(CALLS))), n=numbers)
    def anything(self, who: int, name: str, n: list[int]) -> None:
        self.make(who, name, n)

    @rule(
        who=connections,
        name=st.deferred(lambda: st.sampled_from(sorted(STORIES))),
        n=numbers,
    )
    def whole_story(self, who: int, name: str, n: list[int]) -> None:
        """Let an order get somewhere, where single calls seldom do."""
        for number, call in enumerate(STORIES[name]):
            if number == 0 or self.have("order_number"):
                self.make(who, call, n if number == 0 else [])

    @rule(who=connections, n=numbers)
    def fill_a_cart(self, who: int, n: list[int]) -> None:
        """Carts are another service, but orders are made of them."""
        pick = Pick(list(n))
        owner = self.owner(pick)
        for query, arguments in (
            (ADD, [owner, pick.of(SKUS), pick.units(), None]),
            (HOLD, [owner]),
        ):
            outcome = attempt(
                self.callers[who],
                lambda c, query=query, arguments=arguments: c.execute(query, arguments).fetchall(),
            )
            assert outcome.is_done or outcome.sqlstate.startswith("SH"), outcome

    @rule(what=st.sampled_from(["orders", "orders that wait", *sorted(LATER)]))
    def let_time_pass(self, what: str) -> None:
        if what in LATER:
            self.database.execute(LATER[what])
        else:
            self.database.execute(LET_ORDERS_LAPSE, [what == "orders that wait"])

    @rule(who=connections, number=st.integers(0, 10**6))
    def repeat(self, who: int, number: int) -> None:
        """Repeat any call that was answered: the answer is the same, and nothing changes."""
        if not self.answered:
            return
        job, rows = self.answered[number % len(self.answered)]
        before = self.content()
        assert attempt(self.callers[who], job).rows == rows
        assert self.content() == before

    @rule(
        calls=st.lists(
            st.tuples(st.deferred(lambda: st.sampled_from(RACING)), numbers),
            min_size=3,
            max_size=3,
        )
    )
    def together(self, calls: list[tuple[str, list[int]]]) -> None:
        """Three at once, each over its own connection."""
        jobs = [self.job(name, n) for name, n in calls]
        with ThreadPoolExecutor(len(jobs)) as threads:
            outcomes = list(threads.map(attempt, self.callers, jobs))
        for (name, _), job, outcome in zip(calls, jobs, outcomes, strict=True):
            self.learn(name, job, outcome)

    @invariant()
    def keeps_its_promises(self) -> None:
        forever = {tuple(row) for row in self.database.execute(FOREVER)}
        assert self.forever <= forever, self.forever - forever
        self.forever = forever
        assert violations_in(self.database) == []


Build = Callable[[Shop, Pick], Arguments]


def order(shop: Shop, pick: Pick, *statuses: str, **more: Any) -> Arguments:
    number = shop.some(pick, "order_number", ORDERS_IN, list(statuses))
    return {"p_order_number": number, **more}


def part(shop: Shop, pick: Pick, what: str, **more: Any) -> Arguments:
    """A parcel or a return of an order."""
    found = shop.database.execute(PARTS[what].encode()).fetchall()
    chosen = pick.of([None, *found])
    if chosen is None:
        return order(shop, pick, **{f"p_{what}": pick.of([3, 2, 1]), **more})
    return {"p_order_number": chosen.order_number, f"p_{what}": chosen.no, **more}


def payment(shop: Shop, pick: Pick, what: str, **more: Any) -> Arguments:
    return {"p_payment": shop.some(pick, "payment", PAYMENTS_WITH, what), **more}


def refund(shop: Shop, pick: Pick, *statuses: str, **more: Any) -> Arguments:
    return {"p_refund": shop.some(pick, "refund", REFUNDS_IN, list(statuses)), **more}


def dispute(shop: Shop, pick: Pick, **more: Any) -> Arguments:
    return {"p_dispute": shop.some(pick, "dispute", DISPUTES), **more}


def step(shop: Shop, pick: Pick, kind: str, outcomes: Sequence[str], **more: Any) -> Arguments:
    known = f"transaction of payment.begin_{kind}"
    asked = "authorize" if kind == "payment" else kind
    transaction = shop.some(pick, known, STEPS_OF, asked)
    outcome = pick.of(outcomes)
    reference = pick.of([f"{kind} again", f"{kind} {transaction}", f"{kind} {transaction}"])
    return {
        "p_transaction": transaction,
        "p_outcome": outcome,
        "p_provider_ref": reference if transaction else "none",
        **more,
    }


def heard(shop: Shop, pick: Pick) -> Arguments:
    """Something that the provider reports: of a step that was asked for, or by itself."""
    kind = pick.of(
        [
            "dispute.lost", "dispute.won", "dispute.under_review", "dispute.needs_response",
            "dispute.warning", "refund.reversed", "refund.failed", "refund.succeeded",
            "settlement.succeeded", "void.succeeded", "capture.failed", "authorization.expired",
            "authorization.declined", "capture.succeeded", "authorization.approved",
        ]
    )  # fmt: skip
    service = kind.split(".")[0]
    begun = {"authorization": "payment", "settlement": "payment", "dispute": "capture"}
    transaction = pick.of(shop.have(f"transaction of payment.begin_{begun.get(service, service)}"))
    event: Arguments = {"kind": kind}
    if transaction:
        event["transaction"] = str(transaction)
    else:
        event["original_ref"] = "nobody knows"
    number = pick.of([2, 1])
    event["provider_ref"] = f"{service} {transaction}" if number == 1 else f"{service} {number}"
    event["amount"] = pick.of(["20.00", "40.00", "7.50"])
    event["currency"] = "GBP"
    if service == "dispute":
        event["dispute"] = f"case {number}"
        del event["provider_ref"]
    if service == "settlement":
        event["fee"] = "0.35"
    shop.calls += 1
    name = pick.of([f"{shop.calls}", f"{shop.calls}", "the same"])
    if name == "the same" and shop.have("heard"):
        # Delivered again.
        return dict(pick.of(shop.have("heard")))
    arguments = {
        "p_provider": "acme",
        "p_event_id": f"event {shop.calls}",
        "p_event": Jsonb(event),
    }
    shop.have("heard").append(arguments)
    return arguments


def bought(shop: Shop, pick: Pick) -> Arguments:
    lines = {pick.of(SKUS): pick.units(), pick.of(SKUS): pick.units()}
    details = pick.of(
        [
            {"shipping": {"amount": 3, "tax_rate": 0.2}, "prices_include_tax": True,
             "taxes": [{"name": "VAT", "rate": 0.2}]},
            {"shipping": {"amount": 5}, "discounts": [{"code": "TEN", "rate": 0.1}]},
            {},
        ]
    )  # fmt: skip
    return {
        "p_owner": shop.owner(pick),
        "p_currency": "GBP",
        "p_items": items(lines),
        "p_details": Jsonb(details),
    }


def agreed(shop: Shop, pick: Pick) -> Arguments:
    lines = [{"sku": pick.of(SKUS), "quantity": pick.units(), "unit_price": pick.of(["0.00", 15])}]
    return {
        "p_owner": shop.owner(pick),
        "p_currency": "GBP",
        "p_items": Jsonb(lines),
        "p_reason": "a quote",
    }


def handle(shop: Shop, pick: Pick) -> str:
    """A reservation. One that has become an order's is the business of orders: it is refused."""
    return str(pick.of([row.handle for row in shop.database.execute(HANDLES)]) or "999-999")


def holder(shop: Shop, pick: Pick) -> str:
    """An order: from outside, nothing more is held for it than it lacks."""
    return f"order:{pick.of(shop.have('order_id')) or 1}"


def held(shop: Shop, pick: Pick) -> Arguments:
    return {"p_reservations": [handle(shop, pick)]}


def sales(shop: Shop, pick: Pick) -> Arguments:
    line = {"reservation": handle(shop, pick), "quantity": pick.units()}
    return {"p_items": Jsonb([line])}


def stocked(pick: Pick, **more: Any) -> Arguments:
    return {"p_sku": pick.of(SKUS), "p_location": pick.of(PLACES[::-1]), **more}


def version(shop: Shop, pick: Pick) -> int:
    """The version of a stock row, mostly."""
    rows = shop.database.execute("select max(version) from inventory.inventory").fetchall()
    return pick.of([1, *range(0, (rows[0][0] or 0) + 1)])


def method(shop: Shop, pick: Pick, **more: Any) -> Arguments:
    return {
        "p_user_id": int(shop.user.split(":")[1]),
        "p_method": pick.of(shop.have("method")),
        **more,
    }


DAY = "2026-01-01"
OPEN = ("confirmed", "processing")
OUTCOMES = ["timed_out", "requires_action", "declined", "captured", "approved", "approved"]
ANSWERS = ["timed_out", "failed", "succeeded", "succeeded"]

# A call of each public function.
CALLS: dict[str, Build] = {
    "orders.place_order": bought,
    "orders.place_agreed_order": agreed,
    "orders.place_cart_order": lambda s, p: {"p_owner": s.owner(p)},
    "orders.validate_order_business_rules": bought,
    "orders.confirm_order": lambda s, p: order(s, p, "pending"),
    "orders.process_order": lambda s, p: order(s, p, "confirmed"),
    "orders.pack_order": lambda s, p: order(s, p, *OPEN, p_items=p.lines()),
    "orders.ship_order": lambda s, p: order(
        s, p, *OPEN, p_items=p.lines(), p_carrier="Post", p_tracking=p.of(["P1", None, None])
    ),
    "orders.track_fulfillment": lambda s, p: part(
        s, p, "fulfillment_no", p_carrier="Post", p_is_in_transit=p.of([False, True])
    ),
    "orders.deliver_fulfillment": lambda s, p: order(s, p, "processing", "shipped"),
    "orders.cancel_fulfillment": lambda s, p: part(s, p, "fulfillment_no"),
    "orders.fail_fulfillment": lambda s, p: part(s, p, "fulfillment_no", p_reason="gone"),
    "orders.return_fulfillment": lambda s, p: part(s, p, "fulfillment_no", p_items=p.fates()),
    "orders.complete_order": lambda s, p: order(s, p, "delivered"),
    "orders.cancel_order": lambda s, p: order(s, p, "pending", *OPEN, p_items=p.lines()),
    "orders.cleanup_expired_orders": lambda s, p: {},
    "orders.request_return": lambda s, p: order(
        s, p, "shipped", "delivered", "completed", p_items=p.lines(), p_reason="too big"
    ),
    "orders.decide_return": lambda s, p: part(
        s, p, "return_no", p_status=p.of(["rejected", "approved", "approved"])
    ),
    "orders.receive_return": lambda s, p: part(s, p, "return_no", p_items=p.fates()),
    "orders.close_return": lambda s, p: part(s, p, "return_no"),
    "orders.add_order_note": lambda s, p: order(s, p, p_body="Nice."),
    "orders.anonymise_order": lambda s, p: order(s, p, "completed", "cancelled", "expired"),
    "orders.add_customer_note": lambda s, p: order(s, p, p_owner=s.owner(p), p_body="Thanks."),
    "orders.roll_up_sales": lambda s, p: {"p_limit": p.of([1000, 1])},
    "orders.get_order": order,
    "orders.get_order_history": order,
    "orders.get_order_timeline": lambda s, p: order(s, p, p_owner=s.owner(p)),
    "orders.list_orders": lambda s, p: {"p_owner": s.owner(p)},
    "orders.list_orders_by_status": lambda s, p: {"p_status": p.of(["pending", "confirmed"])},
    "orders.list_orders_paid": lambda s, p: {"p_from": DAY, "p_to": "2040-01-01"},
    "payment.begin_payment": lambda s, p: order(
        s,
        p,
        "pending",
        p_provider="acme",
        p_amount=p.amount(),
        p_method=p.of([*s.have("method"), None]),
    ),
    "payment.process_payment_authorization": lambda s, p: step(
        s, p, "payment", OUTCOMES, p_is_final=p.of([True, False])
    ),
    "payment.begin_capture": lambda s, p: payment(
        s, p, "rest", p_amount=p.amount(), p_is_final=p.of([True, False, False])
    ),
    "payment.record_capture": lambda s, p: step(s, p, "capture", ANSWERS),
    "payment.begin_void": lambda s, p: payment(s, p, "rest", p_amount=p.amount()),
    "payment.record_void": lambda s, p: step(s, p, "void", ANSWERS),
    "payment.record_settlement": lambda s, p: payment(
        s,
        p,
        "captured",
        p_provider_ref=f"settled {p.units()}",
        p_amount=p.of([40, 20]),
        p_fee=p.of([1, 0]),
    ),
    "payment.cleanup_expired_payments": lambda s, p: {},
    "payment.receive_provider_event": heard,
    "payment.process_provider_events": lambda s, p: {},
    "payment.claim_overdue_steps": lambda s, p: {},
    "payment.cleanup_provider_events": lambda s, p: {},
    "payment.request_refund": lambda s, p: order(
        s,
        p,
        *OPEN,
        "shipped",
        "delivered",
        p_amount=p.amount(),
        p_reason_code=p.of(["goodwill", "requested_by_customer"]),
    ),
    "payment.decide_refund": lambda s, p: refund(
        s, p, "requested", p_decision=p.of(["cancelled", "approved", "approved"])
    ),
    "payment.begin_refund": lambda s, p: refund(s, p, "approved"),
    "payment.record_refund": lambda s, p: step(s, p, "refund", ["pending", *ANSWERS]),
    "payment.reverse_refund": lambda s, p: refund(
        s, p, "succeeded", p_provider_ref=f"back {p.units()}"
    ),
    "payment.open_dispute": lambda s, p: payment(
        s,
        p,
        "captured",
        p_provider_dispute_id=f"case {p.units()}",
        p_reason_code="fraudulent",
        p_amount=p.amount(),
        p_is_warning=p.of([True, False, False]),
    ),
    "payment.add_evidence": lambda s, p: dispute(
        s, p, p_kind="receipt", p_body="It was signed for."
    ),
    "payment.submit_evidence": dispute,
    "payment.resolve_dispute": lambda s, p: dispute(
        s, p, p_outcome=p.of(["closed", "prevented", "accepted", "lost", "won"])
    ),
    "payment.cleanup_overdue_disputes": lambda s, p: {},
    "payment.roll_up_payment_analytics": lambda s, p: {},
    "payment.reconcile_settlement": lambda s, p: {
        "p_provider": "acme",
        "p_report": Jsonb(
            [{"kind": "capture", "provider_ref": "x", "amount": 1, "currency": "GBP"}]
        ),
    },
    "payment.add_payment_method": lambda s, p: {
        "p_user_id": int(s.user.split(":")[1]),
        "p_provider": "acme",
        "p_kind": "card",
        "p_token": f"tok_{p.units()}",
        "p_is_default": p.of([True, False]),
    },
    "payment.remove_payment_method": method,
    "payment.set_default_payment_method": lambda s, p: method(
        s, p, p_expected_version=p.of([2, 1])
    ),
    "inventory.reserve_inventory": lambda s, p: {
        "p_items": items({p.of(SKUS): p.units()}),
        "p_owner": p.of([holder(s, p), s.owner(p), s.owner(p)]),
        "p_location": p.of([*PLACES, None, None]),
    },
    "inventory.extend_reservations": held,
    "inventory.release_reservations": held,
    "inventory.commit_reservations": held,
    "inventory.ship_reservations": sales,
    "inventory.cancel_reservations": sales,
    "inventory.cleanup_expired_reservations": lambda s, p: {},
    "inventory.receive_stock": lambda s, p: {
        "p_items": items({p.of(SKUS): 9 * p.units()}),
        "p_location": p.of(PLACES[::-1]),
    },
    "inventory.set_stock": lambda s, p: stocked(
        p, p_on_hand=9 * p.units(), p_expected_version=version(s, p), p_reason="counted"
    ),
    "inventory.adjust_stock": lambda s, p: stocked(
        p, p_delta=p.of([-2, 3]), p_expected_version=version(s, p), p_reason="found"
    ),
    "inventory.record_damage": lambda s, p: stocked(
        p,
        p_damaged=p.of([0, 1]),
        p_written_off=p.of([1, 0]),
        p_expected_version=version(s, p),
        p_reason="broken",
    ),
    "inventory.bulk_update_stock": lambda s, p: {"p_items": counts({p.of(SKUS): 9 * p.units()})},
    "inventory.configure_stock": lambda s, p: stocked(
        p, p_expected_version=version(s, p), p_min_stock_level=p.units()
    ),
    "inventory.set_overstock_level": lambda s, p: stocked(
        p, p_expected_version=version(s, p), p_overstock_level=p.units()
    ),
    "inventory.split_buckets": lambda s, p: {"p_sku": p.of(SKUS), "p_buckets": p.of([16, 4, 2])},
    "inventory.merge_buckets": lambda s, p: {"p_sku": p.of(SKUS), "p_buckets": p.of([2, 1])},
    "inventory.transfer_stock": lambda s, p: {
        "p_items": items({p.of(SKUS): p.units()}),
        "p_from": "MAIN",
        "p_to": "EAST",
    },
    "inventory.create_location": lambda s, p: {
        "p_code": f"P{p.units()}",
        "p_name": "A place",
        "p_rank": 9,
    },
    "inventory.update_location": lambda s, p: {
        "p_code": "EAST",
        "p_expected_version": p.units(),
        "p_is_active": p.of([False, True]),
    },
    "inventory.start_stock_count": lambda s, p: {"p_location": p.of(PLACES[::-1])},
    "inventory.record_stock_count": lambda s, p: {
        "p_count_id": p.of(s.have("count_id")),
        "p_items": Jsonb([{"sku": p.of(SKUS), "counted": 9 * p.units()}]),
    },
    "inventory.post_stock_count": lambda s, p: {
        "p_count_id": p.of(s.have("count_id")),
        "p_expected_version": p.units(),
    },
    "inventory.cancel_stock_count": lambda s, p: {
        "p_count_id": p.of(s.have("count_id")),
        "p_expected_version": p.units(),
    },
    "inventory.set_supplier": lambda s, p: {
        "p_code": "ACME",
        "p_name": "Acme",
        "p_lead_time_days": 3,
        "p_expected_version": p.of([1, 0]),
    },
    "inventory.set_supplier_item": lambda s, p: {
        "p_supplier": "ACME",
        "p_sku": p.of(SKUS),
        "p_cost": 5,
        "p_currency": "GBP",
        "p_expected_version": p.of([1, 0]),
    },
    "inventory.receive_from_supplier": lambda s, p: {
        "p_supplier": "ACME",
        "p_items": items({p.of(SKUS): p.units()}),
        "p_ordered_on": DAY,
    },
    "inventory.set_inventory_category": lambda s, p: {
        "p_code": "D",
        "p_name": "Never sells",
        "p_abc_class": "C",
        "p_count_every_days": 400,
        "p_expected_version": p.of([1, 0]),
    },
    "inventory.assign_inventory_category": lambda s, p: {
        "p_items": Jsonb([{"sku": p.of(SKUS), "category": "A"}])
    },
    "inventory.classify_stock": lambda s, p: {},
    "inventory.refresh_alerts": lambda s, p: {},
    "inventory.rebuild_analytics": lambda s, p: {},
    "inventory.get_stock": lambda s, p: {"p_skus": list(SKUS)},
    "inventory.get_inventory_analytics": lambda s, p: {
        "p_skus": list(SKUS),
        "p_from": DAY,
        "p_to": "2026-02-01",
    },
    "inventory.list_due_counts": lambda s, p: {},
    "inventory.propose_reorder": lambda s, p: {"p_supplier": "ACME"},
}
BUYING = sorted(name for name in CALLS if name.startswith("orders.place_")) * 3 + [
    "inventory.receive_stock",
    "inventory.reserve_inventory",
]
PAYING = [
    f"payment.{name}"
    for name in (
        "begin_payment", "begin_payment", "process_payment_authorization",
        "process_payment_authorization", "begin_capture", "begin_capture", "record_capture",
        "record_capture", "begin_void", "record_void", "receive_provider_event",
        "receive_provider_event", "process_provider_events", "cleanup_expired_payments",
        "record_settlement", "claim_overdue_steps",
    )
]  # fmt: skip
SENDING = [
    f"orders.{name}"
    for name in (
        "confirm_order", "process_order", "pack_order", "ship_order", "ship_order",
        "track_fulfillment", "deliver_fulfillment", "deliver_fulfillment", "cancel_fulfillment",
        "fail_fulfillment", "return_fulfillment", "complete_order", "cancel_order",
        "cancel_order", "cleanup_expired_orders", "request_return", "request_return",
        "decide_return", "receive_return", "close_return",
    )
]  # fmt: skip
GIVING_BACK = [
    f"payment.{name}"
    for name in (
        "request_refund", "request_refund", "decide_refund", "decide_refund", "begin_refund",
        "begin_refund", "record_refund", "record_refund", "reverse_refund", "open_dispute",
        "open_dispute", "resolve_dispute", "add_evidence", "submit_evidence",
        "cleanup_overdue_disputes",
    )
]  # fmt: skip
RACING = BUYING + PAYING + SENDING + GIVING_BACK
STORIES = {
    "pay": [
        "orders.place_order", "payment.begin_payment", "payment.process_payment_authorization",
    ],
    "sell": [
        "orders.place_order", "payment.begin_payment", "payment.process_payment_authorization",
        "payment.begin_capture", "payment.record_capture",
    ],
    "send": ["orders.ship_order", "orders.deliver_fulfillment"],
    "lose": ["orders.ship_order", "orders.fail_fulfillment", "orders.return_fulfillment"],
    "bring back": ["orders.request_return", "orders.decide_return", "orders.receive_return"],
    "give back": [
        "payment.request_refund", "payment.decide_refund", "payment.begin_refund",
        "payment.record_refund",
    ],
    "contest": ["payment.open_dispute", "payment.add_evidence", "payment.submit_evidence"],
    "let go": ["orders.cancel_order", "payment.begin_void", "payment.record_void"],
}  # fmt: skip
READING = {
    name
    for name in CALLS
    if name.split(".")[1].startswith(("get_", "list_", "validate_", "propose_", "reconcile_"))
}


def any_sequence_of_calls(url: str, rng: random.Random, phases: Sequence[Phase]) -> None:
    told: Counter[tuple[str, str]] = Counter()
    # Payments that are tried over and over are what is to be tried.
    tell(url, MANY_ATTEMPTS, 8)
    with ExitStack() as stack:
        callers = [stack.enter_context(connected(url, 1, level, ANYBODY))[0] for level in LEVELS]
        owner = stack.enter_context(keeper(url))

        class Machine(Shop):
            def __init__(self) -> None:
                super().__init__(callers, owner)
                self.told = told

        run_state_machine_as_test(
            seed(rng.getrandbits(64))(Machine),
            settings=settings(
                max_examples=400 if LONG else 10,
                stateful_step_count=80 if LONG else 40,
                deadline=None,
                database=None,
                phases=phases,
                print_blob=True,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    print(sorted(told.items()))


def test_any_sequence_of_calls(own_shop: str, rng: random.Random) -> None:
    # To make a failure smaller takes minutes.
    phases = [Phase.generate, *([Phase.shrink] if LONG else [])]
    any_sequence_of_calls(own_shop, rng, phases)


def test_every_public_function_is_called(shop: str) -> None:
    with keeper(shop) as connection:
        public = {row.name for row in connection.execute(PUBLIC, [list(SERVICES)])}
    assert public == CALLS.keys()
