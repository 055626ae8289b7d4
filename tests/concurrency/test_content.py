"""Editors of the catalogue at once: versions, images, the tree of categories, and deletes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from harness import (
    READ_COMMITTED,
    RECEIVE,
    Connection,
    Job,
    Outcome,
    Rows,
    ask,
    attempt,
    call,
    connected,
    items,
    keep_stock,
    keeper,
    no_deadlocks,
    start,
    tally,
    team,
    tell,
    wait_until_blocked,
)
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

EDITOR = "product_editor"
STALE = "SHC02"
CREATE = "select * from product.create_product(%s, %s, %s)"
UPDATE = "select * from product.update_product(%s, %s, %s)"
ADD_VARIANT = "select * from product.create_variant(%s, %s, %s)"
UPDATE_VARIANT = "select * from product.update_variant(%s, %s, %s)"
RENAME = "select * from product.rename_option(%s, %s, %s, %s)"
RESTORE = "select * from product.restore_content_version(%s, %s, %s)"
STATUS = "select * from product.set_product_status(%s, %s, %s)"
SAVE = "select * from product.save_draft(%s, %s, %s, %s)"
PUBLISH = "select * from product.publish_draft(%s, %s)"
PRIMARY = "select * from product.set_primary_image(%s, %s, %s)"
ARRANGE = "select * from product.arrange_images(%s, %s, %s)"
DELETE = "select * from product.delete_product(%s, %s)"
CATEGORY = "select * from product.create_category(%s, %s, %s)"
MOVE = "select * from product.move_category(%s, %s, %s)"
DROP_CATEGORY = "select * from product.delete_category(%s, %s)"
IMPORT = "select * from product.import_products(%s, %s)"
VERSION = "select version from product.product_admin_list where code = %s"
PRODUCT = "select * from product.product_admin_list where code = %s"
VERSIONS = "select version, fields from product.content_version_list where code = %s order by 1"
IMAGES = (
    "select url, is_primary from product.image_admin_list where product_code = %s order by position"
)
TREE = "select slug, parent_slug from product.category_admin_list order by slug"
SHARE = "select from product.categories where slug = %s for key share"
# What somebody writes who goes past the functions.
HANG = """
update product.categories as c
set parent_id = p.category_id, parent_path = p.path
from product.categories as p
where c.slug = %s and p.slug = %s
"""
MUG = {
    "name": "Mug",
    "options": [{"name": "Size", "values": ["S", "L"]}],
    "images": [{"url": f"/{n}.jpg"} for n in range(8)],
}


@contextmanager
def sessions(url: str, count: int, role: str = EDITOR) -> Iterator[list[Connection]]:
    """Open sessions of editors, and before them the superuser's, who looks at them."""
    with keeper(url) as observer, connected(url, count, role=role) as actors:
        yield [observer, *actors]


def make_mug(url: str) -> int:
    """Make a mug in two sizes; return its version."""
    tell(url, CREATE, "MUG", Jsonb(MUG), None)
    for n, size in enumerate("SL", 1):
        variant = {"sku": f"MUG-{size}", "name": size, "options": {"Size": size}}
        tell(url, ADD_VARIANT, "MUG", Jsonb(variant), n)
    return version_of("MUG", url)


def version_of(code: str, url: str) -> int:
    return int(ask(url, VERSION, code)[0].version)


def make_categories(url: str, parents: dict[str, str | None]) -> None:
    for slug, parent in parents.items():
        tell(url, CATEGORY, slug, slug.upper(), parent)


def tree(url: str) -> dict[str, str | None]:
    return {row.slug: row.parent_slug for row in ask(url, TREE)}


def edits(version: int) -> list[Job]:
    """Five edits of one product, each another function."""
    return [
        call(UPDATE, "MUG", Jsonb({"name": "Cup", "tags": ["new"]}), version),
        call(RENAME, "MUG", "Size", "Form", version),
        call(STATUS, "MUG", "archived", version),
        call(ARRANGE, "MUG", [f"/{n}.jpg" for n in reversed(range(8))], version),
        call(ADD_VARIANT, "MUG", Jsonb({"sku": "MUG-X", "name": "X"}), version),
    ]


def updates(version: int) -> list[Job]:
    return [call(UPDATE, "MUG", Jsonb({"name": f"Mug {n}"}), version) for n in range(5)]


