"""logs-server audit: what changed rules of masking would change in the store, found while a server runs on it and after.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from logs_server import PATIENCE_SECONDS, LogsServer

PROGRAM = ""
DOCS = Path(__file__).resolve().parents[2] / "docs"
SECRET = "hunter2-Zq7x"
UUIDS = [f"{number:032x}" for number in range(1, 5)]
ENTRIES = [
    {"uuid": UUIDS[0], "path": "/", "query_string": f"token={SECRET}", "request_headers": {"cookie": SECRET}, "tags": {"plan": f"password={SECRET}"}},
    {"uuid": UUIDS[1], "content_type": "application/json", "request_body": '{"iban":"DE02120300000000202051"}', "tags": {"iban": 7}},
    {"uuid": UUIDS[2], "path": "/", "user_id": "bob"},
]
INFRA = [{"uuid": UUIDS[3], "message": "up", "metadata": {"pwd": SECRET}}]
NOTHING_FOUND, FAILED, FOUND = 0, 1, 3


class AuditTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-audit-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def audit(self, *flags: str) -> tuple[int, str, str]:
        ended = subprocess.run([PROGRAM, "audit", "--data-dir", str(self.folder / "data"), *flags], capture_output=True, text=True,
                               timeout=PATIENCE_SECONDS)
        self.assertNotIn(SECRET, ended.stdout + ended.stderr)
        return ended.returncode, ended.stdout, ended.stderr

    def fill(self, server: LogsServer) -> None:
        """The same entries in the first project, which is masked, and in one that does without."""
        server.operate("project", "new", "raw", "--no-masking")
        keys = dict(line.split("=", 1) for line in server.operate("key", "new", "--project", "raw").splitlines())
        raw = {"X_API_Key": keys["LOGS_SDK_API_KEY"], "X_API_Secret": keys["LOGS_SDK_API_SECRET"]}
        for headers in ({}, raw):
            self.assertEqual(server.post(json.dumps({"logs": ENTRIES}).encode(), **headers)[1]["accepted"], len(ENTRIES))
            self.assertEqual(server.post(json.dumps({"logs": INFRA}).encode(), "/api/v1/ingest/infra-logs", **headers)[0], 200)

    def store_bytes(self) -> bytes:
        return (self.folder / "data" / "store.db").read_bytes() + (self.folder / "data" / "store.db-wal").read_bytes()

    def test_it_names_the_entries_and_fields_and_no_value_while_the_server_runs(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            self.fill(server)
            before = self.store_bytes()
            code, text, _ = self.audit()
            self.assertEqual((code, self.store_bytes() == before), (FOUND, True))
            self.assertIn(f"raw {UUIDS[0]} query_string request_headers tags\n", text)
            self.assertIn(f"raw {UUIDS[3]} metadata\n", text)
            self.assertIn("2 of 8 entries would be masked\n  metadata 1\n  query_string 1\n  request_headers 1\n  tags 1\n", text)
            self.assertEqual(self.audit("--project", "default")[:2], (NOTHING_FOUND, "0 of 4 entries would be masked\n"))
            self.assertEqual(server.end(), 0)
        self.assertEqual(self.audit()[:2], (code, text))

    def test_names_of_its_own_change_what_it_finds(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            self.fill(server)
            code, text, _ = self.audit("--json", "--mask-extra", "iban", "--project", "default")
            found = json.loads(text)
            self.assertEqual((code, found["fields"], found["entries"]), (FOUND, {"request_body": 1, "tags": 1}, 4))
            self.assertEqual(found["findings"], [{"in": "default", "uuid": UUIDS[1], "fields": ["request_body", "tags"]}])
            allowed = json.loads(self.audit("--json", "--mask-allow", "cookie", "--mask-allow", "pwd", "--project", "raw")[1])
            self.assertEqual(allowed["fields"], {"query_string": 1, "tags": 1})

    def test_since_leaves_out_what_is_older(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            server.operate("project", "set", "default", "--masking", "off")
            old = {**ENTRIES[0], "uuid": UUIDS[2], "timestamp": "2020-01-01T00:00:00Z"}  # ordered by its receipt
            aged = {**ENTRIES[0], "timestamp": self.two_days_ago()}
            self.assertEqual(server.post(json.dumps({"logs": [old, aged]}).encode())[1]["accepted"], 2)
            self.assertEqual(json.loads(self.audit("--json", "--since", "7d")[1])["found"], 2)
            self.assertEqual(json.loads(self.audit("--json", "--since", "24h")[1])["found"], 1)

    @staticmethod
    def two_days_ago() -> str:
        return (datetime.now(timezone.utc) - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_what_a_killed_server_has_stored_is_read(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            self.fill(server)
            server.end(signal.SIGKILL)
        self.assertEqual(self.audit()[0], FOUND)

    def test_a_folder_without_a_store_or_with_another_database_is_an_error_with_a_sentence(self) -> None:
        code, text, error = self.audit()
        self.assertEqual((code, text), (FAILED, ""))
        self.assertIn("no logs-server has used this folder", error)
        (self.folder / "data").mkdir()
        (self.folder / "data" / "store.db").write_bytes(b"no database at all, but long enough to be taken for one" * 20)
        code, text, error = self.audit()
        self.assertEqual((code, text), (FAILED, ""))
        self.assertIn("store.db", error)
        self.assertEqual(self.audit("--since", "yesterday")[0], FAILED)

    def test_a_store_that_is_no_regular_file_is_refused_and_not_waited_for(self) -> None:
        data = self.folder / "data"
        data.mkdir()
        os.mkfifo(data / "store.db")
        code, text, error = self.audit()
        self.assertEqual((code, text), (FAILED, ""))
        self.assertIn("store.db is not a regular file", error)
        served = subprocess.run([PROGRAM, "--data-dir", str(data), "--port", "0", "--keys-file", str(self.folder / "keys.env")],
                                capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        self.assertNotEqual(served.returncode, 0)
        self.assertIn("store.db is not a regular file", served.stdout + served.stderr)

    def test_an_entry_that_cannot_be_read_makes_the_answer_incomplete(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            self.fill(server)
            self.assertEqual(server.end(), 0)
        with sqlite3.connect(self.folder / "data" / "store.db") as store:
            store.execute("UPDATE entry SET document = x'00' WHERE uid = 1")
        code, text, _ = self.audit()
        self.assertEqual(code, FAILED)
        self.assertIn("1 entries could not be read\n", text)

    def test_the_page_explains_every_option_and_no_other(self) -> None:
        section = (DOCS / "operations.md").read_text().split("\n## Audit\n")[1].split("\n## ")[0]
        explained = set(re.findall(r"^\| `--([a-z-]+)", section, re.MULTILINE))
        text = subprocess.run([PROGRAM, "audit", "--help"], check=True, capture_output=True, text=True).stdout
        self.assertEqual(explained, set(re.findall(r"^ *(?:-\w,)?--([a-z-]+)", text, re.MULTILINE)) - {"help"})


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
