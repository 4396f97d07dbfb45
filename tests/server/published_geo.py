"""Places and providers by the test databases that the makers of the MaxMind format publish: what the server tells of an
address against what a reader of theirs tells, files that are replaced while it runs, and their broken ones.

They come from the registry, by hash, below the current folder. Run with the path of the program as the first argument.
"""

from __future__ import annotations

import ipaddress
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import quote

from logs_server import PATIENCE_SECONDS, LogsServer

PROGRAM = ""
REQUIREMENTS = Path(__file__).resolve().parent / "published_geo.txt"
FIELDS = ("client_country", "client_province", "client_city", "client_isp")


def fetched(folder: Path) -> Path:
    """The unpacked archive, fetched when it is not there."""
    mark = folder / ".complete"
    if not (mark.exists() and mark.read_bytes() == REQUIREMENTS.read_bytes()):
        argv = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--require-hashes", "--no-deps",
                "--no-binary", "maxminddb", "-d", str(folder), "-r", str(REQUIREMENTS)]
        if subprocess.run(argv, check=False).returncode != 0:
            raise AssertionError("pip cannot fetch the published databases: is the Python registry within reach?")
        with tarfile.open(next(folder.glob("maxminddb-*.tar.gz"))) as archive:
            archive.extractall(folder)
        mark.write_bytes(REQUIREMENTS.read_bytes())
    return next(path for path in folder.glob("maxminddb-*") if path.is_dir())


def names_of(part: dict, language: str) -> str:
    names = part.get("names", {})
    return names.get(language) or names.get("en") or part.get("iso_code", "")


def place_of(record: dict, language: str) -> list[str]:
    country = names_of(record.get("country", {}), language) or names_of(record.get("registered_country", {}), language)
    province = names_of((record.get("subdivisions") or [{}])[0], language)
    return [country, province, names_of(record.get("city", {}), language)]


def uuid(number: int) -> str:
    return f"019c131f4a527abc8def{number:012x}"


