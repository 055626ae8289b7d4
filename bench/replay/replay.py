"""Sell a shop's invoices through the stock functions, several clients at once; prove the stock.

    python bench/replay/replay.py path/to/invoices.csv[.gz]

The file has the columns of the "Online Retail" data set (UCI, CC BY 4.0): InvoiceNo, StockCode,
Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country. Real files are dirty; what is
done with each kind of line is said in `KINDS` and counted in the output.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import queue
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
import psycopg
from psycopg import conninfo

from dbtool import config, sqltests

COLUMNS = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID",
)  # fmt: skip

# Codes that are no goods: postage, fees, manual corrections, samples.
NOT_GOODS = {
    "POST", "DOT", "M", "m", "D", "S", "C2", "CRUK", "PADS", "B", "BANK CHARGES", "AMAZONFEE",
}  # fmt: skip

KINDS = {
    "sale": "put through reserve_inventory and commit_reservations",
    "credit note": "counted; returns are a later part of the product",
    "write-off": "counted: a negative quantity outside a credit note",
    "not goods": "counted: postage, fees and corrections have no stock",
    "malformed": "counted: a line that cannot be read",
}

IMPORT_CHUNK = 5_000


@dataclass
class Shop:
    """What the file says, sorted into what can be replayed."""

    kinds: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    prices: dict[str, Decimal] = field(default_factory=dict)
    zero_prices: int = 0
    repeated_lines: int = 0
    several_prices: set[str] = field(default_factory=set)
    unknown_customers: int = 0
    invoices: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    customers: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, gzipped or not; UTF-8, else Latin-1 as old exports are."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise click.ClickException(f"{path}: no column {', '.join(missing)}")
    yield from rows


def classify(row: dict[str, str]) -> str:
    try:
        quantity, price = int(row["Quantity"]), Decimal(row["UnitPrice"])
    except (InvalidOperation, ValueError, TypeError):
        return "malformed"
    if not row["InvoiceNo"] or not row["StockCode"].strip() or price < 0 or quantity == 0:
        return "malformed"
    if row["StockCode"].strip() in NOT_GOODS or row["StockCode"].startswith("gift_"):
        return "not goods"
    if row["InvoiceNo"].startswith("C"):
        return "credit note"
    return "sale" if quantity > 0 else "write-off"


def read_shop(path: Path) -> Shop:
    shop = Shop()
    for row in read_lines(path):
        kind = classify(row)
        shop.kinds[kind] += 1
        if kind == "malformed":
            continue
        sku, price = row["StockCode"].strip(), Decimal(row["UnitPrice"])
        description = " ".join((row["Description"] or "").split())
        if kind == "not goods":
            continue
        # A code has several descriptions and prices: the last one of each that says something.
        shop.names[sku] = description or shop.names.get(sku, sku)
        if price > 0:
            if shop.prices.get(sku, price) != price:
                shop.several_prices.add(sku)
            shop.prices[sku] = price
        if kind != "sale":
            continue
        shop.zero_prices += int(price == 0)
        shop.unknown_customers += int(not row["CustomerID"])
        lines = shop.invoices[row["InvoiceNo"]]
        shop.repeated_lines += int(sku in lines)
        lines[sku] = lines.get(sku, 0) + int(row["Quantity"])
        shop.customers[row["InvoiceNo"]] = row["CustomerID"].removesuffix(".0")
    return shop


def chunks(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), IMPORT_CHUNK):
        yield items[start : start + IMPORT_CHUNK]


def import_products(connection: psycopg.Connection[Any], shop: Shop) -> Counter[str]:
    """Import every code; one that never had a price costs a penny, as the shop gave it away."""
    items = [
        {
            "sku": sku, "name": name, "currency": "GBP",
            "price": str(max(round(shop.prices.get(sku, Decimal(0)), 2), Decimal("0.01"))),
        }
        for sku, name in sorted(shop.names.items())
    ]  # fmt: skip
    outcomes: Counter[str] = Counter()
    for part in chunks(items):
        for outcome, error in connection.execute(
            "select outcome, error from product.import_products(%s)", [json.dumps(part)]
        ):
            outcomes[error or outcome] += 1
    return outcomes


def register_customers(connection: psycopg.Connection[Any], shop: Shop) -> int:
    """Make a user of every known customer; `shop.owners` then says who holds an invoice's stock."""
    users: dict[str, str] = {}
    for customer in sorted(set(shop.customers.values()) - {""}):
        row = connection.execute(
            "select user_id from account.register_user(%s, %s)",
            [f"customer-{customer}@example.com", f"Customer {customer}"],
        ).fetchone()
        users[customer] = f"user:{row[0]}" if row else ""
    for invoice, customer in shop.customers.items():
        shop.owners[invoice] = users.get(customer) or f"session:{invoice}"
    return len(users)


