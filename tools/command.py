"""Runs one program, its output appended to a log, never longer than allowed."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# Nothing here takes minutes on two cores; what does hangs. Builds have a limit of their own.
TEST_SECONDS = 600
BUILD_SECONDS = 3600


def run(argv: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None, cwd: Path | None = None,
        seconds: float = TEST_SECONDS) -> bool:
    """Appends the output of `argv` to `log`; True when it ended in time with 0."""
    with log.open("ab") as out:
        out.write(f"$ {' '.join(argv)}\n".encode())
        out.flush()
        try:
            child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=cwd,
                                     env={**os.environ, **(env or {})}, start_new_session=True)
        except OSError as error:
            out.write(f"cannot be started: {error}\n".encode())
            return False
        try:
            code = child.wait(timeout=seconds)
        except BaseException as error:
            # Its own session, so that what it started goes with it; also when this run is interrupted.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            out.write(f"\nended after {seconds:.0f} s: it hangs\n".encode())
            return False
        if code != 0:
            how = f"signal {-code}" if code < 0 else f"code {code}"
            out.write(f"\nended with {how}\n".encode())
        return code == 0
