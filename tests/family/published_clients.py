"""The published clients of the family, as they are, against logs-server: what they post, and what became of it.

Run with the path of logs-server as the first argument, in a folder where the clients may be installed. The table in
docs/family.md is what the first test has seen; UPDATE_FAMILY_TABLE=1 writes it anew.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "server"))

from logs_server import LogsServer  # noqa: E402
from published import VERSIONS, PublishedClients  # noqa: E402
from table import DOCUMENT, documented, table_of, update  # noqa: E402

PROGRAM = ""
NEWEST = VERSIONS[-1]
SECRET = "hush-9f3b1c"
# Something in every field that an application can fill; send() overwrites the six that it knows itself.
RICH = {
    "uuid": "0192f0c1a2b37c4d8e5f6071829300{:02d}", "uid": 7, "timestamp": "2000-01-01T00:00:00Z", "duration_ms": 12,
    "project_slug": "other", "environment": "other", "service_name": "other", "host": "other", "process_id": "other",
    "method": "POST", "scheme": "https", "full_url": "https://shop.example/api/v1/orders?colour=red",
    "host_header": "shop.example", "path": "/api/v1/orders", "query_string": "colour=red",
    "origin": "https://shop.example/basket", "request_headers": '{"Accept": "*/*", "X-Tenant": "eu"}',
    "request_body": '{"quantity": 3}', "request_body_size": 15, "content_type": "application/json", "status_code": 502,
    "response_headers": '{"Content-Type": "text/plain"}', "response_body": "no answer", "response_body_size": 9,
    "client_ip": "203.0.113.9", "client_ip_chain": "203.0.113.9, 10.0.0.1", "client_type": "web", "client_port": 40000,
    "client_country": "CN", "client_province": "Zhejiang", "client_city": "Hangzhou", "client_isp": "an isp",
    "user_agent": "Mozilla/5.0", "device_type": "Desktop", "browser": "Firefox", "browser_version": "127.0",
    "os_name": "Linux", "os_version": "6", "tls_version": "1.3", "tls_cipher": "TLS_AES_128_GCM_SHA256",
    "proto": "HTTP/2", "api_version": "v1", "referer": "https://shop.example/basket", "upstream_status": 504,
    "latency_breakdown": '{"total_us": 12000}', "request_id": "r-1", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    "span_id": "00f067aa0ba902b7", "parent_span_id": "b7ad6b7169203331", "user_id": "ada", "session_id": "s-1",
    "is_error": True, "error_message": "upstream timed out", "error_type": "http_error", "error_stack": "a\nb",
    "panic_location": "main.py:7", "tags": {"colour": "red", "count": 3, "gift": True},
}


class PublishedClientsTest(unittest.TestCase):
    clients: PublishedClients

    @classmethod
    def setUpClass(cls) -> None:
        cls.clients = PublishedClients(Path.cwd())

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-family-server-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.server = self.enterContext(LogsServer(PROGRAM, self.folder))
        self.project = self.server.keys["LOGS_SDK_PROJECT_SLUG"]

    def run_client(self, version: str, *steps: dict[str, Any]) -> list[Any]:
        keys = self.server.keys
        config = {"endpoint": f"http://127.0.0.1:{self.server.port}/api/v1/ingest/logs", "project_slug": self.project,
                  "api_key": keys["LOGS_SDK_API_KEY"], "api_secret": keys["LOGS_SDK_API_SECRET"],
                  "environment": "staging", "service_name": "orders"}
        return self.clients.run(version, config, steps)

    def stored(self, query: str = "") -> list[dict[str, Any]]:
        """What a program with a token finds, newest first."""
        bearer = "Bearer " + self.server.keys["LOGS_SERVER_TOKEN"]
        status, body = self.server.request("GET", f"/api/v1/logs?limit=500&q={query}", Authorization=bearer)
        self.assertEqual(status, 200, body)
        return json.loads(body)["logs"]

    def stored_by_path(self) -> dict[str, dict[str, Any]]:
        return {entry["path"]: entry for entry in self.stored()}

    def post(self, version: str, *entries: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Posts these objects by the client's own posting function; what is stored then, by path."""
        self.run_client(version, {"post": list(entries)})
        return self.stored_by_path()

    # -- Entries

    def test_every_field_becomes_what_the_table_says(self) -> None:
        sent = {version: self.run_client(version, {"send": RICH | {"uuid": RICH["uuid"].format(number)}})[0]
                for number, version in enumerate(VERSIONS)}
        stored = {version: self.find(sent[version]["uuid"]) for version in VERSIONS}
        for version in VERSIONS:
            self.assertEqual(sent[version]["path"], RICH["path"])
            self.assertEqual(stored[version]["tags"] | {"extra.is_callback": False},
                             RICH["tags"] | {"extra.is_callback": False})
            self.assertEqual(stored[version]["is_error"], True)
            self.assertGreater(stored[version]["uid"], 0)
        rows = table_of(sent, stored)
        if os.environ.get("UPDATE_FAMILY_TABLE"):
            update(rows)
        self.assertEqual(rows, documented(), f"what {DOCUMENT.name} says is not what was seen")

    def find(self, uuid: str) -> dict[str, Any]:
        return next(entry for entry in self.stored() if entry["uuid"] == uuid)

    def test_tags_arrive_in_all_three_forms(self) -> None:
        tags = {"colour": "red", "count": 3, "gift": True}
        # 0.3.0 writes what it is given as JSON in a string, so a string becomes one in a string; 0.6.0 leaves it so.
        string, in_string = self.run_client("0.3.0", {"send": {"path": "/string", "tags": tags}},
                                            {"send": {"path": "/in-string", "tags": json.dumps(tags)}})
        plain, = self.run_client(NEWEST, {"send": {"path": "/object", "tags": tags}})
        self.assertEqual(plain["tags"], tags)
        self.assertEqual(string["tags"], json.dumps(tags))
        self.assertEqual(in_string["tags"], json.dumps(json.dumps(tags)))
        self.assertEqual(len(self.stored()), 3)
        for path, entry in self.stored_by_path().items():
            entry["tags"].pop("extra.is_callback", None)
            self.assertEqual(entry["tags"], tags, path)

    def test_numbers_arrive_as_numeric_strings_too(self) -> None:
        for version in VERSIONS:
            sent, = self.run_client(version, {"send": {"path": f"/{version}", "status_code": "502", "duration_ms": "17",
                                                       "client_port": "40000", "request_body_size": "0"}})
            self.assertEqual(sent["status_code"], "502")
            entry = self.stored_by_path()[f"/{version}"]
            numbers = ("status_code", "duration_ms", "client_port", "request_body_size")
            self.assertEqual([entry[name] for name in numbers], [502, 17, 40000, 0])

    def test_timestamps_stay_as_sent_with_and_without_fraction(self) -> None:
        day = self.today()
        times = [f"{day}T{time}" for time in ("00:00:00Z", "00:00:00.5Z", "00:00:00.123456Z", "00:00:00+00:00")]
        entries = [{"path": f"/{number}", "timestamp": time} for number, time in enumerate(times)]
        for version in VERSIONS:
            stored = self.post(version, *entries)
            self.assertEqual([stored[f"/{number}"]["timestamp"] for number in range(len(times))], times)

    def today(self) -> str:
        """The day by the clock of the server, as an entry without a timestamp shows it."""
        return self.post(NEWEST, {"path": "/now"})["/now"]["timestamp"][:10]

    def test_missing_fields_get_defaults_and_unknown_ones_are_kept(self) -> None:
        for version in VERSIONS:
            sent = {"path": f"/{version}", "trace_flags": "01", "shard": 5, "nested": {"a": [1]}}
            entry = self.post(version, sent)[f"/{version}"]
            self.assertEqual(entry["origin"], "unknown")
            self.assertEqual(entry["client_type"], "other")
            self.assertEqual(entry["request_headers"], "{}")
            self.assertEqual(entry["project_slug"], self.project)
            self.assertEqual({name for name in entry["tags"]}, {"extra.trace_flags", "extra.shard", "extra.nested"})
            self.assertEqual((entry["tags"]["extra.trace_flags"], entry["tags"]["extra.shard"]), ("01", 5))

    def test_an_empty_uuid_gets_one_and_is_never_a_duplicate(self) -> None:
        for version in VERSIONS:
            sent = self.run_client(version, {"send": {"path": f"/{version}"}}, {"send": {"path": f"/{version}"}})
            self.assertEqual([entry["uuid"] for entry in sent], ["", ""])
            uuids = {entry["uuid"] for entry in self.stored() if entry["path"] == f"/{version}"}
            self.assertEqual(len(uuids), 2)
            self.assertEqual({(len(uuid), uuid[12]) for uuid in uuids}, {(32, "7")})

    def test_an_identity_that_is_no_version_7_is_stored_once_by_its_value(self) -> None:
        version_4 = "{:08x}7cbd4c1f9a3f0d1e2c3b4a59"
        for number, version in enumerate(VERSIONS):
            entry = {"path": f"/{version}", "uuid": version_4.format(number)}
            self.run_client(version, {"send": entry})
            self.run_client(version, {"send": entry})
            found = [stored["uuid"] for stored in self.stored() if stored["path"] == f"/{version}"]
            self.assertEqual(found, [entry["uuid"]])

    def test_the_answer_is_one_that_the_client_takes_for_success(self) -> None:
        old, new = (self.run_client(version, {"post": [{"path": "/a"}, {"path": "/b"}]})[0] for version in VERSIONS)
        self.assertIsNone(old)
        self.assertEqual(new["received"], 2)

    # -- Secrets

    def test_secrets_that_the_clients_let_through_are_not_stored(self) -> None:
        leaks = {
            # Its own masking keeps the first 15 characters of an authorization, and knows three names.
            "request_headers": json.dumps({"authorization": SECRET, "x-api-key": SECRET, "accept": "*/*"}),
            "response_headers": json.dumps({"set-cookie": f"session={SECRET}; Path=/"}),
            "request_body": json.dumps({"password": SECRET, "quantity": 3}), "content_type": "application/json",
            "query_string": f"token={SECRET}", "full_url": f"https://me:{SECRET}@shop.example/?token={SECRET}",
            "referer": f"https://shop.example/?access_token={SECRET}", "error_message": f"password={SECRET}",
            "tags": {"client_secret": SECRET, "colour": "red"},
        }
        for version in VERSIONS:
            sent, = self.run_client(version, {"send": leaks | {"path": f"/{version}"}})
            self.assertIn(SECRET, json.dumps(sent))
            entry = self.stored_by_path()[f"/{version}"]
            self.assertNotIn(SECRET, json.dumps(entry))
            self.assertEqual(json.loads(entry["request_headers"]),
                             {"authorization": "***", "x-api-key": "***", "accept": "*/*"})
            self.assertEqual(json.loads(entry["request_body"]), {"password": "***", "quantity": 3})
            self.assertEqual((entry["tags"]["client_secret"], entry["tags"]["colour"]), ("***", "red"))
        self.server.end()
        for path in (self.folder / "data").rglob("*"):
            if path.is_file():
                self.assertNotIn(SECRET.encode(), path.read_bytes(), path)

    # -- What else they offer

    def test_no_published_client_has_methods_for_messages(self) -> None:
        names = ["debug", "info", "warn", "error"]
        for version in VERSIONS:
            self.assertEqual(self.run_client(version, {"has": names})[0], dict.fromkeys(names, False), version)

    def test_infrastructure_entries_of_the_newest_client_never_leave_it(self) -> None:
        """Its posting function uses a module that it does not import, and reports the failure as the server's."""
        self.assertEqual(self.run_client("0.3.0", {"has": ["upload_infra_log"]})[0], {"upload_infra_log": False})
        upload, = self.run_client(NEWEST, {"upload": {"message": "begun", "level": "info"}})
        self.assertFalse(upload["answer"])
        self.assertEqual(self.stored(), [])

    def test_infrastructure_entries_of_the_newest_client_are_stored_once_posted(self) -> None:
        fields = {"source_type": "database", "source_name": "orders-primary", "level": "error", "message": "deadlock",
                  "metadata": json.dumps({"table": "orders", "password": SECRET}), "related_api_uuid": "ab" * 16,
                  "is_error": True, "error_detail": f"token={SECRET}"}
        entry = self.run_client(NEWEST, {"to_dict": fields})[0]
        self.assertEqual(entry["uuid"], "")
        status, body = self.server.request("POST", "/api/v1/ingest/infra-logs", json.dumps({"logs": [entry]}).encode(),
                                           **self.server.key_headers)
        self.assertEqual((status, json.loads(body)["accepted"]), (200, 1), body)
        stored, = self.stored()
        self.assertEqual(stored["kind"], "infra")
        self.assertNotIn(SECRET, json.dumps(stored))
        kept = ("source_type", "source_name", "level", "message", "related_api_uuid", "is_error")
        self.assertEqual({name: stored[name] for name in kept}, {name: fields[name] for name in kept})
        self.assertEqual(json.loads(stored["metadata"]), {"table": "orders", "password": "***"})
        self.assertEqual(stored["uuid"][12], "7")


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
