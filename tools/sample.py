"""The two programs of ./run: logs-server, and the sample service that posts to it. Both on loopback."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from tools.preset import Preset
from tools.services import Service

RELEASE = Preset("release")
SERVER_PORT, SERVICE_PORT = 8600, 8080


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
    """The sample service with everything that the SDK can record, its spool and log in `folder`."""

    def __init__(self, server: LogsServer, folder: Path, port: int = 0):
        env = {**server.environment, "LOGS_SDK_SERVICE_NAME": "sample", "LOGS_SDK_ENVIRONMENT": "demo",
               "LOGS_SDK_FLUSH_INTERVAL": "0.5", "LOGS_SDK_CAPTURE_BODIES": "true",
               "LOGS_SDK_OFFLINE_DIR": str(folder / "spool")}
        argv = [str(RELEASE.folder / "examples" / "httplib_service" / "httplib_service"), "--port", str(port)]
        self._service = Service("the sample service", argv, folder / "sample-service.log", env)
        self.url = self._service.wait_for(r"listening on (http://127\.0\.0\.1:\d+)")[1]

    def __enter__(self) -> SampleService:
        return self

    def __exit__(self, *_: object) -> None:
        self._service.stop()

    @property
    def running(self) -> bool:
        return self._service.running
