"""What the server fills in of who called: through a real post, found by the query language, shown by the API.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import json
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import quote

from logs_server import LogsServer

PROGRAM = ""
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
IPHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 "
          "Mobile/15E148 Safari/604.1")
WECHAT = ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
          "MicroMessenger/8.0.44(0x18002c2f) NetType/WIFI Language/zh_CN")
HINTS = {"sec-ch-ua": '"Not_A Brand";v="8", "Chromium";v="120", "Google Chrome";v="120"', "sec-ch-ua-mobile": "?0",
         "sec-ch-ua-platform": '"Windows"', "sec-ch-ua-platform-version": '"15.0.0"'}
FIVE = ("device_type", "browser", "browser_version", "os_name", "os_version")


def uuid(number: int) -> str:
    return f"019c131f4a527abc8def{number:012x}"


class EnrichmentTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-enrichment-")
        self.addCleanup(folder.cleanup)
        self.server = LogsServer(PROGRAM, Path(folder.name))
        self.addCleanup(self.server.__exit__)
        self.token = {"Authorization": "Bearer " + self.server.keys["LOGS_SERVER_TOKEN"]}

    def post(self, *entries: dict, path: str = "/api/v1/ingest/logs") -> None:
        logs = [{"path": "/", **entry} for entry in entries]  # what each of them is about
        status, answer = self.server.post(json.dumps({"logs": logs}).encode(), path)
        self.assertEqual((status, answer["accepted"], answer["rejected"]), (200, len(entries), []))

    def entry(self, number: int) -> dict:
        status, body = self.server.request("GET", "/api/v1/logs/" + uuid(number), **self.token)
        self.assertEqual(status, 200, body)
        entry = json.loads(body)
        return entry.get("entry", entry)

    def found(self, query: str) -> set[str]:
        status, body = self.server.request("GET", "/api/v1/logs?q=" + quote(query), **self.token)
        self.assertEqual(status, 200, body)
        return {entry["uuid"] for entry in next(value for value in json.loads(body).values() if isinstance(value, list))}

    def test_fields_that_arrive_empty_are_filled_and_found(self) -> None:
        self.post({"uuid": uuid(1), "user_agent": CHROME}, {"uuid": uuid(2), "user_agent": IPHONE},
                  {"uuid": uuid(3), "user_agent": WECHAT}, {"uuid": uuid(4), "user_agent": "curl/8.5.0"},
                  {"uuid": uuid(5), "user_agent": CHROME, "request_headers": json.dumps(HINTS)}, {"uuid": uuid(6)})
        told = {number: [self.entry(number)[field] for field in FIVE] for number in range(1, 7)}
        self.assertEqual(told, {1: ["Desktop", "Chrome", "120.0.0", "Windows", "10"],
                                2: ["Mobile", "Mobile Safari", "17.2", "iOS", "17.2"],
                                3: ["Mobile", "WeChat", "8.0.44", "iOS", "17.1"], 4: ["Bot", "curl", "8.5.0", "", ""],
                                5: ["Desktop", "Chrome", "120.0.0", "Windows", "11"], 6: [""] * 5})
        self.assertEqual(self.found("browser:Chrome"), {uuid(1), uuid(5)})
        self.assertEqual(self.found("os_name:Windows os_version:11"), {uuid(5)})
        self.assertEqual(self.found("device_type:Mobile"), {uuid(2), uuid(3)})
        self.assertEqual(self.found("browser:WeChat"), {uuid(3)})
        self.assertEqual(self.found("-has:device_type"), {uuid(6)})

    def test_what_a_client_has_filled_stays(self) -> None:
        theirs = {"device_type": "Kiosk", "browser": "Theirs", "browser_version": "", "os_name": "Windows", "os_version": ""}
        self.post({"uuid": uuid(1), "user_agent": CHROME, **theirs})
        # Nothing of ours is put beside their browser; our system is theirs, so its version fits.
        self.assertEqual({field: self.entry(1)[field] for field in FIVE}, {**theirs, "os_version": "10"})

    def test_an_entry_of_the_infrastructure_is_left_alone(self) -> None:
        self.post({"uuid": uuid(1), "message": "up", "user_agent": CHROME}, path="/api/v1/ingest/infra-logs")
        self.assertEqual({field: self.entry(1).get(field) for field in FIVE}, dict.fromkeys(FIVE))

    def test_hostile_user_agents_are_stored_and_cost_no_more_than_time_that_is_bounded(self) -> None:
        lenovo = "Mozilla/5.0 (Linux; Android 4.4; " + "Lenovo " * 140
        strange = [lenovo, "(" * 1024, "Mozilla/5.0 " + "a;/" * 330, "\ufffd" * 300, "\u0000\u0001", "1." * 512, " " * 1024]
        self.post(*({"uuid": uuid(n), "user_agent": text} for n, text in enumerate(strange)))
        self.assertEqual([self.entry(n)["user_agent"] for n in range(len(strange))], strange)

    def test_without_files_readyz_says_that_places_stay_empty(self) -> None:
        self.post({"uuid": uuid(1), "client_ip": "81.2.69.142"})
        self.assertEqual((self.entry(1)["client_country"], self.entry(1)["client_isp"]), ("", ""))
        self.assertEqual(self.server.request("GET", "/readyz"),
                         (200, b"ready\ngeo-city: no file is named\ngeo-isp: no file is named\n"))

    def test_metrics_count_what_was_remembered(self) -> None:
        self.post(*({"uuid": uuid(n), "user_agent": CHROME} for n in range(5)))
        metrics = self.server.request("GET", "/api/v1/metrics", **self.token)[1].decode()
        for line in ("logs_server_user_agent_hits_total 4", "logs_server_user_agent_misses_total 1",
                     "logs_server_user_agent_left_out_rules 0", "logs_server_user_agent_passed_over_total 0", 'logs_server_geo_in_use{file="city"} 0'):
            self.assertIn("\n" + line + "\n", metrics)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
