"""Report: counts the checks, prints a line as each ends and, for one that failed, the end of what it printed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

# Lines of a failed check's output that are shown; the whole of it stays in its log.
SHOWN_LINES = 60


@dataclass
class Result:
    """What one check found. `skipped` and `not_run` are sentences: neither is ever silent."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    not_run: str = ""

    @property
    def ok(self) -> bool:
        return self.failed == 0 and not self.not_run


class Report:
    def __init__(self, logs: Path):
        self.logs = logs
        self.passed = 0
        self.failed = 0
        self.skipped = 0
        self.failures: list[str] = []
        self.group_seconds: dict[str, float] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def log_of(self, name: str) -> Path:
        return self.logs / (name.replace("/", "-") + ".log")

    def begin(self, name: str) -> None:
        print(f"  {name} ...", end="", flush=True)
        self._started = time.monotonic()

    def end(self, name: str, result: Result) -> None:
        seconds = time.monotonic() - self._started
        group = name.split("/")[0]
        self.group_seconds[group] = self.group_seconds.get(group, 0.0) + seconds
        self.passed += result.passed
        self.failed += result.failed
        self.skipped += len(result.skipped)
        if result.not_run:
            print(f" not run: {result.not_run}")
            self.failures += [name] * result.failed
            return
        counts = f"{result.passed} passed" + (f", {result.failed} FAILED" if result.failed else "")
        print(f" {counts} ({seconds:.1f} s)", flush=True)
        for sentence in result.skipped:
            print(f"    skipped: {sentence}")
        if result.failed:
            self.failures.append(name)
            self._show(self.log_of(name))

    def _show(self, log: Path) -> None:
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        if len(lines) > SHOWN_LINES:
            print(f"    | ... {len(lines) - SHOWN_LINES} lines before, in {log}")
        for line in lines[-SHOWN_LINES:]:
            print(f"    | {line}")

    def close(self) -> int:
        """Prints the time of each group, what failed, and the last line. Returns the exit code."""
        print("time: " + ", ".join(f"{group} {seconds:.0f} s" for group, seconds in self.group_seconds.items()))
        for name in self.failures:
            print(f"failed: {name}, see {self.log_of(name)}")
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        print(f"{self.passed} passed, {self.failed} failed{skipped}", flush=True)
        return 0 if self.failed == 0 and self.passed > 0 else 1
