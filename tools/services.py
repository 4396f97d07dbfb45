"""Service: a program of ours that runs beside this script, its output in a log, stopped by its own process id."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

# How long a service may take to say that it is there, and to end when it is asked to.
START_SECONDS = 30
STOP_SECONDS = 30


class ServiceError(Exception):
    pass


class Service:
    def __init__(self, name: str, argv: Sequence[str], log: Path, env: Mapping[str, str] | None = None):
        self.name = name
        self.log = log
        # A first start prints keys: for the owner's eyes only.
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            # A session of its own: an interrupt typed at the terminal reaches this script alone, which then stops its
            # services in order.
            self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                             env={**os.environ, **(env or {})}, start_new_session=True)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first place in the output where `pattern` matches, as soon as it is there."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            running = self.running
            if match := re.search(pattern, self.output(), re.MULTILINE):
                return match
            if not running or time.monotonic() > deadline:
                why = "did not get ready" if running else f"ended with code {self._process.returncode}"
                raise ServiceError(f"{self.name} {why}; it said:\n{self.output().strip()}\n(all of it: {self.log})")
            time.sleep(0.02)

    def stop(self) -> None:
        """Asks it to end and waits; a service that does not end in time, or not with 0, is an error."""
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise ServiceError(f"{self.name} did not end within {STOP_SECONDS} s of SIGTERM; see {self.log}") from None
        if code != 0:
            raise ServiceError(f"{self.name} ended with code {code}; it said:\n{self.output().strip()}")
