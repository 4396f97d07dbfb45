"""logs-server killed (SIGKILL) or ended (SIGTERM) again and again while clients post to it and retry: nothing that was
acknowledged is lost, nothing is stored twice or by half, and the books of the clients and of the server agree.

Run with the path of the program as the first argument; LOGS_SDK_TEST_ROUNDS kills it that often instead of 20 times,
LOGS_SDK_TEST_SEED repeats a run.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

from ingest_client import PASSING, IngestClient
from logs_server import PATIENCE_SECONDS, LogsServer

PROGRAM = ""
CLIENTS = 4
# A batch is one of these sizes: a lone entry, some, more than one group commit takes.
SIZES = (1, 7, 40, 1200)
SIZE_WEIGHTS = (30, 30, 30, 1)


class Fleet:
    """Client threads that post to whichever server runs, until told to end; then each delivers what it still holds."""

    def __init__(self, seed: int):
        self.clients = [IngestClient(seed * 1000 + n) for n in range(CLIENTS)]
        self.address: tuple[int, dict[str, str]] | None = None
        self.ending = False
        self.abandoned = False  # what is still held stays undelivered: there is no server any more
        self.failures: list[BaseException] = []
        self.threads = [threading.Thread(target=self.run, args=(client,)) for client in self.clients]
        for thread in self.threads:
            thread.start()

    def run(self, client: IngestClient) -> None:
        try:
            while not self.ending:
                client.capture(client.random.choices(SIZES, SIZE_WEIGHTS)[0])
                self.deliver(client)
        except BaseException as failure:  # noqa: BLE001: shown by the test, which is another thread
            self.failures.append(failure)

    def deliver(self, client: IngestClient) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while client.waiting and not self.abandoned:
            if time.monotonic() > deadline:
                raise AssertionError("a batch was not taken")
            try:
                if self.address is not None:
                    status = client.post(*self.address, timeout=PATIENCE_SECONDS)
                    assert status in (200, 429, 503), status
            except PASSING:
                pass
            if client.waiting:
                time.sleep(0.005)  # not to spin while no server listens or takes it; nothing is synchronised by it

    def end(self) -> None:
        self.ending = True
        for thread in self.threads:
            thread.join()


class KillIngestTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-server-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.seed = int(os.environ.get("LOGS_SDK_TEST_SEED", random.SystemRandom().randrange(1_000_000)))
        self.rounds = int(os.environ.get("LOGS_SDK_TEST_ROUNDS", "20"))
        print(f"seed: LOGS_SDK_TEST_SEED={self.seed}, {self.rounds} rounds", flush=True)

    def start(self, fleet: Fleet) -> LogsServer:
        server = LogsServer(PROGRAM, self.folder)
        fleet.address = (server.port, {"X-API-Key": server.keys["LOGS_SDK_API_KEY"],
                                       "X-API-Secret": server.keys["LOGS_SDK_API_SECRET"]})
        return server

    def records(self, server: LogsServer) -> dict[str, dict]:
        bearer = "Bearer " + server.keys["LOGS_SERVER_TOKEN"]
        status, page = server.request("GET", "/api/v1/clients", Authorization=bearer)
        self.assertEqual(status, 200)
        return {record["instance"]: record for record in json.loads(page)["clients"]}

    def test_kills_lose_nothing(self) -> None:
        self.run_rounds(signal.SIGKILL, -signal.SIGKILL, self.rounds)

    def test_orderly_ends_lose_nothing(self) -> None:
        self.run_rounds(signal.SIGTERM, 0, max(1, self.rounds // 4))

    def run_rounds(self, end: int, exit_code: int, rounds: int) -> None:
        chance = random.Random(self.seed)
        fleet = Fleet(self.seed)
        try:
            for _ in range(rounds):
                with self.start(fleet) as server:
                    time.sleep(chance.uniform(0.05, 0.6))  # where in its work the end finds it is left to chance
                    for record in self.records(server).values():
                        self.assertNotEqual(record["verdict"], "short", record)
                    self.assertEqual(server.end(end), exit_code)
                self.check_no_half_batch(fleet)
            server = self.start(fleet)
        except BaseException:
            fleet.abandoned = True
            raise
        finally:
            fleet.end()
        with server:
            self.assertEqual(fleet.failures, [])
            records = self.records(server)
            self.assertEqual(server.end(), 0)
        self.check(fleet, records, rounds)

    def stored(self) -> list[str]:
        """The uuids in the store of a server that has ended, however it ended."""
        with contextlib.closing(sqlite3.connect(self.folder / "data" / "store.db")) as database:
            return [row[0] for row in database.execute("SELECT lower(hex(uuid)) FROM entry")]

    def check_no_half_batch(self, fleet: Fleet) -> None:
        stored = set(self.stored())
        for client in fleet.clients:
            batch = {entry["uuid"] for entry in client.waiting}  # the same until a server runs again
            self.assertIn(len(batch & stored), (0, len(batch)))

    def check(self, fleet: Fleet, records: dict[str, dict], rounds: int) -> None:
        with contextlib.closing(sqlite3.connect(self.folder / "data" / "store.db")) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        stored = self.stored()
        settled = [identity for client in fleet.clients for identity in client.settled]
        self.assertEqual(len(stored), len(set(stored)), "stored twice")
        self.assertEqual(set(settled) - set(stored), set(), "acknowledged and lost")
        # Every batch was delivered in the end, so there is nothing in the store that no client was told of.
        self.assertEqual(set(stored) - set(settled), set())
        repeated = 0
        for client in fleet.clients:
            record = records[client.instance]
            received = record["received"]
            self.assertEqual((record["verdict"], record["missing"]), ("balanced", 0), record)
            self.assertEqual(received["accepted"], client.ledger["captured"], record)
            # A lost answer made the server count twice and the client once, so each count is at least the client's.
            self.assertGreaterEqual(received["duplicate"], client.ledger["duplicate"], record)
            self.assertEqual(client.ledger["delivered"] + client.ledger["duplicate"], client.ledger["captured"])
            repeated += received["duplicate"]
        print(f"rounds={rounds} stored={len(stored)} sent_again={repeated} lost=0 twice=0 short=0", flush=True)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
