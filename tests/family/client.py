"""A program that uses a published client as its application would. It knows nothing of our project.

Reads {"config": keyword arguments of the client, "steps": [...]} and prints what each step gave, as JSON. A step is
one of

    {"send": fields}         LogEntry by keyword, handed to send(); gives the entry as it went
    {"post": [objects]}      these JSON objects, by the client's own posting function; gives what it returned
    {"upload": fields}       InfraLogEntry by keyword, handed to upload_infra_log(); gives its answer and the entry
    {"to_dict": fields}      what the client makes of an InfraLogEntry, without sending it
    {"has": [names]}         which attributes the client has
"""

import json
import sys
from dataclasses import asdict, is_dataclass

import logs_sdk.types
from logs_sdk import LogEntry, LogSDK


class Ready:
    """An entry whose JSON is what the test says."""

    def __init__(self, members):
        self._members = members

    def to_dict(self):
        return self._members


def plain(answer):
    return asdict(answer) if is_dataclass(answer) else answer


def do(sdk, step):
    (kind, argument), = step.items()
    if kind == "send":
        entry = LogEntry(**argument)
        sdk.send(entry)
        return entry.to_dict()
    if kind == "post":
        return plain(sdk._send_batch([Ready(members) for members in argument]))
    if kind == "upload":
        entry = logs_sdk.types.InfraLogEntry(**argument)
        return {"answer": sdk.upload_infra_log(entry), "entry": entry.to_dict()}
    if kind == "to_dict":
        return logs_sdk.types.InfraLogEntry(**argument).to_dict()
    if kind == "has":
        return {name: hasattr(sdk, name) for name in argument}
    raise ValueError(kind)


def main():
    work = json.load(sys.stdin)
    sdk = LogSDK(**work["config"])
    results = [do(sdk, step) for step in work["steps"]]
    sdk.close()
    left = sdk.offline_cache.pending_count()
    if left:
        sys.exit(f"{left} batches could not be sent")
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
