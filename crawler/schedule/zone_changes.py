"""When a time zone changes its offset from UTC: summer time, and whatever else the tz database knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

# No zone keeps an offset for less than two weeks (Morocco's Ramadan, the shortest, lasts a month).
_STEP = timedelta(days=7)


def offset(zone: tzinfo, moment: datetime) -> timedelta:
    """How far a zone's wall clock is ahead of UTC at a moment."""
    return moment.astimezone(zone).utcoffset() or timedelta()


def next_change(zone: tzinfo, start: datetime, end: datetime) -> datetime | None:
    """The first whole second after `start`, `end` at the latest, at which the offset is another; UTC."""
    before = offset(zone, start)
    while start < end:
        probe = min(start + _STEP, end)
        if offset(zone, probe) != before:
            return _narrowed(zone, start, probe)
        start = probe
    return None


def _narrowed(zone: tzinfo, start: datetime, end: datetime) -> datetime:
    """The second of the change, which lies after `start` and not after `end`."""
    before, low, high = offset(zone, start), int(start.timestamp()), int(end.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        same = offset(zone, datetime.fromtimestamp(middle, UTC)) == before
        low, high = (middle, high) if same else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def changes(zone: tzinfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every change of a zone's offset after `start`, up to `end`; UTC."""
    while (change := next_change(zone, start, end)) is not None:
        yield change
        start = change
