"""Every site judged by what the index has of it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.schedule.due_sites import hold_until
from crawler.schedule.starts import marks
from crawler.status.emptiness import has_news
from crawler.status.lateness import Circumstances
from crawler.status.layout import LAYOUT_DAYS
from crawler.status.site import HISTORY, SEVERITY, SiteStatus, judge
from index.backend import BackendError
from index.exit_codes import INDEX
from index.runs import in_order

if TYPE_CHECKING:
    from crawler.site import Site
    from index.backend import Backend
    from index.runs import RunDocument

MOST_RUNS = 32_000  # of a site in 22 days: one a minute
AHEAD = timedelta(minutes=5)  # by which clocks of machines may differ; what lies further ahead is left out


@dataclass(frozen=True, slots=True)
class Judged:
    """The sites, worst first. `problems`: what concerns no site alone; `error`: why none could be judged."""

    sites: list[SiteStatus] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    error: str = ""
    records: dict[str, list[RunDocument]] = field(
        default_factory=dict
    )  # what each was judged by, newest first


def judge_all(
    backend: Backend, sites: Iterable[Site], running: Mapping[str, str], now: datetime, folder: Path
) -> Judged:
    """Every site of a folder; of an index that does not answer by what this machine knows."""
    try:
        wanted = list(sites)
        marked = {
            name: mark.started_at
            for name, mark in marks(backend, [site.name for site in wanted]).items()
            if mark.started_at is not None and mark.started_at <= now + AHEAD
        }
        last = backend.last_runs()
        found, records = [], {}
        for site in wanted:
            runs, ahead = _records(backend, site.name, last.get(site.name), now)
            around = Circumstances(
                running.get(site.name), marked.get(site.name), there_since=_since(folder, site), ahead=ahead
            )
            found.append(_judged(backend, site, runs, now, around))
            records[site.name] = runs
    except BackendError as error:
        return Judged(error=str(error))
    return _worst_first(backend, found, last, now, records)


def judge_without_files(backend: Backend, known: Container[str], now: datetime) -> Judged:
    """The sites that have left records and are none of the `known`: by those alone.

    Their names are whatever a record says: no lock of such a name is looked for.
    """
    try:
        last = {name: run for name, run in backend.last_runs().items() if name not in known}
        found, records = [], {}
        for name, newest in last.items():
            runs, ahead = _records(backend, name, newest, now)
            records[name] = runs or [newest]
            around = Circumstances(ahead=ahead)
            found.append(_judged(backend, None, records[name], now, around))
    except BackendError as error:
        return Judged(error=str(error))
    return _worst_first(backend, found, last, now, records)


def _worst_first(
    backend: Backend,
    found: list[SiteStatus],
    last: Mapping[str, RunDocument],
    now: datetime,
    records: dict[str, list[RunDocument]],
) -> Judged:
    past = [run for run in last.values() if run.started_at <= now + AHEAD]
    found.sort(key=lambda each: (SEVERITY.index(each.state), each.site))
    return Judged(found, [*_unreadable(backend), *not_stored(past)], records=records)


def _judged(
    backend: Backend, site: Site | None, runs: list[RunDocument], now: datetime, around: Circumstances
) -> SiteStatus:
    """Only of a site with a problem it is asked whether it wants to be left alone."""
    status = judge(site, runs, now, around)
    held = hold_until(backend, status.site) if status.problems else None
    return judge(site, runs, now, replace(around, held_until=held)) if held else status


def _records(
    backend: Backend, site: str, last: RunDocument | None, now: datetime
) -> tuple[list[RunDocument], RunDocument | None]:
    """A site's records up to now, and one that lies in the future; of older ones the newest alone.

    Three weeks of them are read only of a site without news: they take three times as long.
    """
    found = backend.runs(site=site, since=now - LAYOUT_DAYS, limit=MOST_RUNS)
    if not has_news(found, now):
        found = backend.runs(site=site, since=now - HISTORY, limit=MOST_RUNS)
    runs = [run for run in found if run.started_at <= now + AHEAD]
    if last is None or last.started_at <= now + AHEAD:
        return runs or [last] * (last is not None), None  # type: ignore[list-item]  # none of None
    older = [] if runs else backend.runs(site=site, limit=MOST_RUNS)
    return runs or [run for run in older if run.started_at <= now + AHEAD][:1], last


def _since(folder: Path, site: Site) -> datetime | None:
    """Since when a site's file has been as it is."""
    try:
        return datetime.fromtimestamp((folder / f"{site.name}.toml").stat().st_mtime, UTC)
    except OSError:
        return None


def _unreadable(backend: Backend) -> list[str]:
    damaged = backend.unreadable_runs
    first = next(iter(damaged.items()), None)
    return (
        [f"runs: {len(damaged):,} records cannot be read ({first[0]}: {first[1]}): svodka index check"]
        if first
        else []
    )


def not_stored(last: Iterable[RunDocument]) -> list[str]:
    """One line when the newest run of all met a fault of the index, whichever site it was of.

    That articles wait is no fault: the outbox tells of it when it lasts.
    """
    newest = max(last, key=in_order, default=None)
    if newest is None or newest.exit != INDEX:
        return []
    told = [line for line in newest.problems if line.startswith("index")]
    if not told and newest.finish != "index_error":
        return []
    why = next(iter([*told, *newest.problems]), "it ended as index_error")
    return [f"index: the last run, of {newest.site}, could not store what it found: {why}"]
