"""Hits as CSV (RFC 4180): quoted where needed, lines that end in CRLF, no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search.results import Hit

COLUMNS = (
    "id", "published_at", "published_precision", "site", "source", "source_domain", "title", "url", "language",
    "section", "authors", "story_id", "role", "copies", "outlets", "revision",
)  # fmt: skip
# Blanks, control and format characters of Unicode (Z*, Cc, Cf) and letters that show nothing: programs trim them.
_UNSEEN = (
    r"\x00-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5"
    r"\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SIGN = "[-=+@＝＋－＠]"
_FIRST = re.compile(rf"(?=[{_UNSEEN}]*{_SIGN}| *[\t\r\n])")
# Where `;` or a tab separates cells, as in Excel by the settings of half of Europe, a part of a cell is a cell.
_LATER = re.compile(rf"([;\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029][{_UNSEEN}\"]*+)({_SIGN}?)")
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
    return [defused(str(found[name] if found[name] is not None else "")) for name in COLUMNS]


def defused(cell: str) -> str:
    """A text, not a formula: Excel, LibreOffice and Google Sheets run cells that begin so (OWASP, CSV injection)."""
    mark = "'" if _FIRST.match(cell) else ""
    return mark + _LATER.sub(lambda part: f"{part[1]}'{part[2]}" if part[2] else part[1], cell)


def _written(lines: Iterable[Iterable[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(lines)
    return file.getvalue()
