"""What the file says by itself, read with nothing but Python: no database, no code of the replay.

The rules are those of the shop. Which invoices found too little stock only the run can know; they
are told, everything else is computed here.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

PENNY = Decimal("0.01")
NOT_GOODS = {
    "POST", "DOT", "M", "m", "D", "S", "C2", "CRUK", "PADS", "B", "AMAZONFEE", "BANK CHARGES",
}  # fmt: skip


@dataclass
class Books:
    """What selling and taking back by the rules comes to."""

    accepted: set[str] = field(default_factory=set)
    too_large: set[str] = field(default_factory=set)
    out_of_range: set[str] = field(default_factory=set)
    sold_out: set[str] = field(default_factory=set)
    lines: int = 0
    units: int = 0
    revenue: Decimal = Decimal(0)
    matched_lines: int = 0
    unmatched_lines: int = 0
    returned_units: int = 0
    refunds: Decimal = Decimal(0)


def pennies(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY, ROUND_HALF_UP)


def keep_books(
    path: Path, lines_max: int, total_min: Decimal, total_max: Decimal, sold_out: set[str]
) -> Books:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")

    # Of each invoice, the units of each code and price, in the order of the file.
    invoices: dict[str, Counter[tuple[str, Decimal]]] = defaultdict(Counter)
    customer_of: dict[str, str] = {}
    # Not by splitlines(): what Latin-1 has at 0x85 would end a line.
    for row in csv.DictReader(io.StringIO(text, newline=""), restval=""):
        number, code = row["InvoiceNo"].strip(), row["StockCode"].strip()
        try:
            quantity, price = int(row["Quantity"]), Decimal(row["UnitPrice"].strip())
        except (ArithmeticError, ValueError):
            continue
        if code in NOT_GOODS or code.startswith("gift_"):
            continue
        if not number or not code or not price.is_finite() or price < 0 or quantity == 0:
            continue
        # More than the database's columns hold: units of four bytes, prices of 15 and 4 digits.
        if abs(quantity) >= 2**31 or price >= 10**15 or price != round(price, 4):
            continue
        if (quantity > 0) == number.startswith("C"):
            continue
        invoices[number][code, price] += abs(quantity)
        customer_of.setdefault(number, row["CustomerID"].strip().removesuffix(".0"))

    books = Books()
    sales: dict[str, list[dict[tuple[str, Decimal], list[int]]]] = defaultdict(list)
    for number, bought in invoices.items():
        customer = customer_of[number]
        if number.startswith("C"):
            for what, quantity in bought.items():
                mine = sales[customer] if customer else []
                # The newest sale that has so many units of it left.
                for sale in reversed(mine):
                    sold, returned = sale.get(what, (0, 0))
                    if sold - returned >= quantity:
                        whole = pennies(what[1] * sold)
                        books.refunds += pennies(whole * (returned + quantity) / sold) - pennies(
                            whole * returned / sold
                        )
                        sale[what][1] += quantity
                        books.matched_lines += 1
                        books.returned_units += quantity
                        break
                else:
                    books.unmatched_lines += 1
            continue
        total = sum((pennies(price * units) for (_, price), units in bought.items()), Decimal(0))
        if len(bought) > lines_max:
            books.too_large.add(number)
        if not total_min <= total <= total_max:
            books.out_of_range.add(number)
        if number in books.too_large | books.out_of_range:
            continue
        if number in sold_out:
            books.sold_out.add(number)
            continue
        books.accepted.add(number)
        books.lines += len(bought)
        books.units += sum(bought.values())
        books.revenue += total
        sales[customer].append({what: [units, 0] for what, units in bought.items()})
    return books
