"""Undoing: all of it or nothing, never what would lose rows, never on production."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from drift_support import Team, dbtool, fingerprint

INDEX = {
    "db/migrations/V3__Index.sql": "-- dbtool: no-transaction\n"
    "create index concurrently items_name_idx on app.items (name);",
    "db/migrations/U3__Index.sql": "drop index app.items_name_idx;",
    "db/migrations/V4__Note.sql": "alter table app.items add note text;",
    "db/migrations/U4__Note.sql": "alter table app.items drop column note;",
}


def test_all_up_all_undone_all_up_again_is_the_same(
    empty_database: str, connect: Callable[..., psycopg.Connection[Any]]
) -> None:
    url = ("--database-url", empty_database)
    dbtool("migrate", *url)
    connection = connect(empty_database, autocommit=True)
    first = fingerprint(connection)
    dbtool("undo", "--to", "0", *url)
    assert fingerprint(connection) == ""
    assert "nothing to undo" in dbtool("undo", *url)
    dbtool("verify", *url)
    dbtool("migrate", *url)
    assert fingerprint(connection) == first
    dbtool("verify", *url)


def test_a_u_file_leaves_what_the_v_files_below_it_make(
    empty_database: str, connect: Callable[..., psycopg.Connection[Any]]
) -> None:
    url = ("--database-url", empty_database)
    dbtool("migrate", *url)
    connection = connect(empty_database, autocommit=True)
    row = connection.execute("select max(version) from dbtool.migrations").fetchone()
    assert row
    found = {row[0]: fingerprint(connection)}
    for version in range(row[0] - 1, 0, -1):
        dbtool("undo", *url)
        found[version] = fingerprint(connection)
    dbtool("undo", *url)
    for version in range(1, row[0]):
        dbtool("migrate", "--target", str(version), *url)
        assert fingerprint(connection) == found[version]
    dbtool("migrate", *url)
    assert fingerprint(connection) == found[row[0]]


def test_takes_the_functions_along_and_migrate_brings_both_back(team: Team) -> None:
    team.dbtool("migrate")
    before = team.fingerprint()
    assert "undone by " in (shown := team.dbtool("undo"))
    assert "U2__Prices.sql" in shown
    assert team.versions() == [1]
    assert "app.names" not in team.fingerprint()
    team.dbtool("verify")
    team.dbtool("migrate")
    assert team.fingerprint() == before
    team.dbtool("undo", "--steps", "2")
    assert team.versions() == []


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ("insert into app.items (name) values ('new')", "app.items: 1 of 3 rows"),
        (
            "update app.items set name = 'x' where name = 'mug'",
            "app.items: what is in its 2 rows",
        ),
        ("delete from app.items", None),
        ("update app.items set created_at = '2020-01-01'", None),
    ],
)
def test_refuses_where_rows_would_be_lost(team: Team, change: str, lost: str | None) -> None:
    team.dbtool("migrate")
    team.execute(change)
    before = team.fingerprint(), team.rows("select * from app.items")
    if lost is None:
        team.dbtool("undo", "--to", "0")
        return
    shown = team.dbtool("undo", "--to", "0", code=7)
    assert f"undo would lose data, so nothing was undone: {lost}" in shown
    assert (team.fingerprint(), team.rows("select * from app.items")) == before
    assert team.versions() == [1, 2]
    # The step that touches a column alone brings every row back.
    team.dbtool("undo")
    team.dbtool("migrate")
    team.dbtool("undo", "--to", "0", "--discard-data")
    assert team.versions() == []


def test_refuses_to_lose_what_is_in_a_column(team: Team) -> None:
    team.dbtool("migrate")
    team.execute("update app.items set price = 2 where name = 'pot'")
    assert "app.items: what is in its 2 rows" in team.dbtool("undo", code=7)
    team.execute("update app.items set price = 1")
    team.dbtool("undo")


def test_refuses_on_production(team: Team) -> None:
    team.dbtool("migrate", "--env", "production")
    for options in ([], ["--discard-data"]):
        shown = team.dbtool("undo", "--env", "production", *options, code=7)
        assert "undo is refused: this database is marked production" in shown
    assert team.versions() == [1, 2]


def test_refuses_before_anything_runs_when_a_file_is_missing(team: Team) -> None:
    team.dbtool("migrate")
    (team.folder / "db/migrations/U1__Items.sql").unlink()
    assert "U1__Items.sql: there is no such file" in team.dbtool("undo", "--to", "0", code=7)
    assert team.versions() == [1, 2]
    team.dbtool("undo")


def test_refuses_to_go_below_a_baseline(team: Team) -> None:
    team.execute("create schema app; create table app.items (item_id bigint, name text)")
    team.dbtool("baseline", "--version", "1")
    team.dbtool("migrate")
    team.dbtool("undo")
    assert "a baseline of 1" in team.dbtool("undo", code=7)


def test_an_error_names_the_place_and_leaves_all_as_it_was(team: Team) -> None:
    team.write(
        {"db/migrations/U2__Prices.sql": "alter table app.items drop price;\ndrop table x.y;"}
    )
    team.dbtool("migrate")
    before = team.fingerprint()
    assert 'U2__Prices.sql:2:1: schema "x" does not exist' in team.dbtool("undo", code=1)
    assert team.fingerprint() == before
    team.write({"db/migrations/U2__Prices.sql": "commit;"})
    assert "COMMIT would end" in team.dbtool("undo", code=2)


def test_refuses_when_it_cannot_tell(team: Team) -> None:
    team.dbtool("migrate")
    team.write({"db/migrations/V2__Prices.sql": "alter table app.items add price nix;"})
    shown = team.dbtool("undo", code=1)
    assert "what would come back cannot be told, so nothing was undone" in shown
    assert "V2__Prices.sql:1:33:" in shown
    team.dbtool("undo", "--discard-data")


def test_what_was_changed_by_hand_before_is_still_reported(team: Team) -> None:
    team.dbtool("migrate")
    team.execute("alter table app.items alter name drop not null")
    team.dbtool("undo")
    assert "changed  column app.items.name" in team.dbtool("verify", code=4)


def test_a_view_of_nobodys_stops_it(team: Team) -> None:
    team.dbtool("migrate")
    team.execute("create view app.by_hand as select n.name from app.names as n")
    assert "app.names stays: view app.by_hand depends on view app.names" in team.dbtool(
        "undo", code=7
    )


def test_what_no_transaction_could_make_is_undone_in_one(team: Team) -> None:
    team.write(INDEX)
    team.dbtool("migrate")
    before = team.fingerprint()
    team.execute("insert into app.items (name) values ('new')")
    team.dbtool("undo", "--to", "1")
    assert team.versions() == [1]
    assert "items_name_idx" not in team.fingerprint()
    team.dbtool("migrate")
    assert team.fingerprint() == before
    team.dbtool("undo")
    team.write({"db/migrations/U3__Index.sql": "drop table app.items cascade;"})
    assert "app.items: 3 of 3 rows" in team.dbtool("undo", code=7)
    assert team.versions() == [1, 2, 3]
    team.write({"db/migrations/U3__Index.sql": "-- dbtool: no-transaction\nvacuum app.items;"})
    assert "undo is one transaction" in team.dbtool("undo", code=7)


def test_partitions_and_deferred_checks_are_no_obstacle(team: Team) -> None:
    team.write(
        {
            "db/migrations/V3__Events.sql": """
                create table app.events (
                    event_id bigint not null, name text not null,
                    constraint events_pkey primary key (event_id)
                ) partition by range (event_id);
                create table app.events_p1 partition of app.events for values from (1) to (10);
                create table app.marks (
                    event_id bigint,
                    constraint marks_fkey foreign key (event_id) references app.events (event_id)
                        deferrable initially deferred
                );
                insert into app.marks values (3);
                insert into app.events values (3, 'x');
            """,
            "db/migrations/U3__Events.sql": "drop table app.marks; drop table app.events;",
            "db/migrations/V4__More.sql": "alter table app.marks add more text;",
            "db/migrations/U4__More.sql": "alter table app.marks drop column more;",
        }
    )
    team.dbtool("migrate")
    team.dbtool("undo", "--to", "2")
    team.dbtool("migrate")
    team.execute("insert into app.events values (4, 'y')")
    assert "app.events: 1 of 2 rows" in team.dbtool("undo", "--to", "2", code=7)


def test_steps_and_to_exclude_each_other(team: Team) -> None:
    assert "exclude each other" in team.dbtool("undo", "--to", "1", "--steps", "1", code=2)
