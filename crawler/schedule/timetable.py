"""`Timetable`: a cron expression in a time zone, over every change of its clocks.

cronsim can follow a zone itself, and misses times where clocks change by half an hour (measured with 2.8:
`0 */3 * * *` in Australia/Lord_Howe has no 03:00 on either day of a change). So it is asked for wall-clock
times only, and the zone is followed here, by the rules of Debian's cron(8).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from crawler.schedule.expression import Expression
from crawler.schedule.zone_changes import next_change, offset

_SECOND = timedelta(seconds=1)
_NEAR = timedelta(minutes=5)
_FAR = timedelta(days=366 * 50)


class Timetable:
    """The runs of an expression in a zone; all times are aware, answers are UTC.

    An expression with fixed hours keeps to the wall clock: a time that is skipped when clocks go forward runs
    when they have, one that comes twice when they go back runs the first time. Any other runs whenever the wall
    clock fits: in an hour that comes twice too, and not in one that is skipped.
    """

    def __init__(self, expression: Expression, zone: tzinfo) -> None:
        self.expression, self.zone = expression, zone

    def next(self, after: datetime) -> datetime | None:
        """The first run after a moment; None when there is none within fifty years."""
        start = after.astimezone(UTC)
        ahead = offset(self.zone, start)
        wall = (start + ahead).replace(tzinfo=None)
        while True:
            slot = self._slot(wall, ahead)
            if slot is None or (change := next_change(self.zone, start, slot)) is None:
                return slot
            if self._skipped(slot + ahead, change):
                return change
            start, ahead = change, offset(self.zone, change)
            wall = (change + ahead - _SECOND).replace(tzinfo=None)

    def _slot(self, wall: datetime, ahead: timedelta) -> datetime | None:
        """The first run after a wall-clock time, as if the offset stayed; UTC."""
        for time in self.expression.times(wall):
            slot = time.replace(tzinfo=UTC) - ahead
            if not (self.expression.has_fixed_hours and self._repeated(slot, ahead)):
                return slot
        return None

    def _repeated(self, slot: datetime, ahead: timedelta) -> bool:
        """Whether the wall clock shows this time for the second time."""
        local = slot.astimezone(self.zone)
        return local.fold == 1 and local.utcoffset() == ahead

    def _skipped(self, wall: datetime, change: datetime) -> bool:
        """Whether a fixed time is one that the wall clock jumps over at a change."""
        return self.expression.has_fixed_hours and wall < change + offset(self.zone, change)

    def runs(self, after: datetime) -> Iterator[datetime]:
        """All runs after a moment, in order."""
        slot = self.next(after)
        while slot is not None:
            yield slot
            slot = self.next(slot)

    def coming(self, after: datetime, count: int) -> list[datetime]:
        """The next so many runs after a moment."""
        return list(islice(self.runs(after), count))

    def previous(self, at: datetime) -> datetime | None:
        """The last run at or before a moment; None when there is none within fifty years."""
        back = _NEAR
        while back < _FAR:
            found = None
            slot = self.next(at - back)
            while slot is not None and slot <= at:
                found, slot = slot, self.next(slot)
            if found is not None:
                return found
            back *= 4
        return None
