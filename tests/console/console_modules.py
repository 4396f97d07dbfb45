"""The console's modules without a browser: runs the *.test.mjs beside them (console/) with Node.js.

The command that is copied for curl is run there by the real bash and the real curl.
"""

from __future__ import annotations

import shutil
import subprocess
import unittest
from pathlib import Path

CONSOLE = Path(__file__).resolve().parents[2] / "console"
TOOLS = ("node", "bash", "curl")


class ConsoleModulesTest(unittest.TestCase):
    @unittest.skipUnless(all(map(shutil.which, TOOLS)), f"not run: needs {', '.join(TOOLS)}")
    def test_the_modules_of_the_console(self) -> None:
        names = sorted(path.name for path in CONSOLE.glob("*.test.mjs"))
        self.assertTrue(names)
        self.assertEqual(subprocess.run(["node", "--test", *names], cwd=CONSOLE, check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
