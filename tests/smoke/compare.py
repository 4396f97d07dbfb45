"""Joins what the senders say they sent with what the query API finds. Nothing may be missing, twice, extra or different."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sent import Sent

# The mark of a copy that was cut, and of one that is not text: their hash is not the body's.
CUT, BINARY = "...[truncated]", "[binary "


@dataclass
class Comparison:
    checked: Counter[str] = field(default_factory=Counter)  # property to how often it was held against the list
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults and self.checked["found"] > 0


def expected_fields(sent: Sent) -> dict[str, object]:
    return {
        "status_code": sent.status,
        "response_body_size": sent.body_size,
        "user_agent": sent.user_agent,
        "request_body_size": sent.request_size,
        "is_error": sent.status >= 400,
        "error_type": sent.error_type,
    }


def whole_text(body: str) -> bool:
    return bool(body) and not body.endswith(CUT) and not body.startswith(BINARY)


def compare(sent: Iterable[Sent], entries: Iterable[Mapping], service: str) -> Comparison:
    """`service` tells of its start, once, in an entry of the infrastructure."""
    result = Comparison()
    found: dict[tuple[str, str], list[Mapping]] = {}
    started: list[str] = []
    for entry in entries:
        if entry.get("kind") == "infra":
            started.append(entry["source_name"])
        else:
            found.setdefault((entry["method"], entry["path"]), []).append(entry)
    if started == [service]:
        result.checked["start of the service"] += 1
    else:
        result.faults.append(f"entries of the infrastructure: {started}, expected one, of {service}")
    for request in sent:
        matches = found.pop(request.key, [])
        if len(matches) != 1:
            result.faults.append(f"{request.method} {request.path}: found {len(matches)} times")
            continue
        result.checked["found"] += 1
        _compare_one(request, matches[0], result)
    for (method, path), matches in found.items():
        result.faults.append(f"{method} {path}: {len(matches)} entries of a request that nobody has on a list")
    return result


def _compare_one(sent: Sent, entry: Mapping, result: Comparison) -> None:
    wanted = expected_fields(sent)
    seen = {name: entry.get(name) for name in wanted}
    if whole_text(entry["response_body"]):
        wanted["hash of response_body"] = sent.body_sha256
        seen["hash of response_body"] = hashlib.sha256(entry["response_body"].encode()).hexdigest()
    for name, value in wanted.items():
        result.checked[name] += 1
        if seen[name] != value or type(seen[name]) is not type(value):
            result.faults.append(f"{sent.method} {sent.path}: {name} is {seen[name]!r}, sent {value!r}")