@pytest.mark.parametrize("kind", [updates, edits])
def test_of_edits_of_one_version_one_wins(
    shop: str, isolation: IsolationLevel, kind: Callable[[int], list[Job]]
) -> None:
    seen = make_mug(shop)
    with no_deadlocks(shop), team(shop, 5, isolation, EDITOR) as editors:
        outcomes = editors.race(kind(seen))
    assert tally(outcomes) == {"done": 1, STALE: 4}
    for outcome in outcomes:
        if not outcome.is_done:
            assert outcome.detail["version"] == seen + 1
    assert [row.version for row in ask(shop, VERSIONS, "MUG")] == list(range(1, seen + 2))


def test_of_edits_of_one_variant_one_wins(shop: str, isolation: IsolationLevel) -> None:
    make_mug(shop)
    jobs = [call(UPDATE_VARIANT, "MUG-S", Jsonb({"name": f"S {n}"}), 1) for n in range(5)]
    with no_deadlocks(shop), team(shop, 5, isolation, EDITOR) as editors:
        outcomes = editors.race(jobs)
    assert tally(outcomes) == {"done": 1, STALE: 4}


def test_a_draft_and_an_edit(shop: str, isolation: IsolationLevel) -> None:
    """The draft was written against the version that the edit changes, or the other way round."""
    seen = make_mug(shop)
    tell(shop, SAVE, "MUG", Jsonb({"name": "Draft"}), seen, 0)
    jobs = [
        call(PUBLISH, "MUG", 1),
        call(UPDATE, "MUG", Jsonb({"name": "Edit"}), seen),
        call(SAVE, "MUG", Jsonb({"name": "Another"}), seen, 1),
    ]
    with no_deadlocks(shop), team(shop, 3, isolation, EDITOR) as editors:
        publish, edit, save = editors.race(jobs)
    (product,) = ask(shop, PRODUCT, "MUG")
    assert product.version == seen + publish.is_done + edit.is_done
    assert product.name == {(True, False): "Draft", (False, True): "Edit"}.get(
        (publish.is_done, edit.is_done), "Mug"
    )
    assert {outcome.sqlstate for outcome in (publish, edit, save)} <= {"done", STALE, "SHP25"}


def test_two_who_take_one_sku_or_slug_or_code(shop: str) -> None:
    for n in range(6):
        tell(shop, CREATE, f"P{n}", Jsonb({"name": "P"}), None)
    variant = Jsonb({"sku": "SAME", "name": "Same", "barcode": "12345678"})
    with no_deadlocks(shop), team(shop, 6, READ_COMMITTED, EDITOR) as editors:
        outcomes = editors.race([call(ADD_VARIANT, f"P{n}", variant, 1) for n in range(6)])
        assert tally(outcomes) == {"done": 1, "SHP12": 5}
        slug = Jsonb({"slug": "same"})
        versions = [version_of(f"P{n}", shop) for n in range(6)]
        outcomes = editors.race([call(UPDATE, f"P{n}", slug, versions[n]) for n in range(6)])
        assert tally(outcomes) == {"done": 1, "SHP10": 5}
        outcomes = editors.race([call(CREATE, "NEW", Jsonb({"name": "N"}), None)] * 6)
        assert tally(outcomes) == {"done": 1, "SHP11": 5}


def test_eight_clients_swap_the_primary_image(shop: str, isolation: IsolationLevel) -> None:
    """Each reads the version and tries again until its image has been the primary once."""
    make_mug(shop)
    is_over = threading.Event()

    def swap(n: int) -> Job:
        def job(connection: Connection) -> Rows:
            while True:
                (seen,) = connection.execute(VERSION, ["MUG"]).fetchall()
                done = attempt(connection, call(PRIMARY, "MUG", f"/{n}.jpg", seen.version))
                if done.is_done:
                    return done.rows
                assert done.sqlstate == STALE

        return job

    def watch(connection: Connection) -> set[int]:
        found = set()
        while not is_over.is_set():
            found.add(sum(row.is_primary for row in connection.execute(IMAGES, ["MUG"])))
        return found

    def everybody(connection: Connection) -> list[Outcome]:
        try:
            with team(shop, 8, isolation, EDITOR) as clients:
                return clients.race([swap(n) for n in range(8)])
        finally:
            is_over.set()

    with no_deadlocks(shop), team(shop, 2, READ_COMMITTED, EDITOR) as both:
        results: list[Any] = both.run([everybody, watch])
    outcomes, seen = results
    assert tally(outcomes) == {"done": 8}
    assert seen == {1}
    # The one that was the primary already has changed nothing if it came first.
    changes = [row for row in ask(shop, VERSIONS, "MUG") if row.fields == ["images"]]
    assert len(changes) in (7, 8)


