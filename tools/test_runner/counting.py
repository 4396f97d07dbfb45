"""Counts the cases of one test program, as it reports them itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import command
from tools.test_runner.report import Result


def as_one(ok: bool) -> Result:
    return Result(passed=1) if ok else Result(failed=1)


def run_test(argv: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None, cwd: Path | None = None,
             seconds: float = command.TEST_SECONDS) -> Result:
    """Runs a test program and counts its cases: GoogleTest and Python's unittest say them, any other program is one."""
    log.unlink(missing_ok=True)
    report = log.with_suffix(".json")
    report.unlink(missing_ok=True)
    ok = command.run(argv, log, env={**(env or {}), "GTEST_OUTPUT": f"json:{report}"}, cwd=cwd, seconds=seconds)
    if report.exists():
        result = gtest_result(json.loads(report.read_text(errors="replace")), log.read_text(errors="replace"))
    else:
        result = unittest_result(log.read_text(errors="replace")) or as_one(ok)
    # A crash or a sanitizer's report at exit, after all cases have passed, is a failure as well.
    if not ok and result.failed == 0:
        result.failed += 1
    return result


def gtest_result(report: dict, output: str = "") -> Result:
    """The report has which cases were skipped; why stands in the output only."""
    why = {name: reason for reason, name in re.findall(r": Skipped\n(.+)\n+\[  SKIPPED \] (\S+)", output)}
    result = Result()
    for suite in report.get("testsuites", []):
        for case in suite.get("testsuite", []):
            name = f"{suite['name']}.{case['name']}"
            if case.get("failures"):
                result.failed += 1
            elif case.get("result") == "COMPLETED":
                result.passed += 1
            else:
                result.skipped.append(f"{name}: {why[name]}" if name in why else name)
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
