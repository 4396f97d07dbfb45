"""The plan: every group of checks, in the order in which a mistake is found soonest.

A group is a function that runs its checks through `Runner.check`; a build that fails makes the rest of its group
"not run", and the failed build counts.
"""

from __future__ import annotations

import difflib
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuzz.seeds import write as write_seeds
from tools import command
from tools.preset import ROOT, CTest, Preset
from tools.test_runner.counting import as_one, run_test
from tools.test_runner.report import Report, Result

# The tests whose code has threads: what the thread sanitizer is for.
THREADED = ("base_test", "spool_test", "shipper_test", "sdk_test", "store_test", "ingest_test", "http_test",
            "api_test")
# Scripts that need nothing built, by the folder of tests/ they lie in.
SOURCE_SCRIPTS = ("structure", "headers")
# All fuzzers together, unless --fuzz-seconds says otherwise.
FUZZ_SECONDS = 60

SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


class Runner:
    """Runs the checks that the command line asked for. Patterns: a group, `group/check`, or the last part alone."""

    def __init__(self, report: Report, patterns: list[str], list_only: bool = False, fuzz_seconds: int = FUZZ_SECONDS):
        self.report = report
        self.list_only = list_only
        self.fuzz_seconds = fuzz_seconds
        self._patterns = patterns
        self.matched: set[str] = set()

    def wants(self, name: str) -> bool:
        hits = {p for p in self._patterns if p in (name, name.split("/")[0], name.split("/")[-1])}
        self.matched |= hits
        return not self._patterns or bool(hits)

    def wants_any_of(self, group: str) -> bool:
        """Whether the group may hold something wanted: a test's own name is looked for until it is found, and in the
        two quick groups only."""
        def may_hold(pattern: str) -> bool:
            if "/" in pattern or pattern in GROUPS:
                return pattern.split("/")[0] == group
            return group in QUICK_GROUPS and pattern not in self.matched

        return not self._patterns or any(map(may_hold, self._patterns))

    def check(self, name: str, action: Callable[[Path], Result], required: bool = False) -> bool:
        """Runs one check. `required`: what others of its group need, and therefore run whatever the patterns say."""
        if not required and not self.wants(name):
            return True
        if self.list_only:
            print(name)
            return True
        self.report.begin(name)
        result = action(self.report.log_of(name))
        self.report.end(name, result)
        return result.ok


def script(path: Path, env: dict[str, str] | None = None) -> Callable[[Path], Result]:
    return lambda log: run_test([sys.executable, str(path)], log, env={"PYTHONPATH": str(ROOT), **(env or {})},
                                        cwd=ROOT)


def scripts(*folders: str) -> list[Path]:
    found = {path for folder in folders for path in (ROOT / folder).rglob("*_test.py")}
    return sorted(path for path in found if "node_modules" not in path.parts)


def format_check(log: Path) -> Result:
    """What clang-format would change. Compared by bytes: its --dry-run complains of nested inline namespaces it keeps."""
    folders = ("include", "src", "server", "testing", "tests", "fuzz", "bench", "examples")
    files = sorted(p for folder in folders for suffix in ("*.h", "*.cc") for p in (ROOT / folder).rglob(suffix))

    def difference(path: Path) -> str:
        formatted = subprocess.run(["clang-format", str(path)], capture_output=True, text=True, check=True).stdout
        name = str(path.relative_to(ROOT))
        return "".join(difflib.unified_diff(path.read_text().splitlines(True), formatted.splitlines(True), name,
                                            f"{name} (formatted)"))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        differences = [d for d in pool.map(difference, files) if d]
    log.write_text("".join(differences))
    return Result(passed=len(files) - len(differences), failed=len(differences))


def sources(runner: Runner) -> None:
    runner.check("sources/format", format_check)
    for folder in SOURCE_SCRIPTS:
        for path in scripts(f"tests/{folder}"):
            runner.check(f"sources/{path.stem}", script(path))
    for path in scripts("tools"):
        runner.check(f"sources/{path.stem}", script(path))


def build(runner: Runner, preset: Preset, choose: Callable[[], list[str]] = lambda: ["all"]) -> bool:
    """Configures, then builds the targets that `choose` names."""

    def action(log: Path) -> Result:
        if not preset.configure(log):
            return Result(failed=1)
        return as_one(preset.build(log, choose()))

    if runner.list_only:
        return (preset.folder / "build.ninja").exists()
    built = runner.check(f"{preset.name}/build", action, required=True)
    if not built:
        print(f"  not run: the rest of {preset.name}, since it did not build")
    return built


