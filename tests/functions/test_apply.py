"""Applying a set: any order, what changed alone, and what is in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from functions_support import Team

from dbtool import ledger, repeatables
from dbtool.config import packaged_sql, read_source
from dbtool.errors import RefusedError, SqlError

F = "create or replace function app.f(p_a int) returns int language sql as $$ select p_a $$;\n"
TOUCH = """
create or replace function app.touch() returns trigger language plpgsql as
$$ begin return new; end $$;
"""
TRIGGER = (
    TOUCH
    + """
create trigger _100_touch before update on app.items for each row execute function app.touch();
comment on trigger _100_touch on app.items is 'Touches.';
"""
)
VIEW = "create or replace view app.names as select i.item_id, i.name from app.items as i;\n"


def test_the_order_of_files_does_not_matter(team: Team) -> None:
    team.write(
        a="create or replace function app.a() returns int language sql begin atomic"
        " select app.b() + 1; end;",
        b="create or replace function app.b() returns int language sql return app.c() + 1;",
        c="create or replace function app.c() returns int language sql as $$ select app.d() $$;",
        d="create or replace function app.d() returns int language sql as"
        " $$ select count(*)::int from app.v $$;",
        u="create or replace view app.u as select v.name, app.a() as a from app.v as v;",
        v="create or replace view app.v as select w.name from app.w as w;",
        w="create or replace view app.w as select i.name from app.items as i;",
        x="create or replace function app.x(p_v app.u) returns setof app.v language sql as"
        " $$ select p_v.name $$;",
        y="create or replace function app.y(p_a int default app.z()) returns int language sql as"
        " $$ select p_a $$;",
        z="create or replace function app.z() returns int immutable return 7;",
    )
    report = team.apply()
    assert (report.applied, report.warnings) == (10, ())
    assert team.column("select u.a from app.u") == [4, 4]
    assert team.one("select app.y()") == 7


def test_an_order_that_the_names_do_not_tell_is_found(team: Team) -> None:
    # The mention is hidden in a string, and a and b mention each other.
    team.write(
        a="create or replace function app.a(p_x regclass default 'app.v'::regclass) returns text"
        " language sql as $$ select p_x::text $$;",
        b="create or replace function app.b() returns regclass language sql return"
        " '\"app\".v'::regclass;",
        c="create or replace function app.c() returns int language sql return"
        " (select 1 where app.d() is null);",
        d="create or replace function app.d() returns int language sql as"
        " $$ select 1 where app.c() = 2 $$;",
        v=VIEW.replace("app.names", "app.v"),
    )
    team.apply()
    assert team.one("select app.a()") == "app.v"


def test_a_set_is_applied_whole_or_not_at_all(team: Team) -> None:
    team.write(f=F, g="create or replace function app.g() returns nix language sql as '1';")
    with pytest.raises(SqlError):
        team.apply()
    assert team.names() == set()
    assert ledger.read(team.connection).digests.get(team.source.name) is None


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("language sql set search_path = pg_catalog, pg_temp as $$\nselect 1\nfrom app.gone$$;",
         "3:6", 'relation "app.gone" does not exist [SQLSTATE 42P01]'),
        ("language plpgsql as $$\nbegin\n    retrun 1;\nend $$;", "3:5", "SQLSTATE 42601"),
        ("language sql as $$ select 'x'::text $$;", "1:1", "SQLSTATE 42P13"),
        ("language sql as $$ select 1 $$; grant execute on function app.f() to nobody_here;",
         "1:106", 'role "nobody_here" does not exist'),
        ("language sql as $$ select 1 $$; comment on function app.g() is 'g';",
         "1:106", "app.g() does not exist"),
    ],
)  # fmt: skip
def test_an_error_names_the_place(team: Team, text: str, place: str, words: str) -> None:
    team.write(f=f"create or replace function app.f() returns int volatile security invoker {text}")
    with pytest.raises(SqlError) as caught:
        team.apply()
    assert f"functions/app/f.sql:{place}: " in str(caught.value)
    assert words in str(caught.value)


def test_an_error_in_a_check_names_its_line(team: Team) -> None:
    team.connection.execute("create schema ops")
    source = replace(team.source, schemas=("ops",))
    path = source.folder("checks/invariants") / "gone.sql"
    path.parent.mkdir(parents=True)
    path.write_text("-- Title.\nselect 'x'::text as object,\n    g.detail from app.gone as g;\n")
    with pytest.raises(SqlError, match=r"gone\.sql:3:19: relation"), team.connection.transaction():
        repeatables.apply(team.connection, source, repeatables.discover(source))
    path.write_text("-- Title.\nselect 'x'::text as object, null::jsonb as detail;\n")
    with team.connection.transaction():
        repeatables.apply(team.connection, source, repeatables.discover(source))
    assert team.one("select * from ops.invariant_gone()") == ("x", None)


VERSIONS = """
select r.xmin::text, r.oid, g.xmin::text, g.oid
from pg_rewrite as r, pg_trigger as g
where r.ev_class = 'app.names'::regclass and g.tgname = '_100_touch'
"""


def test_views_and_triggers_that_did_not_change_are_not_touched(team: Team) -> None:
    team.write(f=F, names=VIEW, touch=TRIGGER)
    assert set(team.apply().changed) == team.names()
    before = team.one(VERSIONS), team.one("select 'app.f'::regproc::oid")
    team.write(f=F.replace("select p_a", "select p_a + 1"))
    assert team.apply().changed == ("app.f(integer)",)
    assert (team.one(VERSIONS), team.one("select 'app.f'::regproc::oid")) == before
    assert team.one("select app.f(1)") == 2


def test_a_set_waits_for_no_reader_or_writer_unless_a_view_or_trigger_changed(
    team: Team, connect: Callable[..., psycopg.Connection[Any]]
) -> None:
    team.write(f=F, names=VIEW, touch=TRIGGER)
    team.apply()
    other = connect(team.connection.info.dsn)
    other.execute("select * from app.names")
    other.execute("update app.items set price = 4 where name = 'mug'")
    team.connection.execute("set lock_timeout = '200ms'")
    team.write(
        f=F + "comment on function app.f(int) is 'F.';",
        names=VIEW + "grant select on app.names to public;",
    )
    team.apply()
    team.write(names=VIEW.replace("i.name from", "i.name, i.price from"))
    with pytest.raises(SqlError) as caught:
        team.apply()
    # The runner tells by it that another try may succeed.
    assert caught.value.sqlstate == "55P03"
    other.rollback()
    assert team.apply().changed == ("app.names",)


def test_callers_see_the_old_function_until_the_new_one(
    team: Team, connect: Callable[..., psycopg.Connection[Any]]
) -> None:
    caller = connect(team.connection.info.dsn, autocommit=True)
    team.write(f=F + "revoke all on function app.f(int) from public;")
    team.apply()
    team.write(f=F.replace("p_a", "p_b"))
    with team.connection.transaction():
        repeatables.apply(team.connection, team.source, repeatables.discover(team.source))
        assert caller.execute("select app.f(p_a => 1)").fetchone() == (1,)
    assert caller.execute("select app.f(p_b => 1)").fetchone() == (1,)


def test_missing_views_and_triggers_come_back(team: Team) -> None:
    team.write(f=F, names=VIEW, touch=TRIGGER)
    team.apply()
    team.connection.execute("drop view app.names; drop trigger _100_touch on app.items")
    assert team.states() == {
        "app.f(integer)": "applied",
        "app.touch()": "applied",
        "app.names": "missing",
        "_100_touch on app.items": "missing",
    }
    assert team.apply().changed == ("app.names", "_100_touch on app.items")


@pytest.mark.parametrize(
    "new",
    [
        "function app.f(p_b int) returns int language sql as $$ select p_b $$;",
        "function app.f(p_a int) returns bigint language sql as $$ select p_a::bigint $$;",
        "function app.f(p_a int) returns table (x int) language sql as $$ select p_a $$;",
        "function app.f(p_a int, out o_x int, out o_y int) language sql as $$ select p_a, 1 $$;",
        "procedure app.f(p_a int) language sql as $$ select p_a $$;",
    ],
)
def test_what_cannot_be_replaced_is_made_again(team: Team, new: str) -> None:
    team.write(
        f=F.replace("p_a int", "p_a int default 3")
        + "grant execute on function app.f(int) to public;",
        uses="create or replace view app.uses as select 1 as one where app.f(1) is not null;"
        if "procedure" not in new
        else F.replace("app.f", "app.uses"),
    )
    team.apply()
    team.write(f=f"create or replace {new}")
    if "table" in new:
        team.write(uses="create or replace view app.uses as select x from app.f(1);")
    if "out o_x" in new:
        team.write(uses="create or replace view app.uses as select o_x from app.f(1);")
    report = team.apply()
    assert [line.partition(":")[0] for line in report.mended][:1] == ["app.f"]
    assert set(team.states().values()) == {"applied"}
    assert team.apply().mended == ()


def test_what_depends_on_it_is_named_when_it_has_no_file(team: Team) -> None:
    team.write(f=F)
    team.apply()
    team.connection.execute("alter table app.items add constraint p_check check (app.f(1) > 0)")
    team.connection.execute("create view app.by_hand as select app.f(2)")
    team.write(f=F.replace("p_a", "p_b"))
    with pytest.raises(SqlError) as caught:
        team.apply()
    message = str(caught.value)
    assert "f.sql:1:1: cannot change name of input parameter" in message
    assert "app.f(integer) cannot go: " in message
    assert "constraint p_check on table app.items" in message
    assert "view app.by_hand" in message
    assert team.one("select app.f(p_a => 1)") == 1


def test_a_stale_overload_goes_unless_something_depends_on_it(team: Team) -> None:
    team.write(f=F)
    team.apply()
    team.write(f=F.replace("p_a int", "p_a bigint").replace("returns int", "returns bigint"))
    assert team.apply().dropped == ("app.f(integer)",)
    team.connection.execute("alter table app.items add constraint p_check check (app.f(1) > 0)")
    team.write(f=F)
    report = team.apply()
    assert report.dropped == ()
    assert report.warnings[0].startswith(
        "app.f(bigint) has no file any more, but stays: constraint"
    )
    team.connection.execute("alter table app.items drop constraint p_check")
    assert team.apply().dropped == ("app.f(bigint)",)


def test_overloads_of_one_file_live_together(team: Team) -> None:
    text = F.replace("p_a int", "p_a text").replace("returns int", "returns text")
    team.write(f=F + text)
    team.apply()
    assert team.apply().dropped == ()
    assert team.names() == {"app.f(integer)", "app.f(text)"}
    team.write(f=F + text.replace("p_a", "p_b"))
    assert len(team.apply().mended) == 1
    team.write(f=F)
    assert team.apply().dropped == ("app.f(text)",)


@pytest.mark.parametrize(
    "columns", ["i.name", "i.item_id as id, i.name", "i.item_id::text as item_id, i.name"]
)
def test_a_view_that_cannot_be_replaced_is_made_again_with_its_dependents(
    team: Team, columns: str
) -> None:
    team.write(
        names=VIEW + "grant select (name) on app.names to public;",
        on_names="create or replace view app.on_names as select n.name from app.names as n;"
        "grant select on app.on_names to public;",
        rows="create or replace function app.rows() returns setof app.names language sql as"
        " $$ select n.* from app.names as n $$;",
        touch=TOUCH + "create trigger t instead of update on app.on_names for each row"
        " execute function app.touch();",
    )
    team.apply()
    team.connection.execute("grant select on app.names to public")
    team.write(names=f"create or replace view app.names as select {columns} from app.items as i;")
    report = team.apply()
    assert [line.partition(":")[0] for line in report.mended] == ["app.names"]
    assert set(team.states().values()) == {"applied"}
    assert team.one("select count(*) from app.on_names") == 2
    assert team.one("select relacl::text from pg_class where relname = 'names'") is None
    assert "=r/" in team.one("select relacl::text from pg_class where relname = 'on_names'")


def test_a_view_that_something_else_needs_stays(team: Team) -> None:
    team.write(names=VIEW)
    team.apply()
    team.connection.execute(
        "create materialized view app.copy as select n.item_id from app.names as n"
    )
    team.write(names=VIEW.replace("i.item_id, ", ""))
    with pytest.raises(SqlError, match=r"app\.names cannot go: .*materialized view app\.copy"):
        team.apply()
    team.write(names="create or replace view app.items as select 1 as one;")
    with pytest.raises(SqlError, match='"items" is not a view'):
        team.apply()


def test_a_column_may_be_added_to_a_view_that_others_read(team: Team) -> None:
    team.write(names=VIEW)
    team.apply()
    team.connection.execute("create view app.copy as select n.item_id from app.names as n")
    team.write(names=VIEW.replace("i.name from", "i.name, i.price from"))
    report = team.apply()
    assert (report.changed, report.mended) == (("app.names",), ())
    assert report.warnings == ("app.copy has no file",)


def test_triggers_change_in_place(team: Team) -> None:
    team.write(touch=TRIGGER)
    team.apply()
    for text in (
        TRIGGER.replace("before update", "before insert or update"),
        TRIGGER.replace("create trigger", "create or replace trigger"),
        TRIGGER.replace("create trigger", "create constraint trigger").replace("before", "after"),
        TRIGGER.replace("create constraint trigger", "create or replace trigger"),
        TRIGGER.replace("Touches.", "Touches it."),
    ):
        team.write(touch=text)
        assert team.apply().changed == ("_100_touch on app.items",)
    comment = "select obj_description(oid, 'pg_trigger') from pg_trigger where not tgisinternal"
    assert team.one(comment) == "Touches it."
    team.write(touch=TOUCH)
    assert team.apply().dropped == ("_100_touch on app.items",)


def test_what_lost_its_file_goes_in_the_right_order(team: Team) -> None:
    team.write(
        a=F,
        names=VIEW
        + "create or replace view app.more as select n.name, app.f(1) from app.names as n;",
        touch=TRIGGER,
    )
    team.apply()
    team.write(a="", names="", touch="")
    assert set(team.apply().dropped) == {
        "app.f(integer)", "app.names", "app.more", "app.touch()", "_100_touch on app.items"
    }  # fmt: skip
    assert team.names() == set()
    assert team.one("select count(*) from dbtool.function_objects") == 0


def test_what_lost_its_file_stays_while_it_is_needed(team: Team) -> None:
    team.write(names=VIEW)
    team.apply()
    team.connection.execute("create view app.copy as select n.item_id from app.names as n")
    team.write(names="")
    warnings = team.apply().warnings
    assert (
        warnings[0]
        == "app.names has no file any more, but stays: view app.copy depends on view app.names"
    )
    team.connection.execute("drop view app.copy")
    team.write(f=F)
    assert team.apply().dropped == ("app.names",)


def test_what_others_made_is_told_and_never_dropped(team: Team) -> None:
    team.connection.execute(
        """
        create function app.by_hand() returns int language sql as 'select 1';
        create function app.for_check(numeric) returns boolean
            language sql immutable as 'select $1 > 1';
        create function app.for_default() returns int language sql as 'select 1';
        create function app.for_index(text) returns text language sql immutable as 'select $1';
        create function app.step(int, int) returns int language sql as 'select 1';
        create type app.span as range (subtype = int);
        create aggregate app.total(int) (sfunc = app.step, stype = int);
        alter table app.items add constraint price_check check (app.for_check(price)),
            add column n int default app.for_default();
        create index on app.items (app.for_index(name));
        create schema ext; create extension pg_trgm schema app;
        """
    )
    team.write(f=F)
    report = team.apply()
    assert (report.warnings, report.dropped) == (("app.by_hand() has no file",), ())
    assert team.states() == {"app.by_hand()": "no file", "app.f(integer)": "applied"}
    team.write(f="")
    assert team.apply().dropped == ("app.f(integer)",)


def test_a_source_leaves_what_another_made(team: Team, tmp_path: Any) -> None:
    team.write(f=F)
    team.apply()
    other = Team(replace(team.source, name="other", root=tmp_path / "other"), team.connection)
    other.write(g=F.replace("app.f", "app.g"))
    assert other.apply().warnings == ()
    assert team.apply().warnings == ()
    # The file moves from one to the other.
    team.write(f="")
    other.write(f=F)
    other.apply()
    assert team.apply().dropped == ()
    assert team.names() == {"app.f(integer)", "app.g(integer)"}


PRIVILEGES = """
select string_agg(
    e.grantee::regrole || ':' || e.privilege_type, ','
    order by e.grantee::regrole::text, e.privilege_type
)
from (
    select (aclexplode(coalesce(p.proacl, acldefault('f', p.proowner)))).* from pg_proc as p
    where p.proname = 'f'
    union all
    select (aclexplode(c.relacl)).* from pg_class as c where c.relname = 'names'
    union all
    select (aclexplode(a.attacl)).* from pg_attribute as a where a.attrelid = 'app.names'::regclass
) as e
where e.grantee <> current_user::regrole
"""


def test_privileges_are_what_the_files_say(team: Team) -> None:
    name = team.connection.info.dbname
    roles = [f"a_{name}", f"b_{name}"]
    a, b = roles
    for role in roles:
        team.connection.execute(f"create role {role}".encode())
    try:
        team.write(
            f=F + f"grant execute on function app.f(int) to {a};",
            names=VIEW + f"grant select (name) on app.names to {a};",
        )
        team.apply()
        assert team.one(PRIVILEGES) == f"-:EXECUTE,{a}:EXECUTE,{a}:SELECT"
        team.connection.execute(
            f"grant execute on function app.f(int) to {b} with grant option;"
            f"revoke execute on function app.f(int) from public;"
            f"grant insert, select (name), update (name) on app.names to {b};"
            f"grant usage on schema app to {b};"
            f"set role {b}; grant execute on function app.f(int) to {a}; reset role".encode()
        )
        team.apply()
        assert team.one(PRIVILEGES) == f"-:EXECUTE,{a}:EXECUTE,{a}:SELECT"
        team.write(f=F, names=VIEW)
        team.apply()
        assert team.one(PRIVILEGES) == "-:EXECUTE"
        team.connection.execute(
            f"alter default privileges revoke execute on functions from public;"
            f"alter default privileges in schema app grant execute on functions to {b};"
            f"alter default privileges grant select on tables to {a}".encode()
        )
        team.write(f=F + f"grant execute on function app.f(int) to {a};")
        team.apply()
        assert team.one(PRIVILEGES) == f"{a}:EXECUTE,{a}:SELECT,{b}:EXECUTE"
    finally:
        team.connection.execute(
            f"alter default privileges grant execute on functions to public;"
            f"drop owned by {a}, {b}; drop role {a}, {b}".encode()
        )


def test_objects_belong_to_the_owner_and_the_session_is_as_before(team: Team) -> None:
    role = f"owner_{team.connection.info.dbname}"
    team.connection.execute(
        f"create role {role}; grant create, usage on schema app to {role}".encode()
    )
    try:
        owned = replace(team, source=replace(team.source, owner=role))
        owned.write(f=F)
        with team.connection.transaction():
            repeatables.apply(team.connection, owned.source, repeatables.discover(owned.source))
            assert team.one("select current_user") == team.connection.info.user
            assert team.one("show search_path") == '"$user", public'
            assert team.one("show check_function_bodies") == "on"
        assert team.one("select pg_get_userbyid(proowner) from pg_proc where proname = 'f'") == role
        missing = replace(team.source, owner="no_such_role")
        with (
            pytest.raises(SqlError, match='role "no_such_role" does not exist'),
            team.connection.transaction(),
        ):
            repeatables.apply(team.connection, missing, repeatables.discover(missing))
    finally:
        team.connection.execute(f"drop owned by {role}; drop role {role}".encode())


def test_the_search_path_of_the_session_changes_nothing(team: Team) -> None:
    team.write(f=F, names=VIEW, touch=TRIGGER)
    team.apply()
    team.connection.execute("set search_path = app, public")
    assert set(team.states().values()) == {"applied"}
    assert team.apply() == repeatables.Report(applied=4)


def test_tells_what_a_migration_took_away(team: Team) -> None:
    team.write(f=F, names=VIEW, touch=TRIGGER)
    team.apply()
    before = repeatables.snapshot_objects(team.connection, team.source)
    assert repeatables.lost_objects(team.connection, team.source, before) == []
    team.connection.execute("drop view app.names; drop function app.touch() cascade")
    assert repeatables.lost_objects(team.connection, team.source, before) == [
        "_100_touch on app.items", "app.names", "app.touch()"
    ]  # fmt: skip
    team.apply()
    assert repeatables.lost_objects(team.connection, team.source, before) == []


def test_removes_all_that_it_made_and_nothing_else(team: Team) -> None:
    team.connection.execute("create function app.by_hand() returns int language sql as 'select 1'")
    team.write(f=F, names=VIEW, touch=TRIGGER)
    team.apply()
    team.connection.execute("create view app.copy as select n.item_id from app.names as n")
    with (
        pytest.raises(RefusedError, match=r"app\.names stays: view app\.copy depends"),
        team.connection.transaction(),
    ):
        repeatables.remove(team.connection, team.source)
    team.connection.execute("drop view app.copy")
    with team.connection.transaction():
        repeatables.remove(team.connection, team.source)
    assert team.names() == {"app.by_hand()"}
    assert ledger.read(team.connection).digests.get(team.source.name) == ""


def test_the_packaged_set_applied_again_changes_nothing(
    shop: str, connect: Callable[..., psycopg.Connection[Any]]
) -> None:
    connection = connect(shop, autocommit=True)
    source = read_source(packaged_sql())
    rows = "select kind, object, definition from dbtool.fingerprint(%s)"
    before = set(connection.execute(rows, (list(source.schemas),)))
    function_set = repeatables.discover(source)
    with connection.transaction():
        report = repeatables.apply(connection, source, function_set)
    assert report == repeatables.Report(applied=report.applied)
    assert set(connection.execute(rows, (list(source.schemas),))) == before
    assert set(repeatables.compare(connection, function_set).values()) == {"applied"}
