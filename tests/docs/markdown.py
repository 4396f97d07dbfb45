"""Reads Markdown as far as the tests of the documentation need it: fenced blocks and links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


class Block(NamedTuple):
    language: str
    text: str


def blocks(path: Path) -> list[Block]:
    return [Block(*match) for match in _FENCE.findall(path.read_text())]


def links(path: Path) -> list[str]:
    """Targets of the links within the project; those to elsewhere are left out."""
    return [link for link in _LINK.findall(_FENCE.sub("", path.read_text())) if "://" not in link]


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings: lower case, punctuation left out, spaces as hyphens."""
    kept = (re.sub(r"[^\w\- ]", "", heading.strip().lower()) for heading in _HEADING.findall(path.read_text()))
    return {heading.replace(" ", "-") for heading in kept}


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
