"""An install folder is enough: a consumer builds against it in each way and works, and the shared library shows its public
classes only. Needs the release build (TEST_BUILD_DIR).
"""

import os
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("TEST_BUILD_DIR", ROOT / "build/release"))
CONSUMER = Path(__file__).with_name("consumer.cc")
STRICT = ["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
PUBLIC = re.compile(r"(typeinfo for |typeinfo name for |vtable for )?logs_sdk::v1::"
                    r"(Config|ConfigError|Exchange|LogSDK|ResponseTap|current_exchange|set_current_exchange)\b")
PROJECT = """cmake_minimum_required(VERSION 3.16)
project(consumer LANGUAGES CXX)
find_package(logs_sdk 1.0 REQUIRED)
add_executable(consumer "{source}")
target_link_libraries(consumer PRIVATE {targets})
target_compile_options(consumer PRIVATE -Wall -Wextra -Wpedantic -Werror)
"""


def run(*argv: str, **options) -> str:
    done = subprocess.run(argv, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(argv)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        # Installed at one place and moved to another: nothing in it may name where it was.
        run("cmake", "--install", str(BUILD), "--prefix", str(cls.folder / "first"))
        cls.prefix = (cls.folder / "first").rename(cls.folder / "prefix")
        cls.libraries = next(cls.prefix.rglob("pkgconfig")).parent
        cls.env = {**os.environ, "PKG_CONFIG_PATH": str(cls.libraries / "pkgconfig"),
                   "LD_LIBRARY_PATH": str(cls.libraries)}

    def check_consumer(self, program: Path) -> None:
        settings = {"LOGS_SDK_ENDPOINT": "http://127.0.0.1:9/api/v1/ingest/logs", "LOGS_SDK_API_KEY": "k",
                    "LOGS_SDK_API_SECRET": "s", "LOGS_SDK_PROJECT_SLUG": "consumer",
                    "LOGS_SDK_OFFLINE_DIR": str(self.folder / f"spool-{program.parent.name}")}
        self.assertEqual(run(str(program), env={**self.env, **settings}).splitlines()[0], "endpoint")

    def build_with_cmake(self, *names: str) -> Path:
        project = self.folder / "-".join(("cmake", *names))
        project.mkdir()
        (project / "CMakeLists.txt").write_text(PROJECT.format(
            source=CONSUMER, targets=" ".join(f"logs_sdk::{name}" for name in names)))
        run("cmake", "-S", str(project), "-B", str(project / "build"), f"-DCMAKE_PREFIX_PATH={self.prefix}",
            "-DCMAKE_CXX_STANDARD=17")
        run("cmake", "--build", str(project / "build"))
        return project / "build" / "consumer"

    def build_with_pkg_config(self, name: str, *arguments: str, static: bool = False) -> Path:
        out = self.folder / f"pkg-config-{name}"
        out.mkdir()
        flags = shlex.split(run("pkg-config", "--cflags", "--libs", *arguments, "logs_sdk", env=self.env))
        if static:  # the archive alone; the system's libraries stay shared
            flags = [str(self.libraries / "liblogs_sdk.a") if flag == "-llogs_sdk" else flag for flag in flags]
        run("g++", *STRICT, str(CONSUMER), "-o", str(out / "consumer"), *flags)
        return out / "consumer"

    def test_find_package_gives_the_shared_library(self):
        program = self.build_with_cmake("logs_sdk")
        self.assertIn("liblogs_sdk.so.1", run("ldd", str(program), env=self.env))
        self.check_consumer(program)

    def test_find_package_gives_the_static_library(self):
        program = self.build_with_cmake("logs_sdk_static")
        self.assertNotIn("liblogs_sdk", run("ldd", str(program), env=self.env))
        self.check_consumer(program)

    def test_find_package_gives_the_throw_stack(self):
        program = self.build_with_cmake("logs_sdk", "throw_stack")
        self.assertRegex(run("nm", "-D", "--defined-only", str(program)), r"(?m) T __cxa_throw$")
        self.check_consumer(program)

    def test_pkg_config_gives_the_shared_library(self):
        self.check_consumer(self.build_with_pkg_config("shared"))

    def test_pkg_config_gives_the_static_library(self):
        program = self.build_with_pkg_config("static", "--static", static=True)
        self.assertNotIn("liblogs_sdk", run("ldd", str(program), env=self.env))
        self.check_consumer(program)

    def test_the_shared_library_shows_nothing_but_the_public_api(self):
        shown = run("nm", "-DC", "--defined-only", str(self.libraries / "liblogs_sdk.so")).splitlines()
        names = [line.split(maxsplit=2)[2] for line in shown]
        self.assertGreater(len(names), 30)
        self.assertEqual([name for name in names if not PUBLIC.match(name)], [])


if __name__ == "__main__":
    unittest.main()
