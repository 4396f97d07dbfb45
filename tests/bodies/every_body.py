"""Bodies in every coding and charset, sent to a real service, recorded by its adapter, read back from the real platform
as a person would read them.

Run with the paths of logs-server and of a service (beast_bodies, httplib_bodies) as arguments.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import zlib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "server"))

from logs_server import PATIENCE_SECONDS, LogsServer  # noqa: E402

SERVER = SERVICE = ""
BODIES = HERE.parents[1] / "testing" / "bodies"
SECRET = "hunter2"
ORDER = json.dumps({"note": "订单", "password": SECRET, "n": 17}, ensure_ascii=False)
SHOWN = ORDER.replace(SECRET, "***")


def samples(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (BODIES / name).read_text(encoding="utf-8").splitlines()]


def is_httplib() -> bool:
    return Path(SERVICE).name.startswith("httplib")


class EveryBodyTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-every-body-")
        self.addCleanup(folder.cleanup)
        self.server = self.enterContext(LogsServer(SERVER, Path(folder.name)))
        keys = {name: value for name, value in self.server.keys.items() if name.startswith("LOGS_SDK_")}
        log = Path(folder.name) / "service.log"
        with log.open("w") as out:
            self.service = subprocess.Popen([SERVICE], stdout=out, stderr=out, env={
                **os.environ, **keys, "LOGS_SDK_OFFLINE_DIR": folder.name + "/spool", "LOGS_SDK_FLUSH_INTERVAL": "0.05",
                "LOGS_SDK_CAPTURE_BODIES": "true"})
        self.addCleanup(self.service.wait)
        self.addCleanup(self.service.kill)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (match := re.search(r"listening on 127.0.0.1:(\d+)\n", log.read_text())):
            if self.service.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(log.read_text())
            time.sleep(0.01)
        self.port = int(match[1])

    def send(self, body: bytes, headers: dict[str, str], query: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        self.addCleanup(connection.close)
        connection.request("POST", "/echo?" + query, body, headers)
        response = connection.getresponse()
        self.answer = response.read()
        return response

    def entry(self, query: str) -> dict[str, Any]:
        """The one stored entry that the query finds, once it is there."""
        address = f"/api/v1/logs?limit=10&q={urllib.parse.quote(query)}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            status, answer = self.server.request("GET", address,
                                                 Authorization="Bearer " + self.server.keys["LOGS_SERVER_TOKEN"])
            self.assertEqual(status, 200, answer)
            found = json.loads(answer)["logs"]
            self.assertLessEqual(len(found), 1, query)
            if found:
                self.assertNotIn(SECRET, json.dumps(found))
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"no entry for {query}")

    def test_a_body_in_any_coding_is_read_as_masked_json(self) -> None:
        for number, (coding, data) in enumerate(samples("codings.tsv")):
            if is_httplib() and coding not in ("", "identity", "gzip", "deflate", "br"):
                continue  # it refuses others itself
            if is_httplib() and coding == "deflate" and not data.startswith("78"):
                continue  # nor does it take the bare stream
            with self.subTest(coding=coding):
                body = bytes.fromhex(data)
                content = bytes.fromhex(samples("codings.tsv")[0][1]).decode()
                response = self.send(body, {"Content-Type": "application/json", "Content-Encoding": coding},
                                     f"coding={number}")
                self.assertEqual(response.status, 200)
                entry = self.entry(f"query_string:coding={number}")
                shown = content.replace("correct horse", "***")
                self.assertEqual(entry["request_body"], shown)
                self.assertEqual(entry["request_body_size"], len(body))
                self.assertEqual(entry["response_body"], shown)
                self.assertEqual(entry["response_body_size"], len(self.answer))

    def test_a_body_in_any_charset_is_read_as_masked_text(self) -> None:
        for number, codec in enumerate(("utf-16-le", "utf-16-be", "gbk", "gb18030", "utf-8-sig", "utf-32-le")):
            with self.subTest(codec=codec):
                body = ORDER.encode(codec)
                label = codec.replace("16-", "16").replace("32-", "32").removesuffix("-sig")
                self.send(body, {"Content-Type": f"application/json; charset={label}"}, f"charset={number}")
                self.assertEqual(self.answer, body)
                entry = self.entry(f"query_string:charset={number}")
                self.assertEqual((entry["request_body"], entry["response_body"]), (SHOWN, SHOWN))
                self.assertEqual((entry["request_body_size"], entry["response_body_size"]), (len(body), len(body)))

    def test_an_answer_that_the_framework_compresses_is_read(self) -> None:
        self.send(ORDER.encode() * 20, {"Content-Type": "application/json", "Accept-Encoding": "gzip"}, "answer=1")
        entry = self.entry("query_string:answer=1")
        self.assertEqual(entry["response_body"], SHOWN * 20)
        self.assertEqual(entry["response_body_size"], len(self.answer))
        if is_httplib():
            self.assertLess(len(self.answer), len(ORDER.encode()) * 20)
            self.assertEqual(gzip.decompress(self.answer), ORDER.encode() * 20)

    def test_a_bomb_is_cut_at_the_limit_and_counted_as_it_came(self) -> None:
        pieces = zlib.compressobj(9, wbits=31)
        bomb = b"".join(pieces.compress(b"0" * (1 << 20)) for _ in range(64)) + pieces.flush()
        coding = "identity" if is_httplib() else "gzip"  # it would undo it, and refuse what comes out
        self.send(bomb, {"Content-Type": "text/plain", "Content-Encoding": coding}, "bomb=1")
        entry = self.entry("query_string:bomb=1")
        if not is_httplib():
            self.assertEqual(entry["request_body"], "0" * 4096 + "...[truncated]")
        else:
            self.assertEqual(entry["request_body"], f"[binary text/plain {len(bomb)} bytes]")
        self.assertEqual(entry["request_body_size"], len(bomb))

    def test_a_long_json_shows_that_it_was_cut(self) -> None:
        body = json.dumps({"items": ["订" * 9] * 1000, "password": SECRET}, ensure_ascii=False).encode()
        self.send(body, {"Content-Type": "application/json"}, "long=1")
        shown = self.entry("query_string:long=1")["request_body"]
        self.assertTrue(shown.endswith("...[truncated]"))
        self.assertTrue(body.decode().startswith(shown.removesuffix("...[truncated]")))
        self.assertLessEqual(len(shown.removesuffix("...[truncated]").encode()), 4096)

    def stream(self, end: str) -> bytes:
        """What comes before the service ends it, or 100 kB, at which the client leaves."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS) as client:
            client.sendall(f"GET /stream/{end} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
                           .encode())
            received = b""
            while len(received) < 100_000 and not received.endswith(b"0\r\n\r\n") and (piece := client.recv(65536)):
                received += piece
            return received

    def test_a_stream_shows_its_first_bytes_all_of_them_counted_and_who_ended_it(self) -> None:
        for end in ("server", "handler", "client"):
            with self.subTest(end=end):
                self.stream(end)
                entry = self.entry(f"path:/stream/{end}")
                self.assertEqual(entry["tags"]["stream_ended_by"], end)
                self.assertTrue(entry["response_body"].startswith("password=*** first\n"), entry["response_body"][:50])
                self.assertEqual(entry["status_code"], 200)
                self.assertEqual(entry["error_type"], "" if end == "server" else "aborted")
                timings = json.loads(entry["latency_breakdown"])
                self.assertLessEqual(timings["first_byte_us"], timings["total_us"])
                self.assertGreaterEqual(entry["response_body_size"], len("password=hunter2 first\n"))
                if end == "client":
                    self.assertGreater(entry["response_body_size"], 4096)


if __name__ == "__main__":
    SERVER, SERVICE = (str(Path(sys.argv.pop(1)).resolve()) for _ in range(2))
    unittest.main(verbosity=2)
