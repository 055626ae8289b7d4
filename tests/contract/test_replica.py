"""What says `Replica: yes` works where nothing can be written; what writes is refused as 25006."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from contract_support import READS, WRITES, Connect, Connection, call, set_stage

from dbtool import server

READ_ONLY = "25006"
OPTIONS = {"fsync": "off", "max_connections": "200"}
VIEWS = """
select c.oid::regclass::text
from pg_class as c
where c.relowner = 'shop_owner'::regrole and c.relkind = 'v'
and obj_description(c.oid, 'pg_class') ~ 'Replica:\\s+yes'
"""
ALL_VIEWS = """
select count(*) from pg_class as c
where c.relowner = 'shop_owner'::regrole and c.relkind = 'v'
and c.relnamespace <> 'dbtool'::regnamespace
"""
LAST_RECORD = "select pg_logical_emit_message(true, 'test', 'the stage is set')"
REPLAYED = "select pg_last_wal_replay_lsn() >= %s::pg_lsn"


def assert_that_only_reads_work(connection: Connection, handles: dict[str, str]) -> None:
    for name, arguments in READS.items():
        with connection.transaction(force_rollback=True):
            call(connection, name, arguments, handles)
    for name, wanted in WRITES.items():
        with pytest.raises(psycopg.Error) as raised, connection.transaction():
            call(connection, name, wanted.arguments, handles)
        assert raised.value.sqlstate == READ_ONLY, name
    views = connection.execute(VIEWS.encode()).fetchall()
    assert connection.execute(ALL_VIEWS).fetchone() == (len(views),)
    for (view,) in views:
        connection.execute(f"select from {view}".encode())


def test_in_a_read_only_transaction(shop_floor: Connection, handles: dict[str, str]) -> None:
    shop_floor.execute("set transaction read only")
    assert_that_only_reads_work(shop_floor, handles)


@pytest.fixture
def standby(shop: str, server_url: str, tmp_path: Path) -> Iterator[str]:
    """Return the shop on a streaming standby of the test server."""
    copy = server.locate(tmp_path, "standby")
    copy.folder.mkdir(mode=0o700)
    command: list[str | Path] = [copy.bin_directory / "pg_basebackup", "--dbname", server_url]
    command += ["--checkpoint=fast", "--no-sync", "--write-recovery-conf"]
    command += ["--pgdata", copy.data_directory]
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        # The account that may enter the folder of the test server's socket.
        socket = Path(str(psycopg.conninfo.conninfo_to_dict(server_url)["host"])).stat()
        os.chown(copy.folder, socket.st_uid, socket.st_gid)
        identity = {"user": socket.st_uid, "group": socket.st_gid, "extra_groups": []}
    subprocess.run(command, check=True, cwd="/", **identity)
    try:
        started = server.start(tmp_path, "standby", OPTIONS)
        yield started.url(str(psycopg.conninfo.conninfo_to_dict(shop)["dbname"]))
    finally:
        server.stop(tmp_path, "standby")
        shutil.rmtree(copy.socket_directory, ignore_errors=True)
        shutil.rmtree(server.home(tmp_path), ignore_errors=True)


def test_on_a_standby(shop: str, standby: str, connect: Connect) -> None:
    primary = connect(shop, autocommit=True)
    handles = set_stage(primary)
    # The test server commits asynchronously: only this one waits until everything is on disk.
    primary.execute("set synchronous_commit = on")
    ((reached,),) = primary.execute(LAST_RECORD).fetchall()
    connection = connect(standby, autocommit=True)
    assert connection.execute("select pg_is_in_recovery()").fetchone() == (True,)
    deadline = time.monotonic() + 60
    while connection.execute(REPLAYED, (reached,)).fetchone() != (True,):
        assert time.monotonic() < deadline, "the standby does not catch up"
    assert_that_only_reads_work(connection, handles)
    assert connection.execute(
        "select sku, available_stock from inventory.get_stock(array['MUG', 'POT'])"
    ).fetchall() == [("MUG", 15), ("POT", 10)]
