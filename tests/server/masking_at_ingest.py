"""Secrets that clients post as they are: masked before they are stored, in every field of both kinds; found in nothing on disk.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import ctypes
import json
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

from logs_server import LogsServer

PROGRAM = ""
LOGS, INFRA = "/api/v1/ingest/logs", "/api/v1/ingest/infra-logs"
SECRETS = {"name": "hunter2-Zq7x", "card": "4111 1111 1111 1111", "key": "AKIAIOSFODNN7EXAMPLE",
           "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"}
TEXT = " ".join(f"{'password=' if name == 'name' else ''}{secret}" for name, secret in SECRETS.items())
FORM = "application/x-www-form-urlencoded"

# Every field of an entry that holds text of somebody else's, each with all the secrets in a form that is usual there.
TEXT_FIELDS = ["timestamp", "environment", "service_name", "host", "process_id", "method", "scheme", "host_header", "content_type",
               "client_ip", "client_ip_chain", "client_type", "client_country", "client_province", "client_city", "client_isp",
               "user_agent", "device_type", "browser", "browser_version", "os_name", "os_version", "tls_version", "tls_cipher",
               "proto", "api_version", "request_id", "trace_id", "span_id", "parent_span_id", "user_id", "session_id", "error_type",
               "error_message", "error_stack", "panic_location", "response_body"]
NAME, CARD, KEY, JWT = SECRETS.values()
ENTRY = {
    **{field: TEXT for field in TEXT_FIELDS},
    "path": f"/keys/{KEY}/{JWT}", "referer": f"https://u:{NAME}@h/?q={KEY}", "origin": f"https://h/?access_token={NAME}",
    "query_string": f"pass%77ord={NAME}&key={KEY}&jwt={JWT}", "full_url": f"https://u:{NAME}@h/x?token={NAME}#id_token={JWT}",
    "request_headers": {"Authorization": f"Bearer {NAME}", "Cookie": f"s={NAME}", "X-Api-Key": NAME, "X-Note": TEXT,
                        "Referer": f"https://h/?token={NAME}"},
    "response_headers": json.dumps({"set-cookie": [f"s={NAME}", f"t={JWT}"], "location": f"/cb?code%5Fsecret={NAME}&key={KEY}"}),
    "latency_breakdown": json.dumps({"total_us": 1, "secret": NAME}),
    "tags": {"password": NAME, "note": TEXT, "order": 4111111111111111, f"token={NAME}": 1},
    "unknown_secret": NAME, "unknown": {"deep": {"pwd": [NAME]}, "key": KEY},
}
JSON_ENTRY = {"request_body": json.dumps({"user": "bob", "password": {"old": NAME}, "inner": json.dumps({"api_key": NAME}),
                                          "card": CARD})}
FORM_ENTRY = {"content_type": FORM, "request_body": f"user=bob&pass%77ord={NAME}&card={CARD.replace(' ', '+')}"}
MULTIPART_ENTRY = {"content_type": "multipart/form-data; boundary=b",
                   "request_body": f'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{NAME}\r\n--b--'}
INFRA_ENTRY = {
    **{field: TEXT for field in ["timestamp", "source_type", "source_name", "host", "level", "message", "trace_id", "related_api_uuid",
                                 "error_detail"]},
    "metadata": {"dsn": f"postgres://u:{NAME}@db/x", "api_key": NAME, "pool": {"pwd": [NAME]}, "note": TEXT},
    "unknown_secret": NAME, "tags": {"password": NAME},
}
BATCHES = {LOGS: [ENTRY, JSON_ENTRY, FORM_ENTRY, MULTIPART_ENTRY], INFRA: [INFRA_ENTRY]}


def unpacked(frame: bytes) -> bytes:
    zstd = ctypes.CDLL("libzstd.so.1")
    zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    zstd.ZSTD_decompress.restype = ctypes.c_size_t
    size = zstd.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
    text = ctypes.create_string_buffer(size)
    assert zstd.ZSTD_decompress(text, ctypes.c_size_t(size), frame, ctypes.c_size_t(len(frame))) == size
    return text.raw


class MaskingAtIngestTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-masking-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def post_all(self, server: LogsServer, **keys: str) -> None:
        for path, entries in BATCHES.items():
            status, answer = server.post(json.dumps({"logs": entries}).encode(), path, **keys)
            self.assertEqual((status, answer["accepted"], answer["rejected"]), (200, len(entries), []))

    def documents(self) -> bytes:
        with sqlite3.connect(self.folder / "data" / "store.db") as store:
            return b"\n".join(unpacked(frame) for (frame,) in store.execute("SELECT document FROM entry"))

    def found(self) -> set[str]:
        """The secrets that are on disk, in the files as they lie there or in the documents that they hold packed."""
        stored = b"\n".join(path.read_bytes() for path in (self.folder / "data").rglob("*") if path.is_file()) + self.documents()
        return {name for name, secret in SECRETS.items() if secret.encode() in stored or secret.replace(" ", "").encode() in stored}

    def test_a_secret_in_any_field_is_masked_before_it_is_stored(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            self.post_all(server)
            self.assertEqual(self.found(), set())  # nor in the write-ahead log
            self.assertEqual(server.end(), 0)
        self.assertEqual(self.found(), set())
        documents = self.documents().decode()
        for kept in ('[part name=\\"password\\" size=', "user=bob&pass%77ord=***", '\\"user\\": \\"bob\\"', "/keys/***/***",
                     '\\"Authorization\\": \\"Bearer ***\\"', "postgres://***@db/x", '"extra.unknown_secret":"***"'):
            self.assertTrue(kept in documents, kept)

    def test_what_had_to_be_masked_is_counted(self) -> None:
        with LogsServer(PROGRAM, self.folder, "--open-metrics") as server:
            clean = json.dumps({"logs": [{"path": "/a"}, {"request_body": '{"user":"bob"}'}]}).encode()
            self.assertEqual(server.post(clean)[1]["accepted"], 2)
            self.assertEqual(self.masked_entries(server), 0)
            self.post_all(server)
            self.assertEqual(self.masked_entries(server), sum(map(len, BATCHES.values())))

    @staticmethod
    def masked_entries(server: LogsServer) -> int:
        metrics = server.request("GET", "/api/v1/metrics")[1].decode()
        return int(next(line.split()[1] for line in metrics.splitlines() if line.startswith("logs_server_entries_masked_total ")))

    def test_a_project_that_does_without_keeps_what_it_sends(self) -> None:
        with LogsServer(PROGRAM, self.folder) as server:
            server.operate("project", "new", "raw", "--no-masking")
            keys = dict(line.split("=", 1) for line in server.operate("key", "new", "--project", "raw").splitlines())
            headers = {"X_API_Key": keys["LOGS_SDK_API_KEY"], "X_API_Secret": keys["LOGS_SDK_API_SECRET"]}
            self.assertIn("raw  (without masking)", server.operate("project", "list"))
            self.post_all(server, **headers)
            self.assertEqual(self.found(), set(SECRETS))
            before = self.documents().count(NAME.encode())
            server.operate("project", "set", "raw", "--masking", "on")  # while it runs, from the next post on
            self.post_all(server, **headers)
            self.assertEqual(self.documents().count(NAME.encode()), before)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
