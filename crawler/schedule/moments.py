"""Moments and spans of time as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def span(length: timedelta) -> str:
    """'3 minutes', '2 hours', '5 days': the largest unit that fits twice, else the next smaller one."""
    seconds = int(length.total_seconds())
    for size, unit in _UNITS:
        count = seconds // size
        if count >= 2 or (count == 1 and (unit == "minute" or seconds % size == 0)):
            return f"{count} {unit}{'s' * (count > 1)}"
    return "less than a minute"


def shown(moment: datetime, zone: tzinfo) -> str:
    """'2026-11-23 16:10 MSK', in a zone."""
    return f"{moment.astimezone(zone):%F %R %Z}"


def until(moment: datetime, now: datetime) -> str:
    """'in 3 minutes', 'now', '2 hours ago'."""
    if moment > now:
        return f"in {span(moment - now)}"
    return "now" if now - moment < timedelta(minutes=1) else f"{span(now - moment)} ago"
