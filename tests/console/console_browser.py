"""The console in a real browser: runs the *.test.mjs of this folder with Node.js, Playwright and the system's Chromium.

Run with the path of logs-server as the first argument, in a folder where npm may install Playwright.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
FILES = ("package.json", "package-lock.json", *(path.name for path in sorted(SOURCE.glob("*.mjs"))))
TOOLS = ("node", "npm", "chromium")
PROGRAM = ""


class ConsoleBrowserTest(unittest.TestCase):
    @unittest.skipUnless(all(map(shutil.which, TOOLS)), f"needs {', '.join(TOOLS)}")
    def test_the_console_in_a_browser(self) -> None:
        for name in FILES:
            shutil.copy(SOURCE / name, name)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], check=True)
        env = {**os.environ, "LOGS_SERVER": PROGRAM, "CHROMIUM": str(shutil.which("chromium"))}
        self.assertEqual(subprocess.run(["node", "--test"], env=env, check=False).returncode, 0)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
