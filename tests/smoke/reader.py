"""Reads every entry of a logs-server by its query API, page by page, as any program with a token would."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator

PAGE = 500


class Reader:
    def __init__(self, url: str, token: str):
        self._url = url
        self._token = token
        # Loopback is never asked of a proxy, whatever the environment says.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def page(self, **parameters: object) -> dict:
        url = f"{self._url}/api/v1/logs?{urllib.parse.urlencode(parameters)}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._token}"})
        with self._opener.open(request, timeout=60) as answer:
            return json.load(answer)

    def entries(self, query: str = "") -> Iterator[dict]:
        """All entries that `query` selects, newest first."""
        parameters: dict[str, object] = {"limit": PAGE} | ({"q": query} if query else {})
        while True:
            answer = self.page(**parameters)
            yield from answer["logs"]
            if not answer.get("next_cursor"):
                return
            parameters["cursor"] = answer["next_cursor"]
