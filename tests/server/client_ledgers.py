"""What GET /api/v1/clients says of clients that post to a real logs-server: balanced, waiting, short, and malformed headers.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from ingest_client import IngestClient
from logs_server import PATIENCE_SECONDS, LogsServer

PROGRAM = ""


class ClientLedgersTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-server-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.client = IngestClient(1)

    def deliver(self, server: LogsServer, count: int) -> None:
        self.client.capture(count)
        keys = {name.replace("_", "-"): value for name, value in server.key_headers.items()}
        self.assertEqual(self.client.post(server.port, keys, PATIENCE_SECONDS), 200)

    def clients(self, server: LogsServer, query: str = "") -> dict:
        bearer = "Bearer " + server.keys["LOGS_SERVER_TOKEN"]
        status, page = server.request("GET", "/api/v1/clients" + query, Authorization=bearer)
        self.assertEqual(status, 200)
        return json.loads(page)

    def record(self, server: LogsServer) -> dict:
        return self.clients(server)["clients"][0]

    def test_a_client_is_listed_with_its_account_and_others_are_not(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            self.assertEqual(server.post(b'{"logs":[{"path":"/"}]}')[0], 200)  # of the older clients, which name no instance
            self.assertEqual(self.clients(server), {"clients": [], "malformed_headers": 0})
            self.deliver(server, 10)
            self.deliver(server, 5)
            record = self.record(server)
            self.assertEqual(record["instance"], self.client.instance)
            self.assertEqual((record["project_slug"], record["host"], record["peer_address"]), ("default", "test", "127.0.0.1"))
            self.assertEqual(record["batches"], 2)
            self.assertEqual(record["received"], {"accepted": 15, "duplicate": 0, "rejected": 0})
            self.assertEqual(record["ledger"], {"captured": 15, "delivered": 10, "duplicate": 0, "rejected": 0,
                                                "dropped": 0, "pending": 5})
            self.assertEqual((record["verdict"], record["missing"]), ("balanced", 0))
            self.assertEqual(server.request("GET", "/api/v1/clients")[0], 401)
            self.assertEqual(server.request("GET", "/api/v1/clients", **server.key_headers)[0], 401)

    def test_an_answer_that_was_lost_leaves_the_account_balanced(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            self.client.capture(10)
            body = json.dumps({"logs": self.client.waiting}).encode()
            headers = {name.replace("-", "_"): value for name, value in self.client.waiting_headers.items()}
            self.assertEqual(server.post(body, **headers)[1]["accepted"], 10)  # and the client never hears of it
            status, answer = server.post(body, **headers)
            self.client.settle(answer)
            self.assertEqual((status, self.client.ledger["duplicate"]), (200, 10))
            self.deliver(server, 3)
            self.assertEqual(self.record(server)["received"], {"accepted": 13, "duplicate": 10, "rejected": 0})
            self.assertEqual(self.record(server)["verdict"], "balanced")

    def test_a_store_restored_from_an_older_copy_is_short_of_what_came_after(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            self.deliver(server, 10)
            self.assertEqual(server.end(), 0)
        shutil.copytree(self.folder / "data", self.folder / "copy")
        with LogsServer(PROGRAM, self.folder) as server:
            self.deliver(server, 7)
            self.assertEqual(server.end(), 0)
        shutil.rmtree(self.folder / "data")
        (self.folder / "copy").rename(self.folder / "data")
        with LogsServer(PROGRAM, self.folder) as server:
            self.assertEqual(self.record(server)["verdict"], "balanced")  # it has not told yet
            for _ in range(3):
                self.deliver(server, 20)  # more than is missing, and still it shows
                self.assertEqual((self.record(server)["verdict"], self.record(server)["missing"]), ("short", 7))

    def test_one_instance_of_two_projects_is_two_clients(self) -> None:
        def operate(*arguments: str) -> str:
            return subprocess.run([PROGRAM, *arguments, "--data-dir", str(self.folder / "data")], check=True, text=True,
                                  capture_output=True).stdout

        with LogsServer(PROGRAM, self.folder) as server:
            self.deliver(server, 2)
            operate("project", "new", "shop")
            keys = dict(line.split("=", 1) for line in operate("key", "new", "--project", "shop").splitlines())
            self.assertEqual(server.post(b'{"logs":[{"path":"/1"},{"path":"/2"},{"path":"/3"}]}', X_API_Key=keys["LOGS_SDK_API_KEY"],
                                         X_API_Secret=keys["LOGS_SDK_API_SECRET"],
                                         X_Logs_Instance=self.client.instance)[0], 200)
            self.assertEqual(len(self.clients(server)["clients"]), 2)
            [shop] = self.clients(server, "?project=shop")["clients"]
            self.assertEqual((shop["received"]["accepted"], shop["ledger"], shop["verdict"]), (3, None, "unknown"))

    def test_headers_that_cannot_be_read_are_counted_and_cost_nothing_else(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            instance = "a" * 32
            for headers in ({"X_Logs_Instance": "A" * 32}, {"X_Logs_Instance": instance, "X_Logs_Ledger": "captured=-1"},
                            {"X_Logs_Instance": instance, "X_SDK_Version": "x" * 1000}):
                self.assertEqual(server.post(b'{"logs":[{"path":"/"}]}', **headers)[1]["accepted"], 1)
            page = self.clients(server)
            self.assertEqual(page["malformed_headers"], 3)
            [record] = page["clients"]
            self.assertEqual((record["received"]["accepted"], record["verdict"], record["sdk_version"]), (2, "unknown", ""))

    def test_a_post_of_rejected_entries_alone_is_in_the_account(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            status, answer = server.post(b'{"logs":[{"project_slug":"foreign"}]}', X_Logs_Instance="a" * 32)
            self.assertEqual((status, len(answer["rejected"])), (200, 1))
            self.assertEqual(self.record(server)["received"], {"accepted": 0, "duplicate": 0, "rejected": 1})


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
