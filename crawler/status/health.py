"""`svodka status` as values for the search page, and the sites of an index whose site files are elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler import __version__
from crawler.choice import NoSuchSites, proven_folder, sites_folder
from crawler.status.overview import Overview, overview_of
from crawler.status.sites import Judged, judge_without_files
from index.backend import BackendError, IndexUnavailable
from index.web.health import Health, SiteHealth
from index.web.recent import recent

if TYPE_CHECKING:
    from crawler.status.site import SiteStatus
    from index.backend import Backend
    from index.runs import RunDocument
    from index.web.health import Examine, Files


def examiner(address: str, named: Path | None) -> Examine:
    """Tells how the crawl into the index at an address is; `named`: the folder of site files, None: the one in force."""

    def examine(index: Backend | BackendError, now: datetime) -> Health:
        if isinstance(index, BackendError):
            return _unopened(address, named, index, now)
        overview = overview_of(index, address, _folder(named), now)
        if overview.index.error:
            raise IndexUnavailable(overview.index.error)
        return _health(index, named, overview, now)

    return examine


def _folder(named: Path | None) -> Path:
    return named or sites_folder()


def _health(backend: Backend, named: Path | None, overview: Overview, now: datetime) -> Health:
    """Sites with a file as `svodka status` has them; besides, those that the records alone tell of."""
    unfiled = Judged()
    if overview.index.answers and not overview.judged.error:
        unfiled = judge_without_files(backend, {site.site for site in overview.sites}, now)
    files = _files(named, overview, unfiled)
    if files != "these":
        overview = Overview(overview.index, unfiled, [], overview.waits_since)
    sites = _sites(overview.judged, now, filed=files == "these")
    if files == "these":
        sites += _sites(unfiled, now, filed=False)
    return _made(overview, sites, files, named, now)


def _files(named: Path | None, overview: Overview, unfiled: Judged) -> Files:
    """Whose the site files are; with the index away they are taken for the right ones."""
    try:
        proven_folder(named)
    except NoSuchSites:
        return "none"
    known_of = any(site.last_run for site in overview.sites) or overview.faults
    return "these" if known_of or not unfiled.sites else "others"


def _unopened(address: str, named: Path | None, error: BackendError, now: datetime) -> Health:
    from index.outbox.status import unopened
    from index.settings import load_settings

    overview = Overview(unopened(address, load_settings(), str(error), now))
    return _made(overview, [], "these", named, now)


def _made(
    overview: Overview, sites: list[SiteHealth], files: Files, named: Path | None, now: datetime
) -> Health:
    return Health(
        at=now,
        version=__version__,
        status=overview.index,
        alarms=overview.problems(now),
        sites=sites,
        files=files,
        folder=str(_folder(named)),
        json=overview.as_json(now),
        unjudged=overview.judged.error if overview.index.answers else "",
        waits_since=overview.waits_since,
    )


def _sites(judged: Judged, now: datetime, *, filed: bool) -> list[SiteHealth]:
    return [_site(site, judged.records.get(site.site, []), now, filed=filed) for site in judged.sites]


def _site(site: SiteStatus, records: list[RunDocument], now: datetime, *, filed: bool) -> SiteHealth:
    return SiteHealth(
        site=site.site,
        state=site.state,
        filed=filed,
        last_run=site.last_run,
        new=site.new,
        failed=site.failed,
        newest=site.newest_published_at,
        running=site.running,
        held_until=site.held_until,
        fallen={name: (drop.past, drop.recent) for name, drop in site.fill.items()},
        problems=site.problems,
        recent=recent(records, now),
    )
