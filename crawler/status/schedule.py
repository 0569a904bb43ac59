"""How much of its schedule a site has missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from cronsim import CronSim

from crawler.site import CRON_ALIASES

if TYPE_CHECKING:
    from crawler.site import Site

MISSED = 3  # times at which a run was due, after which a site counts as late
GRACE = timedelta(minutes=1)  # cron fires once a minute and a run takes a moment to begin


# TODO: use crawler.schedule.due once it is there, so that DST changes are seen in one way everywhere.
def is_late(site: Site, last_start: datetime, now: datetime) -> bool:
    """Whether three times have passed at which a run was due since the last one began."""
    times = CronSim(CRON_ALIASES.get(site.schedule, site.schedule), last_start.astimezone(site.zone))
    third = next(islice(times, MISSED - 1, None), None)
    return third is not None and third + GRACE <= now
