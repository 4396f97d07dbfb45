"""The table of docs/family.md: each field as each published client sent it, and as it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "family.md"
BEGIN, END = "<!-- begin of the table -->", "<!-- end of the table -->"
# Other on every machine and in every run; a word of the table stands for them.
VARYING = {"uuid": "the caller's", "uid": "a sequence number", "timestamp": "time of `send`, whole seconds", "host": "host name",
           "process_id": "process id"}


def _cell(name: str, value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`".replace("|", "\\|")


def _stored_cell(name: str, sent: Mapping[str, Any], stored: Mapping[str, Any]) -> str:
    if name not in stored:
        return f"tag `extra.{name}`: {_cell(name, stored['tags'][f'extra.{name}'])}"
    if name == "uid":
        return VARYING[name]
    if stored[name] == sent[name]:
        return "as sent"
    shown = {tag: value for tag, value in stored[name].items() if not tag.startswith("extra.")} if name == "tags" else stored[name]
    return "as sent" if shown == sent[name] else _cell(name, shown)


def table_of(sent: Mapping[str, Mapping[str, Any]], stored: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """`sent` and `stored` by version; one row for each field that any client sends, in the order of the wire."""
    versions = list(sent)
    names = [name for name in stored[versions[0]] if any(name in entry for entry in sent.values())]
    names += [name for version in versions for name in sent[version] if name not in names]
    rows = [f"| field | {' | '.join(f'sent by {version}' for version in versions)} | stored |", "|---" * (len(versions) + 2) + "|"]
    for name in names:
        cells = [VARYING[name] if name in VARYING and name != "uid" else _cell(name, entry[name]) if name in entry else "–"
                 for entry in sent.values()]
        results = {_stored_cell(name, sent[version], stored[version]): version for version in versions if name in sent[version]}
        rows.append(f"| `{name}` | {' | '.join(cells)} | {'; '.join(results)} |")
    return rows


def documented() -> list[str]:
    return DOCUMENT.read_text().split(BEGIN)[1].split(END)[0].strip().splitlines()


def update(rows: list[str]) -> None:
    before, rest = DOCUMENT.read_text().split(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n" + "\n".join(rows) + f"\n{END}{rest.split(END)[1]}")
