"""Whether a site is late: its schedule wanted runs and none came, or one came and does not end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from crawler.schedule.due import timetable_of

if TYPE_CHECKING:
    from crawler.site import Site
    from index.runs import RunDocument

MISSED = 3  # times at which a run was due, after which a site counts as late ...
OVERDUE = timedelta(hours=3)  # ... and so it does when the first of them is so long ago
GRACE = timedelta(minutes=1)  # cron fires once a minute and a run takes a moment to begin
LONGEST_LOOK = timedelta(hours=1)  # between two looks of the crontab's line (`schedule install --every`)
LOOKS = 2  # looks that may be missed where they come more rarely than the schedule's times
GAPS = 20  # newest runs that tell how often the line looks
HANGS = timedelta(hours=6)  # a scheduled crawl ends itself after half an hour


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a site besides its records."""

    running: str | None = None  # the machine on which a run is under way; '' for this one
    marked_at: datetime | None = None  # when `crawl --due` started it last
    held_until: datetime | None = None  # the site asked to be left alone until then
    there_since: datetime | None = None  # how long its file has been as it is
    ahead: RunDocument | None = None  # a record that lies in the future, and was left out


def lateness(site: Site, runs: Sequence[RunDocument], now: datetime, around: Circumstances) -> str:
    """Why a site is late, '' when it is not. `runs`: its records, the newest first."""
    if around.running is not None:
        return _hanging(site, runs, now, around)
    if runs:
        since, why = runs[0].started_at, f"no run since {runs[0].started_at:%F %R} UTC, "
        why += f"its schedule is '{site.schedule}'"
        if around.marked_at is not None and around.marked_at > since + LONGEST_LOOK:
            why += f"; what began at {around.marked_at:%F %R} UTC left no record, see the log"
    elif known := [each for each in (around.marked_at, around.there_since) if each is not None]:
        since = min(known)
        why = "it never ran: 'svodka schedule show' tells when it should have"
        if around.marked_at is not None:
            why = f"what began at {around.marked_at:%F %R} UTC left no record, see the log"
    else:
        return ""
    if around.ahead is not None:
        why += f"; a record of {around.ahead.host} says {around.ahead.started_at:%F %R}: was its clock wrong?"
    return why if _over(late_from(site, max(since, around.held_until or since), usual_gap(runs)), now) else ""


def _hanging(site: Site, runs: Sequence[RunDocument], now: datetime, around: Circumstances) -> str:
    last = runs[0].started_at if runs else None
    if around.marked_at is not None and (last is None or around.marked_at > last):
        began: datetime | None = around.marked_at
    else:  # somebody named the site: it began after the last one, and long before it may be called late
        first = last or around.there_since
        began = late_from(site, first, usual_gap(runs)) if first is not None else None
    if began is None or now <= began + HANGS:
        return ""
    ended = f"since the one of {last:%F %R} UTC" if last else "yet"
    return f"a run is under way and none has ended {ended}: does it hang?"


def _over(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def late_from(site: Site, since: datetime, look: timedelta = LONGEST_LOOK) -> datetime | None:
    """From when on a site is late that last had a run at `since`; None when no time of its schedule is left.

    `look` is how often its schedule is looked at: who looks each hour cannot run it every ten minutes.
    """
    missed = timetable_of(site).coming(since, MISSED)
    if not missed:
        return None
    overdue = missed[0] + OVERDUE
    wanted = min(missed[-1], overdue) if len(missed) == MISSED else overdue
    return max(wanted, since + LOOKS * min(look, LONGEST_LOOK)) + GRACE


def usual_gap(runs: Sequence[RunDocument]) -> timedelta:
    """The median time between the starts of the newest runs; an hour where there are no two."""
    gaps = [
        (later.started_at - earlier.started_at).total_seconds() for later, earlier in pairwise(runs[:GAPS])
    ]
    return timedelta(seconds=median(gaps)) if gaps else LONGEST_LOOK
