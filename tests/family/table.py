"""The table of docs/family.md: each field as each published client sent it, and as it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Entry = Mapping[str, Any]

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "family.md"
BEGIN, END = "<!-- begin of the table -->", "<!-- end of the table -->"
# Other on every machine and in every run: the table says in words what was sent.
VARYING = {"uuid": "the caller's", "timestamp": "time of `send`, whole seconds", "host": "host name",
           "process_id": "process id"}


def _cell(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`".replace("|", "\\|")


def _sent(name: str, entry: Entry) -> str:
    if name not in entry:
        return "–"
    return VARYING.get(name) or _cell(entry[name])


def _stored(name: str, sent: Entry, stored: Entry) -> str:
    if name == "uid":
        return "a sequence number"
    if name not in stored:
        return f"tag `extra.{name}`: {_cell(stored['tags'][f'extra.{name}'])}"
    value = stored[name]
    if name == "tags":  # what was added has a row of its own
        value = {tag: content for tag, content in value.items() if not tag.startswith("extra.")}
    return "as sent" if value == sent[name] else _cell(value)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def table_of(sent: Mapping[str, Entry], stored: Mapping[str, Entry]) -> list[str]:
    """`sent` and `stored` by version; a row for each field that any client sends, in the order of the wire."""
    names = [name for name in next(iter(stored.values())) if any(name in entry for entry in sent.values())]
    for entry in sent.values():
        names += [name for name in entry if name not in names]
    rows = [_row("field", *(f"sent by {version}" for version in sent), "stored"), "|---" * (len(sent) + 2) + "|"]
    for name in names:
        became = {_stored(name, sent[version], stored[version]): None for version in sent if name in sent[version]}
        rows.append(_row(f"`{name}`", *(_sent(name, entry) for entry in sent.values()), "; ".join(became)))
    return rows


def documented() -> list[str]:
    return DOCUMENT.read_text().split(BEGIN)[1].split(END)[0].strip().splitlines()


def update(rows: list[str]) -> None:
    before, rest = DOCUMENT.read_text().split(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n" + "\n".join(rows) + f"\n{END}{rest.split(END)[1]}")
