"""Which sites are due: pure functions on their timetables, their last starts and the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.schedule.expression import Expression
from crawler.schedule.timetable import Timetable

if TYPE_CHECKING:
    from crawler.site import Site


@dataclass(frozen=True, slots=True)
class Turn:
    """When it is a site's turn. `due_at` None: never again (no time of its schedule is left).

    `since` is the last start that this rests on: the one that was given, or the time itself where the clock
    was set back behind it by more than a run; None for a site that never ran.
    """

    site: str
    due_at: datetime | None
    since: datetime | None

    def due(self, now: datetime) -> bool:
        """Whether the site is to be crawled now."""
        return self.due_at is not None and self.due_at <= now


def timetable_of(site: Site) -> Timetable:
    """When a site wants to be crawled."""
    return Timetable(Expression(site.schedule), site.schedule_time_zone)


def turn_of(
    site: Site, last_start: datetime | None, now: datetime, hold_until: datetime | None = None
) -> Turn:
    """A site's turn: at the first time of its schedule after its last start, however many have passed since.

    At once when it never ran; not before `hold_until`, until when the site asked to be left alone.
    """
    if last_start is None:
        return Turn(site.name, max(now, hold_until) if hold_until else now, None)
    timetable = timetable_of(site)
    since = _since(timetable, last_start, now)
    due_at = timetable.next(since)
    if due_at is not None and hold_until is not None:
        due_at = max(due_at, hold_until)
    return Turn(site.name, due_at, since)


def _since(timetable: Timetable, last_start: datetime, now: datetime) -> datetime:
    """The start to count from. One in the future was made before the clock was set back.

    If only the run that was started then lies ahead, it was had. If others lie before it, it would keep them
    from coming: then the site waits for the next of them, as if it had started just now.
    """
    if last_start <= now:
        return last_start
    served = timetable.previous(last_start)
    following = timetable.next(now)
    if served is None or following is None or following >= served:
        return last_start
    return now


def due_turns(
    sites: Iterable[Site],
    last_starts: Mapping[str, datetime],
    now: datetime,
    holds: Mapping[str, datetime] | None = None,
) -> list[Turn]:
    """The turns of all sites, the one that has waited longest first; a site without a last start never ran."""
    holds = holds or {}
    turns = [turn_of(site, last_starts.get(site.name), now, holds.get(site.name)) for site in sites]
    return sorted(turns, key=lambda turn: (turn.due_at is None, turn.due_at or now, turn.site))
