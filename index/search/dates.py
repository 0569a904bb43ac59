"""Dates of `after:` and `before:`, and of `--since` and `--until`, as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

FORMS = "2022-01-18, 2022-01, 2022, 18.01.2022, 2022-01-18T12:05 or 90m, 24h, 7d, 2w (back from now)"

_DAY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?", re.ASCII)
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_BACK = re.compile(r"(?P<count>\d{1,100})(?P<unit>[mhdw])", re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080}


def option_moment(option: str, text: str, zone: tzinfo, now: datetime) -> datetime:
    """The moment that an option of a command line means; raises ValueError with what to write instead."""
    try:
        return moment(text.strip(), zone, now)
    except ValueError as error:
        raise ValueError(f"{option} {text!r} is no date ({error}): write {FORMS}") from error


def moment(text: str, zone: tzinfo, now: datetime | None) -> datetime:
    """The moment a date of a query means, in UTC and whole seconds; a day, month or year at its beginning.

    `zone` is that of dates which name none, `now` the moment that `24h` counts back from. Raises
    ValueError with the reason.
    """
    try:
        return _read(text, zone, now).astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("it lies outside the years 1 to 9999") from None


def _read(text: str, zone: tzinfo, now: datetime | None) -> datetime:
    if back := _BACK.fullmatch(text.lower()):
        if now is None:
            raise ValueError("it counts back from now, and the time now is not known here")
        return now - timedelta(minutes=int(back["count"]) * _MINUTES[back["unit"]])
    if text.startswith("-") and _BACK.fullmatch(text[1:].lower()):
        raise ValueError(f"it counts back without a hyphen: {text[1:]}")
    if _MOMENT.fullmatch(text.upper()):
        found = datetime.fromisoformat(text.upper())
        return found if found.tzinfo else found.replace(tzinfo=zone)
    day = _DAY.fullmatch(text) or _DOTTED.fullmatch(text)
    if not day:
        raise ValueError("its form is unknown")
    year, month, number = (int(day[part] or 1) for part in ("year", "month", "day"))
    return datetime(year, month, number, tzinfo=zone)
