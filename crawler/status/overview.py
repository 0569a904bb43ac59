"""`Overview`: how the sites, the index and the outbox are, together; `svodka status` shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawler.status.site import HISTORY, SEVERITY, SiteStatus, judge
from index.backend import BackendError
from index.exit_codes import FAILED, INDEX, OK
from index.outbox.backend import OutboxBackend

if TYPE_CHECKING:
    from crawler.site import Site
    from index.backend import Backend
    from index.outbox.status import Status

WAITS_TOO_LONG = timedelta(hours=1)
MOST_RUNS = 12_000  # of a site in eight days: one a minute


@dataclass(frozen=True, slots=True)
class Overview:
    """The sites, worst first, and the index; `waits_since`: the first thing in the outbox."""

    index: Status
    sites: list[SiteStatus] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # site files that cannot be used
    waits_since: datetime | None = None

    def problems(self, now: datetime) -> list[str]:
        """One line for everything that somebody has to look at."""
        lines = [f"{site.state}: {site.site}: {line}" for site in self.sites for line in site.problems]
        return [*self._of_index(now), *lines, *(f"site file: {fault}" for fault in self.faults)]

    def _of_index(self, now: datetime) -> list[str]:
        lines = []
        if not self.index.answers:
            lines.append(f"index: {self.index.error or self.index.reason or 'does not answer'}")
        if self.waits_since is not None and now - self.waits_since > WAITS_TOO_LONG:
            lines.append(f"outbox: something waits since {self.waits_since:%F %R} UTC: svodka index replay")
        if self.index.outbox is not None and self.index.outbox.dead:
            lines.append(
                f"outbox: {self.index.outbox.dead:,} articles refused: svodka status has the reasons"
            )
        if self.index.forgotten:
            lines.append(f"stories: {self.index.unlinked:,} articles are in no story: svodka index reconcile")
        return lines

    def check_code(self, now: datetime) -> int:
        """The exit code of `--check`: 0 only when there is no problem."""
        if not self.index.answers:
            return INDEX
        return FAILED if self.problems(now) else OK

    def as_json(self, now: datetime) -> dict[str, Any]:
        """One object: what is known of the index, `sites`, `problems`."""
        return self.index.as_json() | {
            "sites": [site.as_json() for site in self.sites],
            "problems": self.problems(now),
        }


def judge_all(
    backend: Backend, sites: Iterable[Site], running: Mapping[str, str], now: datetime
) -> list[SiteStatus]:
    """Every site, worst first; an index that does not answer leaves what this machine knows."""
    try:
        last = backend.last_runs()
        found = []
        for site in sites:
            runs = (
                backend.runs(site=site.name, since=now - HISTORY, limit=MOST_RUNS)
                if site.name in last
                else []
            )
            known = runs or [run for name, run in last.items() if name == site.name]
            found.append(judge(site, known, now, running.get(site.name)))
    except BackendError:
        return []
    return sorted(found, key=lambda each: (SEVERITY.index(each.state), each.site))


def first_waiting(backend: Backend) -> datetime | None:
    """Since when the first of what is in the outbox waits, by articles and run records; None: nothing does."""
    if not isinstance(backend, OutboxBackend):
        return None
    moments = [run.finished_at for run in backend.outbox.runs.waiting()]
    if (oldest := backend.outbox.letters.oldest()) is not None:
        moments.append(datetime.fromtimestamp(oldest, UTC))
    return min(moments, default=None)
