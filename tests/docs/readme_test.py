"""What the README shows works: its program is built from an install folder in both ways it names, and serves a request.

Needs the release build (TEST_BUILD_DIR). It is also the test of what `cmake --install` lays out.
"""

import os
import re
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from markdown import ROOT, blocks

BUILD = Path(os.environ.get("TEST_BUILD_DIR", ROOT / "build/release"))


def block(language: str, part: str = "") -> str:
    return next(text for name, text in blocks(ROOT / "README.md") if name == language and part in text)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class ReadmeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.prefix = cls.folder / "prefix"
        cls.run_command("cmake", "--install", str(BUILD), "--prefix", str(cls.prefix))
        libraries = next(path.parent for path in cls.prefix.rglob("pkgconfig"))
        cls.env = {**os.environ, "PKG_CONFIG_PATH": str(libraries / "pkgconfig"), "LD_LIBRARY_PATH": str(libraries),
                   "CMAKE_PREFIX_PATH": str(cls.prefix)}
        cls.port = free_port()
        cls.source = block("cpp").replace("8080", str(cls.port))
        (cls.folder / "hello.cc").write_text(cls.source)

    @classmethod
    def run_command(cls, *argv: str, cwd: Path | None = None, env: dict | None = None) -> None:
        done = subprocess.run(argv, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(argv)} ended with {done.returncode}:\n{done.stdout}")

    def serve_one_request(self, program: Path) -> None:
        exports = dict(re.findall(r"^export (LOGS_SDK_\w+)=(\S+)$", block("sh", "LOGS_SDK_ENDPOINT"), re.MULTILINE))
        self.assertEqual(len(exports), 4)
        # Nobody listens at this address: the entry stays in the spool.
        exports["LOGS_SDK_ENDPOINT"] = f"http://127.0.0.1:{free_port()}/api/v1/ingest/logs"
        spool = self.folder / f"spool-{program.parent.name}"
        service = subprocess.Popen([str(program)], env={**self.env, **exports, "LOGS_SDK_OFFLINE_DIR": str(spool)},
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            self.assertEqual(self.get(service), b"Hello\n")
        finally:
            service.kill()
            output = service.communicate()[0]
        kept = b"".join(path.read_bytes() for path in spool.rglob("*") if path.is_file())
        self.assertIn(b'"path":"/hello"', kept, output.decode(errors="replace"))

    def get(self, service: subprocess.Popen) -> bytes:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _ in range(500):
            try:
                return opener.open(f"http://127.0.0.1:{self.port}/hello", timeout=10).read()
            except OSError:
                if service.poll() is not None:
                    self.fail(f"the program has ended: {service.stdout.read().decode(errors='replace')}")
                time.sleep(0.02)  # until it listens
        self.fail("the program does not listen")

    def test_the_program_builds_with_pkg_config_and_what_it_captures_survives_its_kill(self):
        line = next(line for line in block("sh", "g++").splitlines() if line.startswith("g++ "))
        self.run_command("bash", "-euc", line, cwd=self.folder, env=self.env)
        self.serve_one_request(self.folder / "hello")

    def test_the_program_builds_with_cmake_and_what_it_captures_survives_its_kill(self):
        project = self.folder / "project"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(block("cmake"))
        (project / "hello.cc").write_text(self.source)
        self.run_command("cmake", "-S", str(project), "-B", str(project / "build"), "-G", "Ninja", env=self.env)
        self.run_command("cmake", "--build", str(project / "build"), env=self.env)
        self.serve_one_request(project / "build" / "hello")

    def test_every_other_line_of_code_compiles(self):
        """In C++20: coroutines, and names of members where an entry is made."""
        around = {
            "logs_sdk::beast::": """
                #include <boost/asio.hpp>
                #include <boost/beast.hpp>
                #include <logs_sdk/adapters/beast.h>
                using Message = boost::beast::http::request<boost::beast::http::string_body>;
                boost::asio::awaitable<int> answer(Message);
                boost::asio::awaitable<void> example(logs_sdk::LogSDK& logs, boost::asio::ip::tcp::socket socket,
                                                     Message request) { %s }""",
            "logs.warn": """
                #include <logs_sdk/logs_sdk.h>
                void example(logs_sdk::LogSDK& logs, const logs_sdk::LogEntry& entry) { %s }""",
        }
        for page in ("README.md", "README.zh-CN.md"):
            rest = [text for language, text in blocks(ROOT / page) if language == "cpp" and "int main" not in text]
            self.assertEqual(len(rest), len(around))
            for text in rest:
                frame = next(frame for part, frame in around.items() if part in text)
                source = self.folder / "lines.cc"
                source.write_text(frame.replace("%s", text))
                self.run_command("g++", "-std=c++20", "-fsyntax-only", f"-I{self.prefix}/include", str(source))

    def test_nothing_but_the_public_headers_is_installed(self):
        installed = {str(path.relative_to(self.prefix / "include")) for path in (self.prefix / "include").rglob("*.h")}
        public = {str(path.relative_to(ROOT / "include")) for path in (ROOT / "include").rglob("*.h")}
        self.assertEqual(installed, public)


if __name__ == "__main__":
    unittest.main()
