"""Whatever is wrong outside of the SQL: a clear message, the right exit code, nothing changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from fake_servers import PasswordServer, TransactionPooler
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from runner_project import DBTOOL, Project

from dbtool import config, database, libpq, server
from dbtool.errors import ConfigError, ConnectError

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="dbt") as made:
        os.chmod(made, 0o755)
        yield Path(made)


@pytest.mark.parametrize("command", ["migrate", "plan", "status"])
def test_no_server(offline: Project, command: str) -> None:
    offline.file(1, "select 1;")
    result = offline.run(command, "--database-url", "host=/nonexistent dbname=x")
    assert result.code == 6
    assert result.err.startswith("dbtool: cannot connect: connection to server on socket")
    assert "hint: Is the server running, and are host and port right?" in result.err
    assert result.out == ""


def test_no_such_database_and_no_such_role(project: Project) -> None:
    project.file(1, "select 1;")
    result = project.run("migrate", "--database-url", make_conninfo(project.url, dbname="nope"))
    assert (result.code, 'database "nope" does not exist' in result.err) == (6, True)
    assert "createdb" in result.err
    result = project.run("migrate", "--database-url", make_conninfo(project.url, user="nobody"))
    assert (result.code, 'role "nobody" does not exist' in result.err) == (6, True)
    assert "connect as another user" in result.err


def test_wrong_password_and_pgpass(offline: Project, folder: Path) -> None:
    offline.file(1, "select 1;")
    passfile = folder / "pass"
    passfile.write_text("*:*:*:jo:from the file\n")
    passfile.chmod(0o600)
    fake = PasswordServer(folder)
    with fake.running():
        url = f"host={folder} user=jo dbname=x"
        result = offline.run("migrate", "--database-url", url, PGPASSFILE=str(passfile))
        assert result.code == 6
        assert 'password authentication failed for user "jo"' in result.err
        assert "Check PGPASSWORD, ~/.pgpass" in result.err
        # One look, one failed login: a second try may lock the account.
        assert fake.passwords == ["from the file"]
        with pytest.raises(ConnectError, match="password authentication failed"):
            database.connect(config.load(f"{url} password=direct"))
        assert fake.passwords[-1] == "direct"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://jo:secret@h/db",
        "postgresql+psycopg://jo:secret@h/db?sslmode=require",
        "postgres//jo:secret@h/db",
        "host=h password=secret nonsense",
        "host=h password=secret colour=red",
        "postgresql://jo:secret@h:port/db",
        "postgresql://jo:secret@h/db?colour=red",
        "host=h password='secret",
    ],
)
def test_a_malformed_connection_string_is_told_without_its_password(
    offline: Project, url: str
) -> None:
    offline.file(1, "select 1;")
    result = offline.run("migrate", "--database-url", url)
    assert result.code == 2, result.err
    assert "malformed connection string" in result.err
    assert "postgresql://user@host:5432/database" in result.err
    assert "secret" not in result.err
    # psycopg finds a bad port only when it looks for the host.
    expected = ConnectError if "port" in url else ConfigError
    with pytest.raises(expected) as raised:
        database.connect(config.load(url))
    assert "secret" not in str(raised.value)


def test_files_that_cannot_be_read(project: Project) -> None:
    project.file(1, "create table one ();")
    path = project.file(2, "")
    path.write_bytes(b"select 'caf\xe9';")
    result = project.run("migrate")
    assert result.code == 2
    assert "V0002__Step_2.sql:1: not UTF-8: byte 0xe9 at offset 11" in result.err
    path.unlink()
    path.mkdir()
    result = project.run("migrate")
    assert result.code == 2
    assert "V0002__Step_2.sql: cannot be read: Is a directory" in result.err
    assert project.value("select to_regclass('one')") is None


def test_an_empty_folder(offline: Project) -> None:
    result = offline.run("migrate")
    assert result.code == 2
    assert "wish/migrations: holds no V files" in result.err
    assert 'Write the first with `dbtool new "..."`.' in result.err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("migrat",), "No such command 'migrat'. Did you mean 'migrate'?"),
        (("xyzzy",), "No such command 'xyzzy'."),
        (("migrate", "--forse"), "No such option"),
        (("migrate", "--wait", "soon"), "'soon' is no time; write 500ms, 5s or 10min"),
        (("migrate", "extra"), "unexpected extra argument"),
        (("baseline",), "Missing option"),
    ],
)
def test_a_wrong_word_on_the_command_line(
    offline: Project, arguments: tuple[str, ...], problem: str
) -> None:
    result = offline.run(*arguments)
    assert result.code == 2
    assert problem in result.err
    assert result.out == ""


def test_refused_before_anything_runs(project: Project) -> None:
    project.file(1, "create table one ();")
    project.file(2, "create table two ();\ncommit;")
    result = project.run("migrate")
    assert result.code == 2
    assert "V0002__Step_2.sql:2: COMMIT would end or split the transaction" in result.err
    assert project.query("select from pg_namespace where nspname = 'dbtool'") == []


@pytest.fixture
def replica(tmp_path: Path, project: Project) -> Iterator[str]:
    """A server in recovery: it has a standby's signal file and no primary."""
    home = tmp_path / "replica"
    home.mkdir()
    started = server.start(home, "replica", {"fsync": "off"})
    try:
        with psycopg.connect(started.dsn) as connection:
            connection.execute("create schema dbtool")
        server.stop(home, "replica")
        (started.data_directory / "standby.signal").touch()
        yield server.start(home, "replica", {"fsync": "off"}).dsn
    finally:
        server.stop(home, "replica")
        shutil.rmtree(server.home(home), ignore_errors=True)


