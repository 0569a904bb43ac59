"""Hits over time as bars: days, weeks, months or years by how long the time is, gaps filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from index.search.results import Bucket

MOST_BARS = 100
FEWEST_DAYS = 14  # so many bars at least, where bars are days: five alone would look like bricks
_MOST_DAYS = 62
_MOST_WEEKS = 62
Unit = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of days [first, end) and how many hits it has."""

    first: date
    end: date
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars in the order of time."""

    unit: Unit
    bars: Sequence[Bar]

    @property
    def highest(self) -> int:
        """The count of the tallest bar."""
        return max(bar.count for bar in self.bars)


def histogram(days: Sequence[Bucket]) -> Histogram | None:
    """The bars of a day facet (UTC, ISO dates); None where there are no two days to compare."""
    counts = {date.fromisoformat(bucket.value): bucket.count for bucket in days}
    if len(counts) < 2:
        return None
    last = max(counts)
    first = min(*counts, date.fromordinal(max(1, last.toordinal() - FEWEST_DAYS + 1)))
    unit = _unit(first, last)
    years = -(-(last.year - first.year + 1) // MOST_BARS)  # in a bar, where bars are years
    edges = [*_edges(first, last, unit, years)]
    sums = [0] * (len(edges) - 1)
    place = 0
    for day in sorted(counts):
        while edges[place + 1] <= day and place + 2 < len(edges):
            place += 1
        sums[place] += counts[day]
    return Histogram(unit, [Bar(*each) for each in zip(edges, edges[1:], sums, strict=False)])


def _unit(first: date, last: date) -> Unit:
    days = (last - first).days + 1
    if days <= _MOST_DAYS:
        return "day"
    if days <= 7 * _MOST_WEEKS:
        return "week"
    return "month" if days <= 31 * MOST_BARS else "year"


def _edges(first: date, last: date, unit: Unit, years: int) -> Iterator[date]:
    """Where bars begin, and where the last one ends: weeks on Mondays, months and years on their first day."""
    edge = _start(first, unit)
    yield edge
    while edge <= last and edge < date.max:
        edge = _next(edge, unit, years)
        yield edge


def _start(day: date, unit: Unit) -> date:
    if unit == "week":
        return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
    if unit == "day":
        return day
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _next(edge: date, unit: Unit, years: int) -> date:
    """The beginning of the bar after this one; at the end of the calendar its last day."""
    try:
        if unit in {"day", "week"}:
            return edge + timedelta(days=1 if unit == "day" else 7)
        if unit == "month":
            return (edge + timedelta(days=31)).replace(day=1)
        return edge.replace(year=edge.year + years)
    except (ValueError, OverflowError):
        return date.max
