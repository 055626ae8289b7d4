"""The examples of the services' pages run in order, and show what they say that they show."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dbtool import demo, sqltext

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(sql|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [page for page in sorted((DOCS / "services").glob("*.md")) if "```sql" in page.read_text()]
# They open and close a transaction, and return nothing to show.
SILENT = ("begin", "commit")


def shown(connection: psycopg.Connection[Any], statement: str, known: dict[str, object]) -> str:
    if statement in SILENT:
        connection.execute(statement.encode())
        return ""
    return "\n".join(demo.answer(connection, statement, known))


def is_refusal(answer: str) -> bool:
    return re.match(r"[0-9A-Z]{5} [A-Z_]+: ", answer) is not None


def test_every_service_has_a_page() -> None:
    services = {page.stem for page in (DOCS / "services").glob("*.md")}
    assert services >= {"account", "core", "events", "inventory", "ops", "product"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_show_what_they_say(
    page: Path, shop: str, connect: Callable[..., psycopg.Connection[Any]]
) -> None:
    connection = connect(shop, autocommit=True)
    # As in psql, where \gset keeps a row: :'name' is what a column of an earlier one has said.
    known: dict[str, object] = {}
    answer, is_expected = "", True
    for kind, content in BLOCK.findall(page.read_text()):
        if kind == "text":
            assert answer == content.rstrip("\n")
            is_expected = True
            continue
        for statement in sqltext.split_statements(content):
            assert is_expected, f"refused, and the page does not say so: {answer}"
            answer = shown(connection, statement.text, known)
            is_expected = not is_refusal(answer)
    assert is_expected, f"refused, and the page does not say so: {answer}"
    assert not connection.execute("select * from ops.check_invariants()").fetchall()