def receive_stock(connection: psycopg.Connection[Any], shop: Shop, share: float) -> int:
    """Receive `share` of what will be asked for, and no more than a stock row may hold."""
    demand: Counter[str] = Counter()
    for lines in shop.invoices.values():
        demand.update(lines)
    ceiling = connection.execute(
        "select value from core.rules where name = 'on_hand_max' and currency is null"
    ).fetchone()
    limit = int(ceiling[0]) if ceiling else 0
    supply = {sku: max(1, min(limit, int(units * share))) for sku, units in demand.items()}
    for part in chunks([{"sku": sku, "quantity": units} for sku, units in sorted(supply.items())]):
        connection.execute("select from inventory.receive_stock(%s)", [json.dumps(part)])
    return sum(supply.values())


class Tally:
    """What the clients did; one lock, taken once an invoice."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.outcomes: Counter[str] = Counter()
        self.units: Counter[str] = Counter()
        self.retries: Counter[str] = Counter()


RETRYABLE = {"40001", "40P01", "55P03"}


def sell(
    connection: psycopg.Connection[Any], invoice: str, owner: str, lines: dict[str, int]
) -> None:
    """Reserve all lines of an invoice and commit them: two business actions, two transactions."""
    items = json.dumps([{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()])
    held = connection.execute(
        "select reservation from inventory.reserve_inventory(%s, %s, null, %s)",
        [items, owner, invoice],
    ).fetchall()
    connection.execute(
        "select from inventory.commit_reservations(%s, %s)", [[row[0] for row in held], invoice]
    )


def work(url: str, todo: queue.SimpleQueue[str], shop: Shop, tally: Tally, done: Any) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            try:
                invoice = todo.get_nowait()
            except queue.Empty:
                return
            lines = shop.invoices[invoice]
            outcome, retries = "accepted", Counter[str]()
            for attempt in itertools.count(1):
                try:
                    sell(connection, invoice, shop.owners[invoice], lines)
                except psycopg.Error as error:
                    state = error.sqlstate or "connection lost"
                    if state in RETRYABLE and attempt < 10:
                        retries[state] += 1
                        continue
                    outcome = state
                break
            with tally.lock:
                tally.outcomes[outcome] += 1
                tally.units[outcome] += sum(lines.values())
                tally.retries.update(retries)
            done()


def ship_some(connection: psycopg.Connection[Any]) -> int:
    """Ship every second committed reservation, so that the proof covers all three states."""
    rows = connection.execute(
        "select reservation from inventory.reservation_list"
        " where status = 'consumed' and open_quantity > 0 and reservation_id % 2 = 0"
    ).fetchall()
    for part in chunks([{"reservation": row[0]} for row in rows]):
        connection.execute("select from inventory.ship_reservations(%s)", [json.dumps(part)])
    return len(rows)


PROOF = """
with moved as (
    select
        m.sku,
        sum(m.on_hand_delta) filter (where m.kind = 'receipt') as received,
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
    t.sku, coalesce(m.received, 0), b.available, coalesce(h.held, 0), coalesce(m.shipped, 0)
from inventory.stock_totals as t
left join moved as m on m.sku = t.sku
left join held as h on h.sku = t.sku
cross join lateral (
    select sum(s.available) as available
    from inventory.stock_buckets as s
    where s.variant_id = t.variant_id
) as b
"""


def prove(connection: psycopg.Connection[Any]) -> tuple[int, list[tuple[Any, ...]]]:
    """Count the SKUs, and return those where received <> available + held + shipped."""
    rows = connection.execute(PROOF).fetchall()
    wrong = [row for row in rows if row[1] != row[2] + row[3] + row[4]]
    return len(rows), wrong


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
    """Import the products, receive stock, sell every invoice, and prove the stock SKU by SKU."""
    shop, printed = read_shop(path), Printed()
    printed.say(f"{path.name}: {shop.kinds.total():,} lines")
    for kind, what in KINDS.items():
        printed.say(f"  {shop.kinds[kind]:>7,}  {kind:<12} {what}")
    printed.say(f"  {len(shop.invoices):,} invoices to sell. Of their lines,")
    printed.say(f"  {shop.repeated_lines:>7,}  repeat a code of their invoice: added up")
    printed.say(f"  {shop.zero_prices:>7,}  cost nothing: sold all the same")
    printed.say(f"  {shop.unknown_customers:>7,}  have no customer: a session holds them")
    printed.say(f"  {len(shop.several_prices):,} codes have several prices: the last one counts")
    with sqltests.throwaway_database(config.load(database_url)) as connection:
        url = conninfo.make_conninfo(connection.info.dsn, password=connection.info.password)
        printed.say(f"import    {dict(import_products(connection, shop))}")
        printed.say(f"customers {register_customers(connection, shop):,} registered")
        received = receive_stock(connection, shop, stock)
        printed.say(f"received  {received:,} units ({stock:.0%} of demand, at most the ceiling)")
        tally, seconds = run_clients(url, shop, clients)
        is_right = report(connection, tally, seconds, clients, printed)
    if write_readme:
        printed.write(Path(__file__).parent / "README.md")
    raise SystemExit(0 if is_right else 1)


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


def run_clients(url: str, shop: Shop, clients: int) -> tuple[Tally, float]:
    tally, todo = Tally(), queue.SimpleQueue[str]()
    for invoice in shop.invoices:
        todo.put(invoice)
    finished: queue.SimpleQueue[None] = queue.SimpleQueue()
    threads = [
        threading.Thread(
            target=work, args=(url, todo, shop, tally, lambda: finished.put(None)), daemon=True
        )
        for _ in range(clients)
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    with click.progressbar(length=len(shop.invoices), label="selling") as bar:
        while any(thread.is_alive() for thread in threads) or not finished.empty():
            try:
                finished.get(timeout=0.2)
            except queue.Empty:
                continue
            bar.update(1)
    return tally, time.monotonic() - started


def report(
    connection: psycopg.Connection[Any],
    tally: Tally,
    seconds: float,
    clients: int,
    printed: Printed,
) -> bool:
    """Print what was accepted and refused, ship a part, and prove the stock."""
    names = dict(connection.execute("select sqlstate, name from core.error_codes").fetchall())
    for outcome, count in tally.outcomes.most_common():
        name = outcome if outcome == "accepted" else f"refused {outcome} {names.get(outcome, '')}"
        printed.say(f"  {count:>7,}  {name} ({tally.units[outcome]:,} units)")
    printed.say(f"  {tally.retries.total():>7,}  retries {dict(tally.retries) or ''}".rstrip())
    row = connection.execute("select count(*) from inventory.reservation_list").fetchone()
    reservations = row[0] if row else 0
    printed.say(
        f"{reservations:,} reservations in {seconds:.1f} s with {clients} clients:"
        f" {reservations / seconds:,.0f} reservations/s,"
        f" {tally.outcomes.total() / seconds:,.0f} invoices/s"
    )
    printed.say(f"shipped   every second reservation: {ship_some(connection):,}")
    skus, wrong = prove(connection)
    violations = connection.execute("select * from ops.check_invariants()").fetchall()
    for problem in [*wrong[:20], *violations[:20]]:
        click.echo(f"  WRONG {problem}", err=True)
    printed.say(
        f"proof     received = available + held + shipped for {skus - len(wrong):,} of {skus:,}"
        f" SKUs; {len(violations)} violated invariants"
    )
    return not wrong and not violations and set(tally.outcomes) <= {"accepted", "SHI01"}


if __name__ == "__main__":
    main()
