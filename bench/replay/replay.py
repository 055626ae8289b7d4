"""Put a shop's invoices through cart, order, payment, shipment and return; compare with the file.

    python bench/replay/replay.py path/to/invoices.csv[.gz]     # about two minutes a month

The file has these columns of the "Online Retail" data set (UCI, CC BY 4.0): InvoiceNo, StockCode,
Description, Quantity, UnitPrice, CustomerID. Its lines are taken in their order; dates, of which
copies have several forms (12/1/2010 is in January or in December), are not read. Real files are
dirty; what is done with each kind of line is said in `KINDS` and counted in the output.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import queue
import threading
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
import psycopg
from plain import Books, keep_books
from psycopg import conninfo
from psycopg.rows import dict_row

from dbtool import config, sqltests

Connection = psycopg.Connection[Any]
Line = tuple[str, Decimal]
COLUMNS = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "UnitPrice", "CustomerID",
)  # fmt: skip

# Codes that are no goods: postage, fees, manual corrections, samples, bad debts.
NOT_GOODS = {
    "POST", "DOT", "M", "m", "D", "S", "C2", "CRUK", "PADS", "B", "BANK CHARGES", "AMAZONFEE",
}  # fmt: skip

KINDS = {
    "sale": "put through cart, order, authorisation, capture, shipment",
    "credit": "put through return and refund, where it matches a sale",
    "write-off": "counted: a negative quantity outside a credit note",
    "not goods": "counted: postage, fees and corrections have no stock",
    "malformed": "counted: a line that cannot be read",
}
IMPORT_CHUNK = 5_000
PENNY = Decimal("0.01")
# What a column of the database holds.
UNITS_MAX, PRICE_MAX, PRICE_DECIMALS = 2**31 - 1, 10**15 - 1, 4
RETRYABLE = {"40001", "40P01", "55P03"}
TRIES = 10
TOO_LARGE, OUT_OF_RANGE, SOLD_OUT, SEVERAL = (
    "ORDER_TOO_LARGE", "ORDER_TOTAL_OUT_OF_RANGE", "INSUFFICIENT_STOCK", "ORDER_INVALID",
)  # fmt: skip

SHOP_RULES = """
select core.set_business_rule(r.name, r.value, r.version, null, %s)
from core.business_rules as r
where r.name = %s and r.currency is null
"""
RULES = """
select r.name, r.value from core.rules as r
where r.name in ('order_lines_max', 'order_total_min', 'order_total_max') and r.currency is null
"""
ADD = "select * from cart.add_item_to_cart(%s, %s, %s, 'GBP', %s)"
RESERVE = "select * from cart.reserve_cart(%s, null, %s)"
CART = "select cart.get_cart(%s)"
CLEAR = "select * from cart.clear_cart(%s, null, %s)"
PLACE_CART = "select * from orders.place_cart_order(%s, null, %s, %s)"
PLACE_AGREED = "select * from orders.place_agreed_order(%s, 'GBP', %s, %s, %s, %s)"
BEGIN = "select * from payment.begin_payment(%s, 'bank', null, null, %s)"
AUTHORISE = "select * from payment.process_payment_authorization(%s, 'approved', %s)"
CAPTURE = "select * from payment.begin_capture(%s, null, true, %s)"
CAPTURED = "select * from payment.record_capture(%s, 'succeeded', %s)"
SHIP = "select * from orders.ship_order(%s, null, 'Post', %s, null, null, %s)"
DELIVER = "select * from orders.deliver_fulfillment(%s, null, %s)"
LINES = """
select i.line_no, i.sku, i.unit_price from orders.order_item_list as i where i.order_number = %s
"""
RETURN = "select * from orders.request_return(%s, %s, %s, null, null, %s)"
DECIDE = "select * from orders.decide_return(%s, %s, 'approved', null, %s)"
RECEIVE = "select * from orders.receive_return(%s, %s, null, null, %s)"
CLOSE = "select * from orders.close_return(%s, %s, %s)"
REFUNDS = """
select r.refund from payment.refund_list as r
where r.order_number = %s and r.status = 'approved'
"""
BEGIN_REFUND = "select * from payment.begin_refund(%s, %s)"
REFUNDED = "select * from payment.record_refund(%s, 'succeeded', %s)"
DETAILS = {"email": "buyer@example.com"}

# As the owner: what the tables hold is what is compared.
LEDGER = """
select
    (select count(*) from orders.orders as o where o.shipped_at is not null) as orders,
    (select count(*) from orders.order_items as i) as lines,
    (select coalesce(sum(i.qty_shipped), 0) from orders.order_items as i) as units,
    (
        select coalesce(sum(o.total), 0) from orders.orders as o where o.shipped_at is not null
    ) as revenue,
    (select coalesce(sum(p.captured), 0) from payment.payments as p) as captured,
    (select coalesce(sum(i.qty_returned), 0) from orders.order_items as i) as returned,
    (select coalesce(sum(p.refunded), 0) from payment.payments as p) as refunded,
    (select coalesce(sum(o.credit_total), 0) from orders.orders as o) as credited,
    (select coalesce(sum(p.refund_pending), 0) from payment.payments as p) as waiting
