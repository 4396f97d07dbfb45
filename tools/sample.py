"""The programs of ./run: logs-server, and the sample services that post to it. All on loopback."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.preset import Preset
from tools.services import Service, ServiceError

RELEASE = Preset("release")
SERVER_PORT, HTTPLIB_PORT, BEAST_PORT, BEAST_TLS_PORT = 8600, 8080, 8081, 8443


def port_or_any(preferred: int) -> int:
    """`preferred` if it is free, else 0: the kernel chooses."""
    try:
        with socket.create_server(("127.0.0.1", preferred)):
            return preferred
    except OSError:
        return 0


class LogsServer:
    """logs-server on loopback with its data in `folder`, which keeps it, its keys and its token for the next start."""

    def __init__(self, folder: Path, port: int = 0):
        folder.mkdir(parents=True, exist_ok=True)
        keys = folder / "keys"
        argv = [str(RELEASE.folder / "server" / "logs-server"), "--data-dir", str(folder / "data"), "--keys-file",
                str(keys), "--listen", "127.0.0.1", "--port", str(port)]
        self._service = Service("logs-server", argv, folder / "logs-server.log")
        self.url = self._service.wait_for(r"listening on (http://127\.0\.0\.1:\d+)")[1]
        values = dict(line.split("=", 1) for line in keys.read_text().splitlines())
        self.token = values.pop("LOGS_SERVER_TOKEN")
        # What a service needs to post here.
        self.environment = {name: value for name, value in values.items() if name.startswith("LOGS_SDK_")}

    @property
    def console(self) -> str:
        return f"{self.url}/#token={self.token}"

    def __enter__(self) -> LogsServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._service.stop()

    @property
    def running(self) -> bool:
        return self._service.running


class SampleService:
    """One of the sample services (examples/) with everything that the SDK can record, its spool and log in `folder`."""

    def __init__(self, program: str, server: LogsServer, folder: Path, port: int = 0, options: Sequence[str] = ()):
        env = {**server.environment, "LOGS_SDK_SERVICE_NAME": program, "LOGS_SDK_ENVIRONMENT": "demo",
               "LOGS_SDK_FLUSH_INTERVAL": "0.5", "LOGS_SDK_CAPTURE_BODIES": "true",
               "LOGS_SDK_OFFLINE_DIR": str(folder / "spool")}
        argv = [str(RELEASE.folder / "examples" / program / program), "--port", str(port), *options]
        self.name = program
        self._service = Service(program, argv, folder / f"{program}.log", env)
        line = self._service.wait_for(r"^listening on (.+)$")[1]
        self.urls = re.findall(r"https?://127\.0\.0\.1:\d+", line)  # http first

    @property
    def url(self) -> str:
        return self.urls[0]

    def __enter__(self) -> SampleService:
        return self

    def __exit__(self, *_: object) -> None:
        self._service.stop()

    @property
    def running(self) -> bool:
        return self._service.running


class Certificate:
    """A certificate for this machine, signed by itself: PEM files in `folder`, made when they are missing or too old."""

    def __init__(self, folder: Path):
        self.file, self.key = folder / "certificate.pem", folder / "certificate-key.pem"
        if not self._is_good():
            self._make()

    @property
    def options(self) -> Sequence[str]:
        """For a sample service, to serve HTTPS with it."""
        return ["--certificate", str(self.file), "--key", str(self.key)]

    def _is_good(self) -> bool:
        return self.key.exists() and _openssl("x509", "-in", str(self.file), "-noout", "-checkend", "86400") is None

    def _make(self) -> None:
        fault = _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                         "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                         "-keyout", str(self.key), "-out", str(self.file))
        if fault is not None:
            raise ServiceError(f"no certificate could be made: {fault}")


def _openssl(*arguments: str) -> str | None:
    """What it complains of, None when it does not."""
    try:
        done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except OSError as error:
        return str(error)
    return None if done.returncode == 0 else done.stderr.strip()
