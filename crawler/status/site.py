"""`SiteStatus`: how a site is, judged from its records of the last eight days against its own past.

Nothing here asks anybody anything: records, clock and what is under way are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from crawler.status.schedule import is_late
from index.runs import FILLED

if TYPE_CHECKING:
    from crawler.site import Site
    from index.runs import RunDocument

HISTORY = timedelta(days=8)  # records that are looked at: the last day, and the week before it
DAY = timedelta(hours=24)
FAILED_RUNS = 2  # in a row; one alone may be a server's bad minute
EMPTY_AFTER = DAY  # at least; and
USUAL_GAPS = (
    5  # times the usual time between two runs with something new, and never less than the longest one
)
RECENT_PAGES = 10  # pages of the newest runs whose fill rates are compared with those before ...
PAST_PAGES = 20  # ... of which there have to be so many
FALLEN = 0.5  # a rate below this share of its past is a change of layout
LAYOUT = ("title", "body", "date")  # what a layout change is told by; who signs an article varies

State = Literal["failing", "late", "empty", "layout", "running", "ok", "never run"]
SEVERITY: tuple[State, ...] = ("failing", "late", "empty", "layout", "running", "ok", "never run")


@dataclass(frozen=True, slots=True)
class Drop:
    """A fill rate (0 to 1) that has fallen: that of the past week and that of the newest pages."""

    past: float
    recent: float


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """How one site is. `problems` has one line for each thing that somebody has to look at."""

    site: str
    state: State
    last_run: datetime | None = None
    new: int = 0  # articles of the last 24 hours
    failed: int = 0  # links of the last 24 hours that ended as failed
    newest_published_at: datetime | None = None
    running: str | None = None  # the machine on which a run is under way; '' for this one
    fill: dict[str, Drop] = field(default_factory=dict)  # rates that have fallen
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """One object; times are ISO 8601 in UTC."""
        moments = {name: getattr(self, name) for name in ("last_run", "newest_published_at")}
        return asdict(self) | {name: moment and moment.isoformat() for name, moment in moments.items()}


def judge(site: Site, runs: Sequence[RunDocument], now: datetime, running: str | None = None) -> SiteStatus:
    """How a site is. `runs`: its records, the newest first; of an older last run that one alone."""
    if not runs:
        return SiteStatus(site.name, "running" if running is not None else "never run", running=running)
    fill = fallen(runs)
    found = _problems(site, runs, now, running, fill)
    day = [run for run in runs if run.started_at >= now - DAY]
    newest = max((run.newest_published_at for run in runs if run.newest_published_at), default=None)
    well: State = "running" if running is not None else "ok"
    return SiteStatus(
        site=site.name,
        state=min(found, key=SEVERITY.index, default=well),
        last_run=runs[0].started_at,
        new=sum(run.outcomes["indexed"] + run.outcomes["waiting"] for run in day),
        failed=sum(run.outcomes["failed"] for run in day),
        newest_published_at=newest,
        running=running,
        fill=fill,
        problems=list(found.values()),
    )


def _problems(
    site: Site, runs: Sequence[RunDocument], now: datetime, running: str | None, fill: dict[str, Drop]
) -> dict[State, str]:
    found: dict[State, str] = {}
    if not any(run.ok for run in runs[:FAILED_RUNS]):
        found["failing"] = _failing(runs)
    if running is None and is_late(site, runs[0].started_at, now):
        found["late"] = f"no run since {runs[0].started_at:%F %R} UTC, its schedule is '{site.schedule}'"
    elif (since := empty_since(runs, now)) is not None:
        found["empty"] = f"its sources answer, and nothing new came since {since:%F %R} UTC"
    if drops := [
        f"{name} {fill[name].past:.0%} -> {fill[name].recent:.0%}" for name in LAYOUT if name in fill
    ]:
        found["layout"] = (
            f"its pages are read worse than in the past week ({', '.join(drops)}): a new layout?"
        )
    return found


def _failing(runs: Sequence[RunDocument]) -> str:
    count = next((n for n, run in enumerate(runs) if run.ok), len(runs))
    why = next(iter(runs[0].problems), f"it ended as {runs[0].finish}")
    return f"{why} ({count} run{'s' * (count != 1)} in a row failed)"


def empty_since(runs: Sequence[RunDocument], now: datetime) -> datetime | None:
    """Since when a site has had nothing new, if that is far longer than usual for it; else None.

    Usual is the median time between two runs with something new. A site that rests at weekends has a gap as
    long as this in its past week, and is left alone. One whose sources do not answer is failing, not empty.
    """
    if not runs[0].sources_read:
        return None
    fresh = sorted(run.started_at for run in runs if run.outcomes["indexed"] or run.outcomes["waiting"])
    since = fresh[-1] if fresh else min(run.started_at for run in runs)
    gaps = [later - earlier for earlier, later in pairwise(fresh)]
    usual = timedelta(seconds=median(gap.total_seconds() for gap in gaps)) if gaps else timedelta()
    limit = max(EMPTY_AFTER, USUAL_GAPS * usual, *gaps)
    return since if now - since > limit else None


def fallen(runs: Sequence[RunDocument]) -> dict[str, Drop]:
    """The fill rates of the newest pages that are below half of those before them."""
    recent, pages = 0, 0
    while recent < len(runs) and pages < RECENT_PAGES:
        pages += runs[recent].pages
        recent += 1
    past = sum(run.pages for run in runs[recent:])
    if pages < RECENT_PAGES or past < PAST_PAGES:
        return {}
    drops = {name: Drop(_rate(runs[recent:], name), _rate(runs[:recent], name)) for name in FILLED}
    return {name: drop for name, drop in drops.items() if drop.recent < FALLEN * drop.past}


def _rate(runs: Iterable[RunDocument], name: str) -> float:
    """A rate over the pages of several runs."""
    shares = [(run.fill[name], run.pages) for run in runs if run.fill is not None]
    return round(sum(rate * pages for rate, pages in shares) / sum(pages for _, pages in shares), 4)
