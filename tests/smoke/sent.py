"""Sent: one request as its sender saw it, and the list that senders write: one request a line, columns by tabs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sent:
    method: str
    path: str  # numbered: no two requests of a run share method and path
    status: int
    body_sha256: str
    body_size: int  # bytes received
    user_agent: str
    request_size: int  # bytes of the body sent
    error_type: str  # expected: panic where the handler throws, http_error for another status >= 400, else empty

    @property
    def key(self) -> tuple[str, str]:
        return self.method, self.path


def read_list(path: Path) -> list[Sent]:
    columns = [field.type for field in dataclasses.fields(Sent)]
    requests = []
    for line in path.read_text().splitlines():
        values = line.split("\t")
        if len(values) != len(columns):
            raise ValueError(f"{path}: {len(values)} columns instead of {len(columns)}: {line!r}")
        requests.append(Sent(*(int(value) if kind == "int" else value for kind, value in zip(columns, values))))
    return requests
