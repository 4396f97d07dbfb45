"""logs-server as a process: first start, keys, ingest over HTTP, death and restart, errors of the start, orderly end.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from urllib.parse import quote

from logs_server import PATIENCE_SECONDS, LogsServer

PROGRAM = ""
UUID = "019c131f4a527abc8def{:012x}"


def batch(first: int, count: int) -> bytes:
    return json.dumps({"logs": [{"uuid": UUID.format(n), "path": f"/{n}"} for n in range(first, first + count)]}).encode()


class ServerProcessTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-server-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def refused_start(self, data: str = "data", port: str = "0") -> str:
        ended = subprocess.run([PROGRAM, "--data-dir", str(self.folder / data), "--port", port],
                               capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        self.assertEqual(ended.returncode, 1, ended.stderr)
        return ended.stderr

    def test_what_was_acknowledged_survives_a_kill(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            status, answer = server.post(batch(0, 100), X_Batch_Id="ab" * 16)
            self.assertEqual(status, 200)
            self.assertEqual(answer, {"batch_id": "ab" * 16, "accepted": 100, "duplicate": 0, "rejected": []})
            server.end(signal.SIGKILL)
        with LogsServer(PROGRAM, self.folder) as server:
            _, answer = server.post(batch(50, 100))
            self.assertEqual((answer["accepted"], answer["duplicate"]), (50, 50))

    def test_keys_are_shown_once_and_kept_as_long_as_they_are_good(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            first = server.keys
            self.assertIn(first["LOGS_SDK_API_SECRET"], server.log.read_text())
            self.assertIn("#token=" + first["LOGS_SERVER_TOKEN"], server.log.read_text())
            self.assertEqual(server.end(), 0)
        self.assertEqual(stat.S_IMODE((self.folder / "keys.env").stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE((self.folder / "data").stat().st_mode), 0o700)
        with LogsServer(PROGRAM, self.folder) as server:
            self.assertEqual(server.keys["LOGS_SDK_API_SECRET"], first["LOGS_SDK_API_SECRET"])
            self.assertNotIn("clog_", server.log.read_text())
            self.assertEqual(server.post(batch(0, 1))[0], 200)

    def test_keys_ingest_and_tokens_read_and_neither_does_the_other(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            bearer = "Bearer " + server.keys["LOGS_SERVER_TOKEN"]
            self.assertEqual(server.request("POST", "/api/v1/ingest/logs", b"{}", Authorization=bearer)[0], 401)
            self.assertEqual(server.request("POST", "/api/v1/session", **server.key_headers)[0], 401)
            self.assertEqual(server.request("GET", "/api/v1/logs", **server.key_headers)[0], 401)
            self.assertEqual(server.request("GET", "/api/v1/logs", Authorization=bearer)[0], 200)
            self.assertEqual(server.post(batch(0, 1), X_API_Secret="clog_sk_wrong")[0], 401)
            self.assertEqual(server.request("POST", "/api/v1/session", Authorization=bearer)[0], 204)
            self.assertEqual(server.request("GET", "/healthz")[0], 200)
            self.assertEqual(server.request("GET", "/readyz")[0], 200)
            self.assertEqual(server.request("GET", "/healthz", Host="evil.example")[0], 421)

    def test_the_secret_may_be_missing_only_on_loopback(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            key = server.keys["LOGS_SDK_API_KEY"]
            self.assertEqual(server.request("POST", "/api/v1/ingest/logs", batch(0, 1), X_API_Key=key)[0], 200)
            self.assertEqual(server.end(), 0)
        with LogsServer(PROGRAM, self.folder, "--listen", "0.0.0.0") as server:
            self.assertEqual(server.request("POST", "/api/v1/ingest/logs", batch(0, 1), X_API_Key=key)[0], 401)
            self.assertEqual(server.post(batch(0, 1))[0], 200)

    def test_many_clients_at_once_get_every_entry_stored_once(self) -> None:
        answers: list[dict] = []

        def client(first: int) -> None:
            for _ in range(2):  # the second time all are duplicates
                answers.extend(server.post(batch(start, 10))[1] for start in range(first, first + 200, 10))

        with LogsServer(PROGRAM, self.folder) as server:
            threads = [threading.Thread(target=client, args=(1000 * n,)) for n in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(sum(answer["accepted"] for answer in answers), 8 * 200)
        self.assertEqual(sum(answer["duplicate"] for answer in answers), 8 * 200)

    def test_a_request_under_way_is_finished_after_sigterm(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            body = batch(0, 10)
            head = ("POST /api/v1/ingest/logs HTTP/1.1\r\nHost: localhost\r\n" +
                    "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in server.key_headers.items()) +
                    f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n").encode()
            with socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) as client:
                client.sendall(head)
                self.assertIn(b"100 Continue", client.recv(100))  # now it is under way
                server.process.send_signal(signal.SIGTERM)
                while "finishing what runs" not in server.log.read_text():
                    self.assertIsNone(server.process.poll())
                client.sendall(body)
                answer = b"".join(iter(lambda: client.recv(4096), b""))
            self.assertIn(b'"accepted":10', answer)
            self.assertEqual(server.process.wait(PATIENCE_SECONDS), 0)

    def test_a_store_that_cannot_be_written_does_not_keep_the_process(self) -> None:
        with LogsServer(PROGRAM, self.folder, "--drain", "0") as server:
            blocker = sqlite3.connect(self.folder / "data" / "store.db", isolation_level=None)
            self.addCleanup(blocker.close)
            blocker.execute("BEGIN IMMEDIATE")  # an operator's own look into the file, forgotten
            head = ("POST /api/v1/ingest/logs HTTP/1.1\r\nHost: localhost\r\n" +
                    "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in server.key_headers.items()))
            clients = []
            for n in range(10):  # each a commit of its own, which waits for the lock
                body = batch(n * 1000, 1000)
                client = socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS)
                self.addCleanup(client.close)
                client.sendall(f"{head}Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n".encode())
                self.assertIn(b"100 Continue", client.recv(100))
                client.sendall(body)
                clients.append(client)
            self.assertIn(b" 503 ", clients[0].recv(100))  # now the others wait in the queue
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(PATIENCE_SECONDS), 1)
            self.assertIn("did not end in time and was given up", server.log.read_text())

    def test_many_connections_leave_descriptors_for_the_store(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))  # what the server is started with
        try:
            server = LogsServer(PROGRAM, self.folder)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        with server:
            for _ in range(100):
                self.addCleanup(socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS).close)
            token = server.keys["LOGS_SERVER_TOKEN"]
            self.assertEqual(server.request("GET", "/api/v1/logs", Authorization=f"Bearer {token}")[0], 200)

    def test_a_data_folder_that_is_open_to_others_is_told_of_once_and_to_operators(self) -> None:
        data = self.folder / "data"
        with LogsServer(PROGRAM, self.folder) as server:
            self.assertEqual(server.end(), 0)
            self.assertNotIn(f"{data}: ", server.log.read_text())
        data.chmod(0o777)
        (data / "store.db").chmod(0o644)
        with LogsServer(PROGRAM, self.folder) as server:
            server.post(batch(0, 1))
            told = subprocess.run([PROGRAM, "audit", "--data-dir", str(data)], check=True, text=True, capture_output=True,
                                  timeout=PATIENCE_SECONDS).stderr
            self.assertEqual(server.end(), 0)
            log = server.log.read_text()
        for sentence in (f"{data}: others may write into it, its mode is 0777; chmod 700 it",
                         f"{data}/store.db: others may read it, its mode is 0644; chmod 600 it"):
            self.assertEqual(log.count(sentence), 1, log)
            self.assertIn("logs-server: warning: " + sentence, told)

    def test_the_log_holds_nothing_of_a_request(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            server.request("GET", "/api/v1/logs/secretpath?q=secretquery", X_Secret="secretheader")
            server.post(b'{"logs":[{"method":["secretbody"]}]}')
            self.assertEqual(server.end(), 0)
            log = server.log.read_text()
        self.assertIn("POST /api/v1/ingest/logs 200", log)
        self.assertNotIn("secretp", log)
        for word in ("secretquery", "secretheader", "secretbody", "X-Secret"):
            self.assertNotIn(word, log)

    def test_both_kinds_of_entries_are_in_one_list_and_told_apart(self) -> None:
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        with LogsServer(PROGRAM, self.folder) as server:
            bearer = {"Authorization": "Bearer " + server.keys["LOGS_SERVER_TOKEN"]}

            def found(query: str) -> list[str]:
                answer = json.loads(server.request("GET", f"/api/v1/logs?q={quote(query)}", **bearer)[1])
                return [entry["uuid"] for entry in answer["logs"]]

            request, event = UUID.format(1), UUID.format(2)
            server.post(json.dumps({"logs": [{"uuid": request, "path": "/", "trace_id": trace, "status_code": 500}]}).encode())
            server.post(json.dumps({"logs": [{
                "uuid": event, "trace_id": trace, "source_type": "database", "source_name": "orders", "level": "error",
                "message": "deadlock detected", "metadata": '{"waited_ms":1250}', "related_api_uuid": request,
                "error_detail": "two writers"}]}).encode(), "/api/v1/ingest/infra-logs")
            self.assertEqual(found(f"trace:{trace}"), [event, request])
            for query in ("kind:infra", "level:error", "deadlock", "source_name:orders", "metadata.waited_ms:>1000",
                          f"related_api_uuid:{request}", "error_detail:*writers", "kind:infra is_error:true"):
                self.assertEqual(found(query), [event], query)
            for query in ("kind:entry", "status:>=500", "-level:error"):
                self.assertEqual(found(query), [request], query)
            shown = json.loads(server.request("GET", f"/api/v1/logs/{event}", **bearer)[1])
            self.assertEqual(list(shown)[:3], ["uuid", "uid", "kind"])
            self.assertEqual((shown["uid"], shown["kind"], shown["message"]), (2, "infra", "deadlock detected"))

    def test_entries_that_can_no_longer_be_read_are_counted_and_told_in_the_log_once(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            server.post(batch(0, 5))
            with sqlite3.connect(self.folder / "data" / "store.db") as store:
                store.execute("UPDATE entry SET document = x'00' WHERE uid IN (2, 4)")
            store.close()
            token = server.keys["LOGS_SERVER_TOKEN"]
            for _ in range(3):
                answer = json.loads(server.request("GET", "/api/v1/logs", Authorization=f"Bearer {token}")[1])
                self.assertEqual((len(answer["logs"]), answer["damaged"]), (3, 2))
            self.assertEqual(server.log.read_text().count("2 entries of the store can no longer be read"), 1)

    def test_a_second_server_on_one_folder_is_refused(self) -> None:
        with LogsServer(PROGRAM, self.folder):
            self.assertIn("another server uses this folder", self.refused_start())

    def test_a_port_that_is_taken_is_named_and_costs_no_keys(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            self.assertIn(f"port {port}: Address already in use", self.refused_start(port=port))
        with LogsServer(PROGRAM, self.folder) as server:
            self.assertIn("#token=", server.log.read_text())

    def test_a_folder_that_cannot_be_made_is_named(self) -> None:
        self.assertIn("missing", self.refused_start(data="missing/data"))
        if os.geteuid() != 0:  # root may write everywhere
            (self.folder / "data").mkdir(mode=0o500)
            self.assertIn("data", self.refused_start())

    def test_operators_add_projects_and_keys_while_it_runs(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            server.operate("project", "new", "shop")
            keys = dict(line.split("=", 1) for line in server.operate("key", "new", "--project", "shop").splitlines())
            headers = {"X_API_Key": keys["LOGS_SDK_API_KEY"], "X_API_Secret": keys["LOGS_SDK_API_SECRET"]}
            self.assertEqual(server.post(batch(0, 1), **headers)[0], 200)
            status, answer = server.post(b'{"logs":[{"project_slug":"default"}]}', **headers)
            self.assertEqual((status, answer["rejected"][0]["reason"]),
                             (200, "field project_slug: not the project of this key"))
            server.operate("key", "remove", keys["LOGS_SDK_API_KEY"])
            self.assertEqual(server.post(batch(0, 1), **headers)[0], 401)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
