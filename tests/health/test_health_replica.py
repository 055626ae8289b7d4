"""Health on a real standby, where nothing can be written."""

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
from health_support import NAMES, PACKAGED, Check, Connect

from dbtool import checks, server

OPTIONS = {"fsync": "off", "max_connections": "200"}


@pytest.fixture
def standby(shop: str, server_url: str, tmp_path: Path) -> Iterator[str]:
    """Return the shop on a streaming standby of the test server."""
    copy = server.locate(tmp_path, "standby")
    copy.folder.mkdir(mode=0o700)
    options = ["--checkpoint=fast", "--no-sync", "--write-recovery-conf"]
    command = [copy.bin_directory / "pg_basebackup", "--dbname", server_url, *options]
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        # The account that may enter the folder of the test server's socket.
        socket = Path(psycopg.conninfo.conninfo_to_dict(server_url)["host"]).stat()
        os.chown(copy.folder, socket.st_uid, socket.st_gid)
        identity = {"user": socket.st_uid, "group": socket.st_gid, "extra_groups": []}
    done = subprocess.run(
        [*command, "--pgdata", copy.data_directory],
        capture_output=True,
        text=True,
        cwd="/",
        **identity,
    )
    assert done.returncode == 0, done.stderr
    try:
        started = server.start(tmp_path, "standby", OPTIONS)
        yield started.url(psycopg.conninfo.conninfo_to_dict(shop)["dbname"])
    finally:
        server.stop(tmp_path, "standby")
        shutil.rmtree(copy.socket_directory, ignore_errors=True)
        shutil.rmtree(server.home(tmp_path), ignore_errors=True)


def wait_until_streaming(connect: Connect, url: str) -> None:
    deadline = time.monotonic() + 60
    connection = connect(url)
    query = "select count(*) from pg_stat_replication where state = 'streaming'"
    while connection.execute(query).fetchone() != (1,):
        assert time.monotonic() < deadline
        connection.execute("select pg_sleep(0.02)")


def test_every_check_and_statistic_runs_on_a_standby(
    shop: str, standby: str, connect: Connect, check: Check
) -> None:
    wait_until_streaming(connect, shop)
    connection = connect(standby)
    assert connection.execute("select pg_is_in_recovery()").fetchone() == (True,)
    findings = checks.run(connection, [PACKAGED], (), 10_000)
    assert {finding.check for finding in findings} == set(NAMES)
    assert not [finding for finding in findings if "could not run" in finding.meaning]
    levels = {finding.check: finding.level for finding in findings}
    # What only the primary can know is not called ok.
    assert levels["autovacuum_lag"] == levels["unused_indexes"] == "skipped"
    assert levels["invariants"] == levels["drift"] == levels["replication_lag"] == "ok"
    for function in (
        "get_table_statistics", "get_index_usage_statistics", "get_slow_queries",
        "get_cache_hit_ratios",
    ):  # fmt: skip
        assert connection.execute(f"select from ops.{function}()".encode()).fetchall()

    # It falls behind when it does not apply what it receives.
    connection.execute("select pg_wal_replay_pause()")
    primary = connect(shop)
    primary.execute("select pg_logical_emit_message(false, 'test', repeat('x', 20000000))")
    deadline = time.monotonic() + 60
    while check(primary, "replication_lag")[0].level == "ok":
        assert time.monotonic() < deadline
    while check(connection, "replication_lag")[0].level == "ok":
        assert time.monotonic() < deadline
    (finding,) = check(primary, "replication_lag")
    assert finding.object.startswith("standby ")
    (finding,) = check(connection, "replication_lag")
    assert finding.object == "this standby"
    assert finding.remedy
    connection.execute(finding.remedy.encode())
    connection.execute("select pg_wal_replay_resume()")