def run_ctests(runner: Runner, preset: Preset, wanted: Callable[[str], bool] = lambda name: True,
               env: dict[str, str] | None = None) -> list[str]:
    """Runs the tests CMake knows; returns all their command lines, to tell which scripts are among them."""
    commands = []
    for test in preset.tests():
        commands.append(" ".join(test.argv))
        if wanted(test.name):
            runner.check(f"{preset.name}/{test.name}", lambda log, test=test: run_ctest(test, log, env or {}))
    return commands


def run_ctest(test: CTest, log: Path, env: dict[str, str]) -> Result:
    if not test.argv:
        return Result(failed=1, not_run="its program is not built")
    return run_test(test.argv, log, env={**env, **test.env}, cwd=test.cwd, seconds=test.seconds)


def release(runner: Runner) -> None:
    preset = Preset("release")
    if not build(runner, preset):
        return
    commands = run_ctests(runner, preset)
    env = {"TEST_BUILD_DIR": str(preset.folder)}
    for path in scripts("tests"):
        registered = any(str(path) in argv for argv in commands)
        if path.relative_to(ROOT).parts[1] not in SOURCE_SCRIPTS and not registered:
            runner.check(f"release/{path.stem}", script(path, env))


# Programs of the unit tests, which lie beside the code, and of the adapters' conformance suite, as ninja names them.
UNIT_TEST = re.compile(r"(?:src/.*|server/.*|tests/conformance)/(\w+_test)")


def unit_tests(preset: Preset) -> dict[str, str]:
    """Name of each unit test to its target."""
    return {match[1]: target for target in sorted(preset.targets()) if (match := UNIT_TEST.fullmatch(target))}


def asan(runner: Runner) -> None:
    preset = Preset("asan", ["LOGS_SDK_BUILD_EXAMPLES=OFF"])
    if build(runner, preset, lambda: list(unit_tests(preset).values())):
        run_ctests(runner, preset, unit_tests(preset).__contains__, SANITIZER_OPTIONS)


def tsan(runner: Runner) -> None:
    preset = Preset("tsan", ["LOGS_SDK_BUILD_EXAMPLES=OFF"])
    if build(runner, preset, lambda: [t for name, t in unit_tests(preset).items() if name in THREADED]):
        run_ctests(runner, preset, THREADED.__contains__, SANITIZER_OPTIONS)


def clang(runner: Runner) -> None:
    build(runner, Preset("clang", ["LOGS_SDK_BUILD_BENCH=ON"]))


def fuzzers_of(preset: Preset) -> list[str]:
    return sorted(target for target in preset.targets() if re.fullmatch(r"fuzz/\w+_fuzz", target))


def fuzz(runner: Runner) -> None:
    """Each fuzzer for its share of the time: of those that the command line names, or of all."""
    preset = Preset("fuzz")
    if not build(runner, preset, lambda: fuzzers_of(preset)):
        return
    fuzzers = [preset.folder / target for target in fuzzers_of(preset)]
    seeds = preset.folder / "seeds"
    if not runner.list_only:
        write_seeds(seeds)
    share = max(2, runner.fuzz_seconds // max(1, sum(runner.wants(f"fuzz/{fuzzer.name}") for fuzzer in fuzzers)))
    seed = random.SystemRandom().randrange(1, 2**31)
    for fuzzer in fuzzers:
        dictionary = seeds / f"{fuzzer.name}.dict"
        corpora = [ROOT / "fuzz" / "corpus" / fuzzer.name, seeds / fuzzer.name]
        found = preset.folder / "corpus" / fuzzer.name
        found.mkdir(parents=True, exist_ok=True)
        # Entropic schedules cost more than they find: of large programs they take a third of the time.
        argv = [str(fuzzer), f"-max_total_time={share}", f"-seed={seed}", "-print_final_stats=1", "-timeout=10",
                "-entropic=0", f"-artifact_prefix={found}-", str(found)]
        argv += [str(corpus) for corpus in corpora if corpus.is_dir()]
        argv += [f"-dict={dictionary}"] if dictionary.exists() else []
        runner.check(f"fuzz/{fuzzer.name}", lambda log, argv=argv: run_test(argv, log, env=SANITIZER_OPTIONS,
                                                                          seconds=share + command.TEST_SECONDS))


GROUPS: dict[str, Callable[[Runner], None]] = {
    "sources": sources,
    "release": release,
    "asan": asan,
    "tsan": tsan,
    "clang": clang,
    "fuzz": fuzz,
}
QUICK_GROUPS = ("sources", "release")
