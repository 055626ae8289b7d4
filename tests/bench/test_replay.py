"""The replay of a shop's invoices, on files as dirty as the real ones are."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
COLUMNS = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID",
    "Country",
)  # fmt: skip
JARS = "MEDIUM CERAMIC TOP STORAGE JAR"
# Number, code, description, quantity, price, customer.
YEAR = [
    ("536365", "85123A", "WHITE HEART", "6", "2.55", "17850.0"),
    ("536365", "85123A ", "WHITE HEART", "6", "2.55", "17850.0"),
    ("536365", "71053", "LANTERN £9, \"OLD\"", "6", "3.39", "17850.0"),
    ("536365", "POST", "POSTAGE", "3", "18.00", "17850.0"),
    # The same code twice, as the shop wrote it, and half of one of them back months later.
    ("536366", "15056bl", "PARASOL", "6", "5.95", "17850"),
    ("536366", "15056BL", "PARASOL", "4", "5.95", "17850"),
    ("C550000", "15056bl", "PARASOL", "-3", "5.95", "17850"),
    # Bought and given back at once, and more given back than there was.
    ("541431", "23166", JARS, "74215", "1.04", "12346"),
    ("C541433", "23166", JARS, "-74215", "1.04", "12346"),
    ("C550001", "71053", "LANTERN", "-7", "3.39", "17850"),
    ("C550002", "85123A", "WHITE HEART", "-12", "2.55", "17850"),
    ("C550003", "85123A", "WHITE HEART", "-12", "2.55", "17850"),
    ("A563185", "B", "Adjust bad debt", "1", "11062.06", ""),
    ("A563186", "B", "Adjust bad debt", "1", "-11062.06", ""),
    ("551000", "22423", "FINER \x85 THAN A PENNY", "20", "0.001", ""),
    ("551000", "22423", "STAND", "1", "12.75", ""),
    ("551001", "90000", "ONLY FINER THAN A PENNY", "20000", "0.001", ""),
    ("551002", "22423", "?", "2", "0", ""),
    ("551003", "84826", "damaged", "-60", "0", ""),
    ("551004", "22423", "STAND", "1", "38970", ""),
    ("551005", "22423", "STAND", "1", "0.12345", ""),
    ("551006", "22423", "STAND", "1", "NaN", ""),
    ("551007", "22423", "STAND", "1", "1e40", ""),
    ("551008", "22423", "STAND", "99999999999", "1", ""),
    ("551009", "22423", "STAND", "", "", ""),
    *[
        (f"C56{number:04}", code, code, "-1", "2.50", "14911")
        for number, code in enumerate(
            ["DOT", "M", "m", "D", "C2", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "S"]
        )
    ],
    ("561000", "gift_0001_20", "Voucher", "1", "16.67", ""),
]  # fmt: skip


def write(path: Path, encoding: str = "latin-1", head: bytes = b"") -> Path:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for number, code, description, quantity, price, customer in YEAR:
        rows.writerow(
            [number, code, description, quantity, "12/1/2010 8:26", price, customer, "Japan"]
        )
    # A line that ends too early.
    body = head + text.getvalue().encode(encoding) + b"561001,22423\r\n"
    path.write_bytes(gzip.compress(body) if path.suffix == ".gz" else body)
    return path


def replay(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "bench/replay/replay.py", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)


@pytest.mark.parametrize(
    ("name", "encoding", "head"),
    [
        ("latin_bom.csv.gz", "latin-1", b"\xef\xbb\xbf"),
        ("utf.csv", "utf-8-sig", b""),
    ],
)
def test_a_dirty_file_is_replayed(
    server_url: str, tmp_path: Path, name: str, encoding: str, head: bytes
) -> None:
    path = write(tmp_path / name, encoding, head)
    done = replay(path, "--stock", 1, "--clients", 2, "--database-url", server_url)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    words = [" ".join(line.split()) for line in done.stdout.splitlines()]
    for expected in [
        "11 sale put through cart, order, authorisation, capture, shipment",
        "5 credit put through return and refund, where it matches a sale",
        "1 write-off counted: a negative quantity outside a credit note",
        "14 not goods counted: postage, fees and corrections have no stock",
        "6 malformed counted: a line that cannot be read",
        "orders accepted, paid and sent 4 4",
        "revenue 143.21 143.21",
        "refunded 48.45 48.45",
        "credit lines that match a sale 2 2",
        "credit lines that match none 3 3",
    ]:
        assert expected in words, done.stdout
    assert "0 violated invariants" in done.stdout


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("empty.csv", b"", "no column InvoiceNo"),
        ("empty.csv", b"", "the file is empty"),
        ("half.csv", b"InvoiceNo,StockCode,Quantity,UnitPrice,CustomerID\n", "no column Descr"),
        ("half.csv.gz", gzip.compress(b"InvoiceNo" * 99)[:20], "cannot be read"),
        ("plain.csv.gz", b"InvoiceNo,StockCode", "cannot be read"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    tmp_path: Path, name: str, body: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    done = replay(path)
    assert done.returncode == 1
    assert f"Error: {path}: " in done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_without_invoices_sells_nothing(server_url: str, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text(",".join(COLUMNS) + "\n")
    done = replay(path, "--database-url", server_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "none.csv: 0 lines" in done.stdout
