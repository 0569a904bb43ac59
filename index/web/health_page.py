"""Crawl health: what needs somebody, how each site is, what waits. The judgement is the crawler's (`Options.examine`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, Response

from index.backend import BackendError, IndexUnreachable
from index.outbox.status import NOTHING
from index.search.query import And, Filter, Query, Word
from index.web.ages import ago
from index.web.asked import Asked
from index.web.filters import with_filter
from index.web.reasons import percent
from index.web.run_charts import parts, strip
from index.web.templates import render
from index.web.times import Time, time_shown
from index.web.visit import Visit, visit_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.backend import Backend
    from index.web.health import Health, SiteHealth
    from index.web.kept import Kept
    from index.web.options import Options
    from index.web.readers import Readers
    from index.web.run_charts import Part, Strip

KEY = "health"  # of what is kept, with the file of the index
PROBE = Query(root=And((Word("svodka"), Filter("site", "health.invalid"))), limit=1, facets=False)
"""Finds nothing, and takes what every search takes: less than 1 ms over 100,000 articles on SQLite (measured)."""
KINDS = {
    "failing", "late", "empty", "layout", "running", "ok", "never run", "index", "outbox", "stories", "runs", "site file",
}  # fmt: skip
"""What the lines of `svodka status --check` begin with: states, and what concerns no site alone."""
RATES = ("title", "body", "date", "author")


@dataclass(frozen=True, slots=True)
class Alarm:
    """A problem: what it is of, in the reader's language, and the crawler's own sentence."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownSite:
    """A site as the page shows it."""

    of: SiteHealth
    state: str
    link: str
    last_run: Time
    newest: Time | None
    held_until: Time | None
    fallen: Sequence[str]
    strip: Strip
    outcomes: Sequence[Part]


async def health_page(request: Request) -> Response:
    """The page; status 503, with the reason and what is known of the outbox, while the index does not answer."""
    visit = visit_of(request)
    health = await _examined(request)
    page = await run_in_threadpool(
        lambda: render("health.html", request, visit.t, **_shown(health, visit))
    )  # not where all requests are received
    return HTMLResponse(page, _status(health))


async def health_json(request: Request) -> Response:
    """The object of `svodka status --json`."""
    health = await _examined(request)
    return JSONResponse(health.json, _status(health))


async def _examined(request: Request) -> Health:
    """How the crawl is, or was a minute ago; whether the index can be searched is tried each time."""
    options: Options = request.app.state.options
    readers: Readers = request.app.state.readers
    kept: Kept = request.app.state.kept
    key = (KEY, options.file())

    def look(backend: Backend) -> Health:
        try:
            backend.search(PROBE)
        except IndexUnreachable:  # what is known of the outbox all the same is found out anew
            kept.forget(key)
        return kept.get(key, lambda: options.examine(backend, options.clock()))

    try:
        health = await readers.run(look, options.limits.counting)
    except BackendError as error:
        kept.forget(key)
        return await run_in_threadpool(options.examine, error, options.clock())
    if not health.status.answers or health.unjudged:
        kept.forget(key)
    return health


def _status(health: Health) -> int:
    return 200 if health.status.answers else 503


def _shown(health: Health, visit: Visit) -> dict[str, object]:
    t, plain = visit.t, visit.asked.bare
    outbox = health.status.outbox
    return {
        "health": health,
        "status": health.status,
        "next": [line for line in health.status.next if line != NOTHING],
        "at": time_shown(health.at, "second", visit.zone, t),
        "alarms": [_alarm(line, visit) for line in health.alarms],
        "sites": [_site(site, health.at, visit, plain) for site in health.sites if site.last_run],
        "never": [site.site for site in health.sites if not site.last_run],
        "waits": ago(health.waits_since, health.at, visit.zone, t) if health.waits_since else None,
        "next_try": _moment(outbox.next_try, visit) if outbox and outbox.left and outbox.next_try else None,
        "versions": sorted({site.recent.version for site in health.sites} - {health.version, ""}),
    }


def _alarm(line: str, visit: Visit) -> Alarm:
    kind, _, text = line.partition(": ")
    return Alarm(_said(kind, visit), text) if kind in KINDS else Alarm("", line)


def _said(state: str, visit: Visit) -> str:
    return visit.t(f"health.state_{state.replace(' ', '_')}") if state in KINDS else state


def _site(site: SiteHealth, now: datetime, visit: Visit, plain: Asked) -> ShownSite:
    zone, t = visit.zone, visit.t
    return ShownSite(
        of=site,
        state=_said(site.state, visit),
        link=plain.link(text=with_filter("", "site", site.site) or "", copies=True),
        last_run=ago(site.last_run or now, now, zone, t),
        newest=ago(site.newest, now, zone, t) if site.newest else None,
        held_until=time_shown(site.held_until, "minute", zone, t) if site.held_until else None,
        fallen=[_fallen(name, site, visit) for name in RATES if name in site.fallen],
        strip=strip(site.recent, visit),
        outcomes=parts(site.recent.outcomes, t),
    )


def _fallen(name: str, site: SiteHealth, visit: Visit) -> str:
    past, recent = site.fallen[name]
    return visit.t(f"health.fill_{name}", past=percent(past, visit.t), recent=percent(recent, visit.t))


def _moment(seconds: float, visit: Visit) -> Time:
    return time_shown(datetime.fromtimestamp(seconds, UTC), "second", visit.zone, visit.t)
