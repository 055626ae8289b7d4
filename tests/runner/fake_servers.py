"""Two fakes that speak just enough of PostgreSQL's protocol, on unix sockets of their own."""

from __future__ import annotations

import itertools
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SSL_REQUEST, GSS_REQUEST, CANCEL = 80877103, 80877104, 80877102
PROTOCOL = 196608


def message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def read_exactly(stream: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = stream.recv(size - len(found))
        if not piece:
            raise ConnectionError
        found += piece
    return found


def read_message(stream: socket.socket) -> tuple[bytes, bytes]:
    kind, size = struct.unpack("!ci", read_exactly(stream, 5))
    return kind, read_exactly(stream, size - 4)


def read_startup(stream: socket.socket) -> bytes:
    """Read the first message of a client; say no to encryption."""
    while True:
        (size,) = struct.unpack("!i", read_exactly(stream, 4))
        body = read_exactly(stream, size - 4)
        (code,) = struct.unpack("!i", body[:4])
        if code not in (SSL_REQUEST, GSS_REQUEST):
            return body
        stream.sendall(b"N")


class Fake:
    """Accepts clients on a unix socket, each in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen()
        self.streams: list[socket.socket] = []
        self.threads: list[threading.Thread] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        acceptor = threading.Thread(target=self._accept, daemon=True)
        acceptor.start()
        try:
            yield
        finally:
            self.listener.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            self.listener.close()
            for stream in self.streams:
                with suppress(OSError):
                    stream.shutdown(socket.SHUT_RDWR)
            for thread in self.threads:
                thread.join()
            for stream in self.streams:
                stream.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.streams.append(client)
                self.threads.append(threading.Thread(target=self._serve, args=(client,)))
                self.threads[-1].start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            self.serve(client)

    def serve(self, client: socket.socket) -> None:
        raise NotImplementedError


class PasswordServer(Fake):
    """Asks for a password, remembers it, and refuses."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.passwords: list[str] = []

    def serve(self, client: socket.socket) -> None:
        read_startup(client)
        client.sendall(message(b"R", struct.pack("!i", 3)))
        _, body = read_message(client)
        self.passwords.append(body.rstrip(b"\0").decode())
        refusal = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "jo"\0\0'
        client.sendall(message(b"E", refusal))


class TransactionPooler(Fake):
    """Hands each transaction to whichever of its server sessions was used last, as PgBouncer does.

    With `session` it keeps a client on its session until it leaves.
    """

    def __init__(self, folder: Path, server_socket: str, *, session: bool = False) -> None:
        super().__init__(folder)
        self.server_socket = server_socket
        self.session = session
        self.idle: list[tuple[socket.socket, bytes]] = []
        self.lock = threading.Lock()
        self.keys = itertools.count(1_000_000)

    def serve(self, client: socket.socket) -> None:
        startup = read_startup(client)
        if struct.unpack("!i", startup[:4])[0] == CANCEL:
            return
        server, greeting = self._take(startup)
        held: socket.socket | None = server if self.session else self._give(server, greeting)
        key = message(b"K", struct.pack("!ii", next(self.keys), 0))
        client.sendall(greeting + key + message(b"Z", b"I"))
        while True:
            request = b""
            while True:
                kind, body = read_message(client)
                if kind == b"X":
                    return
                request += message(kind, body)
                if kind in b"QS":
                    break
            server = held or self._take(startup)[0]
            server.sendall(request)
            held = server
            while True:
                kind, body = read_message(server)
                if kind == b"Z":
                    break
                client.sendall(message(kind, body))
            if body == b"I" and not self.session:
                # Before the client hears of it, and asks for the next.
                held = self._give(server, greeting)
            client.sendall(message(kind, body))

    def _give(self, server: socket.socket, greeting: bytes) -> None:
        with self.lock:
            self.idle.append((server, greeting))

    def _take(self, startup: bytes) -> tuple[socket.socket, bytes]:
        """Return a server session and what it said of itself when it was opened."""
        with self.lock:
            if self.idle:
                return self.idle.pop()
        server = socket.socket(socket.AF_UNIX)
        self.streams.append(server)
        server.connect(self.server_socket)
        server.sendall(struct.pack("!i", len(startup) + 4) + startup)
        greeting = b""
        while True:
            kind, body = read_message(server)
            if kind == b"Z":
                return server, greeting
            if kind != b"K":
                greeting += message(kind, body)
