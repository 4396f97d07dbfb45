"""A client of a test, as an SDK behaves: it keeps each batch until it has a verdict, and tells its own totals with every post."""

from __future__ import annotations

import http.client
import json
import random
import uuid

# What makes a client try again, whatever became of its batch: no connection, one that broke, a server that refuses for now.
PASSING = (OSError, http.client.HTTPException)


class IngestClient:
    """One instance with a ledger. Not for several threads."""

    def __init__(self, seed: int, project: str = "default"):
        self.random = random.Random(seed)
        self.project = project
        self.instance = f"{self.random.getrandbits(128):032x}"
        self.ledger = {"captured": 0, "delivered": 0, "duplicate": 0, "rejected": 0, "dropped": 0}
        self.settled: list[str] = []  # the uuids of all entries that have a verdict
        self.waiting: list[dict] = []
        self.waiting_headers: dict[str, str] = {}

    def capture(self, count: int) -> None:
        """Makes the next batch; the ledger as of now goes with each of its attempts."""
        self.waiting = [self.entry() for _ in range(count)]
        self.ledger["captured"] += count
        self.waiting_headers = {"X-Logs-Instance": self.instance, "X-Batch-Id": f"{self.random.getrandbits(128):032x}",
                                "X-Logs-Ledger": ", ".join(f"{name}={total}" for name, total in self.ledger.items())}

    def entry(self) -> dict:
        identity = uuid.UUID(int=self.random.getrandbits(128), version=4).hex
        return {"uuid": identity, "path": "/orders", "host": "test", "request_body": "x" * self.random.randrange(3000)}

    def post(self, port: int, keys: dict[str, str], timeout: float) -> int:
        """One attempt; settles the batch if there is an answer to settle it by. Raises what PASSING lists."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        try:
            connection.request("POST", "/api/v1/ingest/logs", json.dumps({"logs": self.waiting}),
                               {**keys, **self.waiting_headers})
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status == 200:
            self.settle(answer)
        return response.status

    def settle(self, answer: dict) -> None:
        verdicts = {"delivered": answer["accepted"], "duplicate": answer["duplicate"], "rejected": len(answer["rejected"])}
        assert sum(verdicts.values()) == len(self.waiting), answer
        for name, count in verdicts.items():
            self.ledger[name] += count
        self.settled += [entry["uuid"] for entry in self.waiting]
        self.waiting = []
