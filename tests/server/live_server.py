"""logs-server while it lives and when it ends: tails, metrics, limits of keys, and a drain under load.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import http.client
import json
import signal
import socket
import sqlite3
import sys
import tempfile
import threading
import unittest
from collections.abc import Iterator
from pathlib import Path

from logs_server import PATIENCE_SECONDS, LogsServer
from server_process import UUID, batch

PROGRAM = ""


class Tail:
    """A reader of GET /api/v1/logs/tail."""

    def __init__(self, server: LogsServer, query: str = "", **headers: str):
        self.connection = server.connect()
        fields = {"Authorization": "Bearer " + server.keys["LOGS_SERVER_TOKEN"], **headers}
        self.connection.request("GET", "/api/v1/logs/tail" + query, headers=fields)
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def blocks(self) -> Iterator[dict[str, str]]:
        """Each event as a dictionary of its fields, until the stream ends."""
        block: dict[str, str] = {}
        for line in iter(self.response.readline, b""):
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                block[name] = value
            else:
                yield block
                block = {}

    def events(self) -> Iterator[dict[str, str]]:
        return (block for block in self.blocks() if "event" in block)

    def __enter__(self) -> Tail:
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self.connection.close()


class Poster(threading.Thread):
    """Posts batches over one connection, and what was acknowledged is its list, until the server says it ends."""

    def __init__(self, server: LogsServer, number: int):
        super().__init__()
        self.connection = server.connect()
        self.headers = {name.replace("_", "-"): value for name, value in server.key_headers.items()}
        self.next = number * 1_000_000
        self.acknowledged: list[int] = []
        self.started_posting = threading.Event()
        self.was_told = False

    def run(self) -> None:
        try:
            while not self.was_told:
                self.post()
        except (http.client.HTTPException, ConnectionError):
            pass  # not acknowledged: a real client sends it again
        finally:
            self.connection.close()

    def post(self) -> None:
        first, self.next = self.next, self.next + 50
        self.connection.request("POST", "/api/v1/ingest/logs", batch(first, 50), self.headers)
        answer = self.connection.getresponse()
        if json.loads(answer.read())["accepted"] == 50:
            self.acknowledged += range(first, self.next)
        self.was_told = answer.getheader("Connection") == "close"
        self.started_posting.set()


class LiveServerTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-server-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def stored(self) -> list[str]:
        database = sqlite3.connect(self.folder / "data" / "store.db")
        self.addCleanup(database.close)
        return [uuid.hex() for (uuid,) in database.execute("SELECT uuid FROM entry")]

    def test_a_drain_under_load_loses_nothing_that_was_acknowledged(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            posters = [Poster(server, number) for number in range(8)]
            idle = socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS)
            with Tail(server) as tail:
                for poster in posters:
                    poster.start()
                for poster in posters:
                    self.assertTrue(poster.started_posting.wait(PATIENCE_SECONDS))
                server.process.send_signal(signal.SIGTERM)
                last = [event for event in tail.events() if event["event"] != "entry"][-1]
                self.assertEqual((last["event"], last["data"]), ("end", '{"reason":"draining"}'))
            for poster in posters:
                poster.join(PATIENCE_SECONDS)
                self.assertFalse(poster.is_alive())
            self.assertEqual(server.process.wait(PATIENCE_SECONDS), 0, server.log.read_text())
            self.assertEqual(idle.recv(1), b"")
            idle.close()
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS)
        acknowledged = [UUID.format(n) for poster in posters for n in poster.acknowledged]
        stored = self.stored()
        self.assertGreaterEqual(len(acknowledged), 8 * 50)
        self.assertEqual(set(acknowledged) - set(stored), set())
        self.assertEqual(len(stored), len(set(stored)))
        self.assertTrue(any(poster.was_told for poster in posters), "some request was under way at the end")

    def test_a_tail_shows_both_kinds_as_they_arrive_and_goes_on_where_it_ended(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            server.post(batch(0, 1))
            with Tail(server) as tail:
                self.assertEqual(tail.response.getheader("Content-Type"), "text/event-stream")
                events = tail.events()
                server.post(batch(1, 2))
                shown = [next(events), next(events)]
                infra = json.dumps({"logs": [{"uuid": UUID.format(9), "message": "disk", "level": "warn"}]}).encode()
                status, _ = server.request("POST", "/api/v1/ingest/infra-logs", infra, **server.key_headers)
                self.assertEqual(status, 200)
                shown.append(next(events))
            documents = [json.loads(event["data"]) for event in shown]
            self.assertEqual([d.get("path", d.get("message")) for d in documents], ["/1", "/2", "disk"])
            self.assertEqual([str(d["uid"]) for d in documents], [event["id"] for event in shown])
            with Tail(server, "?cursor=1", **{"Last-Event-ID": shown[1]["id"]}) as tail:
                self.assertEqual(json.loads(next(tail.events())["data"])["message"], "disk")
            with Tail(server, "?q=kind:infra&cursor=0") as tail:
                self.assertEqual(json.loads(next(tail.events())["data"])["message"], "disk")

    def test_a_tail_is_asked_for_in_the_language_of_the_list_and_by_readers_only(self) -> None:
        with LogsServer(PROGRAM, self.folder, "--max-tails", "1") as server:
            self.assertEqual(server.request("GET", "/api/v1/logs/tail")[0], 401)
            self.assertEqual(server.request("GET", "/api/v1/logs/tail", **server.key_headers)[0], 401)
            token = {"Authorization": "Bearer " + server.keys["LOGS_SERVER_TOKEN"]}
            status, answer = server.request("GET", "/api/v1/logs/tail?q=a%20status:x", **token)
            self.assertEqual((status, json.loads(answer)["position"]), (400, 9))
            for query in ("?cursor=x", "?limit=1"):
                self.assertEqual(server.request("GET", "/api/v1/logs/tail" + query, **token)[0], 400)
            with Tail(server) as first, Tail(server) as second:
                self.assertEqual((first.status, second.status), (200, 429))
                self.assertEqual(second.response.getheader("Retry-After"), "15")

    def test_metrics_tell_what_happened(self) -> None:
        with LogsServer(PROGRAM, self.folder, "--open-metrics") as server:
            server.post(batch(0, 10))
            server.post(b'{"logs":[{"project_slug":"other"}, 7]}')
            server.post(batch(5, 10))
            server.request("GET", "/nowhere/with/a/name/that/must/not/become/a/label")
            with Tail(server) as tail:
                next(tail.blocks())
                status, text = server.request("GET", "/api/v1/metrics")
            self.assertEqual(status, 200)
            lines = text.decode().splitlines()
            for line in ('logs_server_entries_total{verdict="accepted"} 15', 'logs_server_tails 1',
                         'logs_server_entries_total{verdict="duplicate"} 5',
                         'logs_server_entries_rejected_total{reason="other_project"} 1',
                         'logs_server_entries_rejected_total{reason="not_an_entry"} 1',
                         'logs_server_requests_total{route="POST /api/v1/ingest/logs",status="2xx"} 3',
                         'logs_server_requests_total{route="-",status="4xx"} 1',
                         'logs_server_commit_queue_entries 0'):
                self.assertIn(line, lines)
            values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
            self.assertGreater(float(values["logs_server_store_bytes"]), 0)
            self.assertGreater(float(values["logs_server_data_free_bytes"]), 0)
            self.assertGreaterEqual(float(values["logs_server_connections"]), 2)
            self.assertNotIn(b"nowhere", text)
            self.assertNotIn(b"clog_", text)

    def test_a_key_over_its_limit_waits_as_long_as_it_is_told_and_another_does_not(self) -> None:
        with LogsServer(PROGRAM, self.folder, "--key-requests", "1") as server:
            answers = [self.post_once(server) for _ in range(8)]
            self.assertEqual([status for status, _ in answers[:5]], [200] * 5)
            status, wait = answers[-1]
            self.assertEqual(status, 429)
            self.assertIn(int(wait or 0), range(1, 3))

    def post_once(self, server: LogsServer) -> tuple[int, str | None]:
        connection = server.connect()
        headers = {name.replace("_", "-"): value for name, value in server.key_headers.items()}
        connection.request("POST", "/api/v1/ingest/logs", b'{"logs":[]}', headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.getheader("Retry-After")


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