def test_a_read_only_replica_is_refused_to_writers_only(project: Project, replica: str) -> None:
    project.file(1, "select 1;")
    for command in (("migrate",), ("baseline", "--version", "1")):
        result = project.run(*command, "--database-url", replica)
        assert result.code == 6
        assert "the server is a read-only replica" in result.err
        assert "Connect to the primary" in result.err
    assert project.run("plan", "--exit-code", "--database-url", replica).code == 3


def test_a_read_only_default_is_refused_to_writers(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    name = conninfo_to_dict(project.url)["dbname"]
    project.query(f"alter database {name} set default_transaction_read_only = on")
    result = project.run("migrate")
    assert result.code == 6
    assert "transactions are read-only here" in result.err
    assert project.run("status").code == 0


def server_socket(project: Project) -> str:
    found = conninfo_to_dict(project.url)
    return f"{found['host']}/.s.PGSQL.{found.get('port', 5432)}"


def test_a_transaction_pooler_is_refused(project: Project, folder: Path) -> None:
    project.file(1, "select 1;")
    url = make_conninfo(project.url, host=str(folder))
    with TransactionPooler(folder, server_socket(project)).running():
        result = project.run("migrate", "--database-url", url)
        assert result.code == 6
        assert "connected through a pooler that shares sessions" in result.err
        assert "Connect to the server itself, or to a pool in session mode" in result.err
    assert project.query("select from pg_namespace where nspname = 'dbtool'") == []


def test_a_pooler_in_session_mode_will_do(project: Project, folder: Path) -> None:
    project.file(1, "create table one ();")
    url = make_conninfo(project.url, host=str(folder))
    with TransactionPooler(folder, server_socket(project), session=True).running():
        project.migrate("--database-url", url)
    assert project.versions() == [1]


@pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed")
@pytest.mark.parametrize(
    ("mode", "pool_size", "code"),
    [("transaction", 5, 6), ("statement", 5, 6), ("session", 5, 0), ("session", 1, 0)],
)
def test_pgbouncer(project: Project, folder: Path, mode: str, pool_size: int, code: int) -> None:
    assert PGBOUNCER
    project.file(1, "create table one ();")
    found = conninfo_to_dict(project.url)
    (folder / "ini").write_text(
        f"[pgbouncer]\nunix_socket_dir = {folder}\nlisten_port = 5432\nauth_type = any\n"
        f"pool_mode = {mode}\ndefault_pool_size = {pool_size}\nlogfile = {folder}/log\n"
        "ignore_startup_parameters = extra_float_digits\n"
        f"[databases]\n* = host={found['host']} port={found.get('port', 5432)} user=postgres\n"
    )
    owner = Path(str(found["host"])).stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    identity = (
        {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        if os.geteuid() == 0
        else {}
    )
    with subprocess.Popen(
        [PGBOUNCER, folder / "ini"], stderr=subprocess.PIPE, text=True, cwd=folder, **identity
    ) as pooler:
        assert pooler.stderr
        for line in pooler.stderr:
            if "process up" in line:
                break
        try:
            url = make_conninfo(project.url, host=str(folder))
            result = project.run("migrate", "--database-url", url)
        finally:
            pooler.terminate()
    assert result.code == code, result.err
    assert ("pooler that shares sessions" in result.err) == (code == 6)


def test_without_the_library_psycopg_does_it_all(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.file(1, "select 1;")
    monkeypatch.setattr(libpq, "_library", lambda: None)
    assert project.migrate().out == "1 applied\n"
    assert project.migrate().out == "nothing to apply: up to date\n"
    assert project.run("status", "--exit-code").code == 0


def test_nothing_to_do_does_not_import_psycopg(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    result = project.python(
        "import sys; sys.argv = ['dbtool', 'migrate']\n"
        "from dbtool.cli import main\n"
        "try: main()\n"
        "finally: print('psycopg' in sys.modules)"
    )
    assert (result.code, result.out) == (0, "nothing to apply: up to date\nFalse\n")


@pytest.mark.parametrize(
    ("redirected", "code"), [(">&-", "0"), ("2>&-", "0"), (">/dev/full", "1"), (">&- 2>&-", "0")]
)
def test_an_output_that_cannot_be_written_is_no_traceback(
    offline: Project, redirected: str, code: str
) -> None:
    offline.file(1, "select 1;")
    script = f"({' '.join(DBTOOL)} plan --offline {redirected}); echo $?"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=offline.root)
    assert done.stdout.split()[-1] == code
    expected = "dbtool: [Errno 28] No space left on device\n" if code == "1" else ""
    assert done.stderr == expected


def test_a_folder_that_is_gone_and_a_name_that_is_not_utf8_are_no_traceback(
    offline: Project,
) -> None:
    script = f"mkdir gone; cd gone; rmdir ../gone; {' '.join(DBTOOL)} plan --offline"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=offline.root)
    assert (done.returncode, done.stderr) == (1, "dbtool: [Errno 2] No such file or directory\n")
    url = os.fsdecode(b"host=/\xff dbname=x")
    offline.file(1, "select 1;")
    assert offline.run("status", "--database-url", url).code == 6
