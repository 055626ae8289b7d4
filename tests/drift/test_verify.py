"""`dbtool verify`: what is no longer what the last migrate left."""

from __future__ import annotations

import json

from drift_support import Team


def test_says_that_all_is_well(team: Team) -> None:
    assert "nothing was migrated here" in team.dbtool("verify", code=4)
    team.dbtool("migrate")
    assert team.dbtool("verify") == "as the last migrate left it\n"


def test_shows_a_change_before_and_after(team: Team) -> None:
    team.dbtool("migrate")
    team.execute(
        "create or replace function app.total() returns numeric language sql as"
        " $$ select sum(n.price) * 2 from app.names as n $$;"
        "alter table app.items alter name drop not null;"
        "create view app.by_hand as select 1 as one; drop index if exists app.i"
    )
    shown = team.dbtool("verify", code=4)
    assert "no file  view app.by_hand\n" in shown
    assert "added    view app.by_hand\n" in shown
    assert "changed  column app.items.name\n    -text not null\n    +text\n" in shown
    assert "    -AS $function$ select sum(n.price) from app.names as n $function$\n" in shown
    assert "    +AS $function$ select sum(n.price) * 2 from app.names as n $function$\n" in shown
    found = json.loads(team.dbtool("verify", "--json", code=4))
    assert not found["verified"]
    assert {
        "kind": "column", "object": "app.items.name", "what": "changed",
        "before": "text not null", "after": "text",
    } in found["drift"]  # fmt: skip


def test_reports_edited_and_missing_files(team: Team) -> None:
    team.dbtool("migrate")
    team.write({"db/migrations/V1__Items.sql": "select 1;"})
    (team.folder / "db/migrations/V2__Prices.sql").unlink()
    (team.folder / "db/migrations/U2__Prices.sql").unlink()
    shown = team.dbtool("verify", code=4)
    assert "edited   team 1 Items\n" in shown
    assert "missing  team 2 Prices\n" in shown


def test_what_is_pending_is_no_drift(team: Team) -> None:
    team.dbtool("migrate")
    team.write(
        {
            "db/functions/app/total.sql": "create or replace function app.total() returns numeric"
            " language sql as $$ select 0 $$;",
            "db/functions/app/more.sql": "create or replace view app.more as select 1 as one;",
            "db/migrations/V3__More.sql": "create table app.more_items ();",
        }
    )
    shown = team.dbtool("verify")
    assert "pending  2 functions, views and triggers" in shown
    found = json.loads(team.dbtool("verify", "--json"))
    assert [line["object"] for line in found["functions"]] == ["app.total()", "app.more"]


def test_a_missing_function_is_drift_and_the_next_change_brings_it_back(team: Team) -> None:
    team.dbtool("migrate")
    team.execute("drop function app.total()")
    shown = team.dbtool("verify", code=4)
    assert "missing  function app.total\n" in shown
    assert "removed  function app.total()\n" in shown
