"""The published clients, as the Python registry has them: installed by hash, each into a folder of its own, and driven
by a process that has nothing of ours in it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
VERSIONS = ("0.3.0", "0.6.0")
# A client that waits for a server tries for 15 s, some times.
PATIENCE_SECONDS = 120


def _installed(folder: Path, requirements: Path) -> bool:
    """Whether `folder` was completed by exactly these requirements."""
    mark = folder / ".complete"
    return mark.exists() and mark.read_bytes() == requirements.read_bytes()


def _install(python: Path, folder: Path, requirements: Path, *where: str) -> None:
    if _installed(folder, requirements):
        return
    argv = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "--no-deps",
            "--only-binary", ":all:", *where, "-r", str(requirements)]
    if subprocess.run(argv, check=False).returncode != 0:
        raise AssertionError(f"pip cannot install {requirements.name}: is the Python registry within reach?")
    (folder / ".complete").write_bytes(requirements.read_bytes())


class PublishedClients:
    """An environment below `folder`, made when it is missing."""

    def __init__(self, folder: Path):
        venv = folder / "venv"
        self._python = venv / "bin" / "python"
        self._folder = folder
        if not self._python.exists():
            made = subprocess.run([sys.executable, "-m", "venv", str(venv)], check=False)
            if made.returncode != 0:
                raise AssertionError("no virtual environment can be made: is python3-venv installed?")
        _install(self._python, venv, HERE / "requirements.txt")
        for version in VERSIONS:
            target = folder / version
            target.mkdir(exist_ok=True)
            _install(self._python, target, HERE / f"logs-sdk-{version}.txt", "--target", str(target), "--upgrade")

    def run(self, version: str, config: Mapping[str, str], steps: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Does the steps of client.py with the client of that version; what each of them gave."""
        # Theirs is also the folder in which the client keeps what it could not send.
        with tempfile.TemporaryDirectory(prefix="logs-family-") as temporary:
            env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(self._folder / version), "TMPDIR": temporary,
                   "PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "*"}
            done = subprocess.run([str(self._python), str(HERE / "client.py")], env=env, text=True, capture_output=True,
                                  input=json.dumps({"config": config, "steps": steps}), timeout=PATIENCE_SECONDS)
        if done.returncode != 0:
            raise AssertionError(f"the client of {version} ended with {done.returncode}:\n{done.stderr}")
        return json.loads(done.stdout)
