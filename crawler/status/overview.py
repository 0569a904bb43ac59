"""`Overview`: how the sites, the index and the outbox are, together; `svodka status` shows it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawler.status.sites import Judged, judge_all
from index.exit_codes import FAILED, INDEX, OK
from index.outbox.backend import OutboxBackend

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.status.site import SiteStatus, State
    from index.backend import Backend
    from index.outbox.status import Status

WAITS_TOO_LONG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Overview:
    """The sites, worst first, and the index; `waits_since`: the first thing in the outbox."""

    index: Status
    judged: Judged = field(default_factory=Judged)
    faults: list[str] = field(default_factory=list)  # site files that cannot be used
    waits_since: datetime | None = None

    @property
    def sites(self) -> list[SiteStatus]:
        """How each site is, the worst first."""
        return self.judged.sites

    def problems(self, now: datetime) -> list[str]:
        """One line for everything that somebody has to look at.

        With the index away that alone: what the sites did meanwhile is known in part only.
        """
        files = [f"site file: {fault}" for fault in self.faults]
        if not self.index.answers:
            return [*self._of_index(now), *files]
        error = [f"runs: {self.judged.error}"] * bool(self.judged.error)
        return [*self._of_index(now), *error, *self.judged.problems, *self._of_sites(), *files]

    def _of_sites(self) -> list[str]:
        """A line each; what is the same of several sites is said once."""
        alike: defaultdict[tuple[State, str], list[str]] = defaultdict(list)
        for site in self.sites:
            for line in site.problems:
                alike[site.state, line].append(site.site)
        return [
            f"{state}: {names[0]}: {line}"
            if len(names) == 1
            else f"{state}: {len(names)} sites: {line} ({', '.join(names)})"
            for (state, line), names in alike.items()
        ]

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
        if not self.index.answers or self.judged.error:
            return INDEX
        return FAILED if self.problems(now) else OK

    def as_json(self, now: datetime) -> dict[str, Any]:
        """One object: what is known of the index, `sites`, `problems`."""
        return self.index.as_json() | {
            "sites": [site.as_json() for site in self.sites],
            "problems": self.problems(now),
        }


def overview_of(backend: Backend, address: str, folder: Path, now: datetime) -> Overview:
    """How everything is: the index at an address that is open, and the sites of a folder; may raise `BackendError`."""
    from crawler.site import load_sites
    from crawler.turn import runs_under_way
    from index.outbox.status import look

    sites, faults = load_sites(folder)
    status = look(backend, address, now)
    running = runs_under_way(sites, backend, address)
    judged = judge_all(backend, sites.values(), running, now, folder)
    return Overview(status, judged, [str(fault) for fault in faults], first_waiting(backend))


def first_waiting(backend: Backend) -> datetime | None:
    """Since when the first of what is in the outbox waits, by articles and run records; None: nothing does."""
    if not isinstance(backend, OutboxBackend):
        return None
    moments = [run.finished_at for run in backend.outbox.runs.waiting()]
    if (oldest := backend.outbox.letters.oldest()) is not None:
        moments.append(datetime.fromtimestamp(oldest, UTC))
    return min(moments, default=None)
