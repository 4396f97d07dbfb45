"""Seeds and dictionaries of the fuzzers of whole things, made from the golden cases (testing/golden).

Each case as it is, and varied: white space around and between the tokens of JSON, nesting, cuts. What is varied is
chosen by a fixed seed, so that two runs begin alike.

    python3 fuzz/seeds.py FOLDER        writes FOLDER/<fuzzer>/<seed> and FOLDER/<fuzzer>.dict
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

FUZZ = Path(__file__).resolve().parent
GOLDEN = FUZZ.parent / "testing" / "golden"
# Of each entry these hold JSON as text.
JSON_TEXTS = ("request_headers", "response_headers", "latency_breakdown", "metadata")
SPACES = (" ", "\n", "\t", "\r\n", "  \n ")
QUERIES = ("", "timeout", "status_code:>=500 AND method:POST", "has:tags OR tags.tier:gold",
           "request_headers.accept:*json* NOT is_error:true", "metadata.table:orders", "duration_ms:[1 TO 500]",
           'path:"/cart" kind:entry', "latency_breakdown.total_us:>100 -has:user_id", "level:error,fatal")
# Which pieces of fuzz/dict a fuzzer is given.
DICTIONARIES = {
    "audit_fuzz": ("json",),
    "exchange_fuzz": ("json", "exchange"),
    "infra_entry_fuzz": ("json",),
    "ingest_fuzz": ("json", "post", "query"),
    "json_structure_fuzz": ("json",),
    "log_entry_fuzz": ("json",),
    "query_row_fuzz": ("json", "query"),
}


def golden_inputs(folder: str) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((GOLDEN / folder).glob("*.txt"))}


def with_header_blocks(lines: bytes) -> bytes:
    """An exchange whose headers come in one block for each side, as some servers show them; one of them is folded."""
    blocks: dict[bytes, list[bytes]] = {b"request": [], b"response": []}
    rest = []
    for line in lines.splitlines():
        header = re.fullmatch(rb"(request|response)_header (\S+) = (.*)", line)
        if header:
            blocks[header[1]].append(header[2] + b": " + header[3].replace(b" ", b"\\r\\n ", 1) + b"\\r\\n")
        else:
            rest.append(line)
    at = next(i for i, line in enumerate(rest) if line.startswith(b"request ="))
    rest[at + 1:at + 1] = [side + b"_header_block = " + b"".join(block) for side, block in blocks.items()]
    return b"\n".join(rest) + b"\nask = now\n"


def golden_entries(*folders: str) -> dict[str, dict]:
    """Expected entries; those of `entries` and `infra` are the bytes of one line."""
    found = {}
    for folder in folders:
        for path in sorted((GOLDEN / folder).glob("*.json")):
            found[f"{folder}_{path.stem}"] = json.loads(path.read_text())
    return found


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def spaced(text: str, chance: random.Random) -> str:
    """JSON with white space at some of its places; strings stay as they are."""
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[^\s"{}\[\]:,]+|[{}\[\]:,]', text)
    return "".join(token + (chance.choice(SPACES) if chance.random() < 0.3 else "") for token in tokens)


def varied(text: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """JSON in the forms in which other encoders write it, and torn."""
    yield "spaced", spaced(text, chance)
    yield "before", chance.choice(SPACES) + text
    yield "behind", text + chance.choice(SPACES)
    yield "nested", '{"a":[' * 3 + text + "]}" * 3
    yield "cut", text[: chance.randrange(len(text) + 1)]


def line_value(text: str) -> str:
    for plain, name in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(plain, name)
    return text


def entry_lines(entry: dict) -> str:
    """An entry as the lines that log_entry_fuzz and infra_entry_fuzz read."""
    lines = []
    for name, value in entry.items():
        if name == "tags":
            for tag, each in value.items():
                kind = {bool: "tag.boolean", int: "tag.integer", float: "tag.real"}.get(type(each), "tag")
                text = each if isinstance(each, str) else json.dumps(each)
                lines.append(f"{kind} {line_value(tag)} = {line_value(text)}")
        else:
            lines.append(f"{name} = {line_value(value if isinstance(value, str) else json.dumps(value))}")
    return "\n".join(lines) + "\n"


def varied_entries(entries: dict[str, dict], chance: random.Random) -> Iterator[tuple[str, dict]]:
    """Each entry as it is, and once more with one of its JSON texts in another form."""
    for name, entry in entries.items():
        yield name, entry
        field = chance.choice([field for field in JSON_TEXTS if field in entry])
        form, text = chance.choice(list(varied(entry[field], chance)))
        yield f"{name}_{field}_{form}", {**entry, field: text}


def as_sent_by_others(entry: dict, chance: random.Random) -> dict:
    """An entry as a member of the family may post it: fields missing, unknown or of another type."""
    sent = {name: value for name, value in entry.items() if chance.random() < 0.5}
    sent["request_headers"] = {"Accept": "*/*", "password": "?"}
    sent["tags"] = chance.choice(['{"tier":"gold","password":"?"}', {"tier": "gold", "password": "?"}, None])
    sent["is_callback"] = chance.choice([True, "1", {"deep": [{"password": "?"}]}])
    sent["status_code"] = chance.choice(["200", 200.0, None])
    sent.pop("project_slug", None)
    return sent


def posts(kind: str, entries: dict[str, dict], chance: random.Random) -> Iterator[tuple[str, str]]:
    for name, entry in varied_entries(entries, chance):
        entry = {**entry, "project_slug": chance.choice(("default", ""))}
        others = as_sent_by_others(entry, chance)
        if kind == "infra-logs":
            others.setdefault("level", "WARNING")
        body = compact({"logs": [entry, others]})
        if chance.random() < 0.3:
            body = spaced(body, chance)
        head = [f"POST /api/v1/ingest/{kind}?q={chance.choice(QUERIES).replace(' ', '+')}"]
        head.append("X-Batch-Id: " + "0123456789abcdef" * 2)
        if chance.random() < 0.5:
            head += ["X-Logs-Instance: " + "a" * 32, "X-SDK-Type: cpp",
                     "X-Logs-Ledger: captured=5, delivered=2, duplicate=0, rejected=0, dropped=1"]
        if chance.random() < 0.4:
            head.append("Content-Encoding: " + chance.choice(("gzip", "zstd", "x-gzip", "identity", "br")))
        yield name, "\n".join(head) + "\n\n" + body


def stored(entries: dict[str, dict]) -> dict[str, dict]:
    """As the store keeps them: infrastructure entries have three more fields."""
    found = {}
    for name, entry in entries.items():
        if name.startswith("infra_"):
            entry = {"uuid": entry["uuid"], "uid": 0, "kind": "infra", **entry, "tags": {"extra.zone": "b", "n": 7}}
        found[name] = entry
    return found


def all_seeds() -> Iterator[tuple[str, str, str | bytes]]:
    """Fuzzer, name and content of each."""
    chance = random.Random(1)
    exchanges, infra = golden_entries("exchanges", "entries"), golden_entries("infra")
    for folder, fuzzer in (("entries", "log_entry_fuzz"), ("infra", "infra_entry_fuzz"), ("exchanges", "exchange_fuzz")):
        for name, content in golden_inputs(folder).items():
            yield fuzzer, name, content
            if fuzzer == "exchange_fuzz":
                yield fuzzer, f"{name}_blocks", with_header_blocks(content)
    for fuzzer, entries in (("log_entry_fuzz", exchanges), ("infra_entry_fuzz", infra)):
        for name, entry in varied_entries(entries, chance):
            yield fuzzer, f"value_{name}", entry_lines(entry)
    for name, text in posts("logs", exchanges, chance):
        yield "ingest_fuzz", f"logs_{name}", text
    for name, text in posts("infra-logs", infra, chance):
        yield "ingest_fuzz", f"infra_{name}", text
    for number, (name, entry) in enumerate(varied_entries(stored({**exchanges, **infra}), chance)):
        yield "audit_fuzz", name, compact(entry)
        yield "query_row_fuzz", name, QUERIES[number % len(QUERIES)] + "\n\n" + compact(entry)
    for name, entry in {**exchanges, **infra}.items():
        for field in JSON_TEXTS:
            if len(entry.get(field, "{}")) > 2:
                yield "json_structure_fuzz", f"{name}_{field}", entry[field]
                form, text = chance.choice(list(varied(entry[field], chance)))
                yield "json_structure_fuzz", f"{name}_{field}_{form}", text


def dictionary(pieces: tuple[str, ...]) -> str:
    words = [(FUZZ / "dict" / f"{piece}.dict").read_text() for piece in pieces]
    entry, infra = golden_entries("exchanges")["exchanges_get"], golden_entries("infra")["infra_database"]
    return "".join(words) + "".join(f'"{name}"\n' for name in dict.fromkeys([*entry, *infra]))


def write(folder: Path) -> None:
    """Makes the folder anew: a case that is gone leaves no seed."""
    shutil.rmtree(folder, ignore_errors=True)
    for fuzzer, pieces in DICTIONARIES.items():
        (folder / fuzzer).mkdir(parents=True)
        (folder / f"{fuzzer}.dict").write_text(dictionary(pieces))
    for fuzzer, name, content in all_seeds():
        (folder / fuzzer / name).write_bytes(content if isinstance(content, bytes) else content.encode())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
