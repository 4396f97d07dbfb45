"""logs-server whose data folder fails it: a full disk, a folder that becomes read-only, one that cannot be used at the
start, and a database that is damaged. It says so in a sentence, keeps what it acknowledged, and comes back by itself.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Callable

from ingest_client import IngestClient
from logs_server import PATIENCE_SECONDS, LogsServer

PROGRAM = ""
OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
PAGE_BYTES = 8192


def flip(path: Path, offset: int, count: int = 1) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        bytes_there = file.read(count)
        file.seek(offset)
        file.write(bytes(byte ^ 0xFF for byte in bytes_there))


def a_page_of_entries(store: Path) -> int:
    """The number of a page that holds rows of `entry`: the third child of its root (sqlite.org/fileformat2.html, 1.6)."""
    with contextlib.closing(sqlite3.connect(store)) as database:
        root, = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'entry'").fetchone()
    page = store.read_bytes()[(root - 1) * PAGE_BYTES:root * PAGE_BYTES]
    assert page[0] == 5, "not an interior page"
    cell = int.from_bytes(page[12 + 2 * 2:12 + 2 * 3], "big")
    return int.from_bytes(page[cell:cell + 4], "big")


class FailingStoreTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-server-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.data = self.folder / "data"
        self.client = IngestClient(1)

    def deliver(self, server: LogsServer, count: int = 50) -> int:
        """A new batch, or the one that still waits; its status."""
        if not self.client.waiting:
            self.client.capture(count)
        keys = {name.replace("_", "-"): value for name, value in server.key_headers.items()}
        return self.client.post(server.port, keys, PATIENCE_SECONDS)

    def read(self, server: LogsServer, path: str = "/api/v1/logs?limit=1000") -> tuple[int, dict]:
        status, body = server.request("GET", path, Authorization="Bearer " + server.keys["LOGS_SERVER_TOKEN"])
        return status, json.loads(body)

    def assert_everything_acknowledged_is_there(self, server: LogsServer) -> None:
        status, page = self.read(server)
        self.assertEqual(status, 200)
        found = [entry["uuid"] for entry in page["logs"]]
        self.assertEqual(sorted(found), sorted(self.client.settled))
        _, clients = self.read(server, "/api/v1/clients")
        self.assertEqual(clients["clients"][0]["missing"], 0)

    def assert_refuses_and_comes_back(self, server: LogsServer, reason: str, mend: Callable[[], None]) -> None:
        """The store has failed: everything but ingest works on, and after mend() ingest does too."""
        for _ in range(3):
            self.assertEqual(self.deliver(server), 503)
        connection = server.connect()
        connection.request("POST", "/api/v1/ingest/logs", b'{"logs":[{"path":"/"}]}',
                           {name.replace("_", "-"): value for name, value in server.key_headers.items()})
        refused = connection.getresponse()
        self.assertEqual((refused.status, refused.getheader("Retry-After")), (503, "1"), refused.read())
        connection.close()
        self.assertEqual(server.request("GET", "/healthz")[0], 200)
        status, why = server.request("GET", "/readyz")
        self.assertEqual(status, 503)
        self.assertIn(reason, why.decode())
        self.assertNotIn(str(self.folder), why.decode())
        self.assert_everything_acknowledged_is_there(server)
        mend()
        self.assertEqual(self.deliver(server), 200)
        self.assertEqual(server.request("GET", "/readyz")[0], 200)
        self.assert_everything_acknowledged_is_there(server)
        self.assertEqual(server.end(), 0)
        log = server.log.read_text()
        self.assertEqual((log.count("the store cannot write"), log.count("the store writes again")), (1, 1), log)
        self.assertNotIn(" error POST", log)

    def test_a_full_disk_refuses_posts_until_there_is_room_again(self) -> None:
        if os.geteuid() != 0:
            self.skipTest("not run: only root can mount a small file system")
        self.data.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "none", self.data]).returncode != 0:
            self.skipTest("not run: mount is not permitted")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.data], check=True)
        filler = self.data / "filler"
        filler.write_bytes(bytes(6 << 20))
        with LogsServer(PROGRAM, self.folder) as server:
            for _ in range(200):
                if self.deliver(server) != 200:
                    break
            self.assert_refuses_and_comes_back(server, "its disk is full", filler.unlink)

    def test_a_folder_that_becomes_read_only_refuses_posts_until_it_can_be_written_again(self) -> None:
        # As files that may not be changed: a mount with files open for writing cannot be made read-only.
        with LogsServer(PROGRAM, self.folder) as server:
            self.assertEqual(self.deliver(server), 200)
            fixed = [self.data, self.data / "store.db", self.data / "store.db-wal"]
            if subprocess.run(["chattr", "+i", *fixed], stderr=subprocess.DEVNULL).returncode != 0:
                subprocess.run(["chattr", "-i", *fixed], stderr=subprocess.DEVNULL)
                self.skipTest("not run: only root can make files immutable, and only in some file systems")
            try:
                self.assert_refuses_and_comes_back(server, "its folder or file cannot be written",
                                                   lambda: subprocess.run(["chattr", "-i", *fixed], check=True))
            finally:
                subprocess.run(["chattr", "-i", *filter(Path.exists, fixed)], check=True)

    # -- Refused starts

    def refused_start(self, *flags: str) -> str:
        ended = subprocess.run([PROGRAM, "--data-dir", str(self.data), "--port", "0", *flags], capture_output=True,
                               text=True, timeout=PATIENCE_SECONDS)
        self.assertEqual(ended.returncode, 1, ended.stdout + ended.stderr)
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        self.assertEqual(ended.stdout, "", "keys were shown by a server that does not run")
        return ended.stderr

    def test_a_file_in_place_of_the_folder_is_named(self) -> None:
        self.data.write_text("mine")
        self.assertIn(f"{self.data}: is not a folder", self.refused_start())
        self.assertEqual(self.data.read_text(), "mine")

    def test_a_folder_that_cannot_be_written_is_named(self) -> None:
        self.data.mkdir()
        if os.geteuid() == 0:
            if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", self.data]).returncode != 0:
                self.skipTest("not run: mount is not permitted")
            self.addCleanup(subprocess.run, ["umount", self.data], check=True)
        else:
            self.data.chmod(0o500)
        self.assertIn(f"{self.data}/lock: cannot be opened: ", self.refused_start())

    def test_a_folder_full_from_the_start_is_named(self) -> None:
        if os.geteuid() != 0:
            self.skipTest("not run: only root can mount a small file system")
        self.data.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", self.data]).returncode != 0:
            self.skipTest("not run: mount is not permitted")
        self.addCleanup(subprocess.run, ["umount", self.data], check=True)
        self.assertIn("No space left on device", self.refused_start())

    # -- Damage

    def filled(self) -> None:
        """A data folder with 200 entries, closed in order."""
        with LogsServer(PROGRAM, self.folder) as server:
            for _ in range(4):
                self.assertEqual(self.deliver(server), 200)
            self.assertEqual(server.end(), 0)

    def test_a_damaged_database_is_refused_with_advice_or_served_as_far_as_it_goes(self) -> None:
        self.filled()
        whole = self.folder / "whole"
        shutil.copytree(self.data, whole)
        store = self.data / "store.db"
        size = store.stat().st_size

        def foreign() -> None:
            store.unlink()
            with contextlib.closing(sqlite3.connect(store)) as database:
                database.execute("CREATE TABLE theirs (a)")

        def newer() -> None:
            with contextlib.closing(sqlite3.connect(store)) as database:
                database.execute("PRAGMA user_version = 99")

        def directory() -> None:
            store.unlink()
            store.mkdir()

        damages: dict[str, tuple[Callable[[], object], str]] = {
            "no database": (lambda: store.write_bytes(b"x" * 20_000), "file is not a database"),
            "first bytes flipped": (lambda: flip(store, 0, 16), "file is not a database"),
            "page size flipped": (lambda: flip(store, 16, 2), "store.db: "),
            "first page flipped": (lambda: flip(store, 100, 64), "malformed"),
            "every second page flipped": (lambda: [flip(store, at, PAGE_BYTES) for at in range(PAGE_BYTES, size, 2 * PAGE_BYTES)], ""),
            "cut in half": (lambda: os.truncate(store, size // 2 // PAGE_BYTES * PAGE_BYTES), ""),
            "cut within the first page": (lambda: os.truncate(store, 1000), "store.db: "),
            "foreign": (foreign, "belongs to another program"),
            "newer": (newer, "has schema version 99, this program knows 1 to "),
            "a folder": (directory, "store.db is not a regular file"),
            "log of garbage": (lambda: (self.data / "store.db-wal").write_bytes(os.urandom(100_000)), ""),
            "index of garbage": (lambda: (self.data / "store.db-shm").write_bytes(os.urandom(32_768)), ""),
            "registry is no database": (lambda: (self.data / "meta.db").write_bytes(b"x" * 9_000), "meta.db: "),
        }
        for name, (damage, sentence) in damages.items():
            with self.subTest(name):
                shutil.rmtree(self.data)
                shutil.copytree(whole, self.data)
                damage()
                if sentence:
                    self.assert_refused(sentence)
                else:
                    self.assert_refused_or_serves()

    def assert_refused(self, sentence: str) -> None:
        before = {path.name: path.read_bytes() for path in self.data.iterdir() if path.is_file() and path.name != "lock"}
        message = self.refused_start()
        self.assertIn(sentence, message)
        if "belongs to another" not in message and "schema version" not in message and "not a regular file" not in message:
            self.assertIn("docs/operations.md", message)
        for name, content in before.items():
            self.assertEqual((self.data / name).read_bytes(), content, f"{name} was changed")

    def assert_refused_or_serves(self) -> None:
        """Where the damage does not show at the start: what is shown is true, what is not says so, and nothing crashes."""
        try:
            server = LogsServer(PROGRAM, self.folder)
        except AssertionError as refused:  # it ended; the message is its log
            self.assertIn("store.db: ", str(refused))
            self.assertIn("docs/operations.md", str(refused))
            return
        with server:
            status, page = self.read(server)
            self.assertIn(status, (200, 500))
            if status == 500:
                self.assertIn("the store is damaged", page["error"])
                self.assertIn("store.db: scanning: ", server.log.read_text())
            for entry in page.get("logs", []):
                self.assertIn(entry["uuid"], self.client.settled)
            self.assertEqual(server.request("GET", "/healthz")[0], 200)
            self.assertEqual(server.end(), 0)

    def test_the_steps_of_the_page_save_what_is_whole_in_a_damaged_store(self) -> None:
        if shutil.which("sqlite3") is None:
            self.skipTest("not run: the command sqlite3 is not there")
        self.filled()
        store = self.data / "store.db"
        flip(store, (a_page_of_entries(store) - 1) * PAGE_BYTES, PAGE_BYTES)
        moved = self.folder / "moved"
        moved.mkdir()
        store.rename(moved / "store.db")
        steps = re.findall(r"^ {7}(sqlite3 .*)$", OPERATIONS.read_text(), re.MULTILINE)
        self.assertEqual(len(steps), 2)
        for step in steps:
            subprocess.run(step.replace("logs-data", "data"), shell=True, check=True, cwd=self.folder, capture_output=True)
        with LogsServer(PROGRAM, self.folder) as server:
            status, page = self.read(server)
            self.assertEqual(status, 200)
            saved = {entry["uuid"] for entry in page["logs"]}
            self.assertLess(saved, set(self.client.settled))
            self.assertGreater(len(saved), 100)
            self.assertEqual(self.deliver(server), 200)
            self.assertEqual(server.end(), 0)

    def test_a_page_that_is_damaged_while_the_server_runs_fails_only_who_reads_it(self) -> None:
        self.filled()
        oldest = self.client.settled[0]
        with contextlib.closing(sqlite3.connect(self.data / "store.db")) as database:
            root, = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'entry_order'").fetchone()
        with LogsServer(PROGRAM, self.folder) as server:
            flip(self.data / "store.db", (root - 1) * PAGE_BYTES, PAGE_BYTES)
            status, answer = self.read(server)
            self.assertEqual(status, 500)
            self.assertEqual(answer["error"], "the store is damaged in a part of what was asked for; "
                                              "the server's log says where")
            self.assertEqual(self.read(server, f"/api/v1/logs/{oldest}")[0], 200)
            self.assertEqual(self.read(server, "/api/v1/clients")[0], 200)
            self.assertEqual(server.end(signal.SIGTERM), 0)
            # Logged when the answer has gone, which its reader may be faster than.
            self.assertIn("store.db: scanning: database disk image is malformed", server.log.read_text())


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
