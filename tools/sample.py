"""The two programs of ./run: logs-server, and the sample service that posts to it. Both on loopback."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

from tools.preset import Preset
from tools.services import Service, ServiceError

RELEASE = Preset("release")
SERVER_PORT, SERVICE_PORT = 8600, 8080
# What the first start prints once and later starts need: console's token, project and keys.
_CREDENTIALS = "first-start.txt"


def port_or_any(preferred: int) -> int:
    """`preferred` if it is free, else 0: the kernel chooses."""
    try:
        with socket.create_server(("127.0.0.1", preferred)):
            return preferred
    except OSError:
        return 0


class LogsServer:
    def __init__(self, data: Path, logs: Path, port: int = 0):
        data.mkdir(parents=True, exist_ok=True)
        self._credentials = data.parent / _CREDENTIALS
        self._service = Service("logs-server", [str(RELEASE.folder / "server" / "logs-server"), "--data-dir", str(data),
                                                "--listen", f"127.0.0.1:{port}"], logs / "logs-server.log")
        self.url = self._service.wait_for(r"(http://127\.0\.0\.1:\d+)")[1]
        self._keep_credentials()
        credentials = self._credentials.read_text()
        self.token = self._one(r"#token=(\S+)", credentials)
        self.project = self._one(r"project_slug\W+(\S+)", credentials)
        self.api_key = self._one(r"(clog_pk_\w+)", credentials)
        self.api_secret = self._one(r"(clog_sk_\w+)", credentials)

    def _keep_credentials(self) -> None:
        if "#token=" not in self._service.output():
            return
        descriptor = os.open(self._credentials, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self._service.output())

    def _one(self, pattern: str, text: str) -> str:
        if match := re.search(pattern, text):
            return match[1]
        raise ServiceError(f"{self._credentials} has no {pattern}; ./run --fresh begins anew")

    @property
    def endpoint(self) -> str:
        return f"{self.url}/api/v1/ingest/logs"

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
    def __init__(self, server: LogsServer, folder: Path, port: int = 0):
        env = {"LOGS_SDK_ENDPOINT": server.endpoint, "LOGS_SDK_API_KEY": server.api_key,
               "LOGS_SDK_API_SECRET": server.api_secret, "LOGS_SDK_PROJECT_SLUG": server.project,
               "LOGS_SDK_SERVICE_NAME": "sample", "LOGS_SDK_ENVIRONMENT": "demo", "LOGS_SDK_FLUSH_INTERVAL": "0.5",
               "LOGS_SDK_CAPTURE_BODIES": "true", "LOGS_SDK_OFFLINE_DIR": str(folder / "spool")}
        self._service = Service("the sample service", [str(RELEASE.folder / "examples" / "httplib_service" /
                                                           "httplib_service"), "--port", str(port)],
                                folder / "sample-service.log", env)
        self.url = self._service.wait_for(r"(http://127\.0\.0\.1:\d+)")[1]

    def __enter__(self) -> SampleService:
        return self

    def __exit__(self, *_: object) -> None:
        self._service.stop()

    @property
    def running(self) -> bool:
        return self._service.running