def test_two_moves_that_would_make_a_cycle(shop: str, isolation: IsolationLevel) -> None:
    make_categories(shop, {"a": None, "b": None})
    with no_deadlocks(shop), team(shop, 2, isolation, EDITOR) as editors:
        outcomes = editors.race([call(MOVE, "a", "b", 1), call(MOVE, "b", "a", 1)])
    assert tally(outcomes) == {"done": 1, "SHP15": 1}


def test_a_move_waits_for_another(shop: str) -> None:
    make_categories(shop, {"a": None, "a1": "a", "b": None, "b1": "b"})
    with no_deadlocks(shop), sessions(shop, 2) as (observer, first, second):
        first.execute("begin")
        first.execute(MOVE, ["a", "b1", 1])
        moving = start(second, call(MOVE, "b", "a1", 1))
        wait_until_blocked(observer, moving, first)
        first.execute("commit")
        assert moving.outcome().sqlstate == "SHP15"
    assert tree(shop) == {"a": "b1", "a1": "a", "b": None, "b1": "b"}


def test_a_cycle_past_the_functions(shop: str) -> None:
    """The tables refuse it by themselves: the second update sees a path that is no longer true."""
    make_categories(shop, {"a": None, "b": None})
    with sessions(shop, 2, "postgres") as (observer, first, second):
        first.execute("begin")
        first.execute(HANG, ["a", "b"])
        hanging = start(second, call(HANG, "b", "a"))
        wait_until_blocked(observer, hanging, first)
        first.execute("commit")
        assert hanging.outcome().sqlstate in ("23503", "23514")
    assert tree(shop) == {"a": "b", "b": None}


