"""Hits as CSV (RFC 4180): quoted where needed, lines that end in CRLF, no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search.results import Hit

COLUMNS = (
    "id", "published_at", "published_precision", "site", "source", "source_domain", "title", "url", "language",
    "section", "authors", "story_id", "role", "copies", "outlets", "revision",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of the machine, and Cyrillic for rubbish


def header() -> str:
    """The first line, behind a byte order mark."""
    return _MARK + _written([COLUMNS])


def rows(hits: Iterable[Hit]) -> str:
    """One line a hit; lists are joined by '; ', times are ISO 8601 in UTC."""
    return _written(map(_row, hits))


def _row(hit: Hit) -> list[str]:
    found = hit.as_json()
    found |= {"source": hit.source_name, "source_domain": hit.source_domain}
    found |= {name: "; ".join(found[name]) for name in ("authors", "outlets")}
    return [_defused(str(found[name] if found[name] is not None else "")) for name in COLUMNS]


def _defused(cell: str) -> str:
    """A text, not a formula: Excel, LibreOffice and Google Sheets run cells that begin so (OWASP, CSV injection)."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _written(lines: Iterable[Iterable[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(lines)
    return file.getvalue()
