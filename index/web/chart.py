"""The histogram of a search as the geometry of an SVG drawing whose bars are links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING

from index.web.filters import InText, without
from index.web.histogram import Bar, Histogram, histogram
from index.web.times import day_shown, month_shown

if TYPE_CHECKING:
    from index.search.results import Bucket
    from index.web.messages import Messages
    from index.web.visit import Visit

STEP, GAP, HEIGHT = 10, 2, 48  # of the drawing's own units
LEAST = 2  # a bar that is there is seen


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """One bar: its place, its words, and the search of its time."""

    x: int
    y: int
    height: int
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing."""

    unit: str
    width: int
    bars: Sequence[DrawnBar]
    first: str
    last: str
    step: int = STEP
    bar: int = STEP - GAP
    height: int = HEIGHT


def chart(days: Sequence[Bucket], visit: Visit, filters: Sequence[InText]) -> Chart | None:
    """The drawing of a day facet; None where there is nothing to compare."""
    found = histogram(days)
    if found is None:
        return None
    text = without(visit.asked.text, [each for each in filters if each.field in {"after", "before"}])
    return drawn(found, visit, text)


def drawn(found: Histogram, visit: Visit, text: str) -> Chart:
    """The drawing of a histogram; its bars search for `text` in their time."""
    bars = [_drawn(at, bar, found, visit, text) for at, bar in enumerate(found.bars) if bar.count]
    first, last = found.bars[0].first, found.bars[-1].end - timedelta(days=1)
    return Chart(
        found.unit, len(found.bars) * STEP, bars, day_shown(first, visit.t), day_shown(last, visit.t)
    )


def _drawn(at: int, bar: Bar, whole: Histogram, visit: Visit, text: str) -> DrawnBar:
    height = max(LEAST, round(bar.count / whole.highest * HEIGHT))
    unit = "count.articles" if visit.asked.copies else "count.stories"
    when = _when(bar, whole.unit, visit.t)
    words = visit.t("histogram.bar", when=when, count=visit.t.counted(unit, bar.count))
    asked = f"{text} {between(bar.first, bar.end, visit.zone)}".strip()
    return DrawnBar(at * STEP, HEIGHT - height, height, words, visit.asked.but(text=asked).link())


def between(first: date, end: date, zone: tzinfo) -> str:
    """The filters for the days [first, end) of UTC, for readers in a zone."""
    utc = str(zone) == "UTC"
    return f"after:{_day(first, utc)} before:{_day(end, utc)}"


def _day(day: date, utc: bool) -> str:
    """A day's beginning in UTC, as the facet counts days: its date says so only to readers in UTC."""
    return day.isoformat() if utc else f"{day.isoformat()}T00:00Z"


def _when(bar: Bar, unit: str, t: Messages) -> str:
    if unit == "day":
        return day_shown(bar.first, t)
    if unit == "month":
        return month_shown(bar.first, t)
    last = bar.end - timedelta(days=1)
    if unit == "year" and last.year == bar.first.year:
        return str(bar.first.year)
    first = bar.first.year if unit == "year" else day_shown(bar.first, t)
    return t("histogram.span", first=first, last=last.year if unit == "year" else day_shown(last, t))
