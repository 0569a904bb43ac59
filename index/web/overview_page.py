"""The overview: stories per day, whose they are, who republishes whom, what was republished most, who is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from index.web.ages import ago
from index.web.chart import between, drawn
from index.web.errors import Problem, answer
from index.web.filters import with_filter
from index.web.histogram import Bar, Histogram
from index.web.listed import Listed, listed
from index.web.overview import PAIRS, Figures, figures, with_stories
from index.web.period import DAYS, period_of
from index.web.templates import render
from index.web.times import Time, day_shown, time_shown
from index.web.visit import Visit, visit_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.backend import Backend, Republished
    from index.search.results import Hit
    from index.web.asked import Asked
    from index.web.chart import Chart
    from index.web.kept import Kept
    from index.web.options import Options
    from index.web.period import Period


@dataclass(frozen=True, slots=True)
class Line:
    """A value with its count, its search, and its share of the largest one in percent."""

    text: str
    count: int
    link: str
    share: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Who republished whom: the sites and houses as searches."""

    outlet: Line
    source: str
    source_link: str


@dataclass(frozen=True, slots=True)
class Top:
    """A story that was republished."""

    listed: Listed
    link: str
    site_link: str
    source: str  # '' where it is the site
    source_link: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A site without a new article for long."""

    site: str
    link: str
    newest: Time | None


def overview_page(request: Request, backend: Backend) -> Response:
    """The page of thirty days; 404 for a last day that is none."""
    visit = visit_of(request)
    period = period_of(request.path_params.get("last", ""), visit.now)
    if period is None:
        return answer(request, Problem(404, "status_404"))
    kept: Kept = request.app.state.kept
    options: Options = request.app.state.options
    file = options.file()
    shown = kept.get(("days", *_key(file, period)), lambda: with_stories(backend, period))
    # Under the days that are shown: all days without stories lead to the same figures.
    found = kept.get(("overview", *_key(file, shown)), lambda: figures(backend, shown, visit.now))
    asked_for = shown.last == period.last
    return HTMLResponse(
        render("overview.html", request, visit.t, asked_for=asked_for, **_shown(found, visit))
    )


def _key(file: object, period: Period) -> tuple[object, ...]:
    return file, period.last, period.now is None


def _shown(found: Figures, visit: Visit) -> dict[str, object]:
    t, period, plain = visit.t, found.period, visit.asked.bare
    days = between(period.first, period.end, visit.zone)
    pairs = found.pairs[:PAIRS]
    return {
        "figures": found,
        "first": day_shown(period.first, t),
        "last": day_shown(period.last, t),
        "made_at": time_shown(found.made_at, "second", visit.zone, t),
        "newest": listed(found.newest, visit).time if found.newest else None,
        "chart": _chart(found, visit),
        "sources": _sources(found.sources, days, plain),
        "pairs": [_pair(pair, found.pairs[0].copies, days, plain) for pair in pairs],
        "more_pairs": len(found.pairs) - len(pairs),
        "tops": [(key, [_top(hit, visit, plain) for hit in hits]) for key, hits in _lists(found)],
        "earlier": plain.link(f"/overview/{period.first - timedelta(days=1)}"),
        "later": plain.link(_later(period, visit)) if period.now is None else "",
        "silent": [_silent(site, newest, visit) for site, newest in found.silent],
        "all_days": plain.link(text=days),
    }


def _later(period: Period, visit: Visit) -> str:
    """The next thirty days, or those up to today where these overlap."""
    last = period.last + timedelta(days=DAYS)
    return f"/overview/{last}" if last < visit.now.date() else "/overview"


def _lists(found: Figures) -> tuple[tuple[str, Sequence[Hit]], ...]:
    day, week = ("last_24_hours", "last_7_days") if found.period.now else ("that_day", "that_week")
    return (day, found.last_day), (week, found.last_week)


def _chart(found: Figures, visit: Visit) -> Chart:
    """A bar for each day, also where only one has stories."""
    counts = {date.fromisoformat(bucket.value): bucket.count for bucket in found.days}
    length = (found.period.end - found.period.first).days
    days = [found.period.first + timedelta(days=n) for n in range(length)]
    bars = [Bar(day, day + timedelta(days=1), counts.get(day, 0)) for day in days]
    asked = visit.asked.bare
    return drawn(Histogram("day", bars), Visit(asked, visit.t, visit.zone, visit.now), "")


def _sources(counted: Sequence[tuple[str, int]], days: str, plain: Asked) -> list[Line]:
    most = counted[0][1] if counted else 1
    return [
        Line(name, count, _link(plain, days, source=name), _share(count, most)) for name, count in counted
    ]


def _share(count: int, most: int) -> int:
    return max(1, round(100 * count / most))


def _link(asked: Asked, text: str, **filters: str) -> str:
    """A search with filters; '' where the query language cannot say one of the values."""
    for field, value in filters.items():
        more = with_filter(text, field, value)
        if more is None:
            return ""
        text = more
    return asked.link(text=text)


def _pair(pair: Republished, most: int, days: str, plain: Asked) -> Pair:
    copies = plain.but(copies=True)
    both = _link(copies, days, site=pair.outlet, source=pair.source)
    outlet = Line(pair.outlet, pair.copies, both, _share(pair.copies, most))
    return Pair(outlet, pair.source, _link(plain, days, source=pair.source))


def _top(hit: Hit, visit: Visit, plain: Asked) -> Top:
    source = "" if hit.source_name == hit.site else hit.source_name
    return Top(
        listed(hit, visit),
        plain.link(f"/story/{hit.story_id}"),
        _link(plain, "", site=hit.site),
        source,
        _link(plain, "", source=source) if source else "",
    )


def _silent(site: str, newest: datetime | None, visit: Visit) -> Silent:
    time = ago(newest, visit.now, visit.zone, visit.t) if newest else None
    return Silent(site, _link(visit.asked.bare.but(copies=True), "", site=site), time)
