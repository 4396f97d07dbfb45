"""logs-server beside clients that take all they can get: posts and health checks of others are answered meanwhile.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import resource
import socket
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

from logs_server import PATIENCE_SECONDS, LogsServer
from server_process import batch

PROGRAM = ""
HALF_HEADER = b"GET /healthz HTTP/1.1\r\nHost: loc"
# More than the 1,024 connections of the default and the places kept beyond them.
FLOOD = 1_100
HEADER_TIMEOUT_SECONDS = 10


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)


def half_sent(port: int) -> socket.socket:
    client = connect(port)
    client.sendall(HALF_HEADER)
    return client


class Flood:
    """Connections with a header that never ends: so many at once, and new ones for the oldest while it lasts."""

    def __init__(self, server: LogsServer, size: int):
        self.port = server.port
        self.open = [half_sent(server.port) for _ in range(size)]
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.go_on)

    def go_on(self) -> None:
        while not self.ending.is_set():
            self.open.pop(0).close()
            self.open.append(half_sent(self.port))

    def __enter__(self) -> Flood:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self.thread.join(PATIENCE_SECONDS)
        for client in self.open:
            client.close()


class OpenDoorsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-server-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # for our ends of the connections
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

    def assert_open(self, server: LogsServer, first: int) -> None:
        for n in range(first, first + 20):
            self.assertEqual(server.request("GET", "/healthz")[0], 200)
            self.assertEqual(server.post(batch(n, 1))[1]["accepted"], 1)

    def test_half_sent_headers_from_loopback_keep_nobody_out(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            with Flood(server, FLOOD):
                self.assert_open(server, 0)
            self.assert_open(server, 100)

    def test_a_connection_that_posts_is_cut_by_no_flood(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            connection = server.connect()
            fields = {name.replace("_", "-"): value for name, value in server.key_headers.items()}
            body = batch(0, 1)
            connection.request("POST", "/api/v1/ingest/logs", body, fields)
            self.assertEqual(connection.getresponse().read().count(b'"accepted":1'), 1)
            kept = connection.sock
            connection.putrequest("POST", "/api/v1/ingest/logs")
            for name, value in {**fields, "Content-Length": str(len(body))}.items():
                connection.putheader(name, value)
            connection.endheaders(body[:10])
            with Flood(server, FLOOD):
                self.assert_open(server, 100)
                connection.send(body[10:])
                self.assertEqual(connection.getresponse().read().count(b'"duplicate":1'), 1)
                self.assertIs(connection.sock, kept)
            connection.close()

    def test_for_want_of_descriptors_half_sent_headers_make_room_as_well(self) -> None:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        few = 256
        with LogsServer(PROGRAM, self.folder) as server:
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (few, hard))
            flood = [half_sent(server.port) for _ in range(2 * few)]
            started_at = time.monotonic()
            self.assert_open(server, 0)
            # Sooner than the server gives up on a header by itself, which is what others must not have to wait for.
            self.assertLess(time.monotonic() - started_at, HEADER_TIMEOUT_SECONDS)
            for client in flood:
                client.close()

    def test_no_trailer_of_any_length_ends_the_server(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            for size in (10, 65_533, 65_534, 66_000, 140_000, 1_000_000):
                client = connect(server.port)
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ")
                try:
                    client.sendall(b"a" * size + b"\r\n\r\n")
                except OSError:
                    pass  # it was refused meanwhile
                client.close()
                self.assertEqual(server.request("GET", "/healthz")[0], 200, size)

    def test_few_descriptors_lower_the_bound_of_connections_and_that_is_said(self) -> None:
        limited = self.folder / "limited"
        limited.write_text(f'#!/bin/sh\nulimit -n 300 && exec "{PROGRAM}" "$@"\n')
        limited.chmod(0o700)
        with LogsServer(str(limited), self.folder) as server:
            self.assertIn("only 300 descriptors are allowed: at most 162 connections instead of 1024", server.log.read_text())
            held = [half_sent(server.port) for _ in range(400)]
            self.assert_open(server, 0)
            for client in held:
                client.close()

    def test_sizes_that_a_key_announces_take_no_memory_from_another_project(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            server.operate("project", "new", "other")
            other = dict(line.split("=", 1) for line in server.operate("key", "new", "--project", "other").splitlines())
            announcing = [connect(server.port) for _ in range(40)]
            for client in announcing:
                self.addCleanup(client.close)
                head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in server.key_headers.items())
                client.sendall(f"POST /api/v1/ingest/logs HTTP/1.1\r\nHost: localhost\r\n{head}"
                               f"Content-Length: {8 << 20}\r\n\r\n".encode() + b" " * 2000)
            for _ in range(20):
                status, answer = server.request("POST", "/api/v1/ingest/logs", b'{"logs":[]}',
                                                X_API_Key=other["LOGS_SDK_API_KEY"],
                                                X_API_Secret=other["LOGS_SDK_API_SECRET"])
                self.assertEqual(status, 200, answer)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
