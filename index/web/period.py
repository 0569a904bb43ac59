"""The days that the overview looks at: thirty of them, up to today or to a day that is named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DAYS = 30
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of UTC, both ends among them. `now` is the moment at which it ends while its last day is today."""

    last: date
    now: datetime | None = None

    @property
    def first(self) -> date:
        """Its first day; that of the calendar where there are not so many before."""
        return date.fromordinal(max(self.last.toordinal() - DAYS + 1, 1))

    @property
    def end(self) -> date:
        """The day after its last."""
        return self.last + timedelta(days=1)

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """The moment behind its last day."""
        return _midnight(self.end)

    def back(self, days: int) -> datetime:
        """So many days before its end: now, or the end of its last day."""
        return (self.now or self.until) - timedelta(days=days)


def period_of(text: str, now: datetime) -> Period | None:
    """The period whose last day is written as 2026-11-20, '' for today; None for what is no such day."""
    today = now.astimezone(UTC).date()
    if not text:
        return Period(today, now)
    if not _DAY.fullmatch(text):
        return None
    try:
        last = date.fromisoformat(text)
    except ValueError:
        return None
    if not date.min + timedelta(days=DAYS) <= last < date.max - timedelta(days=DAYS):
        return None
    return Period(last, now) if last == today else Period(last)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
