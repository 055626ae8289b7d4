"""Each health check is provoked for real, and where that can be, its remedy is pasted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg
import pytest
from health_support import NAMES, PACKAGED, Check, Connect, Connection, MakeRole

from dbtool import checks

# Neither needs the shop, nor is it there to be read.
NEED_THE_SHOP = {
    "drift",
    "invariants",
    "outbox_headroom",
    "overdue_orders",
    "overdue_payments",
    "overdue_reservations",
    "stock_jobs",
}

RESERVATION = """
insert into inventory.inventory_reservations (
    variant_id, location_id, owner, quantity, open_quantity, expires_at, created_at, actor
)
values (
    1, 1, 'order:1', 1, 1, clock_timestamp() - %s * interval '1 s', clock_timestamp(), 'test'
)
"""
# Three orders: one nobody paid, one is being paid, one was captured in part and is disputed.
SELL = """
do $$
declare
    v_orders text[] := array(
        select o.order_number
        from generate_series(1, 3) as n
        cross join lateral orders.place_order(
            'session:' || n, 'GBP', '[{"sku": "MUG", "quantity": 1}]'
        ) as o
    );
begin
    perform payment.process_payment_authorization(b.transaction, 'approved', 'a')
    from payment.begin_payment(v_orders[1], 'acme') as b;
    perform payment.record_capture(c.transaction, 'succeeded', 'c')
    from payment.payments as p
    cross join lateral payment.begin_capture(p.public_id, 5) as c;
    perform payment.open_dispute(p.public_id, 'd', 'fraudulent') from payment.payments as p;
    perform payment.begin_payment(v_orders[2], 'acme');
    perform payment.begin_capture(p.public_id, 5) from payment.payments as p where p.captured > 0;
