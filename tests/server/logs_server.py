"""logs-server as a process of a test: on a port of the kernel's choice, in a folder of the test's own."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import time
from pathlib import Path

# For the slowest machine under a sanitizer; nothing waits that long when all is well.
PATIENCE_SECONDS = 60


class LogsServer:
    """The program on a port of the kernel's choice; ready once its keys file is there."""

    def __init__(self, program: str, folder: Path, *flags: str):
        self.program = program
        self.data = folder / "data"
        self.keys_file = folder / "keys.env"
        before = self.keys_file.stat().st_mtime_ns if self.keys_file.exists() else 0
        self.log = folder / "log"
        with self.log.open("w") as out:
            self.process = subprocess.Popen([program, "--data-dir", str(self.data), "--port", "0", "--keys-file",
                                             str(self.keys_file), "--verbose", *flags], stdout=out, stderr=out)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (self.keys_file.exists() and self.keys_file.stat().st_mtime_ns > before):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(self.log.read_text())
            time.sleep(0.01)
        self.keys = dict(line.split("=", 1) for line in self.keys_file.read_text().splitlines())
        self.port = int(self.keys["LOGS_SERVER_URL"].rsplit(":", 1)[1])

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        connection = self.connect()
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    @property
    def key_headers(self) -> dict[str, str]:
        return {"X_API_Key": self.keys["LOGS_SDK_API_KEY"], "X_API_Secret": self.keys["LOGS_SDK_API_SECRET"]}

    def post(self, body: bytes, path: str = "/api/v1/ingest/logs", **headers: str) -> tuple[int, dict]:
        status, answer = self.request("POST", path, body, **{**self.key_headers, **headers})
        return status, json.loads(answer)

    def operate(self, *arguments: str) -> str:
        """What an operator's command on the same folder prints."""
        return subprocess.run([self.program, *arguments, "--data-dir", str(self.data)], check=True, text=True,
                              capture_output=True, timeout=PATIENCE_SECONDS).stdout

    def end(self, signal_number: int = signal.SIGTERM) -> int:
        self.process.send_signal(signal_number)
        return self.process.wait(PATIENCE_SECONDS)

    def __enter__(self) -> LogsServer:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
