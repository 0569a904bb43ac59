"""A crontab line of its own for a site: the site's times as the machine's cron has to be told them."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING

from cronsim import CronSim

from crawler.schedule.expression import ALIASES, Expression
from crawler.schedule.refusal import ScheduleRefused
from crawler.schedule.zone_changes import changes, offset

if TYPE_CHECKING:
    from crawler.site import Site

_STEP = re.compile(r"\*/(\d+)")
_DAY_MINUTES = 24 * 60
_NAMES = "SUN MON TUE WED THU FRI SAT", "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
_ALL_HOURS = frozenset(range(24))
_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SiteLines:
    """The five time fields of a site's lines, in the machine's time.

    `converted`: they had to be moved from another zone; they are right until `until` (None: for a year at least),
    when one of the two zones changes its clocks.
    """

    times: list[str]
    converted: bool
    until: datetime | None


def lines_of(site: Site, zone: tzinfo, now: datetime) -> SiteLines:
    """The lines of a site for a machine in a zone; raises `ScheduleRefused` for times that cron cannot be told."""
    minute, hour, *days = _fields(site)
    ahead = offset(site.schedule_time_zone, now) - offset(zone, now)
    until = _until(site.schedule_time_zone, zone, now)
    if hour == "*" and days == ["*", "*", "*"] and not ahead % timedelta(hours=1):
        return SiteLines([" ".join((minute, hour, *days))], converted=False, until=None)
    if not ahead and until is None:
        return SiteLines([" ".join((minute, hour, *days))], converted=False, until=None)
    return SiteLines(_moved(site, minute, hour, days, int(ahead.total_seconds() // 60)), True, until)


def spread(name: str, size: int) -> int:
    """A number below `size` that a name always gives, so that sites do not all begin at once."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) % size


def _fields(site: Site) -> list[str]:
    """The fields that Debian's cron understands (crontab(5)), the minute spread where the site leaves it open."""
    minute, hour, day, month, weekday = Expression(site.schedule).plain.upper().split()
    if re.search("[L#]", day + weekday):
        raise ScheduleRefused(
            f"{site.name}: cron does not understand L and # in {site.schedule!r}; install without --per-site, or "
            "write other days"
        )
    month, weekday = _numbers(month, _NAMES[1], 1), _numbers(weekday, _NAMES[0], 0)
    return [
        _spread(site, minute),
        _bounded(hour, 23),
        _bounded(day, 31),
        _bounded(month, 12),
        _bounded(weekday, 7),
    ]


def _spread(site: Site, minute: str) -> str:
    alias = site.schedule.strip().lower()
    if alias in ALIASES and alias != "@midnight":
        return str(spread(site.name, 60))
    step = int(found[1]) if (found := _STEP.fullmatch(minute)) else 0
    if step > 1 and 60 % step == 0:
        return f"{spread(site.name, step)}-59/{step}"
    return _bounded(minute, 59)


def _numbers(field: str, names: str, first: int) -> str:
    for number, name in enumerate(names.split(), first):
        field = field.replace(name, str(number))
    return field


def _bounded(field: str, last: int) -> str:
    """`5/15`, which cronsim reads as 'from 5 on', written as cron wants it: `5-59/15`."""
    return re.sub(r"(?<![\d*-])(\d+)/", rf"\1-{last}/", field)


def _until(ours: tzinfo, machine: tzinfo, now: datetime) -> datetime | None:
    """When the two zones will be apart by another time than now; None: not within a year."""
    apart = offset(ours, now) - offset(machine, now)
    moments = sorted({*changes(ours, now, now + _YEAR), *changes(machine, now, now + _YEAR)})
    return next((each for each in moments if offset(ours, each) - offset(machine, each) != apart), None)


def _moved(site: Site, minute: str, hour: str, days: list[str], ahead: int) -> list[str]:
    """Lines with every time so many minutes earlier; a time that falls on another day takes its weekdays along."""
    day, month, weekday = days
    weekly = weekday != "*"
    lines = []
    for (shift, minutes), hours in sorted(_groups(minute, hour, ahead, days).items(), key=str):
        if shift and (day != "*" or month != "*"):
            raise ScheduleRefused(
                f"{site.name}: {site.schedule!r} in {site.schedule_time_zone.key} falls on another day of the month "
                "on this machine, which a crontab line cannot say; install without --per-site"
            )
        shifted = _shifted(weekday, shift) if weekly and shift else weekday
        lines.append(" ".join((_listed(minutes, 60), _listed(hours, 24), day, month, shifted)))
    return lines


def _groups(
    minute: str, hour: str, ahead: int, days: list[str]
) -> dict[tuple[int, frozenset[int]], frozenset[int]]:
    """Hours by the day they move to (where days matter) and by their minutes."""
    every = CronSim(f"{minute} {hour} * * *", datetime(2026, 1, 1))  # noqa: DTZ001 - a wall clock, of no zone
    found: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for time in (each * 60 + one for each in every.hours for one in every.minutes):
        shift, rest = divmod(time - ahead, _DAY_MINUTES)
        found[shift if days != ["*", "*", "*"] else 0, rest // 60].add(rest % 60)
    grouped: defaultdict[tuple[int, frozenset[int]], set[int]] = defaultdict(set)
    for (shift, each), minutes in found.items():
        grouped[shift, frozenset(minutes)].add(each)
    return {key: frozenset(hours) for key, hours in grouped.items()}


def _shifted(weekday: str, shift: int) -> str:
    days = CronSim(f"0 0 * * {weekday}", datetime(2026, 1, 1)).weekdays  # noqa: DTZ001 - a wall clock, of no zone
    return _listed(frozenset((each + shift) % 7 for each in days if isinstance(each, int)), 7)


def _listed(numbers: frozenset[int], size: int) -> str:
    """A set as a cron field: `*`, `0-50/10`, `9-17` or `5,35`."""
    if len(numbers) == size:
        return "*"
    ordered = sorted(numbers)
    steps = {later - earlier for earlier, later in pairwise(ordered)}
    if len(ordered) > 2 and len(steps) == 1:
        step = steps.pop()
        return f"{ordered[0]}-{ordered[-1]}" + (f"/{step}" if step > 1 else "")
    return ",".join(map(str, ordered))
