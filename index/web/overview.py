"""The figures of the overview: what was published and republished in a period, and what the index holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from index.search.query import And, Period, Query
from index.stories.top import Asked, top_hits
from index.web.facets import merged
from index.web.period import DAYS
from index.web.period import Period as Days

if TYPE_CHECKING:
    from index.backend import Backend, Republished
    from index.search.results import Bucket, Hit

STORIES = 5  # of a day and of a week that are listed
SOURCES = 10
PAIRS = 12
SILENT = timedelta(days=2)  # without an article: longer than a Sunday, shorter than a week


@dataclass(frozen=True, slots=True)
class Figures:
    """What the overview shows of the days of `period`."""

    made_at: datetime
    period: Days
    held: Mapping[str, int]  # `Backend.stats`
    newest: Hit | None  # story of the period
    stories: int
    days: Sequence[Bucket]
    sources: Sequence[tuple[str, int]]  # names and stories, most first
    pairs: Sequence[Republished]  # most first
    last_day: Sequence[Hit]  # the most republished
    last_week: Sequence[Hit]
    silent: Sequence[tuple[str, datetime | None]]  # sites, and their newest article where a run has seen one


def with_stories(backend: Backend, wanted: Days) -> Days:
    """The period; where it has no story, the thirty days up to the newest one there is."""
    if backend.search(replace(_stories(wanted), facets=False)).total:
        return wanted
    last = _last_day(backend)
    return Days(last) if last else wanted


def figures(backend: Backend, period: Days, now: datetime) -> Figures:
    """The figures of a period."""
    results = backend.search(_stories(period))
    return Figures(
        made_at=now,
        period=period,
        held=backend.stats(),
        newest=results.hits[0] if results.hits else None,
        stories=results.total,
        days=results.facets.day,
        sources=merged(results.facets.source)[:SOURCES],
        pairs=backend.republished(period.since, period.until) if results.total else [],
        last_day=_top(backend, period, 1),
        last_week=_top(backend, period, 7),
        silent=_silent(backend, now) if period.now else [],
    )


def _stories(period: Days) -> Query:
    root = And((Period("after", period.since), Period("before", period.until)))
    return Query(root=root, sort="date", limit=1)


def _last_day(backend: Backend) -> date | None:
    """The day of the newest story of all; None for an index without, and for a day that no period can end on."""
    hits = backend.search(Query(sort="date", limit=1, facets=False)).hits
    last = hits[0].published_at.astimezone(UTC).date() if hits else None
    return last if last and last.toordinal() > DAYS else None


def _silent(backend: Backend, now: datetime) -> list[tuple[str, datetime | None]]:
    """The sites that are crawled and have no article of the last two days, the longest silent first."""
    lately = Query(root=And((Period("after", now - SILENT),)), copies=True, sort="date", limit=0)
    heard = {bucket.value for bucket in backend.search(lately).facets.site}
    runs = backend.last_runs()
    found = [(site, run.newest_published_at) for site, run in runs.items() if site not in heard]
    return sorted(found, key=lambda pair: (pair[1] is not None, pair[1], pair[0]))


def _top(backend: Backend, period: Days, days: int) -> list[Hit]:
    until = None if period.now else period.until
    return top_hits(backend, Asked(period.back(days).replace(microsecond=0), until, top=STORIES)).hits
