"""Every kind of entry from a real application to the real platform, and found again as a person would look for it.

Run with the paths of logs-server and of a sample service as arguments.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "server"))

from logs_server import PATIENCE_SECONDS, LogsServer  # noqa: E402

SERVER = SERVICE = ""


class SampleService:
    """The sample service, posting to `server`; its spool and its log lie in `folder`."""

    def __init__(self, folder: Path, server: LogsServer):
        keys = {name: value for name, value in server.keys.items() if name.startswith("LOGS_SDK_")}
        env = {**os.environ, **keys, "LOGS_SDK_OFFLINE_DIR": str(folder / "spool"), "LOGS_SDK_FLUSH_INTERVAL": "0.05"}
        self._log = folder / "service.log"
        with self._log.open("w") as out:
            self.process = subprocess.Popen([SERVICE, "--port", "0"], stdout=out, stderr=out, env=env)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (match := re.search(r"listening on (\S+)\n", self._log.read_text())):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(self._log.read_text())
            time.sleep(0.01)
        self.url = match[1]
        self._connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=PATIENCE_SECONDS)

    def request(self, method: str, path: str, body: str = "") -> dict[str, Any]:
        """All requests go over one connection: when one is answered, those before have ended."""
        self._connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        return json.loads(self._connection.getresponse().read())

    def status_of(self, path: str) -> int:
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        response.read()
        return response.status

    def check_out(self, basket: int, **form: str) -> dict[str, Any]:
        return self.request("POST", f"/checkout/{basket}", urllib.parse.urlencode(form))

    def end(self, signal_number: int = signal.SIGTERM) -> int:
        self.process.send_signal(signal_number)
        return self.process.wait(PATIENCE_SECONDS)

    def __enter__(self) -> SampleService:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class EveryKindTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-every-kind-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.server = self.enterContext(LogsServer(SERVER, self.folder))

    def find(self, query: str) -> list[dict[str, Any]]:
        """What the console would list for `query`, newest first."""
        bearer = "Bearer " + self.server.keys["LOGS_SERVER_TOKEN"]
        status, body = self.server.request("GET", f"/api/v1/logs?limit=500&q={urllib.parse.quote(query)}",
                                           Authorization=bearer)
        self.assertEqual(status, 200, body)
        return json.loads(body)["logs"]

    def find_one(self, query: str) -> dict[str, Any]:
        found = self.find(query)
        self.assertEqual(len(found), 1, f"{query}: {found}")
        return found[0]

    def await_entries(self, count: int, query: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(found := self.find(query)) < count:
            self.assertLess(time.monotonic(), deadline, f"{query}: only {len(found)} of {count} entries came")
            time.sleep(0.05)

    def test_what_a_handler_tells_is_found_with_its_request(self) -> None:
        with SampleService(self.folder, self.server) as service:
            self.assertEqual(service.check_out(1, user="ada", session="s-1", item="kettle"), {"ok": True})
            self.assertEqual(service.check_out(2, user="bob", session="s-2", item="teapot"), {"ok": False})
            self.assertEqual(service.end(), 0)

        bought = self.find_one("user_id:ada")
        self.assertEqual((bought["path"], bought["session_id"], bought["tags"]["basket"]), ("/checkout/1", "s-1", "1"))
        self.assertFalse(bought["is_error"])
        sold_out = self.find_one("error_type:business_error")
        self.assertEqual((sold_out["path"], sold_out["status_code"], sold_out["user_id"]), ("/checkout/2", 200, "bob"))
        self.assertTrue(sold_out["is_error"])
        self.assertIn("sold out: teapot", sold_out["error_message"])

        for request, item in (bought, "kettle"), (sold_out, "teapot"):
            message, = (e for e in self.find(f"trace_id:{request['trace_id']}") if e["uuid"] != request["uuid"])
            self.assertEqual((message["method"], message["path"]), ("MANUAL", "/_log/info"))
            self.assertEqual((message["origin"], message["error_type"]), ("manual", "manual_info"))
            self.assertEqual(message["request_body"], f"checking out {item}")
            self.assertEqual(message["parent_span_id"], request["span_id"])
            self.assertEqual(message["tags"], {"item": item, "attempt": 1})
        self.assertEqual(len(self.find("method:MANUAL")), 2)

    def test_an_entry_of_the_infrastructure_is_found_by_its_own_fields(self) -> None:
        with SampleService(self.folder, self.server) as service:
            self.await_entries(1, "kind:infra")
            started = self.find_one(f"kind:infra source_name:{Path(SERVICE).name} level:info message:listening*")
            self.assertEqual(started["message"], f"listening on {service.url}")
            self.assertEqual(started["source_type"], "process")
            self.assertEqual(list(json.loads(started["metadata"])), ["library"])
            self.assertEqual((started["trace_id"], started["related_api_uuid"], started["is_error"]), ("", "", False))
            self.assertEqual(self.find("kind:entry"), [])

    def expect_place_of_the_throw(self, entry: dict[str, Any]) -> None:
        """Function, file and line of the throw, which is what stands in that line; and who called."""
        self.assertEqual((entry["is_error"], entry["error_type"], entry["status_code"]), (True, "panic", 500))
        self.assertEqual(entry["error_message"], "std::runtime_error: the warehouse does not answer")
        place = re.fullmatch(r"(.*) at (\S+/main\.cc):(\d+)", entry["panic_location"])
        self.assertIsNotNone(place, entry["panic_location"])
        self.assertIn("ask_warehouse", place[1])
        source = HERE.parent.parent / "examples" / Path(SERVICE).name / "main.cc"
        self.assertIn("throw std::runtime_error", source.read_text().splitlines()[int(place[3]) - 1])
        stack = entry["error_stack"].splitlines()
        self.assertEqual(stack[-1], entry["panic_location"])
        self.assertIn("reserve", stack[-2])
        self.assertNotIn("logs_sdk::v1::", "".join(line for line in stack if line.startswith("logs_sdk::")))

    def test_an_exception_shows_where_it_was_thrown(self) -> None:
        with SampleService(self.folder, self.server) as service:
            self.assertEqual(service.status_of("/boom"), 500)
            self.await_entries(1, "path:/boom")
            self.assertEqual(service.end(), 0)
        self.expect_place_of_the_throw(self.find_one("path:/boom"))

    def test_every_kind_survives_a_kill_while_the_platform_is_away(self) -> None:
        with SampleService(self.folder, self.server) as service:
            self.await_entries(1, "kind:infra")  # its start
            self.server.process.send_signal(signal.SIGSTOP)
            service.check_out(3, user="eve", item="teapot")
            service.status_of("/boom")
            service.request("GET", "/items/1")
            service.end(signal.SIGKILL)
        self.server.process.send_signal(signal.SIGCONT)
        with SampleService(self.folder, self.server):  # ships what the killed one left
            for count, query in (1, "path:/checkout/3"), (1, "method:MANUAL"), (2, "kind:infra"):
                self.await_entries(count, query)
        self.assertEqual(self.find_one("path:/checkout/3")["user_id"], "eve")
        self.assertEqual(self.find_one("method:MANUAL")["request_body"], "checking out teapot")
        self.expect_place_of_the_throw(self.find_one("path:/boom"))
        self.assertEqual(len(self.find("kind:infra")), 2)


if __name__ == "__main__":
    SERVER, SERVICE = (str(Path(sys.argv.pop(1)).resolve()) for _ in range(2))
    unittest.main(verbosity=2)
