"""Every public header compiles alone, as C++17 and with strict warnings, by both compilers."""

import shutil
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ("-std=c++17", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Wsign-conversion",
         "-Wnon-virtual-dtor", "-Wold-style-cast", "-Werror", f"-I{ROOT / 'include'}", "-xc++", "-")


class Cxx17Test(unittest.TestCase):
    def check(self, compiler: str) -> None:
        if shutil.which(compiler) is None:
            self.skipTest(f"{compiler} is not installed")
        headers = sorted((ROOT / "include").rglob("*.h"))
        self.assertGreater(len(headers), 5)
        for header in headers:
            name = header.relative_to(ROOT / "include")
            # Twice: the include guard is tested as well.
            source = f'#include "{name}"\n#include "{name}"\n'
            with self.subTest(header=str(name)):
                done = subprocess.run([compiler, *FLAGS], input=source, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_headers_compile_alone_with_gcc(self):
        self.check("g++")

    def test_headers_compile_alone_with_clang(self):
        self.check("clang++")


if __name__ == "__main__":
    unittest.main()
