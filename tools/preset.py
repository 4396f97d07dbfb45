"""One build preset: configures and builds it, and finds the tests that CMake knows in it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import command

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class CTest:
    name: str
    argv: list[str]
    cwd: Path
    env: dict[str, str]
    seconds: float


class Preset:
    def __init__(self, name: str, options: Sequence[str] = ()):
        self.name = name
        self.folder = ROOT / "build" / name
        self._options = [f"-D{option}" for option in options]

    def configure(self, log: Path) -> bool:
        log.unlink(missing_ok=True)
        return command.run(["cmake", "--preset", self.name, *self._options], log, cwd=ROOT)

    def build(self, log: Path, targets: Sequence[str] = ("all",)) -> bool:
        # -k 0: one run shows every error there is.
        argv = ["ninja", "-C", str(self.folder), "-j", str(os.cpu_count()), "-k", "0", *targets]
        return command.run(argv, log, cwd=ROOT, seconds=command.BUILD_SECONDS)

    def targets(self) -> set[str]:
        listing = subprocess.run(["ninja", "-C", str(self.folder), "-t", "targets", "all"], capture_output=True,
                                 text=True, check=True).stdout
        return {line.split(":")[0] for line in listing.splitlines() if ":" in line}

    def tests(self) -> list[CTest]:
        """The tests registered with add_test, in that order; `argv` is empty where the program is not built."""
        listing = subprocess.run(["ctest", "--test-dir", str(self.folder), "--show-only=json-v1"], capture_output=True,
                                 text=True, check=True).stdout
        return [self._test(test) for test in json.loads(listing)["tests"]]

    def _test(self, test: dict) -> CTest:
        properties = {p["name"]: p["value"] for p in test.get("properties", [])}
        env = dict(pair.split("=", 1) for pair in properties.get("ENVIRONMENT", []))
        return CTest(test["name"], test.get("command", []), Path(properties.get("WORKING_DIRECTORY", self.folder)), env,
                     float(properties.get("TIMEOUT", command.TEST_SECONDS)))
