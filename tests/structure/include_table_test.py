"""Which folder includes which is the table in docs/architecture.md; every #include of the project is held against it.

Tests beside the code may include anything, as may the folders whose row says so.
"""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
ROW = re.compile(r"^\| `([^|]+)` \|[^|]*\|([^|]*)\|$", re.MULTILINE)
CODE = ("include", "src", "server", "tools", "python", "examples", "testing", "tests", "fuzz", "bench")


def read_table() -> dict[str, set[str] | None]:
    """Folder to the folders it may include; None for anything."""
    text = (ROOT / "docs/architecture.md").read_text()
    return {folder: None if cell.strip() == "anything" else set(re.findall(r"`([^`]+)`", cell))
            for names, cell in ROW.findall(text) for folder in names.split("`, `")}


def folder_of(path: str, table: dict[str, set[str] | None]) -> str | None:
    """The row for a path: the longest folder of the table above it."""
    path = path.replace("logs_sdk/", "include/logs_sdk/", 1) if path.startswith("logs_sdk/") else path
    above = [str(parent) for parent in Path(path).parents]
    return next((folder for folder in [path, *above] if folder in table), None)


def violations(path: str, text: str, table: dict[str, set[str] | None]) -> list[str]:
    folder = folder_of(path, table)
    if folder is None:
        return [f"{path}: its folder has no row in docs/architecture.md"]
    allowed = table[folder]
    if allowed is None or path.endswith("_test.cc"):
        return []
    # A row for a single file goes with its folder.
    may = allowed | {folder} | {row for row in table if row.endswith(".h") and folder_of(str(Path(row).parent), table) in
                                allowed | {folder}}
    return [f"{path}: {folder} may not include {name}" for name in INCLUDE.findall(text)
            if folder_of(name, table) not in may]


class IncludeTableTest(unittest.TestCase):
    def test_every_include_follows_the_table(self):
        table = read_table()
        files = [p for folder in CODE for suffix in ("*.h", "*.cc") for p in (ROOT / folder).rglob(suffix)
                 if "node_modules" not in p.parts]
        self.assertGreater(len(files), 20)
        found = [v for p in files for v in violations(str(p.relative_to(ROOT)), p.read_text(), table)]
        self.assertEqual(found, [], "\n".join(["", *found]))

    def test_an_include_outside_the_table_is_found(self):
        table = read_table()
        self.assertEqual(violations("src/base/clock.cc", '#include "src/base/clock.h"\n#include <ctime>\n', table), [])
        for path, include in (("src/base/clock.cc", "src/spool/spool.h"), ("src/spool/ring.cc", "logs_sdk/config.h"),
                              ("server/store/store.cc", "server/query/query.h"), ("src/entry/x.h", "x_internal.h"),
                              ("examples/a/main.cc", "src/sdk/sink.h"), ("src/unknown/x.cc", "src/base/clock.h")):
            self.assertEqual(len(violations(path, f'  # include "{include}"\n', table)), 1, path)
        self.assertEqual(violations("src/base/clock_test.cc", '#include "testing/manual_clock.h"\n', table), [])


if __name__ == "__main__":
    unittest.main()