def test_moves_of_a_whole_tree(shop: str, isolation: IsolationLevel) -> None:
    """Whatever eight editors move wherever, it stays a tree, and nobody waits for ever."""
    slugs = [f"c{n}" for n in range(12)]
    make_categories(shop, {slug: slugs[n // 2] if n else None for n, slug in enumerate(slugs)})

    def editor(number: int) -> Job:
        def job(connection: Connection) -> Rows:
            outcomes = []
            for step in range(12):
                slug, parent = slugs[(number * 5 + step * 7) % 12], slugs[(number + step * 3) % 12]
                query = "select version from product.category_admin_list where slug = %s"
                (seen,) = connection.execute(query, [slug]).fetchall()
                outcomes.append(attempt(connection, call(MOVE, slug, parent, seen.version)))
            return outcomes

        return job

    with no_deadlocks(shop), team(shop, 8, isolation, EDITOR) as editors:
        outcomes = editors.race([editor(n) for n in range(8)])
    assert tally(outcomes) == {"done": 8}
    moves = [move for outcome in outcomes for move in outcome.rows]
    assert set(tally(moves)) <= {"done", "SHP15", STALE}
    assert len(tree(shop)) == 12


def test_an_import_and_a_move_of_its_categories(shop: str) -> None:
    """Both take the categories by slug, whichever of them was made first."""
    make_categories(shop, {"z": None, "b": "z", "other": None})
    rows = [
        {"sku": slug, "name": slug, "price": 1, "currency": "EUR", "category": slug}
        for slug in "zb"
    ]
    with no_deadlocks(shop), sessions(shop, 2) as (observer, mover, importer):
        with keeper(shop) as holder, holder.transaction():
            holder.execute(SHARE, ["z"])
            moving = start(mover, call(MOVE, "z", "other", 1))
            wait_until_blocked(observer, moving, holder)
            importing = start(importer, call(IMPORT, Jsonb(rows), None))
            wait_until_blocked(observer, importing, mover)
        assert moving.outcome().is_done
        assert importing.outcome().is_done


def test_an_import_an_edit_and_a_move(shop: str) -> None:
    """An editor has the product and wants the category; so must an import come to them."""
    make_categories(shop, {"b": None, "c": "b", "other": None})
    row = {"sku": "P", "name": "P", "price": 1, "currency": "EUR", "category": "c"}
    tell(shop, CREATE, "P", Jsonb({"name": "P"}), None)
    with no_deadlocks(shop), sessions(shop, 3) as (observer, mover, editor, importer):
        with keeper(shop) as holder, holder.transaction():
            holder.execute(SHARE, ["c"])
            moving = start(mover, call(MOVE, "b", "other", 1))
            wait_until_blocked(observer, moving, holder)
            editing = start(editor, call(UPDATE, "P", Jsonb({"category": "b"}), 1))
            wait_until_blocked(observer, editing, mover)
            importing = start(importer, call(IMPORT, Jsonb([row]), None))
            wait_until_blocked(observer, importing, editor)
        for waiting in (moving, editing, importing):
            assert waiting.outcome().is_done


def test_a_category_made_below_one_that_moves(shop: str) -> None:
    make_categories(shop, {"a": None, "b": None})
    with no_deadlocks(shop), sessions(shop, 2) as (observer, mover, maker):
        mover.execute("begin")
        mover.execute(MOVE, ["a", "b", 1])
        making = start(maker, call(CATEGORY, "c", "C", "a"))
        wait_until_blocked(observer, making, mover)
        mover.execute("commit")
        assert making.outcome().is_done
    assert tree(shop) == {"a": "b", "b": None, "c": "a"}


def test_a_category_deleted_while_something_comes_in(shop: str) -> None:
    make_categories(shop, {"a": None, "b": None})
    product = Jsonb({"name": "P", "category": "a"})
    with no_deadlocks(shop), sessions(shop, 2) as (observer, editor, maker):
        maker.execute("begin")
        maker.execute(CREATE, ["P", product, None])
        deleting = start(editor, call(DROP_CATEGORY, "a", 1))
        wait_until_blocked(observer, deleting, maker)
        maker.execute("commit")
        assert deleting.outcome().sqlstate == "SHP13"

        editor.execute("begin")
        editor.execute(DROP_CATEGORY, ["b", 1])
        making = start(maker, call(CATEGORY, "c", "C", "b"))
        wait_until_blocked(observer, making, editor)
        editor.execute("commit")
        assert making.outcome().sqlstate == "SHP03"


def test_a_product_deleted_while_stock_comes_in(shop: str) -> None:
    keep_stock(shop, {"A": 0, "B": 0})
    delivery = items({"A": 3})
    with (
        no_deadlocks(shop),
        sessions(shop, 1) as (observer, editor),
        connected(shop, 1) as (receiver,),
    ):
        receiver.execute("begin")
        receiver.execute(RECEIVE, [delivery, None, None])
        deleting = start(editor, call(DELETE, "A", 1))
        wait_until_blocked(observer, deleting, receiver)
        receiver.execute("commit")
        outcome = deleting.outcome()
    assert outcome.sqlstate == "SHP16"
    assert "inventory.inventory" in {each["table"] for each in outcome.detail["references"]}


def test_an_import_beside_editors(shop: str) -> None:
    """Locks come in the same order: variants, then products."""
    make_mug(shop)
    names = [f"Round {n}" for n in range(6)]

    def importing(connection: Connection) -> list[Outcome]:
        return [
            attempt(connection, call(IMPORT, Jsonb([
                {"sku": sku, "name": f"{sku} {name}", "product": "MUG", "price": 1,
                 "currency": "GBP"}
                for sku in ("MUG-L", "MUG-S")
            ]), None))
            for name in names
        ]  # fmt: skip

    def editing(connection: Connection) -> list[Outcome]:
        outcomes = []
        for n in range(12):
            (seen,) = connection.execute(VERSION, ["MUG"]).fetchall()
            job = (
                call(RENAME, "MUG", "Size", "Size", seen.version),
                call(RESTORE, "MUG", 3, seen.version),
                call(UPDATE, "MUG", Jsonb({"brand": f"Brand {n}"}), seen.version),
            )[n % 3]
            outcomes.append(attempt(connection, job))
        return outcomes

    with no_deadlocks(shop), team(shop, 4, READ_COMMITTED, EDITOR) as everybody:
        imports, *others = everybody.run([importing, editing, editing, editing])
    assert tally(imports) == {"done": 6}
    assert set(tally([outcome for each in others for outcome in each])) <= {"done", STALE}
