"""The runner's counts are right, and nothing that fails can pass: a crash, a hang, a missing program, an empty run."""

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

from tools.test_runner import counting
from tools.test_runner.plan import Runner
from tools.test_runner.report import Report, Result

GTEST = {"testsuites": [{"name": "Suite", "testsuite": [
    {"name": "a", "result": "COMPLETED"},
    {"name": "b", "result": "COMPLETED", "failures": [{"failure": "1 is not 2"}]},
    {"name": "c", "result": "SKIPPED"},
    {"name": "d", "result": "SUPPRESSED"},
]}]}


class RunnerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_python(self, source: str, seconds: float = 60) -> Result:
        return counting.run_test([sys.executable, "-c", source], self.folder / "x.log", seconds=seconds)

    def close(self, *results: Result) -> tuple[int, str]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            report = Report(self.folder)
            runner = Runner(report, [])
            for number, result in enumerate(results):
                runner.check(f"group/{number}", lambda log, result=result: result)
            code = report.close()
        return code, out.getvalue()

    def test_googletest_cases_are_counted_from_its_report(self):
        result = counting.gtest_result(GTEST)
        self.assertEqual((result.passed, result.failed, result.skipped), (1, 1, ["Suite.c", "Suite.d"]))

    def test_a_skipped_case_of_googletest_says_why(self):
        output = "[ RUN      ] Suite.c\nfile.cc:7: Skipped\nnot run: no way\n\n[  SKIPPED ] Suite.c (0 ms)\n"
        self.assertEqual(counting.gtest_result(GTEST, output).skipped, ["Suite.c: not run: no way", "Suite.d"])

    def test_unittest_cases_are_counted_from_its_output(self):
        source = ("import unittest\nclass T(unittest.TestCase):\n  def test_a(self): pass\n"
                  "  def test_b(self): self.fail()\n  def test_c(self): self.skipTest('why')\nunittest.main()")
        result = self.run_python(source)
        self.assertEqual((result.passed, result.failed, len(result.skipped)), (1, 1, 1))

    def test_any_other_program_counts_as_one(self):
        self.assertEqual(self.run_python("pass"), Result(passed=1))
        self.assertEqual(self.run_python("raise SystemExit(3)"), Result(failed=1))

    def test_a_crash_after_all_cases_have_passed_is_a_failure(self):
        source = ("import json, os\npath = os.environ['GTEST_OUTPUT'].split(':', 1)[1]\n"
                  "json.dump({'testsuites': [{'name': 'S', 'testsuite': [{'name': 'a', 'result': 'COMPLETED'}]}]},"
                  " open(path, 'w'))\nos.abort()")
        result = self.run_python(source)
        self.assertEqual((result.passed, result.failed), (1, 1))
        self.assertIn("signal 6", (self.folder / "x.log").read_text())

    def test_a_program_that_hangs_is_ended_and_fails(self):
        result = self.run_python("import time; time.sleep(600)", seconds=0.5)
        self.assertEqual(result, Result(failed=1))

    def test_a_program_that_is_not_there_fails(self):
        self.assertEqual(counting.run_test(["/nonexistent/test"], self.folder / "x.log"), Result(failed=1))

    def test_a_report_of_an_earlier_run_is_not_counted_again(self):
        (self.folder / "x.json").write_text('{"testsuites": []}')
        self.assertEqual(self.run_python("pass"), Result(passed=1))

    def test_the_last_line_sums_and_a_failure_decides_the_code(self):
        code, output = self.close(Result(passed=3), Result(passed=1, failed=2), Result(passed=1, skipped=["why not"]))
        self.assertEqual(code, 1)
        self.assertEqual(output.splitlines()[-1], "5 passed, 2 failed, 1 skipped")
        self.assertIn("skipped: why not", output)

    def test_a_run_of_nothing_does_not_pass(self):
        self.assertEqual(self.close()[0], 1)
        self.assertEqual(self.close(Result(passed=1))[0], 0)

    def test_patterns_choose_by_group_by_full_and_by_last_name(self):
        report = Report(self.folder)
        for pattern, expected in (("asan", True), ("asan/base_test", True), ("base_test", True), ("base", False),
                                  ("tsan", False)):
            self.assertEqual(Runner(report, [pattern]).wants("asan/base_test"), expected, pattern)


if __name__ == "__main__":
    unittest.main()
