"""Finds days, clocks and time zones in a text and folds each into the one form that dateutil cannot misread.

Strict on purpose: what is not plainly a day (a price, a phone number, a version, a score) is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from crawler.extraction.date_words import CITY_TIMES, JOINTS, MONTHS, VERBS, ZONES


class Day(NamedTuple):
    """A day at `text[start:end]`, folded to "2022-01-18", "18/01/2022" or "18/января/2022" (the year may lack)."""

    start: int
    end: int
    folded: str
    has_year: bool
    year_first: bool  # a machine wrote it: "-05:00" after its clock is an offset, not a range
    day_first: bool
    needs_clock: bool  # "18.01" alone may as well be a price


class Clock(NamedTuple):
    """A time of day at `text[start:end]`, zone included, folded to "14:05:07.25 +03:00" or "2:05 pm MSK"."""

    start: int
    end: int
    folded: str
    precision: Precision
    days: int  # 1 for 24:00, the end of the day (ISO 8601-1:2019), which is folded to 0:00; else 0
    colon: bool  # 14:05 is a clock anywhere, "14 Uhr" and "5 am" only after a date


Precision = Literal["second", "minute", "day"]

_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?P<day>[012]?\d|3[01])"  # dateutil takes the day of "48 January" for a year
_LEFT = r"(?<!\d)(?<!\d[.,:/\-])(?<!\+)"  # not the tail of a longer number, version, clock or phone number
_MONTH = r"[^\W\d_]{3,12}"
_MONTHS = {name for names in MONTHS for name in names}
_ORDINAL = r"(?:st|nd|rd|th|-?(?:го|ого|е|ое)\b)?\.?"
_TO_DAY = r"(?:\s?[-–—]\s?\d\d?(?!\d))?"  # "18–20 января": the first day counts
_WEEK = re.compile(rf"{_LEFT}({_YEAR})-?W(\d\d)-?([1-7])(?!\d)")
_COMPACT = re.compile(rf"{_LEFT}({_YEAR})(\d\d)(\d\d)(?=[Tt]\d\d)")
_T_CLOCK = re.compile(r"(?<=\d)[Tt](?:(?=\d\d?:\d)|(\d\d)(\d\d)?(\d\d)?(?![\d:]))")
_DAYS = tuple(
    re.compile(pattern, re.VERBOSE | re.IGNORECASE)
    for pattern in (
        rf"{_LEFT}(?P<year>{_YEAR})([-./])(?P<month>\d\d?)\2(?P<day>\d\d?)(?!\d)(?![./]\d)",
        rf"""{_LEFT}(?P<day>\d\d?)(?P<separator>[-./])\s?(?P<month>\d\d?)(?P=separator)\s?
        (?P<year>{_YEAR}|(?<!-)(?<!-\s)\d\d)(?!\d)(?![./-]\d)""",  # 12-34-56 is the tail of a phone number
        rf"{_LEFT}(?=\d\d\.){_DAY}\.(?P<month>0[1-9]|1[0-2])\b(?!\.?\d)\.?(?P<year>)",
        rf"""{_LEFT}(?:(?P<before>{_YEAR})[\s,./-]+)?
        {_DAY}{_TO_DAY}{_ORDINAL}[\s./-]{{0,3}}(?:of\s)?(?P<month>{_MONTH})(?![^\W\d_])\.?
        (?:[\s,./-]{{0,3}}(?P<year>{_YEAR})(?!\d)
          |[\s./-]'?(?P<short>\d\d)(?=\s*(?:$|,|г\b|\d\d?:\d\d))
          |\s?[-–—]\s?\d\d?\s{_MONTH}\s(?P<shared>{_YEAR})(?!\d)
          |(?![\s,]*\d{{4}}))""",
        rf"""(?<![^\W\d_])(?:{_LEFT}(?P<before>{_YEAR})[\s,./-]+)?
        (?P<month>{_MONTH})\.?[\s./-]{{1,2}}{_DAY}(?!\d|[:.]\d){_TO_DAY}{_ORDINAL}
        (?:[\s,./-]{{1,3}}(?P<year>{_YEAR})(?!\d)|(?![\s,]*\d{{4}}))""",
    )
)

_JOINT = re.compile(
    rf"(?:[\s,;:|•·/()\[\]—–\-]|(?<![^\W\d_])(?:{'|'.join(sorted(JOINTS, key=len, reverse=True))})(?!\w)\.?)*",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"""(?P<at>\b(?:в|о|at|um)\s)?(?<!\d)(?P<hour>\d\d?)
    (?:(?:(?P<colon>:)|\.)(?P<minute>\d\d)(?:(?<=:\d\d):(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?
    (?![\d:])(?(colon)|(?!\.\d))(?:\s?(?P<half>[ap])\.?\s?m\b\.?|(?P<uhr>\s?uhr\b))?""",
    re.VERBOSE | re.IGNORECASE,
)
_OFFSET = re.compile(
    r"""\s?[(\[]?(?:(?P<base>utc|gmt|msk|мск)\s?)?(?P<sign>[+\-−])
    (?P<hours>(?(base)\d\d?|\d\d))(?::?(?P<minutes>\d\d))?(?![\d:])(?:\s?z(?!\w))?""",  # "+0300Z" is seen in the wild
    re.VERBOSE | re.IGNORECASE,
)
_ZULU = re.compile(r"\s?[Zz](?!\w)")
_NAMED = re.compile(r"[\s,]*[(\[]?(?:по\s|за\s)?([^\W\d_]{2,5})(?!\w)")
_CITY = re.compile(r"[\s,]*[(\[]?(по\s+|за\s+)?([^\W\d_]{4,})(\s+(?:врем|час|time|zeit)\w*)?", re.IGNORECASE)
_WESTMOST, _EASTMOST = -12 * 60, 14 * 60  # offsets in use, minutes east (tz database)


def fold_iso(text: str) -> str:
    """Separates the fields of ISO 8601's compact dates and clocks, and turns its week dates into days."""
    return _T_CLOCK.sub(_clock_fields, _COMPACT.sub(r"\1-\2-\3", _WEEK.sub(_week_day, text)))


def _clock_fields(match: re.Match[str]) -> str:
    return " " + ":".join((match[1], match[2] or "00", *filter(None, [match[3]]))) if match[1] else " "


def _week_day(match: re.Match[str]) -> str:
    try:  # dateutil 2.9 takes week 53 of a year of 52 for the first of the next
        return date.fromisocalendar(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return match[0]


def days_in(text: str, this_year: int, *, month_first: bool = False) -> list[Day]:
    """What may be days, in reading order and overlapping; `month_first` reads slashes as in the USA.

    A number that the calendar lacks (31.02.) is left for dateutil to refuse.
    """
    found = (_day(match, this_year, month_first) for pattern in _DAYS for match in pattern.finditer(text))
    return sorted((day for day in found if day), key=lambda day: (day.start, not day.year_first, -day.end))


def _day(match: re.Match[str], this_year: int, month_first: bool) -> Day | None:
    given = match.groupdict()
    year = next((given[name] for name in ("year", "shared", "short", "before") if given.get(name)), "")
    month, day = given["month"], given["day"]
    numeric = month.isdecimal()
    if not numeric and (month.lower() not in _MONTHS or (month in VERBS and not year)):
        return None
    year_first = numeric and match.start("year") == match.start()
    like_a_version = numeric and len(year) < 4 and len(match[0]) != len("18.01.22")
    year = _full(year, this_year)
    folded = f"{year}-{month}-{day}" if year_first else "/".join(filter(None, (day, month, year)))
    american = month_first and given.get("separator") == "/"
    return Day(*match.span(), folded, bool(year), year_first, not (year_first or american), like_a_version)


def _full(year: str, this_year: int) -> str:
    """A year of two digits is the latest that is at most next year (dateutil: fifty years each way)."""
    return str(this_year + 1 - (this_year + 1 - int(year)) % 100) if len(year) == 2 else year


def clock_beside(text: str, start: int, end: int, *, machine: bool = False) -> Clock | None:
    """The clock after what stands at `text[start:end]`, else before it, with only joining words between.

    After `machine` dates it may carry any ISO 8601 offset.
    """
    later = (clock for clock in clocks_in(text, machine=machine) if clock.start >= end)
    earlier = (clock for clock in clocks_in(text) if clock.colon and clock.end <= start)
    after = (clock for clock in later if _JOINT.fullmatch(text, end, clock.start))
    before = (clock for clock in earlier if _JOINT.fullmatch(text, clock.end, start))
    return next(after, None) or next(before, None)


def clocks_in(text: str, *, machine: bool = False) -> Iterator[Clock]:
    """Times of day in reading order: 14:05, and in plain company 14.05 (at 14.05, 14.05 Uhr) and 2 (2 pm)."""
    for match in _CLOCK.finditer(text):
        part = match.groupdict()
        hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
        in_range = (hour <= 23 and minute <= 59 and second <= 60) or (hour, minute, second) == (24, 0, 0)
        told = part["colon"] or part["half"] or part["uhr"] or (part["at"] and part["minute"])
        if not (in_range and told):
            continue
        folded = f"{hour % 24}:{minute:02}"
        if part["second"]:  # a leap second is no time of day for datetime
            folded += f":{min(second, 59):02}.{part['fraction'] or 0}"
        if part["half"] and hour <= 12:  # "14:05 PM" is seen in the wild
            folded += f" {part['half']}m"
        zone, end = zone_after(text, match.end(), machine=machine)
        precision: Precision = "second" if part["second"] else "minute"
        yield Clock(match.start("hour"), end, f"{folded} {zone}", precision, hour // 24, bool(part["colon"]))


def zone_after(text: str, at: int, *, machine: bool = False) -> tuple[str, int]:
    """The zone right after a clock, folded to an offset or a key of TZINFOS, and its end; ("", at) without one."""
    if (match := _OFFSET.match(text, at)) and (offset := _offset(match, machine)):
        return offset, match.end()
    if match := _ZULU.match(text, at):
        return "UTC", match.end()
    if (match := _NAMED.match(text, at)) and (zone := ZONES.get(match[1])) is not None:
        return _capitals(zone if isinstance(zone, str) else match[1]), match.end()
    if (match := _CITY.match(text, at)) and (match[1] or match[3]):
        word = match[2].lower()
        zones = (_capitals(zone) for stem, zone in CITY_TIMES.items() if word.startswith(stem))
        return next(((zone, match.end()) for zone in zones), ("", at))
    return "", at


def _offset(match: re.Match[str], machine: bool) -> str:
    """ "+03:00". In prose "10:00-11:30" is a range, so a bare minus needs four digits ("-0500")."""
    base, west = (match["base"] or "").lower(), match["sign"] != "+"
    if west and not (base or machine) and not re.search(r"\d{4}", match[0]):
        return ""
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    minutes = (-minutes if west else minutes) + (180 if base in {"msk", "мск"} else 0)
    if minutes % 15 or not _WESTMOST <= minutes <= _EASTMOST:
        return ""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _capitals(zone: str) -> str:
    """What dateutil can take for a zone's name: up to five ASCII capitals, "MOSCO" for Europe/Moscow."""
    return re.sub("[^A-Z]", "", zone.rpartition("/")[2].upper())[:5]


TZINFOS: Mapping[str, tzinfo | int] = {
    _capitals(zone): ZoneInfo(zone)
    for zone in (*CITY_TIMES.values(), *ZONES.values())
    if isinstance(zone, str)
} | {_capitals(name): zone * 60 for name, zone in ZONES.items() if isinstance(zone, int)}
"""All zone names that a folded clock may hold, for dateutil: zones of the tz database, or seconds east of UTC."""