end;
$$
"""
AGE_ORDERS = """
with history as (
    update orders.order_status_history set created_at = created_at - interval '1 day'
), orders as (
    update orders.orders
    set
        placed_at = placed_at - interval '1 day', confirmed_at = confirmed_at - interval '1 day',
        expires_at = expires_at - interval '1 day'
), disputes as (
    update payment.payment_disputes set evidence_due_at = evidence_due_at - interval '8 days'
), steps as (
    update payment.payment_transactions set claimed_until = claimed_until - interval '1 day'
)
update payment.payments set auth_expires_at = auth_expires_at - interval '8 days'
"""
EVENT = """
insert into events.outbox_events (
    event_type, aggregate_type, aggregate_id, partition_key, priority, payload, actor
)
values ('stock.updated', 'variant', 1, 'variant:1', 5, '{}', 'test')
"""
ONE_WAITS = """
select 1 from pg_locks as l where not l.granted and l.pid = %s and l.waitstart is not null
"""
IDLE = "select 1 from pg_stat_activity where pid = %s and state = 'idle in transaction'"


def levels(findings: list[checks.Finding]) -> list[str]:
    return [finding.level for finding in findings]


def only(findings: list[checks.Finding], thing: str) -> checks.Finding:
    (finding,) = [finding for finding in findings if finding.object == thing]
    return finding


def wait_for(connection: Connection, query: str, *parameters: object) -> None:
    """Ask until there is a row: what another session is doing can only be asked."""
    deadline = time.monotonic() + 60
    while not connection.execute(query.encode(), parameters).fetchone():
        assert time.monotonic() < deadline, query
        connection.execute("select pg_sleep(0.02)")


def paste(connection: Connection, finding: checks.Finding) -> None:
    assert finding.remedy
    connection.execute(finding.remedy.encode())


# All of them


def test_every_file_is_an_installed_function(shop: str, connect: Connect) -> None:
    query = "select proname from pg_proc where pronamespace = 'ops'::regnamespace and pronargs = 0"
    installed = {name for (name,) in connect(shop).execute(query)}
    for kind, prefix in (("health", "health_"), ("invariants", "invariant_")):
        paths = list(PACKAGED.folder(f"checks/{kind}").glob("*.sql"))
        assert paths, kind
        assert {prefix + path.stem for path in paths} <= installed


def test_every_check_keeps_the_contract_here_and_on_any_database(
    shop: str, empty_database: str, connect: Connect
) -> None:
    for url in (shop, empty_database):
        findings = checks.run(connect(url), [PACKAGED], (), 10_000)
        assert {finding.check for finding in findings} == set(NAMES)
        for finding in findings:
            assert finding.meaning
            assert (finding.remedy is None) == (finding.level == "ok"), finding
            if finding.level != "skipped":
                assert finding.object
                assert finding.threshold
                assert finding.figure is not None
    missing = [finding for finding in findings if finding.check in NEED_THE_SHOP]
    assert levels(missing) == ["skipped"] * len(NEED_THE_SHOP)
    assert all("dbtool migrate" in (finding.remedy or "") for finding in missing)


def run_quickly(connection: Connection) -> list[checks.Finding]:
    """Run all checks; fail unless that takes less than two seconds.

    Other work makes one run slower, and never any of them faster: the quickest counts.
    """
    for _ in range(10):
        started = time.monotonic()
        findings = checks.run(connection, [PACKAGED], (), 10_000)
        if time.monotonic() - started < 2:
            return findings
    raise AssertionError("each of ten runs took two seconds or more")


def test_a_whole_run_is_quick(shop: str, connect: Connect) -> None:
    findings = run_quickly(connect(shop))
    assert {finding.check for finding in findings} == set(NAMES)
    assert levels(findings) == sorted(levels(findings), key=checks.LEVELS.index)


def test_without_rights_it_says_skipped_and_the_grant_that_it_says_mends_it(
    empty_database: str, server_url: str, connect: Connect, make_role: MakeRole
) -> None:
    role = make_role()
    superuser, mine = connect(server_url), connect(empty_database, user=role)
    findings = checks.run(mine, [PACKAGED], (), 10_000)
    blind = [f for f in findings if f.remedy == f"grant pg_monitor to {role};"]
    assert {f.check for f in blind} == {"idle_in_transaction", "long_transactions"}
    assert {f.level for f in blind} == {"skipped"}
    paste(superuser, blind[0])
    for name in ("idle_in_transaction", "long_transactions"):
        assert levels(checks.run(mine, [PACKAGED], (name,), 10_000)) == ["ok"]


def test_the_installed_checks_say_skipped_when_their_owner_has_no_rights(
    shop: str, connect: Connect, check: Check
) -> None:
    connection = connect(shop, autocommit=False)
    connection.execute("revoke pg_monitor from shop_owner")
    (finding,) = check(connection, "idle_in_transaction")
    connection.rollback()
    assert (finding.level, finding.remedy) == ("skipped", "grant pg_monitor to shop_owner;")


def test_a_role_without_the_service_runs_what_it_may_and_learns_what_it_lacks(
    shop: str, server_url: str, connect: Connect, make_role: MakeRole, check: Check
) -> None:
    role = make_role("grant pg_monitor to {role}")
    mine = connect(shop, user=role)
    assert levels(check(mine, "connections")) == ["ok"]
    (finding,) = check(mine, "overdue_reservations")
    assert finding.level == "skipped"
    paste(connect(server_url), finding)
    assert levels(check(mine, "overdue_reservations")) == ["ok"]


def test_what_is_locked_is_skipped_and_harms_no_other(shop: str, connect: Connect) -> None:
    other = connect(shop, autocommit=False)
    other.execute("lock table inventory.inventory_reservations in access exclusive mode")
    findings = run_quickly(connect(shop))
    (finding,) = [f for f in findings if f.check == "overdue_reservations"]
    assert finding.level == "skipped"
    assert "55P03" in finding.meaning
    assert {f.check for f in findings} == set(NAMES)


def test_a_check_that_takes_too_long_is_skipped(shop: str, connect: Connect) -> None:
    connection = connect(shop)
    connection.execute("set role shop_owner")
    connection.execute(
        "create function ops.health_slow() returns table (level text, object text, figure numeric,"
        " threshold text, meaning text, remedy text) language sql volatile"
        " as 'select null, pg_sleep(60)::text, null::numeric, null, null, null'"
    )
    connection.execute("reset role")
    started = time.monotonic()
    (finding,) = checks.run(connection, [PACKAGED], ("slow",), 200)
    assert time.monotonic() - started < 40
    assert finding.level == "skipped"
    assert "57014" in finding.meaning
    assert finding.remedy == "dbtool health --only slow --timeout 600"


# Sessions


def test_connections_of_the_database(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    name = connection.info.dbname
    connection.execute(f"alter database {name} connection limit 1".encode())
    finding = only(check(connection, "connections"), f"database {name}")
    assert (finding.level, finding.figure) == ("critical", 100)
    paste(connection, finding)
    assert levels(check(connection, "connections")) == ["ok"]


def test_connections_of_a_role(
    shop: str, connect: Connect, make_role: MakeRole, check: Check
) -> None:
    role = make_role("alter role {role} connection limit 5")
    sessions = [connect(shop, user=role) for _ in range(4)]
    finding = only(check(connect(shop), "connections"), f"role {role}")
    assert (finding.level, finding.figure) == ("warning", 80)
    for session in sessions:
        session.close()


def test_connections_of_the_server(shop: str, connect: Connect, check_with: Check) -> None:
    few = {"current_setting('max_connections')::numeric": "0.5 +"}
    few |= {"- current_setting('superuser_reserved_connections')::numeric": "0"}
    few |= {"- coalesce(current_setting('reserved_connections', true)::numeric, 0)": ""}
    finding = only(check_with(connect(shop), "connections", few), "server")
    assert finding.level == "critical"


def test_idle_in_transaction(shop: str, connect: Connect, check: Check, check_with: Check) -> None:
    other, connection = connect(shop, autocommit=False), connect(shop)
    other.execute("select 'last words'")
    wait_for(connection, IDLE, other.info.backend_pid)
    assert levels(check(connection, "idle_in_transaction")) == ["ok"]
    (finding,) = check_with(connection, "idle_in_transaction", {"s.idle > 60": "s.idle > 0"})
    assert finding.level == "warning"
    assert finding.object.startswith(f"pid {other.info.backend_pid} ")
    assert "last words" in finding.meaning
    (finding,) = check_with(
        connection, "idle_in_transaction", {"s.idle > 60": "s.idle > 0", "s.idle > 300": "true"}
    )
    assert finding.level == "critical"
    assert finding.remedy
    connection.execute(finding.remedy.split(" --")[0].encode())
    with pytest.raises(psycopg.OperationalError):
        other.execute("select 1")


def test_a_long_transaction_of_a_service(
    shop: str, connect: Connect, make_role: MakeRole, check_with: Check
) -> None:
    role = make_role("grant inventory_service to {role}")
    other, connection = connect(shop, user=role, autocommit=False), connect(shop)
    other.execute("select 1")
    for seconds, level in ((59, "ok"), (61, "warning"), (301, "critical")):
        aged = {"clock_timestamp() - a.xact_start": f"interval '{seconds} s'"}
        assert levels(check_with(connection, "long_transactions", aged)) == [level]
    # The same session reported as idle is not reported twice.
    aged |= {"clock_timestamp() - interval '60 s'": "clock_timestamp()"}
    assert levels(check_with(connection, "long_transactions", aged)) == ["ok"]
    other.close()


def test_a_long_transaction_of_anybody_else(shop: str, connect: Connect, check_with: Check) -> None:
    other, connection = connect(shop, autocommit=False), connect(shop)
    other.execute("select 1")
    for seconds, level in ((3599, "ok"), (3601, "warning"), (14401, "critical")):
        aged = {"clock_timestamp() - a.xact_start": f"interval '{seconds} s'"}
        (finding,) = check_with(connection, "long_transactions", aged)
        assert finding.level == level
    assert finding.object.startswith(f"pid {other.info.backend_pid} ")
    paste(connection, finding)


def test_blocked_sessions(shop: str, connect: Connect, check_with: Check) -> None:
    holder, connection = connect(shop, autocommit=False), connect(shop)
    holder.execute("lock table core.currencies in access exclusive mode")
    waiters = [connect(shop) for _ in range(2)]
    threads = [
        threading.Thread(target=waiter.execute, args=("select count(*) from core.currencies",))
        for waiter in waiters
    ]
    for thread, waiter in zip(threads, waiters, strict=True):
        thread.start()
        wait_for(connection, ONE_WAITS, waiter.info.backend_pid)
    # On a busy machine it took more than the five seconds to get here.
    patient = {"w.waited > 5": "w.waited > 3600"}
    assert levels(check_with(connection, "blocked_sessions", patient)) == ["ok"]
    (finding,) = check_with(connection, "blocked_sessions", {"w.waited > 5": "true"})
    assert finding.level == "warning"
    assert finding.object.startswith(f"pid {holder.info.backend_pid} ")
    assert finding.meaning.startswith("2 session(s)")
    figures = {"w.waited > 5": "true", "b.waited > 30": "true"}
    (finding,) = check_with(connection, "blocked_sessions", figures)
    assert finding.level == "critical"
    paste(connection, finding)
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_the_oldest_xmin_holder(
    shop: str, connect: Connect, check: Check, check_with: Check
) -> None:
    connection = connect(shop)
    holder = connect(shop, autocommit=False)
    holder.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    holder.execute("select 1")
    connection.execute("create table public.burnt (id integer)")
    assert levels(check(connection, "oldest_xmin_holder")) == ["ok"]
    findings = check_with(connection, "oldest_xmin_holder", {"h.age > 1000000 or": "h.age > 0 or"})
    (finding,) = [f for f in findings if f"pid {holder.info.backend_pid} " in f.object]
    assert finding.level == "warning"
    paste(connection, finding)
    # The server has to be told in its file to allow any, so their list is replaced.
    forgotten = {
        "pg_catalog.pg_prepared_xacts as p": "(select 'pay 1' as gid, '3'::xid as transaction,"
        " current_database() as database, clock_timestamp() - interval '11 s' as prepared) as p"
    }
    (finding,) = check_with(connection, "oldest_xmin_holder", forgotten)
    assert (finding.level, finding.object) == ("warning", "prepared transaction 'pay 1'")
    forgotten = {key: value.replace("11 s", "61 s") for key, value in forgotten.items()}
    assert levels(check_with(connection, "oldest_xmin_holder", forgotten)) == ["critical"]


# The state of tables and indexes


def test_an_invalid_index(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    connection.execute("create table public.twins (id integer)")
    connection.execute("insert into public.twins values (1), (1)")
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("create unique index concurrently twins_idx on public.twins (id)")
    (finding,) = check(connection, "invalid_indexes")
    assert (finding.level, finding.object) == ("warning", "public.twins_idx")
    # One that is being built is no finding: its table is locked as a build locks it.
    builder = connect(shop, autocommit=False)
    builder.execute("lock table public.twins in share update exclusive mode")
    assert levels(check(connection, "invalid_indexes")) == ["ok"]
    builder.rollback()
    connection.execute("delete from public.twins where ctid = '(0,1)'")
    paste(connection, finding)
    assert levels(check(connection, "invalid_indexes")) == ["ok"]


def test_an_index_that_is_missing_on_a_partition(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    connection.execute("create table public.whole (id integer) partition by range (id)")
    connection.execute("create table public.part partition of public.whole default")
    connection.execute("create index whole_idx on only public.whole (id)")
    (finding,) = check(connection, "invalid_indexes")
    assert (finding.level, finding.object) == ("warning", "public.whole_idx")
    paste(connection, finding)


def test_a_constraint_that_was_never_validated(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    connection.execute(
        "create table public.unproven (id integer);"
        "alter table public.unproven add constraint small_check check (id < 9) not valid"
    )
    (finding,) = check(connection, "invalid_indexes")
    assert (finding.level, finding.object) == ("warning", "public.unproven.small_check")
    paste(connection, finding)
    assert levels(check(connection, "invalid_indexes")) == ["ok"]


def test_duplicate_indexes(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    connection.execute(
        "create table public.indexed (id integer primary key, a integer, b text);"
        "create index same_idx on public.indexed (id);"
        "create unique index unique_idx on public.indexed (id);"
        "create index prefix_idx on public.indexed (a);"
        "create index longer_idx on public.indexed (a, b);"
        # None of these can stand in for another.
        "create index descending_idx on public.indexed (a desc);"
        "create index partial_idx on public.indexed (a) where b is null;"
        "create index hash_idx on public.indexed using hash (a);"
        "create index expression_idx on public.indexed (abs(a))"
    )
    findings = check(connection, "duplicate_indexes")
    assert {f.object for f in findings} == {
        "public.same_idx", "public.unique_idx", "public.prefix_idx",
    }  # fmt: skip
    assert set(levels(findings)) == {"warning"}
    for finding in findings:
        paste(connection, finding)
    assert levels(check(connection, "duplicate_indexes")) == ["ok"]


def test_of_two_equal_constraints_one_is_listed(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    connection.execute(
        "create table public.indexed (id integer);"
        "alter table public.indexed add constraint first_key unique (id);"
        "alter table public.indexed add constraint second_key unique (id)"
    )
    (finding,) = check(connection, "duplicate_indexes")
    assert finding.object == "public.second_key"
    paste(connection, finding)
    assert levels(check(connection, "duplicate_indexes")) == ["ok"]


def test_unused_indexes(shop: str, connect: Connect, check: Check, check_with: Check) -> None:
    connection = connect(shop)
    connection.execute(
        "create table public.indexed (id integer primary key, a integer);"
        "insert into public.indexed select i, i from generate_series(1, 1000) as i;"
        "create index unused_idx on public.indexed (a)"
    )
    assert levels(check(connection, "unused_indexes")) == ["skipped"]
    figures = {"interval '7 days'": "interval '0 s'", "10 * 1048576": "8192"}
    findings = check_with(connection, "unused_indexes", figures)
    assert {f.level for f in findings} == {"warning"}
    finding = only(findings, "public.unused_idx")
    assert not [f for f in findings if f.object == "public.indexed_pkey"]
    paste(connection, finding)
    findings = check_with(connection, "unused_indexes", {"interval '7 days'": "interval '0 s'"})
    assert levels(findings) == ["ok"]


def test_cache_hit_ratio(shop: str, connect: Connect, check_with: Check) -> None:
    connection = connect(shop)
    for hits, total, level in (
        (99_999, 99_999, "skipped"),
        (990_000, 1_000_000, "ok"),
        (989_999, 1_000_000, "warning"),
        (949_999, 1_000_000, "critical"),
    ):
        figures = {
            "coalesce(sum(t.heap_blks_hit), 0)": f"max({hits})",
            "coalesce(sum(t.heap_blks_hit + t.heap_blks_read), 0)": f"max({total})",
        }
        finding = only(check_with(connection, "cache_hit_ratio", figures), "tables")
        assert finding.level == level
    assert finding.remedy
    assert connection.execute(finding.remedy.encode()).fetchall()


def test_autovacuum_lag(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    connection.execute(
        "create table public.dead (id integer) with (autovacuum_enabled = false);"
        "insert into public.dead select generate_series(1, 10000); delete from public.dead"
    )
    connection.execute("select pg_stat_force_next_flush()")
    (finding,) = check(connection, "autovacuum_lag")
    assert (finding.level, finding.object) == ("critical", "public.dead")
    connection.execute("alter table public.dead set (autovacuum_vacuum_threshold = 4000)")
    (finding,) = check(connection, "autovacuum_lag")
    assert (finding.level, finding.figure) == ("warning", 2.5)
    connection.execute("alter table public.dead set (autovacuum_vacuum_threshold = 9000)")
    assert levels(check(connection, "autovacuum_lag")) == ["ok"]
    connection.execute("alter table public.dead reset (autovacuum_vacuum_threshold)")
    paste(connection, finding)
    connection.execute("select pg_stat_force_next_flush()")
    assert levels(check(connection, "autovacuum_lag")) == ["ok"]


SEQUENCES = (
    ("create table ops.t (id serial)", "ops.t_id_seq", 2147483647),
    ("create table ops.t (id smallint generated always as identity)", "ops.t_id_seq", 32767),
    # The sequence could go on, the column cannot.
    (
        "create sequence ops.s; create table ops.t (id integer default nextval('ops.s'))",
        "ops.s",
        2147483647,
    ),
    ("create sequence ops.s maxvalue 100", "ops.s", 100),
    ("create sequence ops.s increment -1 minvalue -100 maxvalue -1", "ops.s", -100),
)


def test_sequence_exhaustion(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    for ddl, thing, end in SEQUENCES:
        connection.execute("set role shop_owner")
        connection.execute(ddl.encode())
        connection.execute("reset role")
        for share, level in ((0.69, "ok"), (0.71, "warning"), (0.86, "critical")):
            connection.execute("select setval(%s, %s)", (thing, int(end * share)))
            (finding,) = check(connection, "sequence_exhaustion")
            assert (finding.level, finding.object) == (level, thing)
        paste(connection, finding)
        assert levels(check(connection, "sequence_exhaustion")) == ["ok"]
        connection.execute("drop table if exists ops.t; drop sequence if exists ops.s")


def test_a_sequence_that_may_not_be_read_is_skipped(
    empty_database: str, connect: Connect, make_role: MakeRole, check: Check
) -> None:
    role = make_role()
    superuser, mine = connect(empty_database), connect(empty_database, user=role)
    superuser.execute("create sequence public.hidden")
    (finding,) = check(mine, "sequence_exhaustion")
    assert (finding.level, finding.object) == ("skipped", "public.hidden")
    paste(superuser, finding)
    assert levels(check(mine, "sequence_exhaustion")) == ["ok"]
    superuser.execute("drop sequence public.hidden")


AGES = (
    # 110 % and 125 % of the point where autovacuum must freeze,
    (220_000_000, 200_000_000, "ok"),
    (220_000_001, 200_000_000, "warning"),
    (250_000_000, 200_000_000, "warning"),
    (250_000_001, 200_000_000, "critical"),
    # or half and three quarters of the way, where that point lies far out.
    (1_073_741_824, 1_900_000_000, "ok"),
    (1_073_741_825, 1_900_000_000, "warning"),
    (1_610_612_737, 1_900_000_000, "critical"),
)


@pytest.mark.parametrize(
    ("name", "age", "setting"),
    [
        ("wraparound", "age(d.datfrozenxid)", "autovacuum_freeze_max_age"),
        ("multixact_age", "mxid_age(d.datminmxid)", "autovacuum_multixact_freeze_max_age"),
    ],
)
def test_the_age_of_the_oldest_number(
    shop: str, connect: Connect, check_with: Check, name: str, age: str, setting: str
) -> None:
    connection = connect(shop)
    for value, freeze_max, level in AGES:
        figures = {age: str(value), f"current_setting('{setting}')": str(freeze_max)}
        finding = only(check_with(connection, name, figures), connection.info.dbname)
        assert (finding.level, finding.figure) == (level, value)
    paste(connection, finding)


def test_disabled_triggers(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    connection.execute("alter table inventory.inventory disable trigger all")
    (finding,) = check(connection, "disabled_triggers")
    assert (finding.level, finding.object) == ("critical", "inventory.inventory")
    assert "inventory_variant_id_fkey" in finding.meaning
    paste(connection, finding)
    connection.execute(
        "create table public.others (id integer); create trigger t before update on public.others"
        " for each row execute function suppress_redundant_updates_trigger();"
        "alter table public.others disable trigger user"
    )
    (finding,) = check(connection, "disabled_triggers")
    assert (finding.level, finding.object) == ("warning", "public.others")
    paste(connection, finding)
    assert levels(check(connection, "disabled_triggers")) == ["ok"]


def test_unlogged_tables(shop: str, empty_database: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    connection.execute("create unlogged table public.cache (id integer)")
    assert levels(check(connection, "unlogged_tables")) == ["ok"]
    connection.execute("create unlogged table ops.volatile_things (id integer)")
    connection.execute("alter table ops.volatile_things owner to shop_owner")
    (finding,) = check(connection, "unlogged_tables")
    assert (finding.level, finding.object) == ("critical", "ops.volatile_things")
    paste(connection, finding)
    assert levels(check(connection, "unlogged_tables")) == ["ok"]


# The server


def test_settings(shop: str, connect: Connect, check: Check, check_with: Check) -> None:
    connection = connect(shop)
    connection.execute("set synchronous_commit = off")
    finding = only(check(connection, "settings"), "synchronous_commit")
    assert finding.level == "warning"
    connection.execute("set synchronous_commit = remote_apply")
    assert "synchronous_commit" not in {f.object for f in check(connection, "settings")}
    connection.execute("set zero_damaged_pages = on")
    finding = only(check(connection, "settings"), "zero_damaged_pages")
    assert finding.level == "critical"
    waiting = {"where s.pending_restart": "where s.name = 'max_connections'"}
    assert only(check_with(connection, "settings", waiting), "max_connections").level == "warning"


def test_checksum_failures(shop: str, connect: Connect, check: Check, check_with: Check) -> None:
    connection = connect(shop)
    (on,) = connection.execute("select current_setting('data_checksums') = 'on'").fetchone() or ()
    assert levels(check(connection, "checksum_failures")) == ["ok" if on else "skipped"]
    off = {"current_setting('data_checksums') = 'on'": "false"}
    assert levels(check_with(connection, "checksum_failures", off)) == ["skipped"]
    damaged = {
        "from pg_catalog.pg_stat_database as d": "from (values ('shop', 2, clock_timestamp()))"
        " as d (datname, checksum_failures, checksum_last_failure)"
    }
    (finding,) = check_with(connection, "checksum_failures", damaged)
    assert (finding.level, finding.figure) == ("critical", 2)


def test_replication_slots(
    shop: str, server_url: str, connect: Connect, check: Check, check_with: Check
) -> None:
    connection = connect(shop)
    assert levels(check(connection, "replication_slots")) == ["ok"]
    connection.execute("select pg_create_physical_replication_slot('health_test', true)")
    try:
        (finding,) = check(connection, "replication_slots")
        assert (finding.level, finding.object) == ("warning", "slot health_test")
        (big,) = check_with(connection, "replication_slots", {"s.kept_mb > 1024": "true"})
        assert big.level == "critical"
    finally:
        connection.execute("select pg_drop_replication_slot('health_test')")
    assert levels(check(connection, "replication_slots")) == ["ok"]


def test_replication_lag(shop: str, connect: Connect, check: Check, check_with: Check) -> None:
    connection = connect(shop)
    for megabytes, seconds, level in (
        (16, 5, "ok"),
        (17, 0, "warning"),
        (0, 6, "warning"),
        (65, 0, "critical"),
        (0, 31, "critical"),
    ):
        standby = {
            "pg_catalog.pg_stat_replication as r\n    where": "(select 'paris' as application_name,"
            f" 1 as pid, pg_current_wal_lsn() - {megabytes * 1048576}::numeric as replay_lsn,"
            f" interval '{seconds} s' as replay_lag, 'streaming' as state) as r\n    where"
        }
        (finding,) = check_with(connection, "replication_lag", standby)
        assert finding.level == level
    assert finding.object == "standby paris"


# The shop


def test_overdue_reservations(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    connection.execute(RESERVATION, (-60,))
    assert check(connection, "overdue_reservations")[0].figure == 0
    for number, (seconds, level) in enumerate(((30, "ok"), (90, "warning"), (400, "critical")), 1):
        connection.execute(RESERVATION, (seconds,))
        (finding,) = check(connection, "overdue_reservations")
        assert finding.level == level
        assert seconds <= (finding.figure or 0) < seconds + 20
        assert finding.meaning.startswith(f"{number} active hold(s)")


def test_the_remedy_for_overdue_reservations_sweeps_them(
    shop: str, connect: Connect, check: Check
) -> None:
    connection = connect(shop)
    stock_one(connection)
    connection.execute(
        "select inventory.reserve_inventory("
        "jsonb_build_array(jsonb_build_object('sku', 'MUG', 'quantity', 3)), 'session:a')"
    )
    connection.execute(
        "update inventory.inventory_reservations set expires_at = expires_at - interval '1 hour'"
    )
    (finding,) = check(connection, "overdue_reservations")
    assert finding.level == "critical"
    paste(connection, finding)
    assert levels(check(connection, "overdue_reservations")) == ["ok"]
    assert levels(check(connection, "invariants")) == ["ok"]


def test_overdue_orders_and_payments(shop: str, connect: Connect, check: Check) -> None:
    """Each finding names the call that ends it; an order that is being paid is not overdue."""
    connection = connect(shop)
    both = ("overdue_orders", "overdue_payments")
    assert [levels(check(connection, name)) for name in both] == [["ok"], ["ok"] * 4]
    stock_one(connection)
    connection.execute("update product.prices set amount = 20")
    connection.execute(SELL.encode())
    assert [levels(check(connection, name)) for name in both] == [["ok"], ["ok"] * 4]
    connection.execute(AGE_ORDERS.encode())
    assert levels(check(connection, "overdue_orders")) == ["critical"]
    assert levels(check(connection, "overdue_payments")) == ["warning"] * 4
    for finding in check(connection, "overdue_payments"):
        paste(connection, finding)
    # What came of the capture only the provider can say.
    assert levels(check(connection, "overdue_payments")) == ["warning"] + ["ok"] * 3
    connection.execute("select payment.claim_overdue_steps()")
    assert levels(check(connection, "overdue_payments")) == ["ok"] * 4
    for finding in check(connection, "overdue_orders"):
        paste(connection, finding)
    assert levels(check(connection, "overdue_orders")) == ["ok"]


def test_stock_jobs(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    assert levels(check(connection, "stock_jobs")) == ["ok", "ok"]
    stock_one(connection)
    assert levels(check(connection, "stock_jobs")) == ["ok", "ok"]
    connection.execute("update inventory.inventory set created_at = created_at - interval '2 h'")
    alerts = only(check(connection, "stock_jobs"), "inventory.refresh_alerts")
    assert (alerts.level, "never run" in alerts.meaning) == ("warning", True)
    paste(connection, alerts)
    assert levels(check(connection, "stock_jobs")) == ["ok", "ok"]
    connection.execute("update inventory.stock_jobs set ran_at = now() - interval '27 h'")
    assert levels(check(connection, "stock_jobs")) == ["warning", "warning"]
    for finding in check(connection, "stock_jobs"):
        paste(connection, finding)
    assert levels(check(connection, "stock_jobs")) == ["ok", "ok"]


def stock_one(connection: Connection) -> None:
    connection.execute(
        "select product.import_products(jsonb_build_array(jsonb_build_object("
        "'sku', 'MUG', 'name', 'Mug', 'price', 5, 'currency', 'GBP')))"
    )
    connection.execute(
        "select inventory.receive_stock("
        "jsonb_build_array(jsonb_build_object('sku', 'MUG', 'quantity', 10)))"
    )


def test_a_broken_invariant(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    stock_one(connection)
    assert levels(check(connection, "invariants")) == ["ok"]
    connection.execute("update inventory.stock_buckets set available = available + 1")
    findings = check(connection, "invariants")
    assert set(levels(findings)) == {"critical"}
    for finding in findings:
        assert finding.remedy
        assert connection.execute(finding.remedy.encode()).fetchone()


def test_drift(shop: str, connect: Connect, check: Check) -> None:
    connection = connect(shop)
    assert levels(check(connection, "drift")) == ["ok"]
    connection.execute("alter table core.currencies add column symbol text")
    connection.execute("alter function core.actor() volatile")
    findings = check(connection, "drift")
    assert set(levels(findings)) == {"warning"}
    assert {f.figure for f in findings} == {len(findings)}
    for finding in findings:
        assert finding.remedy
        assert connection.execute(finding.remedy.encode()).fetchone()
    connection.execute("delete from dbtool.fingerprints")
    assert levels(check(connection, "drift")) == ["skipped"]


Prepare = Callable[[Connection], None]


def near_the_end(connection: Connection) -> None:
    connection.execute("alter table events.outbox_events alter event_id restart with 76000000")
    connection.execute(EVENT)


def past_the_end(connection: Connection) -> None:
    connection.execute("alter table events.outbox_events alter event_id restart with 100000007")
    connection.execute(EVENT)
    connection.execute(EVENT)


@pytest.mark.parametrize("prepare", [near_the_end, past_the_end])
def test_outbox_headroom(shop: str, connect: Connect, check: Check, prepare: Prepare) -> None:
    connection = connect(shop)
    connection.execute(EVENT)
    assert levels(check(connection, "outbox_headroom")) == ["ok"]
    prepare(connection)
    before = connection.execute("select count(*), max(event_id) from events.outbox_events")
    rows = before.fetchall()
    (finding,) = check(connection, "outbox_headroom")
    assert finding.level == "warning"
    paste(connection, finding)
    assert levels(check(connection, "outbox_headroom")) == ["ok"]
    after = connection.execute("select count(*), max(event_id) from events.outbox_events")
    assert after.fetchall() == rows
    owners = connection.execute(
        "select distinct pg_get_userbyid(relowner) from pg_class"
        " where relnamespace = 'events'::regnamespace and relkind in ('r', 'p')"
    )
    assert owners.fetchall() == [("shop_owner",)]
