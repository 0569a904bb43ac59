"""The lines of the crontab's block: one that looks what is due, or one a site; and one that rotates the logs."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.schedule.crontab import escape_percent
from crawler.schedule.expression import Expression
from crawler.schedule.site_lines import lines_of, spread

if TYPE_CHECKING:
    from crawler.schedule.surroundings import Surroundings
    from crawler.site import Site

EVERY = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
"""Minutes between two looks: those that divide an hour, so that all gaps are equal."""
_SELDOM = 5  # minutes; a site is not kept waiting for longer than that
_OFTEN = timedelta(hours=1)
LOG = "svodka-crawl"
_LOG_KIB = 10_240  # a log beyond that size is put aside at night; one such is kept


def fitting_every(sites: Iterable[Site]) -> int:
    """Minutes between two looks that meet every minute that some sites want: five, or fewer.

    So sites that want minutes of their own do not all start together. One that wants less than a run an hour is
    left out: it does not matter whether its night begins at 02:33 or at 02:35.
    """
    found = [Expression(schedule) for schedule in {site.schedule for site in sites}]
    minutes = {minute for each in found if each.interval <= _OFTEN for minute in each.minutes}
    return max(each for each in EVERY if each <= _SELDOM and not any(minute % each for minute in minutes))


def due_line(surroundings: Surroundings, every: int, logs: Path) -> str:
    """The one line that looks every so many minutes which sites are due."""
    minutes = {1: "*", 60: "0"}.get(every, f"*/{every}")
    return f"{minutes} * * * * {_logged(surroundings.shell(*surroundings.crawl()), logs / f'{LOG}.log')}"


def site_lines(
    surroundings: Surroundings, site: Site, logs: Path, zone: tzinfo, now: datetime
) -> tuple[list[str], str]:
    """The lines of one site, and a warning where they hold only until clocks change ('': none)."""
    found = lines_of(site, zone, now)
    command = _logged(surroundings.shell(*surroundings.crawl(site.name)), logs / f"{LOG}-{site.name}.log")
    lines = [f"{times} {command}" for times in found.times]
    if not found.converted:
        return lines, ""
    comment = (
        f"# {site.name}: {site.schedule} in {site.schedule_time_zone.key}, in this machine's time ({zone})"
    )
    if found.until is None:
        return [comment, *lines], ""
    until = found.until.astimezone(zone)
    warning = (
        f"{site.name}: the line is right until clocks change on {until:%F}; then run this command again, or "
        "install without --per-site, which follows every zone by itself"
    )
    return [f"{comment}, until {until:%F %R}", *lines], warning


def rotation_line(folder: Path, logs: Path) -> str:
    """Puts a log that has grown large aside, over the one that was put aside before."""
    minute, hour = spread(str(folder), 60), 3
    command = f"find {shlex.quote(str(logs))} -maxdepth 1 -name '{LOG}*.log' -size +{_LOG_KIB}k -exec mv -f {{}} {{}}.1 ';'"
    return f"{minute} {hour} * * * {escape_percent(command)}"


def _logged(command: str, log: Path) -> str:
    return escape_percent(f"{command} >> {shlex.quote(str(log))} 2>&1")
