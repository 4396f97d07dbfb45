"""./test: runs the groups of checks that the command line asks for; the last line says how many passed and failed."""

from __future__ import annotations

import argparse
import sys

from tools.preset import ROOT
from tools.test_runner.plan import FUZZ_SECONDS, GROUPS, QUICK_GROUPS, Runner
from tools.test_runner.report import Report


def main() -> int:
    parser = argparse.ArgumentParser(prog="./test", description="Builds and runs the tests.")
    parser.add_argument("--quick", action="store_true", help="the sources and the release build only")
    parser.add_argument("--list", action="store_true", help="name the checks (after a first build: all of them)")
    parser.add_argument("--fuzz-seconds", type=int, default=FUZZ_SECONDS, metavar="N",
                        help="all fuzzers together; %(default)s unless given")
    parser.add_argument("names", nargs="*", help=f"a group ({', '.join(GROUPS)}), group/check, or a test's own name")
    arguments = parser.parse_args()

    report = Report(ROOT / "build" / "test-logs")
    runner = Runner(report, arguments.names, arguments.list, arguments.fuzz_seconds)
    for name, group in GROUPS.items():
        if (arguments.quick and name not in QUICK_GROUPS) or not runner.wants_any_of(name):
            continue
        if not arguments.list:
            print(f"{name}:", flush=True)
        group(runner)
    if arguments.list:
        return 0
    unknown = set(arguments.names) - runner.matched - set(GROUPS)
    if unknown:
        print(f"error: there is no check named {', '.join(sorted(unknown))}; ./test --list names them", file=sys.stderr)
        report.failed += 1
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
