"""The golden entries as the server stores them: unchanged, but for what it fills.

Run with the paths of logs-server and of golden_places as the first arguments. testing/golden/README.md is the format.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "server"))
from logs_server import PATIENCE_SECONDS, LogsServer  # noqa: E402

FOLDER = ROOT / "testing" / "golden" / "exchanges"
PROGRAM = PLACES = ""


def assignments(path: Path) -> list[tuple[str, str]]:
    lines = (line for line in path.read_text().split("\n") if line and not line.startswith("#"))
    return [(name, value) for name, _, value in (line.partition(" = ") for line in lines)]


class Case:
    def __init__(self, path: Path):
        self.name = path.stem
        self.entry = json.loads(path.with_suffix(".json").read_text())
        self.stored = {name.removeprefix("stored "): value for name, value in assignments(path) if name.startswith("stored ")}


class StoredEntriesTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="logs-golden-")
        cls.addClassCleanup(folder.cleanup)
        city, isp = Path(folder.name) / "city.mmdb", Path(folder.name) / "isp.mmdb"
        subprocess.run([PLACES, city, isp], check=True, timeout=PATIENCE_SECONDS)
        cls.server = LogsServer(PROGRAM, Path(folder.name), "--geo-city", str(city), "--geo-isp", str(isp))
        cls.addClassCleanup(cls.server.__exit__)
        cls.cases = [Case(path) for path in sorted(FOLDER.glob("*.txt"))]
        cls.keys = {slug: cls.key_of(slug) for slug in {case.entry["project_slug"] for case in cls.cases}}
        for case in cls.cases:
            body = json.dumps({"logs": [case.entry]}, ensure_ascii=False).encode()
            status, answer = cls.server.post(body, **cls.keys[case.entry["project_slug"]])
            assert (status, answer["accepted"]) == (200, 1), (case.name, status, answer)

    @classmethod
    def key_of(cls, slug: str) -> dict[str, str]:
        cls.server.operate("project", "new", slug)
        keys = dict(line.split("=", 1) for line in cls.server.operate("key", "new", "--project", slug).splitlines())
        return {"X_API_Key": keys["LOGS_SDK_API_KEY"], "X_API_Secret": keys["LOGS_SDK_API_SECRET"]}

    def test_each_is_read_back_as_it_was_posted_but_for_what_the_server_fills(self) -> None:
        token = {"Authorization": "Bearer " + self.server.keys["LOGS_SERVER_TOKEN"]}
        for place, case in enumerate(self.cases, 1):
            with self.subTest(case.name):
                status, text = self.server.request("GET", f"/api/v1/logs/{case.entry['uuid']}", **token)
                self.assertEqual(status, 200)
                self.assertEqual(json.loads(text), {**case.entry, **case.stored, "uid": place})


if __name__ == "__main__":
    PROGRAM, PLACES = (str(Path(sys.argv.pop(1)).resolve()) for _ in range(2))
    unittest.main()
