"""Bad input over HTTP: what logs-server answers, that a good post works after each, and that its log holds no value of it.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import gzip
import json
import re
import socket
import struct
import sys
import tempfile
import unittest
import uuid
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator
from urllib.parse import quote

from logs_server import PATIENCE_SECONDS, LogsServer

PROGRAM = ""
LOGS, INFRA = "/api/v1/ingest/logs", "/api/v1/ingest/infra-logs"
MIB = 1 << 20
# Stands in everything that is sent, and must stand nowhere in the server's log.
VALUE = "unmistakable"
UUID4, UUID7 = "9b2f6f0e-6f0c-4a57-9d2a-3a2b1c0d4e5f", "019c131f4a527abc8def0123456789ab"


def batch(*entries: object) -> bytes:
    return json.dumps({"logs": list(entries)}).encode()


@dataclass
class Case:
    """One post, to both addresses unless it says which."""

    name: str
    body: bytes
    status: int
    answer: str = ""  # a part of it
    headers: dict[str, str | None] = field(default_factory=dict)  # None: left out
    paths: tuple[str, ...] = (LOGS, INFRA)
    query: str = ""


MALFORMED = f'{{"logs":[{{"host":"{VALUE}"}},]}}'.encode()
NOT_UTF8 = f'{{"logs":[{{"host":"{VALUE}'.encode() + b'\xff"}]}'
NESTED = b'{"logs":[{"timestamp":"2026-01-31","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}]}"
UNCLOSED = b'{"logs":[{"x":' + b"[" * 100_000
TIME = "1970-01-01T00:00:00Z"  # says something in an entry of either kind; too old to be ordered by
GOOD = batch({"host": VALUE, "timestamp": TIME})
WRONG_TYPES = batch({"host": [VALUE]}, {"host": VALUE, "timestamp": TIME}, {"is_error": VALUE}, VALUE, {"uuid": VALUE}, {"project_slug": "bank"})

CASES = [
    Case("malformed JSON", MALFORMED, 400, f'"offset":{MALFORMED.index(b",]") + 1}'),
    Case("cut JSON", GOOD[:-1], 400, f'"offset":{len(GOOD) - 1}'),
    Case("an empty body", b"", 400, '"offset":0'),
    Case("another document", b"[1]", 400, 'an array named \\"logs\\"'),
    Case("not UTF-8", NOT_UTF8, 400, f'"offset":{NOT_UTF8.index(0xFF)}'),
    Case("deep nesting", NESTED, 200, '"accepted":1'),
    Case("deep nesting without an end", UNCLOSED, 400, f'"offset":{len(UNCLOSED)}'),
    Case("an empty list", b'{"logs":[]}', 200, '"accepted":0,"duplicate":0,"rejected":[]'),
    Case("no field at all", batch({}), 200, 'path, error_message, request_body and timestamp: all empty', paths=(LOGS,)),
    Case("no field at all", batch({}), 200, 'fields message, error_detail and timestamp: all empty', paths=(INFRA,)),
    Case("nothing said", batch({"host": VALUE, "timestamp": ""}), 200, '"accepted":0,"duplicate":0,"rejected":[{"index":0'),
    Case("unknown fields", batch({"nobody_knows": VALUE, "timestamp": TIME}), 200, '"accepted":1'),
    Case("wrong types", WRONG_TYPES, 200, '"index":0,"uuid":"","reason":"field host: an array where a string is expected"'),
    Case("a boolean that is none", WRONG_TYPES, 200, '"reason":"field is_error: a string that is neither true nor false"'),
    Case("no entry", WRONG_TYPES, 200, '"reason":"a string where an entry is expected"'),
    Case("no uuid", WRONG_TYPES, 200, '"reason":"field uuid: a string that is not a UUID"'),
    Case("another project", WRONG_TYPES, 200, '"reason":"field project_slug: not the project of this key"'),
    Case("the good one among them", WRONG_TYPES, 200, '"accepted":1,"duplicate":0'),
    Case("over 8 MiB", b" " * (9 * MIB), 413, "larger than 8388608 bytes"),
    Case("100,000 entries", b'{"logs":[' + b"{}," * 99_999 + b"{}]}", 413, "more than 10000 entries"),
    Case("a gzip bomb", gzip.compress(b"\0" * (64 * MIB)), 413, "larger", {"Content-Encoding": "gzip"}),
    Case("unknown encoding", GOOD, 415, "zstd or gzip", {"Content-Encoding": "br"}),
    Case("two encodings", GOOD, 415, "zstd or gzip", {"Content-Encoding": "gzip, zstd"}),
    Case("not gzip", GOOD, 400, "not what its Content-Encoding says", {"Content-Encoding": "gzip"}),
    Case("gzip called zstd", gzip.compress(GOOD), 400, "not what its", {"Content-Encoding": "zstd"}),
    Case("cut gzip", gzip.compress(GOOD)[:-9], 400, "ends before", {"Content-Encoding": "gzip"}),
    Case("no key", GOOD, 401, "X-API-Key is missing", {"X-API-Key": None}),
    Case("a wrong key", GOOD, 401, "wrong", {"X-API-Key": "clog_pk_" + VALUE}),
    Case("a wrong secret", GOOD, 401, "wrong", {"X-API-Secret": "clog_sk_" + VALUE}),
    Case("an empty secret", GOOD, 401, "wrong", {"X-API-Secret": ""}),
    Case("a key in the address", GOOD, 401, "missing", {"X-API-Key": None}, query=f"?api_key={VALUE}"),
    Case("the secret of another project", GOOD, 401, "wrong", {"X-API-Secret": "FOREIGN"}),
    Case("a path that is none", GOOD, 404, "nothing at this path", paths=(LOGS + "/" + VALUE, "/" + VALUE)),
]

# What is asked, what is answered: the place, in characters from 0, and what was expected there.
QUERIES = [
    ("(", 400, {"position": 1, "error": "q: expected a term, the query ends here"}),
    (f'"{VALUE}', 400, {"position": 0, "error": "q: expected a closing quote for this one"}),
    ("status:high", 400, {"position": 7, "error": "q: expected a whole number for status_code"}),
    ("level:>warn", 400, {"position": 7, "error": "q: level has no order: expected a value without < and >"}),
    ("\u4e2d nosuch:1", 400, {"position": 2}),
    ("a OR", 400, {"position": 4}),
    ("x" * 20_000, 400, {"position": 0, "error": "q: expected at most 16384 bytes, not 20000"}),
    ("x" * MIB, 431, {"error": "the header is larger than 32768 bytes"}),
    ("-" * 70 + "x", 400, {"error": "q: expected at most 64 parentheses and negations in one another"}),
]


def zstd_zeros(size: int) -> Iterator[bytes]:
    """A zstd frame (RFC 8878) of zeros: blocks of 128 KiB, each of which takes four bytes."""
    yield b"\x28\xb5\x2f\xfd\x00\x38"  # magic number, no options, a window of 128 KiB
    run_of_zeros = struct.pack("<I", (128 << 10) << 3 | 1 << 1)[:3] + b"\0"
    for _ in range(size >> 27):
        yield run_of_zeros * 1024
    yield b"\x01\0\0"


def gzip_zeros(size: int) -> Iterator[bytes]:
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(size >> 20):
        yield compressor.compress(b"\0" * MIB)
    yield compressor.flush()


class BadInputTest(unittest.TestCase):
    server: LogsServer
    foreign_secret: str

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-bad-input-")
        cls.addClassCleanup(folder.cleanup)
        # All at once on one key: its bounds are not what is tested here.
        cls.server = LogsServer(PROGRAM, Path(folder.name))
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.operate("project", "new", "bank")
        cls.foreign_secret = dict(line.split("=", 1) for line in
                                  cls.server.operate("key", "new", "--project", "bank").splitlines())["LOGS_SDK_API_SECRET"]

    def tearDown(self) -> None:
        log = self.server.log.read_text()
        self.assertNotIn(VALUE, log)
        shown_at_start = self.server.keys["LOGS_SDK_API_SECRET"]
        self.assertEqual(log.count(shown_at_start), 1)
        self.assertIsNone(self.server.process.poll())

    def headers(self, changed: dict[str, str | None]) -> dict[str, str]:
        given = {**{name.replace("_", "-"): value for name, value in self.server.key_headers.items()}, **changed}
        if given.get("X-API-Secret") == "FOREIGN":
            given["X-API-Secret"] = self.foreign_secret
        return {name: value for name, value in given.items() if value is not None}

    def assert_good_posts_work(self) -> None:
        for path in (LOGS, INFRA):
            entry = {"uuid": uuid.uuid4().hex, "timestamp": TIME}
            self.assertEqual(self.server.post(batch(entry), path)[1]["accepted"], 1)

    def listed(self, **parameters: str) -> list[dict]:
        query = "&".join(f"{name}={quote(value)}" for name, value in parameters.items())
        status, answer = self.server.request("GET", f"/api/v1/logs?{query}",
                                             Authorization="Bearer " + self.server.keys["LOGS_SERVER_TOKEN"])
        self.assertEqual(status, 200, answer)
        return json.loads(answer)["logs"]

    def test_each_bad_post_has_its_answer_and_the_next_good_one_works(self) -> None:
        for case in CASES:
            for path in case.paths:
                with self.subTest(case.name, path=path):
                    status, answer = self.server.request("POST", path + case.query, case.body, **self.headers(case.headers))
                    self.assertEqual(status, case.status, answer[:500])
                    self.assertIn(case.answer, answer.decode())
                    self.assertNotIn(VALUE, answer.decode())
                    self.assert_good_posts_work()

    def test_json_text_with_white_space_around_it_is_kept_as_it_came(self) -> None:
        """As encoders of streams write it. In many sizes, since what lies behind a text in memory depends on its own."""
        host = uuid.uuid4().hex
        kept = {}
        for space in ("\n", " ", "\r\n", "\n\n\t"):
            for size in range(0, 40, 3):
                text = json.dumps({"a": "b" * size}) + space
                for path, name in ((LOGS, "request_headers"), (LOGS, "response_headers"), (LOGS, "latency_breakdown"),
                                   (INFRA, "metadata")):
                    message = f"{name} {size} {space!r}"
                    entry = {"host": host, name: text, "error_message" if path == LOGS else "message": message}
                    self.assertEqual(self.server.post(batch(entry), path)[1]["accepted"], 1)
                    kept[message] = (name, text)
        found = {entry.get("message", "") or entry["error_message"]: entry for entry in
                 self.listed(q=f"host:{host}", limit="500")}
        self.assertEqual({message: found[message][name] for message, (name, _) in kept.items()},
                         {message: text for message, (_, text) in kept.items()})

    def test_the_three_counts_add_up_to_what_was_sent(self) -> None:
        for path in (LOGS, INFRA):
            _, answer = self.server.post(WRONG_TYPES, path)
            self.assertEqual(answer["accepted"] + answer["duplicate"] + len(answer["rejected"]), 6)
            self.assertEqual([entry["index"] for entry in answer["rejected"]], [0, 2, 3, 4, 5])

    def test_as_many_entries_that_say_nothing_as_a_post_holds_are_refused_and_none_is_stored(self) -> None:
        before = self.listed(limit="1")
        for path in (LOGS, INFRA):
            status, answer = self.server.post(b'{"logs":[' + b"{}," * 9_999 + b"{}]}", path)
            self.assertEqual((status, answer["accepted"], answer["duplicate"]), (200, 0, 0))
            self.assertEqual([entry["index"] for entry in answer["rejected"]], list(range(10_000)))
            self.assert_good_posts_work()
        self.assertEqual(self.listed(limit="5")[4:], before)

    def test_a_uuid_is_known_again_in_every_spelling_and_by_either_kind(self) -> None:
        for first, again in ((UUID4, UUID4), (UUID7, UUID7.upper()), (UUID4.upper(), UUID4.replace("-", ""))):
            self.server.post(batch({"uuid": first, "timestamp": TIME}))
            for path in (LOGS, INFRA):
                self.assertEqual(self.server.post(batch({"uuid": again, "timestamp": TIME}), path)[1]["duplicate"], 1, again)
        for path in (LOGS, INFRA):
            for empty in ("", "0" * 32, None):  # gets one from the server, and is never a duplicate
                entry = {"uuid": empty, "timestamp": TIME}
                self.assertEqual(self.server.post(batch(entry, entry), path)[1]["accepted"], 2)

    def test_times_that_cannot_be_are_stored_as_sent_and_listed_by_their_receipt(self) -> None:
        times = ["1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "garbage", "99999", "2026-13-45T99:99:99Z"]
        for path in (LOGS, INFRA):
            host = uuid.uuid4().hex
            self.assertEqual(self.server.post(batch(*({"timestamp": time, "host": host} for time in times)), path)[1]["accepted"],
                             len(times))
            found = self.listed(q=f"host:{host}")
            self.assertEqual([entry["timestamp"] for entry in found], times[::-1])  # the newest first, by receipt

    def test_missing_fields_have_their_defaults_and_unknown_ones_stand_in_tags(self) -> None:
        for path, default in ((LOGS, ("client_type", "other")), (INFRA, ("level", "info"))):
            host = uuid.uuid4().hex
            self.server.post(batch({"host": host, "color": "red", "timestamp": TIME}), path)
            [entry] = self.listed(q=f"host:{host}")
            self.assertEqual(entry[default[0]], default[1])
            self.assertEqual(entry["tags"], {"extra.color": "red"})
            self.assertEqual(entry.get("kind", "entry"), "infra" if path == INFRA else "entry")

    def test_a_bomb_that_streams_is_stopped_and_costs_bounded_memory(self) -> None:
        for encoding, zeros in (("gzip", gzip_zeros), ("zstd", zstd_zeros)):
            for path in (LOGS, INFRA):
                with self.subTest(encoding, path=path):
                    self.server.post(b" " * (8 * MIB - 11) + b'{"logs":[]}', path)  # as large as a body may be
                    before = self.peak_memory_bytes(reset=True)
                    self.assertIn(b" 413 ", self.stream(path, encoding, zeros(1 << 30)).split(b"\r\n")[0])
                    self.assertLess(self.peak_memory_bytes() - before, 24 * MIB)
                    self.assert_good_posts_work()

    def peak_memory_bytes(self, reset: bool = False) -> int:
        process = Path("/proc", str(self.server.process.pid))
        if reset:
            (process / "clear_refs").write_text("5")  # the peak begins anew at what is used now
        peak = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())
        assert peak is not None
        return int(peak[1]) * 1024

    def stream(self, path: str, encoding: str, pieces: Iterator[bytes]) -> bytes:
        """Sends a chunked body for as long as the server takes it; what it answered."""
        with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE_SECONDS) as client:
            head = "".join(f"{name}: {value}\r\n" for name, value in self.headers({"Content-Encoding": encoding}).items())
            client.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n{head}\r\n".encode())
            try:
                for piece in pieces:
                    if piece:
                        client.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
                client.sendall(b"0\r\n\r\n")
            except OSError:
                pass  # the answer came first
            return client.recv(4096)

    def test_a_connection_that_is_cut_leaves_nothing(self) -> None:
        host = uuid.uuid4().hex
        body = batch({"host": host, "timestamp": TIME})
        for path in (LOGS, INFRA):
            for size in (0, 1, len(body) - 1):
                with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE_SECONDS) as client:
                    head = "".join(f"{name}: {value}\r\n" for name, value in self.headers({}).items())
                    client.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode())
                    client.sendall(body[:size])
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not an end
            self.assert_good_posts_work()
        self.assertEqual(self.listed(q=f"host:{host}"), [])

    def test_a_client_that_trickles_is_cut_off_while_others_are_served(self) -> None:
        slow = [socket.create_connection(("127.0.0.1", self.server.port), PATIENCE_SECONDS) for _ in range(50)]
        for client in slow:
            self.addCleanup(client.close)
            client.sendall(f"POST {LOGS} HTTP/1.1\r\nHost: localhost\r\nX-Never: {VALUE}".encode())
        self.assert_good_posts_work()
        for client in slow:  # ends when the server ends it; without a bound this fails by PATIENCE_SECONDS
            answer = b"".join(iter(lambda: client.recv(4096), b""))
            self.assertTrue(answer == b"" or b" 408 " in answer.split(b"\r\n")[0], answer)
        self.assert_good_posts_work()

    def test_requests_that_are_none_are_refused(self) -> None:
        for sent, status in ((b"garbage\r\n\r\n", 400), (b"GET / HTTP/9.9\r\n\r\n", 505), (b"\0\1\2\3\r\n\r\n", 400),
                             (b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n" % LOGS.encode(), 400),
                             (b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                              % LOGS.encode(), 400),
                             (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 40_000 + b"\r\n\r\n", 431)):
            with self.subTest(sent[:40]), socket.create_connection(("127.0.0.1", self.server.port), PATIENCE_SECONDS) as client:
                client.sendall(sent)
                self.assertIn(b" %d " % status, client.recv(4096).split(b"\r\n")[0])
        for method, path in (("GET", LOGS), ("PUT", INFRA), ("DELETE", LOGS), ("BREW", "/api/v1/logs"), ("POST", "/api/v1/logs")):
            with self.subTest(method, path=path):
                self.assertEqual(self.server.request(method, path, None, **self.headers({}))[0], 405)
        self.assert_good_posts_work()

    def test_a_bad_query_is_told_the_place_and_what_was_expected(self) -> None:
        bearer = "Bearer " + self.server.keys["LOGS_SERVER_TOKEN"]
        for query, status, expected in QUERIES:
            with self.subTest(query[:40]):
                got, answer = self.server.request("GET", "/api/v1/logs?q=" + quote(query), Authorization=bearer)
                self.assertEqual(got, status, answer)
                self.assertEqual({**json.loads(answer), **expected}, json.loads(answer))
        self.assertEqual(self.listed(limit="1", q="*"), self.listed(limit="1"))


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
