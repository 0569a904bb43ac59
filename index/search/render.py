"""Results as text for a terminal, or for a file when the output is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from rich.cells import cell_len

from index.search.query import Query
from index.search.results import MATCH_END, MATCH_START, Bucket, Hit, Results
from index.search.understood import remedies, understood

INDENT = 4
FACET_VALUES = 5  # values of each facet that are shown
OUTLETS = 3

# A page's text must not steer the terminal: control characters, bidirectional overrides, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_MARKS = re.compile(f"[{MATCH_START}{MATCH_END}]")


@dataclass(frozen=True, slots=True)
class Style:
    """How the text is set: columns, whether the terminal may be given bold and dim, zone of times shown."""

    width: int = 80
    styled: bool = False
    zone: tzinfo = UTC

    def bold(self, text: str) -> str:
        """In bold, where there is any."""
        return f"\x1b[1m{text}\x1b[22m" if self.styled else text

    def dim(self, text: str) -> str:
        """Less bright, where that can be."""
        return f"\x1b[2m{text}\x1b[22m" if self.styled else text

    def matched(self, text: str) -> str:
        """With the matched words in bold."""
        start, end = ("\x1b[1m", "\x1b[22m") if self.styled else ("", "")
        return text.replace(MATCH_START, start).replace(MATCH_END, end)


def render(results: Results, query: Query, style: Style) -> str:
    """The whole answer, ending with a newline."""
    if not results.total:
        return _nothing(query, style)
    if not results.hits:
        return f"Nothing on this page: {_counted(results.total, query)} in all, --offset is {query.offset}.\n"
    blocks = [_hit(number, hit, style) for number, hit in enumerate(results.hits, query.offset + 1)]
    return "\n\n".join([*blocks, _facets(results, style) + "\n" + _paging(results, query)]) + "\n"


def _nothing(query: Query, style: Style) -> str:
    lines = ["Nothing found.", *wrap(f"Looked for: {understood(query, style.zone)}.", style.width)]
    tips = remedies(query) if query.text else ["The index is empty: run svodka crawl first."]
    if query.text:
        lines.append("To find more, try:")
        tips = [f"  - {tip}" for tip in tips]
    return "\n".join([*lines, *map(safe, tips)]) + "\n"


def _hit(number: int, hit: Hit, style: Style) -> str:
    title = wrap(hit.title, style.width - INDENT)
    about = wrap(" · ".join(_about(hit, style.zone)), style.width - INDENT)
    passages = [line for passage in hit.highlights for line in wrap(passage, style.width - INDENT)]
    body = [
        *(style.dim(line) for line in about),
        *style.matched("\n".join(passages)).splitlines(),
        style.dim(safe(hit.url)),
    ]
    first = f"{number:>{INDENT - 2}}. " + style.bold(title[0])
    rest = [" " * INDENT + line for line in [*map(style.bold, title[1:]), *body]]
    return "\n".join([first, *rest])


def _about(hit: Hit, zone: tzinfo) -> Iterator[str]:
    """site · time · by whom · copies"""
    yield hit.site
    yield time_shown(hit.published_at, hit.published_precision, zone)
    source = [] if hit.source_name in {hit.site, *hit.authors} else [hit.source_name]
    if names := [*hit.authors, *source]:
        yield "by " + ", ".join(names)
    if hit.role == "copy":
        yield "a copy"
    if hit.copies:
        yield _copies(hit)
    if hit.revision > 1:
        yield f"revision {hit.revision}"


def time_shown(moment: datetime, precision: str, zone: tzinfo) -> str:
    """A publication time as exact as it is known (`Article.published_precision`).

    A day is kept as its noon UTC and shown as that date in every zone.
    """
    if precision == "day":
        noon = moment.astimezone(UTC)
        return f"{noon.day} {noon:%b %Y}"
    local = moment.astimezone(zone)
    day = f"{local.day} {local:%b %Y}"
    if precision == "unknown":
        return f"seen {day}"
    return f"{day} {local:%H:%M %Z}"


def _copies(hit: Hit) -> str:
    others = [outlet for outlet in hit.outlets if outlet != hit.site]
    more = len(others) - OUTLETS
    named = ", ".join(others[:OUTLETS]) + (f" and {more} more" if more > 0 else "")
    counted = f"{hit.copies} {'copy' if hit.copies == 1 else 'copies'}"
    return f"{counted}: {named}" if named else counted


def _facets(results: Results, style: Style) -> str:
    rows = (("Sites", results.facets.site), ("Sources", results.facets.source), ("Days", results.facets.day))
    return "\n".join(line for name, buckets in rows for line in wrap(_facet(name, buckets), style.width))


def _facet(name: str, buckets: Iterable[Bucket]) -> str:
    values = [f"{bucket.value} {bucket.count}" for bucket in buckets]
    more = len(values) - FACET_VALUES
    return f"{name}: {', '.join(values[:FACET_VALUES])}" + (f" and {more} more" if more > 0 else "")


def _paging(results: Results, query: Query) -> str:
    last = query.offset + len(results.hits)
    shown = f"{query.offset + 1}-{last} of {_counted(results.total, query)}"
    return f"{shown}; next: --offset {last}" if last < results.total else shown


def _counted(total: int, query: Query) -> str:
    one, many = ("article", "articles") if query.copies else ("story", "stories")
    return f"{total} {one if total == 1 else many}"


def safe(text: str) -> str:
    """A page's text without what could steer a terminal."""
    return _UNSAFE.sub(" ", text)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, cut at blanks; longer words stand alone. Match marks have no width."""
    lines: list[str] = []
    room = 0
    for word in safe(text).split():
        cells = cell_len(_MARKS.sub("", word))
        if lines and cells < room:
            lines[-1] += " " + word
            room -= cells + 1
        else:
            lines.append(word)
            room = width - cells
    return lines or [""]
