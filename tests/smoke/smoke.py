"""./run --smoke: real requests through each sample service, and then each of them found again, once, and as it was.

    wrk, curl -> a sample service with the SDK -> logs-server -> query API -> compared with what wrk and curl wrote down
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tools.sample import Certificate, LogsServer, SampleService
from tools.services import ServiceError

from compare import Comparison, compare
from reader import Reader
from sent import Sent
from traffic import send_with_curl, send_with_wrk

PROGRAMS = ("httplib_service", "beast_service")
WRK_REQUESTS = 2000
CURL_REQUESTS = 320
# Entries are there a flush interval and a commit after the last response. This is for the slowest machine.
ARRIVAL_SECONDS = 60
SHOWN_FAULTS = 20


def wait_until_shipped(reader: Reader, wanted: int) -> list[dict]:
    """The entries once `wanted` of them are there, or what there is when none has come for ARRIVAL_SECONDS."""
    entries: list[dict] = []
    last_change = time.monotonic()
    while len(entries) < wanted and time.monotonic() - last_change < ARRIVAL_SECONDS:
        time.sleep(0.2)
        seen = list(reader.entries())
        if len(seen) != len(entries):
            last_change = time.monotonic()
        entries = seen
    return entries


def send_and_read(program: str, folder: Path) -> tuple[list[Sent], list[dict]]:
    certificate = Certificate(folder)
    options = [*certificate.options, "--tls-port", "0"] if program == "beast_service" else []
    with LogsServer(folder) as server:
        with SampleService(program, server, folder, options=options) as service:
            started = time.monotonic()
            sent = send_with_wrk(service.urls[0], WRK_REQUESTS, folder)
            # Over HTTPS where the service has it.
            sent += send_with_curl(service.urls[-1], CURL_REQUESTS, folder, certificate.file)
            print(f"{program}: sent {len(sent)} requests in {time.monotonic() - started:.1f} s", flush=True)
            reader = Reader(server.url, server.token)
            wait_until_shipped(reader, len(sent) + 1)  # and the service's own
        # The service has ended and given up what it still held: nothing can come any more.
        return sent, list(reader.entries())


def show(sent: list[Sent], comparison: Comparison) -> None:
    statuses = sorted({request.status for request in sent})
    print("\nsent      " + ", ".join(f"{sum(r.status == s for r in sent)} x {s}" for s in statuses))
    for name, count in comparison.checked.items():
        print(f"compared  {name:<22}{count:>6}")
    print(f"faults    {len(comparison.faults)}")
    for fault in comparison.faults[:SHOWN_FAULTS]:
        print(f"  {fault}")


def passes(program: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="logs-smoke-") as folder:
        sent, entries = send_and_read(program, Path(folder))
    comparison = compare(sent, entries, program)
    show(sent, comparison)
    return comparison.ok


def main() -> int:
    try:
        passed = [passes(program) for program in PROGRAMS]
    except (ServiceError, RuntimeError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("smoke test passed" if all(passed) else "smoke test failed", flush=True)
    return 0 if all(passed) else 1