"""
PROOF = """
with moved as (
    select
        m.sku,
        coalesce(sum(m.on_hand_delta) filter (where m.kind = 'receipt'), 0) as received,
        coalesce(sum(m.on_hand_delta) filter (where m.kind = 'return'), 0) as returned,
        -coalesce(sum(m.on_hand_delta) filter (where m.kind = 'shipment'), 0) as shipped
    from inventory.movement_list as m
    group by m.sku
),
held as (
    select r.sku, sum(r.open_quantity) as held
    from inventory.reservation_list as r
    group by r.sku
)
select
    t.sku, coalesce(m.received, 0), coalesce(m.returned, 0), b.available, coalesce(h.held, 0),
    coalesce(m.shipped, 0)
from inventory.stock_totals as t
left join moved as m on m.sku = t.sku
left join held as h on h.sku = t.sku
cross join lateral (
    select sum(s.available) as available
    from inventory.stock_buckets as s
    where s.variant_id = t.variant_id
) as b
"""


@dataclass
class Invoice:
    """What an invoice sells or, as a credit note, takes back: units of a code at a price."""

    number: str
    customer: str
    lines: dict[Line, int] = field(default_factory=dict)

    @property
    def is_credit(self) -> bool:
        return self.number.startswith("C")


@dataclass
class Shop:
    """What the file says, sorted into what can be replayed."""

    kinds: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    prices: dict[str, Counter[Decimal]] = field(default_factory=lambda: defaultdict(Counter))
    zero_prices: int = 0
    repeated_lines: int = 0
    unknown_customers: int = 0
    invoices: dict[str, Invoice] = field(default_factory=dict)

    def list_price(self, sku: str) -> Decimal:
        """Return what it cost most often; what never had a price costs a penny."""
        prices = self.prices.get(sku)
        return max(PENNY, prices.most_common(1)[0][0].quantize(PENNY)) if prices else PENNY

    def chains(self) -> list[list[Invoice]]:
        """Return each customer's invoices in a row: a customer has one cart."""
        chains: dict[str, list[Invoice]] = defaultdict(list)
        for invoice in self.invoices.values():
            chains[invoice.customer or invoice.number].append(invoice)
        return list(chains.values())


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, gzipped or not; UTF-8, else Latin-1 as old exports are."""
    try:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise click.ClickException(f"{path}: cannot be read: {error}") from error
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    rows = csv.DictReader(io.StringIO(text, newline=""), restval="")
    try:
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            found = ", ".join(rows.fieldnames or ())[:200] or "nothing: the file is empty"
            raise click.ClickException(f"{path}: no column {', '.join(missing)}; found {found}")
        for row in rows:
            yield {name: row[name].strip() for name in COLUMNS}
    except csv.Error as error:
        raise click.ClickException(f"{path}, line {rows.line_num}: {error}") from error


def classify(row: dict[str, str]) -> str:
    # First: what is no goods may have a price below zero, as a bad debt has.
    if row["StockCode"] in NOT_GOODS or row["StockCode"].startswith("gift_"):
        return "not goods"
    try:
        quantity, price = int(row["Quantity"]), Decimal(row["UnitPrice"])
    except (InvalidOperation, ValueError):
        return "malformed"
    if not row["InvoiceNo"] or not row["StockCode"] or not 0 < abs(quantity) <= UNITS_MAX:
        return "malformed"
    if not price.is_finite() or not 0 <= price <= PRICE_MAX:
        return "malformed"
    if price != round(price, PRICE_DECIMALS):
        return "malformed"
    if row["InvoiceNo"].startswith("C"):
        return "credit" if quantity < 0 else "malformed"
    return "sale" if quantity > 0 else "write-off"


def read_shop(path: Path) -> Shop:
    shop = Shop()
    for row in read_lines(path):
        kind = classify(row)
        shop.kinds[kind] += 1
        if kind in ("malformed", "not goods", "write-off"):
            continue
        sku, price = row["StockCode"], Decimal(row["UnitPrice"])
        description = " ".join(row["Description"].split())
        # A code has several descriptions: the last one that says something; "?" does not, nor does
        # what somebody wrote where nothing was paid ("damaged", "found").
        says_something = price > 0 and any(letter.isalnum() for letter in description)
        shop.names[sku] = description if says_something else shop.names.get(sku, sku)
        number = row["InvoiceNo"]
        customer = row["CustomerID"].removesuffix(".0")
        invoice = shop.invoices.setdefault(number, Invoice(number, customer))
        line = sku, price
        if kind == "sale":
            shop.zero_prices += int(price == 0)
            shop.unknown_customers += int(not customer)
            shop.repeated_lines += int(line in invoice.lines)
            if price > 0:
                shop.prices[sku][price] += 1
        invoice.lines[line] = invoice.lines.get(line, 0) + abs(int(row["Quantity"]))
    return shop


def chunks(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), IMPORT_CHUNK):
        yield items[start : start + IMPORT_CHUNK]


def import_products(connection: Connection, shop: Shop) -> Counter[str]:
    items = [
        {"sku": sku, "name": name, "currency": "GBP", "price": str(shop.list_price(sku))}
        for sku, name in sorted(shop.names.items())
    ]
    outcomes: Counter[str] = Counter()
    for part in chunks(items):
        for outcome, error in connection.execute(
            "select outcome, error from product.import_products(%s)", [json.dumps(part)]
        ):
            outcomes[error or outcome] += 1
    return outcomes


def register_customers(connection: Connection, shop: Shop) -> dict[str, str]:
    """Make a user of every known customer; return who each of them is."""
    users: dict[str, str] = {}
    for customer in sorted({invoice.customer for invoice in shop.invoices.values()} - {""}):
        ((user_id,),) = connection.execute(
            "select user_id from account.register_user(%s, %s)",
            [f"customer-{customer}@example.com", f"Customer {customer}"],
        ).fetchall()
        users[customer] = f"user:{user_id}"
    return users


def receive_stock(connection: Connection, shop: Shop, share: float) -> int:
    """Receive `share` of what will be asked for."""
    demand: Counter[str] = Counter()
    for invoice in shop.invoices.values():
        if not invoice.is_credit:
            for (sku, _), quantity in invoice.lines.items():
                demand[sku] += quantity
    supply = {sku: max(1, int(units * share)) for sku, units in demand.items()}
    for part in chunks([{"sku": sku, "quantity": units} for sku, units in sorted(supply.items())]):
        connection.execute("select from inventory.receive_stock(%s)", [json.dumps(part)])
    return sum(supply.values())


class RefusedError(Exception):
    """A call was refused, with the name that a client would show."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Tally:
    """What the clients did; one lock, taken once an invoice."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.outcomes: dict[str, str] = {}
        self.ways: Counter[str] = Counter()
        self.retries: Counter[str] = Counter()
        self.credits: Counter[str] = Counter()
        self.failed: list[str] = []
        self.is_stopped = threading.Event()


@dataclass
class Sale:
    """An order that was sent, and what of each line has come back."""

    order_number: str
    line_nos: dict[Line, int]
    left: dict[Line, int]


class Client:
    """One client: whole customers, one after another."""

    def __init__(self, connection: Connection, shop: Shop, users: dict[str, str], tally: Tally):
        self.connection, self.shop, self.users, self.tally = connection, shop, users, tally

    def ask(self, statement: str, *arguments: Any) -> list[dict[str, Any]]:
        """Call, and call again what may be tried again: its key sees to it that it is done once."""
        for attempt in range(1, TRIES + 1):
            try:
                with self.connection.cursor(row_factory=dict_row) as cursor:
                    return cursor.execute(statement.encode(), arguments).fetchall()
            except psycopg.Error as error:
                state = error.sqlstate or "connection lost"
                if state not in RETRYABLE or attempt == TRIES:
                    detail = error.diag.message_detail or "{}"
                    known = state.startswith("SH") or state == "22023"
                    raise RefusedError(json.loads(detail)["error"] if known else state) from error
                with self.tally.lock:
                    self.tally.retries[state] += 1
        raise AssertionError

    def fill_cart(self, owner: str, invoice: Invoice) -> bool:
        """Put everything into the cart and hold it; tell whether the prices are the invoice's."""
        skus: Counter[str] = Counter()
        for (sku, _), quantity in invoice.lines.items():
            skus[sku] += quantity
        shown = {}
        for sku, quantity in skus.items():
            (row,) = self.ask(ADD, owner, sku, quantity, f"{invoice.number}/{sku}")
            shown[sku] = row["price"]
        self.ask(RESERVE, owner, f"{invoice.number}/hold")
        return all(shown[sku] == price for sku, price in invoice.lines)

    def place(self, owner: str, invoice: Invoice) -> str:
        """Order the cart or, where its prices are not the invoice's, the lines as agreed."""
        key = f"{invoice.number}/order"
        details = json.dumps(DETAILS)
        try:
            is_listed = self.fill_cart(owner, invoice)
        except RefusedError as refusal:
            if refusal.name == SOLD_OUT:
                raise
            # The cart has limits of its own; the order is to say what it thinks of the lines.
            is_listed = False
        if is_listed:
            (row,) = self.ask(PLACE_CART, owner, details, key)
        else:
            items = [
                {"sku": sku, "quantity": quantity, "unit_price": float(price)}
                for (sku, price), quantity in invoice.lines.items()
            ]
            (row,) = self.ask(
                PLACE_AGREED, owner, json.dumps(items), "Price of the invoice", details, key
            )
            self.ask(CLEAR, owner, f"{invoice.number}/clear")
        with self.tally.lock:
            self.tally.ways["at list prices" if is_listed else "at agreed prices"] += 1
        return str(row["order_number"])

    def sell(self, invoice: Invoice) -> Sale:
        number = invoice.number
        owner = self.users.get(invoice.customer, f"session:{number}")
        try:
            order = self.place(owner, invoice)
        except RefusedError:
            # What is left in the cart would be in the customer's next order.
            ((cart,),) = [row.values() for row in self.ask(CART, owner)]
            if cart["lines"]:
                self.ask(CLEAR, owner, f"{number}/clear")
            raise
        (payment,) = self.ask(BEGIN, order, number)
        self.ask(AUTHORISE, payment["transaction"], f"A{number}")
        (capture,) = self.ask(CAPTURE, payment["payment"], number)
        self.ask(CAPTURED, capture["transaction"], f"C{number}")
        self.ask(SHIP, order, number, number)
        self.ask(DELIVER, order, number)
        rows = self.ask(LINES, order)
        line_nos = {(row["sku"], row["unit_price"].normalize()): row["line_no"] for row in rows}
        lines = {(sku, price.normalize()): units for (sku, price), units in invoice.lines.items()}
        return Sale(order, line_nos, lines)

    def take_back(self, credit: Invoice, sales: list[Sale]) -> None:
        """Return what a sale of the customer has so many units of, to the newest such sale."""
        returns: dict[str, list[dict[str, int]]] = defaultdict(list)
        matched = 0
        for (sku, price), quantity in credit.lines.items():
            line = sku, price.normalize()
            for sale in reversed(sales):
                if sale.left.get(line, 0) >= quantity:
                    sale.left[line] -= quantity
                    returns[sale.order_number].append(
                        {"line_no": sale.line_nos[line], "quantity": quantity}
                    )
                    matched += 1
                    break
        for order, items in returns.items():
            key = f"{credit.number}/{order}"
            (row,) = self.ask(RETURN, order, json.dumps(items), f"Credit note {credit.number}", key)
            self.ask(DECIDE, order, row["return_no"], key)
            self.ask(RECEIVE, order, row["return_no"], key)
            self.ask(CLOSE, order, row["return_no"], key)
            for refund in self.ask(REFUNDS, order):
                (step,) = self.ask(BEGIN_REFUND, refund["refund"], f"{refund['refund']}")
                self.ask(REFUNDED, step["transaction"], f"R{step['transaction']}")
        with self.tally.lock:
            self.tally.credits["notes"] += 1
            self.tally.credits["matched"] += matched
            self.tally.credits["unmatched"] += len(credit.lines) - matched
            self.tally.credits["returns"] += len(returns)

    def serve(self, chain: list[Invoice]) -> None:
        """Put the invoices of one customer through, in the order of the file."""
        sales: list[Sale] = []
        for invoice in chain:
            if self.tally.is_stopped.is_set():
                return
            outcome = "accepted"
            try:
                if invoice.is_credit:
                    self.take_back(invoice, sales if invoice.customer else [])
                else:
                    sales.append(self.sell(invoice))
            except RefusedError as refusal:
                outcome = refusal.name
            with self.tally.lock:
                if not invoice.is_credit:
                    self.tally.outcomes[invoice.number] = outcome
                elif outcome != "accepted":
                    self.tally.failed.append(f"credit note {invoice.number}: {outcome}")


