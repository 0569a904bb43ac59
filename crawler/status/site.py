"""`SiteStatus`: how a site is, judged from its records of the last three weeks against its own past.

Nothing here asks anybody anything: records, clock and circumstances are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from crawler.status.emptiness import empty_since
from crawler.status.lateness import Circumstances, lateness
from crawler.status.layout import Drop, fallen, layout_problem
from index.exit_codes import INDEX

if TYPE_CHECKING:
    from crawler.site import Site
    from index.runs import RunDocument

HISTORY = timedelta(days=22)  # records that are looked at: the last day, and three weeks with their weekends
DAY = timedelta(hours=24)
FAILED_RUNS = 2  # in a row; one alone may be a server's bad minute

State = Literal["failing", "late", "empty", "layout", "running", "ok", "never run"]
SEVERITY: tuple[State, ...] = ("failing", "late", "empty", "layout", "running", "ok", "never run")
ALONE = Circumstances()


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
    held_until: datetime | None = None  # the site asked to be left alone until then; None when that is over
    fill: dict[str, Drop] = field(default_factory=dict)  # rates that have fallen
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """One object; times are ISO 8601 in UTC."""
        moments = {name: getattr(self, name) for name in ("last_run", "newest_published_at", "held_until")}
        return asdict(self) | {name: moment and moment.isoformat() for name, moment in moments.items()}


def judge(
    site: Site | None, runs: Sequence[RunDocument], now: datetime, around: Circumstances = ALONE
) -> SiteStatus:
    """How a site is. `runs`: its records, the newest first; of an older last run that one alone.

    Without its file (None; there has to be a record then) nobody knows when it should run: it is never late, and
    empty only if it was so when it last ran.
    """
    fill = fallen(runs) if runs else {}
    held = around.held_until if around.held_until is not None and around.held_until > now else None
    found = _problems(site, runs, now, around, fill)
    day = [run for run in runs if run.started_at >= now - DAY]
    well: State = "running" if around.running is not None else "ok" if runs else "never run"
    return SiteStatus(
        site=site.name if site is not None else runs[0].site,
        state=min(found, key=SEVERITY.index, default=well),
        last_run=runs[0].started_at if runs else None,
        new=sum(run.outcomes["indexed"] + run.outcomes["waiting"] for run in day),
        failed=sum(run.outcomes["failed"] for run in day),
        newest_published_at=max(
            (run.newest_published_at for run in runs if run.newest_published_at), default=None
        ),
        running=around.running,
        held_until=held,
        fill=fill,
        problems=list(found.values()),
    )


def _problems(
    site: Site | None,
    runs: Sequence[RunDocument],
    now: datetime,
    around: Circumstances,
    fill: dict[str, Drop],
) -> dict[State, str]:
    found: dict[State, str] = {}
    held = around.held_until is not None and around.held_until > now
    if runs and all(map(has_failed, runs[:FAILED_RUNS])) and not (held and len(runs) < FAILED_RUNS):
        found["failing"] = _failing(runs)
    looked_at = now if site is not None else runs[0].started_at
    if site is not None and (late := lateness(site, runs, now, around)):
        found["late"] = late
    elif runs and not held and (since := empty_since(runs, looked_at)) is not None:
        found["empty"] = f"its sources answer, and nothing new came since {since:%F %R} UTC"
    if runs and (worse := layout_problem(runs, fill)):
        found["layout"] = worse
    return found


def has_failed(run: RunDocument) -> bool:
    """Whether a run failed for a reason of its site; that the index was away is told once, and not of each site."""
    return not run.ok and (run.exit != INDEX or run.sources_failed > 0)


def _failing(runs: Sequence[RunDocument]) -> str:
    count = next((n for n, run in enumerate(runs) if not has_failed(run)), len(runs))
    why = next(iter(runs[0].problems), f"it ended as {runs[0].finish}")
    return f"{why} ({f'{count} runs in a row' if count > 1 else 'its last run'} failed)"
