"""A publication time as a reader sees it: in their zone and language, as exact as it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

from index.timestamp import timestamp

if TYPE_CHECKING:
    from index.web.messages import Messages


@dataclass(frozen=True, slots=True)
class Time:
    """The parts of a <time> element: the text, its `datetime`, and what is shown on hover."""

    text: str
    machine: str
    title: str


def time_shown(moment: datetime, precision: str, zone: tzinfo, t: Messages) -> Time:
    """A moment (aware) of a precision (`Article.published_precision`); a day is the same date in every zone."""
    if precision == "day":
        day = moment.astimezone(UTC).date()
        return Time(_short(day, t), day.isoformat(), t("time.day_only"))
    local = moment.astimezone(zone)
    machine = timestamp(moment, "seconds")
    clock = "%H:%M:%S" if precision == "second" else "%H:%M"
    title = t(
        "time.in_zone", day=day_shown(local.date(), t), clock=f"{local:{clock}}", zone=_zone(local, zone)
    )
    if precision == "unknown":
        return Time(t("time.seen", day=_short(local.date(), t)), machine, t("time.first_seen", time=title))
    return Time(t("time.at", day=_short(local.date(), t), clock=f"{local:%H:%M}"), machine, title)


def day_shown(day: date, t: Messages) -> str:
    """'20 November 2026', '20 ноября 2026'."""
    return t("time.day", day=day.day, month=t.listed("time.months_of")[day.month - 1], year=day.year)


def _short(day: date, t: Messages) -> str:
    """'20 Nov 2026', '20 ноя 2026': in a list every character counts."""
    return t("time.day", day=day.day, month=t.listed("time.months_short")[day.month - 1], year=day.year)


def month_shown(day: date, t: Messages) -> str:
    """'November 2026', 'ноябрь 2026'."""
    return t("time.month", month=t.listed("time.months")[day.month - 1], year=day.year)


def _zone(local: datetime, zone: tzinfo) -> str:
    """'UTC', 'Europe/Moscow, UTC+03:00'."""
    name = str(zone)
    offset = f"{local:%z}"
    return name if name == "UTC" else f"{name}, UTC{offset[:3]}:{offset[3:5]}"
