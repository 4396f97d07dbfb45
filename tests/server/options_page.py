"""The options of logs-server as --help lists them, as docs/operations.md explains them and as docs/logs-server.toml shows
them are the same; and that file, with nothing commented out, is one the server starts with.

Run with the path of the program as the first argument.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from logs_server import LogsServer

PROGRAM = ""
DOCS = Path(__file__).resolve().parents[2] / "docs"
ON_THE_COMMAND_LINE_ONLY = {"help", "version", "config"}


def options_of_help() -> set[str]:
    text = subprocess.run([PROGRAM, "--help"], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"^ *(?:-\w,)?--([a-z-]+)", text, re.MULTILINE)) - ON_THE_COMMAND_LINE_ONLY


class OptionsPageTest(unittest.TestCase):
    def test_the_page_explains_every_option_and_no_other(self) -> None:
        section = (DOCS / "operations.md").read_text().split("\n## Options\n")[1].split("\n## ")[0]
        explained = re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE)
        self.assertEqual(len(explained), len(set(explained)))
        self.assertEqual(set(explained), options_of_help())
        self.assertGreater(len(explained), 10)

    def test_the_example_shows_every_option_and_no_other(self) -> None:
        shown = re.findall(r"^#([a-z-]+) = ", (DOCS / "logs-server.toml").read_text(), re.MULTILINE)
        self.assertEqual(len(shown), len(set(shown)))
        self.assertEqual(set(shown), options_of_help())

    def test_the_example_works_with_nothing_commented_out(self) -> None:
        example = (DOCS / "logs-server.toml").read_text()
        with tempfile.TemporaryDirectory(prefix="logs-server-test-") as name:
            folder = Path(name)
            config = folder / "logs-server.toml"
            config.write_text(re.sub(r"^#(?=[a-z-]+ = )", "", example, flags=re.MULTILINE))
            with LogsServer(PROGRAM, folder, "--config", str(config)) as server:
                self.assertEqual(server.request("GET", "/readyz")[0], 200)
                self.assertEqual(server.end(), 0)

    def test_a_file_sets_where_the_server_keeps_its_data(self) -> None:
        with tempfile.TemporaryDirectory(prefix="logs-server-test-") as name:
            folder = Path(name)
            config = folder / "logs-server.toml"
            config.write_text(f'data-dir = "{folder}/there"\nport = 99999\n')
            ended = subprocess.run([PROGRAM, "--config", str(config)], capture_output=True, text=True)
            self.assertEqual((ended.returncode, ended.stdout), (1, ""))
            self.assertIn(f"{config}:2: port: ", ended.stderr)
            self.assertFalse((folder / "there").exists())
            config.write_text(f'data-dir = "{folder}/there"\n')
            ended = subprocess.run([PROGRAM, "--config", str(config), "project", "list"], capture_output=True, text=True)
            self.assertIn(f"{folder}/there: no logs-server has used this folder", ended.stderr)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
