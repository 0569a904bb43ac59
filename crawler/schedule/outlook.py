"""What `svodka schedule show`, `next` and `explain` tell about sites, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from crawler.schedule.due import Turn, timetable_of
from crawler.schedule.moments import shown, until
from crawler.schedule.zone_changes import changes, offset

if TYPE_CHECKING:
    from rich.table import Table

    from crawler.schedule.timetable import Timetable
    from crawler.site import Site

_MANY = 6  # times of a day that are listed in full


def table(sites: Sequence[Site], turns: Mapping[str, Turn], now: datetime, zone: tzinfo) -> Table:
    """One line a site, with its last start and its turn."""
    from rich.table import Table

    found = Table(box=None, pad_edge=False)
    for heading in ("site", "schedule", "in words", "zone", f"last start ({zone})", f"next due ({zone})"):
        found.add_column(heading, no_wrap=heading != "in words")
    for site in sites:
        turn = turns[site.name]
        last = f"{turn.since.astimezone(zone):%F %R}" if turn.since else "never"
        words = timetable_of(site).expression.words
        found.add_row(
            site.name, site.schedule, words, site.schedule_time_zone.key, last, _due(turn, now, zone)
        )
    return found


def _due(turn: Turn, now: datetime, zone: tzinfo) -> str:
    if turn.due_at is None:
        return "never"
    if turn.since is None and turn.due(now):
        return "now"
    moment = f"{turn.due_at.astimezone(zone):%F %R}"
    return f"due since {moment}" if turn.due(now) else f"{moment}, {until(turn.due_at, now)}"


def as_json(site: Site, turn: Turn, now: datetime) -> dict[str, Any]:
    """What the table says of a site, and its next three runs; times are ISO 8601 in UTC."""
    timetable = timetable_of(site)
    return {
        "site": site.name,
        "schedule": site.schedule,
        "in_words": timetable.expression.words,
        "zone": site.schedule_time_zone.key,
        "last_start": turn.since.astimezone(UTC).isoformat() if turn.since else None,
        "due_at": turn.due_at.astimezone(UTC).isoformat() if turn.due_at else None,
        "due": turn.due(now),
        "next_runs": [run.isoformat() for run in timetable.coming(now, 3)],
    }


def coming(sites: Sequence[Site], at: datetime, count: int) -> list[tuple[datetime, str]]:
    """The first runs of all sites after a moment, in order, by their schedules alone."""
    return list(islice(merge(*(_runs(site, at) for site in sites)), count))


def _runs(site: Site, at: datetime) -> Iterator[tuple[datetime, str]]:
    for run in timetable_of(site).runs(at):
        yield run, site.name


def explained(site: Site, turn: Turn, hold: datetime | None, now: datetime) -> list[str]:
    """All about one site's schedule, a line each; times in its own zone."""
    timetable = timetable_of(site)
    zone = site.schedule_time_zone
    lines = [
        f"{site.name}: {timetable.expression.words} ({site.schedule}), in {zone.key}",
        *(f"  next      {shown(run, zone)}, {until(run, now)}" for run in timetable.coming(now, 3)),
        f"  last run  {_last(turn, now, zone)}",
    ]
    if hold is not None and hold > now:
        lines.append(f"  held      the site asked to be left alone until {shown(hold, zone)} (Retry-After)")
    return lines + [f"  clocks    {line}" for line in clock_changes(timetable, now)]


def _last(turn: Turn, now: datetime, zone: tzinfo) -> str:
    if turn.since is None:
        return "never; due at once"
    started = f"started {shown(turn.since, zone)}, {until(turn.since, now)}"
    if turn.due_at is None or not turn.due(now):
        return f"{started}; on time"
    return f"{started}; due since {shown(turn.due_at, zone)}"


def clock_changes(timetable: Timetable, now: datetime) -> list[str]:
    """What the changes of a zone's clocks do to the runs in the year of `now`, a line each."""
    zone = timetable.zone
    year = now.astimezone(zone).year
    start, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    lines = [_change(timetable, change) for change in changes(zone, start, end)]
    return lines or [f"do not change in {year}"]


def _change(timetable: Timetable, change: datetime) -> str:
    """One change, and the runs that it moves."""
    second = timedelta(seconds=1)
    before, after = offset(timetable.zone, change - second), offset(timetable.zone, change)
    old, new = (change + before).replace(tzinfo=None), (change + after).replace(tzinfo=None)
    said = f"{old:%F}: {old:%R} becomes {new:%R}; "
    low, high = min(old, new), max(old, new)
    times = [f"{time:%R}" for time in _between(timetable, low - second, high)]
    if not times:
        return said + "no run is concerned"
    listed = ", ".join(times if len(times) <= _MANY else [*times[:2], "…", times[-1]])
    return (
        f"{said}{listed}: {_effect(timetable.expression.has_fixed_hours, forward=new > old, to=f'{new:%R}')}"
    )


def _between(timetable: Timetable, low: datetime, high: datetime) -> Iterator[datetime]:
    """Wall-clock times of an expression after `low` and before `high`."""
    for time in timetable.expression.times(low):
        if time >= high:
            return
        yield time


def _effect(fixed: bool, *, forward: bool, to: str) -> str:
    if fixed:
        return f"run at {to}" if forward else "comes twice, run the first time"
    return "left out" if forward else "run twice, as the clock shows it twice"
