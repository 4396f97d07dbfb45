"""Runs one program with its output in a log, never longer than allowed, and counts the tests that it reports."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.test_runner.report import Result

# Nothing here takes minutes on two cores; what does hangs. Builds have a limit of their own.
TEST_SECONDS = 600
BUILD_SECONDS = 3600


def run(argv: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None, cwd: Path | None = None,
        seconds: float = TEST_SECONDS) -> bool:
    """Appends the output of `argv` to `log`; True when it ended in time with 0."""
    with log.open("ab") as out:
        out.write(f"$ {' '.join(argv)}\n".encode())
        out.flush()
        try:
            child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=cwd,
                                     env={**os.environ, **(env or {})}, start_new_session=True)
        except OSError as error:
            out.write(f"cannot be started: {error}\n".encode())
            return False
        try:
            code = child.wait(timeout=seconds)
        except BaseException as error:
            # Its own session, so that what it started goes with it; also when this run is interrupted.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            out.write(f"\nended after {seconds:.0f} s: it hangs\n".encode())
            return False
        if code != 0:
            how = f"signal {-code}" if code < 0 else f"code {code}"
            out.write(f"\nended with {how}\n".encode())
        return code == 0


def as_one(ok: bool) -> Result:
    return Result(passed=1) if ok else Result(failed=1)


def run_test(argv: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None, cwd: Path | None = None,
             seconds: float = TEST_SECONDS) -> Result:
    """Runs a test program and counts its cases: GoogleTest and Python's unittest say them, any other program is one."""
    log.unlink(missing_ok=True)
    report = log.with_suffix(".json")
    report.unlink(missing_ok=True)
    ok = run(argv, log, env={**(env or {}), "GTEST_OUTPUT": f"json:{report}"}, cwd=cwd, seconds=seconds)
    if report.exists():
        result = gtest_result(json.loads(report.read_text(errors="replace")))
    else:
        result = unittest_result(log.read_text(errors="replace")) or as_one(ok)
    # A crash or a sanitizer's report at exit, after all cases have passed, is a failure as well.
    if not ok and result.failed == 0:
        result.failed += 1
    return result


def gtest_result(report: dict) -> Result:
    result = Result()
    for suite in report.get("testsuites", []):
        for case in suite.get("testsuite", []):
            name = f"{suite['name']}.{case['name']}"
            if case.get("failures"):
                result.failed += 1
            elif case.get("result") == "COMPLETED":
                result.passed += 1
            else:
                result.skipped.append(name)
    return result


def unittest_result(output: str) -> Result | None:
    ran = re.findall(r"^Ran (\d+) tests? in ", output, re.MULTILINE)
    if not ran:
        return None

    def count(word: str) -> int:
        return sum(int(n) for n in re.findall(rf"^(?:OK|FAILED) \(.*\b{word}=(\d+)", output, re.MULTILINE))

    failed = count("failures") + count("errors")
    skipped = re.findall(r"^(.*) \.\.\. skipped (.*)$", output, re.MULTILINE)
    skipped_count = max(count("skipped"), len(skipped))
    sentences = [f"{name}: {why}" for name, why in skipped] or ["a case"] * skipped_count
    return Result(passed=max(0, sum(map(int, ran)) - failed - skipped_count), failed=failed, skipped=sentences)