class PublishedGeoTest(unittest.TestCase):
    def setUp(self) -> None:
        source = fetched(Path.cwd() / "published_geo")
        self.data = source / "tests" / "data" / "test-data"
        self.bad = source / "tests" / "data" / "bad-data"
        sys.path.insert(0, str(source))
        import maxminddb
        self.reader = maxminddb
        folder = tempfile.TemporaryDirectory(prefix="logs-geo-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, *flags: str) -> LogsServer:
        server = LogsServer(PROGRAM, self.folder, *flags)
        self.addCleanup(server.__exit__)
        self.token = {"Authorization": "Bearer " + server.keys["LOGS_SERVER_TOKEN"]}
        return server

    def get(self, server: LogsServer, path: str) -> dict:
        status, body = server.request("GET", path, **self.token)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def told(self, server: LogsServer, addresses: list[str], first: int = 0) -> list[list[str]]:
        entries = [{"uuid": uuid(first + n), "path": "/", "client_ip": address} for n, address in enumerate(addresses)]
        status, answer = server.post(json.dumps({"logs": entries}).encode())
        self.assertEqual((status, answer["accepted"]), (200, len(entries)))
        read = [self.get(server, "/api/v1/logs/" + uuid(first + n)) for n in range(len(addresses))]
        return [[entry.get("entry", entry)[field] for field in FIELDS] for entry in read]

    def networks(self, name: str, at_most: int) -> list[tuple[str, dict]]:
        """An address of each network, evenly over the file; only of those that are somebody's."""
        database = self.reader.open_database(str(self.data / name), self.reader.MODE_MEMORY)
        found = [(str(network[0]), record) for network, record in database if network[0].is_global]
        self.assertGreater(len(found), 10, name)
        return found[::max(1, len(found) // at_most)]

    def test_every_place_is_what_their_reader_says(self) -> None:
        for name in ("GeoIP2-City-Test.mmdb", "GeoLite2-City-Test.mmdb", "GeoIP2-Country-Test.mmdb"):
            for language in ("en", "zh-CN"):
                cases = self.networks(name, 150)
                with self.start("--geo-city", str(self.data / name), "--geo-language", language) as server:
                    told = self.told(server, [address for address, _ in cases])
                expected = [[*place_of(record, language), ""] for _, record in cases]
                self.assertEqual(told, expected)
                print(f"{name} in {language}: {len(cases)} addresses agree", flush=True)
                shutil.rmtree(self.folder / "data")

    def test_every_provider_is_what_their_reader_says(self) -> None:
        for name in ("GeoIP2-ISP-Test.mmdb", "GeoLite2-ASN-Test.mmdb"):
            cases = self.networks(name, 150)
            with self.start("--geo-isp", str(self.data / name)) as server:
                told = self.told(server, [address for address, _ in cases])
            expected = [["", "", "", record.get("isp") or record.get("organization") or
                         record.get("autonomous_system_organization", "")] for _, record in cases]
            self.assertEqual(told, expected)
            print(f"{name}: {len(cases)} addresses agree", flush=True)
            shutil.rmtree(self.folder / "data")

    def test_entries_are_found_by_place_and_provider(self) -> None:
        server = self.start("--geo-city", str(self.data / "GeoIP2-City-Test.mmdb"), "--geo-isp",
                            str(self.data / "GeoIP2-ISP-Test.mmdb"))
        london, other = self.told(server, ["81.2.69.142", "::ffff:81.2.69.142"])
        self.assertEqual(london[:3], ["United Kingdom", "England", "London"])
        self.assertEqual(other, london)
        self.assertEqual(self.told(server, ["10.1.2.3", "127.0.0.1", "::1", "fe80::1", "", "unknown"], 10), [[""] * 4] * 6)
        isp = next(address for address, record in self.networks("GeoIP2-ISP-Test.mmdb", 10**6) if record.get("isp"))
        (provider,) = self.told(server, [isp], 20)
        for query, count in (('client_country:"United Kingdom"', 2), ("client_city:London", 2),
                             (f'client_isp:"{provider[3]}"', 1)):
            answer = self.get(server, "/api/v1/logs?q=" + quote(query))
            entries = next(value for value in answer.values() if isinstance(value, list))
            self.assertEqual(len(entries), count, query)
        self.assertEqual(server.request("GET", "/readyz"), (200, b"ready\n"))

    def test_a_file_is_replaced_while_the_server_runs(self) -> None:
        path = self.folder / "geo.mmdb"
        server = self.start("--geo-city", str(path))
        self.assertIn(b"geo-city: the file cannot be opened", server.request("GET", "/readyz")[1])
        number = 0

        def eventually(expected: str) -> None:
            nonlocal number
            deadline = time.monotonic() + PATIENCE_SECONDS
            while (found := self.told(server, ["81.2.69.142"], number)[0][2]) != expected:
                self.assertLess(time.monotonic(), deadline, found)
                time.sleep(0.1)
                number += 1
            number += 1

        eventually("")
        shutil.copy(self.data / "GeoIP2-City-Test.mmdb", path)
        eventually("London")
        path.write_bytes((self.data / "GeoIP2-City-Test.mmdb").read_bytes()[:10_000])  # cut, in place
        deadline = time.monotonic() + PATIENCE_SECONDS
        while b"the one before stays in use" not in server.request("GET", "/readyz")[1]:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        eventually("London")
        self.assertEqual(server.log.read_text().count("what was in use before, if anything, stays"), 2)
        shutil.copy(self.data / "GeoIP2-Country-Test.mmdb", path)
        eventually("")
        self.assertEqual(server.request("GET", "/readyz")[1], b"ready\ngeo-isp: no file is named\n")

    def test_no_broken_file_harms_the_server(self) -> None:
        broken = sorted(self.bad.rglob("*.mmdb")) + sorted(self.data.glob("*roken*")) + sorted(self.data.glob("*Invalid*"))
        self.assertGreater(len(broken), 10)
        for path in broken:
            with self.start("--geo-city", str(path), "--geo-isp", str(path)) as server:
                self.told(server, ["1.1.1.1", "81.2.69.142", "2001:218::1", "::1.1.1.1", "255.1.2.3"])
                self.assertEqual(server.end(), 0, path)
            shutil.rmtree(self.folder / "data")


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