def work(
    url: str,
    todo: queue.SimpleQueue[list[Invoice]],
    shop: Shop,
    users: dict[str, str],
    tally: Tally,
    done: queue.SimpleQueue[int],
) -> None:
    number = "connecting"
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            client = Client(connection, shop, users, tally)
            while not tally.is_stopped.is_set():
                chain = todo.get_nowait()
                number = chain[0].number
                client.serve(chain)
                done.put(len(chain))
    except queue.Empty:
        return
    except Exception as error:
        with tally.lock:
            tally.failed.append(f"{number}: {type(error).__name__}: {error}")


def run_clients(url: str, shop: Shop, users: dict[str, str], clients: int) -> tuple[Tally, float]:
    tally, todo = Tally(), queue.SimpleQueue[list[Invoice]]()
    for chain in shop.chains():
        todo.put(chain)
    done: queue.SimpleQueue[int] = queue.SimpleQueue()
    threads = [
        threading.Thread(target=work, args=(url, todo, shop, users, tally, done), daemon=True)
        for _ in range(clients)
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    try:
        with click.progressbar(length=len(shop.invoices), label="invoices") as bar:
            while any(thread.is_alive() for thread in threads) or not done.empty():
                try:
                    bar.update(done.get(timeout=0.2))
                except queue.Empty:
                    continue
    finally:
        # Ctrl-C: nobody may be in the middle of a call when the database is dropped.
        tally.is_stopped.set()
        for thread in threads:
            thread.join()
    return tally, time.monotonic() - started


class Printed:
    """What was printed, for the README."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)
        click.echo(line)

    def write(self, readme: Path) -> None:
        head, start, rest = readme.read_text().partition("<!-- output -->\n")
        tail = rest.partition("<!-- end -->")[2]
        body = "\n".join(["```text", *self.lines, "```", "<!-- end -->"])
        readme.write_text(f"{head}{start}{body}{tail}")


def compare(connection: Connection, tally: Tally, books: Books, printed: Printed) -> list[str]:
    """Print the run beside the plain reading of the file; return what differs."""
    with connection.cursor(row_factory=dict_row) as cursor:
        (ledger,) = cursor.execute(LEDGER).fetchall()
    accepted = {number for number, outcome in tally.outcomes.items() if outcome == "accepted"}
    refused = {number for number, outcome in tally.outcomes.items() if outcome != "accepted"}
    by_rule = {
        name: {number for number, outcome in tally.outcomes.items() if outcome == name}
        for name in (TOO_LARGE, OUT_OF_RANGE, SOLD_OUT, SEVERAL)
    }
    broken = books.too_large | books.out_of_range
    rows: list[tuple[str, Any, Any]] = [
        ("orders accepted, paid and sent", ledger["orders"], len(books.accepted)),
        ("their lines", ledger["lines"], books.lines),
        ("their units", ledger["units"], books.units),
        ("revenue", ledger["revenue"], books.revenue),
        ("captured", ledger["captured"], books.revenue),
        ("units returned", ledger["returned"], books.returned_units),
        ("credited", ledger["credited"], books.refunds),
        ("refunded", ledger["refunded"], books.refunds),
        ("refunds still waiting", ledger["waiting"], Decimal(0)),
        ("credit lines that match a sale", tally.credits["matched"], books.matched_lines),
        ("credit lines that match none", tally.credits["unmatched"], books.unmatched_lines),
    ]
    printed.say("                                         the run     the file")
    wrong = []
    for what, run, file in rows:
        shown = [
            f"{value:>12,.2f}" if isinstance(value, Decimal) and "unit" not in what
            else f"{int(value):>12,}"
            for value in (run, file)
        ]  # fmt: skip
        printed.say(f"  {what:<34}{shown[0]} {shown[1]}{'' if run == file else '  WRONG'}")
        if run != file:
            wrong.append(f"{what}: {run} in the run, {file} in the file")
    if accepted != books.accepted:
        wrong.append(f"other orders were accepted: {sorted(accepted ^ books.accepted)[:10]}")
    # Too little stock may come on top of a broken rule, and is then named first by the cart.
    if not by_rule[TOO_LARGE] <= books.too_large or not by_rule[OUT_OF_RANGE] <= books.out_of_range:
        wrong.append("an order was refused by a rule that it does not break")
    if not broken <= refused or refused - broken != by_rule[SOLD_OUT] - broken:
        wrong.append(f"refused by no rule: {sorted(refused - broken - by_rule[SOLD_OUT])[:10]}")
    return wrong


def report(
    connection: Connection,
    path: Path,
    tally: Tally,
    seconds: float,
    clients: int,
    printed: Printed,
) -> list[str]:
    """Print what was accepted and refused, compare it with the file, and prove the stock."""
    counts = Counter(tally.outcomes.values())
    for outcome, count in counts.most_common():
        name = "accepted" if outcome == "accepted" else f"refused {outcome}"
        ways = "; ".join(f"{count:,} {way}" for way, count in sorted(tally.ways.items()))
        printed.say(f"  {count:>7,}  {name}" + (f" ({ways})" if outcome == "accepted" else ""))
    taken = tally.credits
    printed.say(f"  {taken['notes']:>7,}  credit notes: {taken['returns']:,} returns")
    printed.say(f"  {tally.retries.total():>7,}  retries {dict(tally.retries) or ''}".rstrip())
    placed = counts["accepted"]
    printed.say(
        f"{placed:,} orders from cart to delivery in {seconds:.1f} s with {clients} clients:"
        f" {placed / seconds:,.0f} orders/s"
    )
    rules: dict[str, Decimal] = dict(connection.execute(RULES).fetchall())
    sold_out = {number for number, outcome in tally.outcomes.items() if outcome == SOLD_OUT}
    books = keep_books(
        path, int(rules["order_lines_max"]), rules["order_total_min"], rules["order_total_max"],
        sold_out,
    )  # fmt: skip
    wrong = [*tally.failed, *compare(connection, tally, books, printed)]
    rows = connection.execute(PROOF).fetchall()
    unbalanced = [row for row in rows if row[1] + row[2] != row[3] + row[4] + row[5]]
    violations = connection.execute("select * from ops.check_invariants()").fetchall()
    wrong += [f"stock of {row[0]}: {row[1:]}" for row in unbalanced]
    wrong += [f"invariant {name}, {what}: {detail}" for name, what, detail in violations]
    printed.say(
        f"proof     received + returned = available + held + shipped for"
        f" {len(rows) - len(unbalanced):,} of {len(rows):,} SKUs;"
        f" {len(violations)} violated invariants"
    )
    return wrong


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--database-url", help="The server to make a throwaway database on; else the embedded one."
)
@click.option("--clients", default=8, show_default=True, type=click.IntRange(1, 200))
@click.option(
    "--stock", default=0.9, show_default=True, type=click.FloatRange(0, 10),
    help="Share of the demand that is received before the sale: below 1, some must be refused.",
)  # fmt: skip
@click.option("--write-readme", is_flag=True, help="Put what is printed into README.md as well.")
def main(
    path: Path, database_url: str | None, clients: int, stock: float, write_readme: bool
) -> None:
    """Import the products, receive stock, put every invoice through, and compare with the file."""
    shop, printed = read_shop(path), Printed()
    sales = [invoice for invoice in shop.invoices.values() if not invoice.is_credit]
    printed.say(f"{path.name}: {shop.kinds.total():,} lines")
    for kind, what in KINDS.items():
        printed.say(f"  {shop.kinds[kind]:>7,}  {kind:<10} {what}")
    printed.say(
        f"  {len(sales):,} invoices to sell, {len(shop.invoices) - len(sales):,} credit notes."
        " Of the lines sold,"
    )
    printed.say(f"  {shop.repeated_lines:>7,}  repeat code and price of their invoice: added up")
    printed.say(f"  {shop.zero_prices:>7,}  cost nothing: sold at that, as agreed")
    printed.say(f"  {shop.unknown_customers:>7,}  have no customer: a guest's")
    several = sum(len(prices) > 1 for prices in shop.prices.values())
    printed.say(f"  {several:,} codes have several prices: the most frequent one is the list's")
    with sqltests.throwaway_database(config.load(database_url)) as connection:
        url = conninfo.make_conninfo(connection.info.dsn, password=connection.info.password)
        printed.say(f"import    {dict(import_products(connection, shop))}")
        users = register_customers(connection, shop)
        printed.say(f"customers {len(users):,} registered")
        # A wholesaler's customers buy more than 50 of a thing, and a year of that is on its shelf.
        for rule in ("cart_line_units_max", "on_hand_max"):
            connection.execute(SHOP_RULES, [False, rule])
        received = receive_stock(connection, shop, stock)
        printed.say(f"received  {received:,} units ({stock:.0%} of demand)")
        tally, seconds = run_clients(url, shop, users, clients)
        wrong = report(connection, path, tally, seconds, clients, printed)
    for problem in wrong[:20]:
        click.echo(f"  WRONG {problem}", err=True)
    if write_readme:
        printed.write(Path(__file__).parent / "README.md")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
