"""How much of its schedule a site has missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.schedule.due import timetable_of

if TYPE_CHECKING:
    from crawler.site import Site

MISSED = 3  # times at which a run was due, after which a site counts as late
GRACE = timedelta(minutes=1)  # cron fires once a minute and a run takes a moment to begin


def is_late(site: Site, last_start: datetime, now: datetime) -> bool:
    """Whether three times have passed at which a run was due since the last one began."""
    missed = timetable_of(site).coming(last_start, MISSED)
    return len(missed) == MISSED and missed[-1] + GRACE <= now
