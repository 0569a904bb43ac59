"""Cron expressions: what may stand in `schedule` of a site file, in words, and its times on a wall clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise

from cronsim import CronSim, CronSimError

# crontab(5), "special strings"; @reboot has no times and is refused.
ALIASES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_FIELDS = 5
_LONGEST = 200  # characters; the longest sensible one, a list of all minutes, has 170
_SOME_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 - a wall clock, of no zone
_EVERY = re.compile(r"(?:\*|(\d+)-59)/(\d+) \* \* \* \*")


def check_expression(text: str) -> str:
    """The expression as given; raises ValueError that says what is wrong and how to write one."""
    try:
        fields = _plain(text)
        next(CronSim(fields, _SOME_DAY))
    except CronSimError as error:
        raise _refusal(text, str(error)) from None
    except StopIteration:
        raise _refusal(text, "no day fits it") from None
    return text


def _plain(text: str) -> str:
    """Five fields, a blank between two."""
    if text.strip().lower() == "@reboot":
        raise CronSimError("@reboot names no time")
    fields = ALIASES.get(text.strip().lower(), text).split()
    if len(text) > _LONGEST:
        raise CronSimError(f"more than {_LONGEST} characters")
    # cronsim takes a field of seconds in front of these; cron has none.
    if len(fields) != _FIELDS:
        raise CronSimError(f"{len(fields)} fields instead of {_FIELDS}")
    return " ".join(fields)


def _refusal(text: str, reason: str) -> ValueError:
    shown = f"{text[:40]}…" if len(text) > 40 else text
    return ValueError(
        f"not a cron expression ({reason}: {shown!r}): write one like '*/10 * * * *' or '@hourly'"
    )


class Expression:
    """A checked cron expression. Its times are those of a wall clock: `crawler.schedule.timetable` gives it a zone.

    Day of month and day of week follow Debian's cron: both have to fit if either begins with `*`, else one
    is enough. `L`, `LW` and `MON#2` are understood too (cronsim's manual).
    """

    def __init__(self, text: str) -> None:
        """Raises ValueError for what is no cron expression."""
        self.text = check_expression(text)
        self.plain = _plain(text)

    def times(self, after: datetime) -> Iterator[datetime]:
        """The times after a wall-clock time (no zone), in order; ends where none follows within fifty years."""
        # Whole seconds: what is cut off lies before the next time anyway.
        return CronSim(self.plain, after.replace(tzinfo=None, microsecond=0))

    @property
    def has_fixed_hours(self) -> bool:
        """Whether it names times of day, as Debian's cron(8) tells: neither minute nor hour begins with `*`."""
        minute, hour, *_ = self.plain.split()
        return not minute.startswith("*") and not hour.startswith("*")

    @property
    def interval(self) -> timedelta:
        """The shortest time between two runs, as far as the next hundred runs tell."""
        times = self.times(_SOME_DAY)
        found = list(islice(times, 100))
        gaps = [later - earlier for earlier, later in pairwise(found)]
        return min(gaps, default=timedelta(days=366))

    @property
    def minutes(self) -> frozenset[int]:
        """The minutes of an hour at which it runs, as far as the next hundred runs tell."""
        return frozenset(time.minute for time in islice(self.times(_SOME_DAY), 100))

    @property
    def words(self) -> str:
        """The expression in English: 'every 15 minutes', 'at 02:30 every day'."""
        if found := _EVERY.fullmatch(self.plain):
            first, step = int(found[1] or 0), int(found[2])
            if step > 1 and first < step and 60 % step == 0:
                return f"every {step} minutes" + (f", from minute {first}" if first else "")
        said = CronSim(self.plain, _SOME_DAY).explain()
        return said[:1].lower() + said[1:]
