"""Dates as pages, feeds and addresses write them, in Russian, Ukrainian, English and German.

`parse_date` finds the first plausible date of a short text, whatever words stand around it, and says how exact
it is. It reads:

- ISO 8601 (also compact, with comma fractions, week days), RFC 822 and 2822, ctime, epoch seconds and
  milliseconds;
- numbers: `2024.02.07` is always year-first, `18.01.2022` always day-first. `02/03/2024` is ambiguous and
  read day-first (2 March) unless `month_first` says that the page is American; `01/18/2022` has one reading;
- words: `18 января 2022 г., 14:05 МСК`, `Jan. 18th, 2022 at 2:05 p.m. ET`, `18. Jänner 2022, 14.05 Uhr`;
- distances: `сегодня, 14:05`, `вчера`, `2 часа назад`, `vor 5 Minuten`.

python-dateutil reads what stands in the calendar. It is never given the text itself: `crawler.extraction.date_phrases`
finds the day, the clock and the zone and folds them, because dateutil reads `2024-02-07` with `dayfirst` as 2 July,
`UTC+3` as three hours west (POSIX), `14.05 Uhr` not at all, two-digit years by the machine's clock, zone names in
ASCII capitals only, and an unknown one as local time with a warning.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from urllib.parse import urlsplit

from dateutil.parser import ParserError, parser, parserinfo

from crawler.extraction.date_phrases import (
    TZINFOS,
    Clock,
    Day,
    Precision,
    clock_beside,
    days_in,
    fold_iso,
    zone_after,
)
from crawler.extraction.date_relative import Distance, bare_clock, distance
from crawler.extraction.date_words import MONTHS


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A moment read from a text. `day` precision is local midnight; `zoned`: the text gave the offset."""

    moment: datetime
    precision: Precision
    zoned: bool


class _MonthNames(parserinfo):
    MONTHS = MONTHS  # type: ignore[assignment]  # the stubs know only lists of two or three names


EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no news site is older
TOMORROW = timedelta(days=1)  # the latest that a slip in the time zone can put a date ahead

_PARSER = parser(_MonthNames())
_LEAP_YEAR = datetime(2000, 1, 1)  # noqa: DTZ001 - what dateutil fills gaps from: midnight, and a year with all days
_LOOK_AT = 200  # characters in which a date may begin: bylines are shorter, an article's text is not a date
_ROOM = 80  # characters that a date may take beyond
_SLIP = timedelta(hours=12)  # a date without a year that is this little ahead is today's in another zone
_FEW_MINUTES = timedelta(minutes=10)  # a bare clock that is ahead by less is a clock that runs fast
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DIGITS: dict[int, Precision] = {8: "day", 12: "minute", 14: "second"}
_YEAR_AT_END = re.compile(r"\s((?:19|20)\d\d)(?!\d|[./-]\d)")  # ctime: Jan 18 14:05:07 MSK 2022


def parse_date(
    text: str, *, now: datetime, zone: tzinfo = UTC, month_first: bool = False
) -> ParsedDate | None:
    """The first plausible date of a text, None when there is none; looks at its first 200 characters.

    `now` (aware) is what relative dates and missing years are reckoned from, `zone` the zone of clocks that
    name none. Never raises for any text.
    """
    if now.tzinfo is None:
        raise ValueError("now has to be an aware datetime")
    text = _tidy(text)
    if text.isdecimal():
        found = _all_digits(text, zone)
        return found if found and plausible(found.moment, now) else None
    start, absolute = next(_absolute(text, now, zone, month_first), (0, None))
    told = distance(text)
    if absolute and (told is None or not re.search(r"[^\W\d_]", text[told.end : start])):
        return absolute
    clock = None if told else bare_clock(text)
    found = _back(told, now, zone) if told else _bare(clock, now, zone) if clock else None
    return found if found and plausible(found.moment, now) else None


def plausible(moment: datetime, now: datetime) -> bool:
    """Whether news can have this date: not before 1990, not later than a day from now."""
    return EARLIEST <= moment <= now + TOMORROW


def _tidy(text: str) -> str:
    head = _INVISIBLE.sub("", text[: _LOOK_AT + _ROOM])
    return fold_iso(" ".join(unicodedata.normalize("NFC", head).split()))


def _read(folded: str, *, day_first: bool = False) -> datetime | None:
    """What dateutil makes of a folded date, aware if that names a zone; None for a day that is in no calendar."""
    try:
        return _PARSER.parse(folded, default=_LEAP_YEAR, tzinfos=TZINFOS, dayfirst=day_first, yearfirst=False)
    except (ParserError, OverflowError):
        return None


def _all_digits(text: str, zone: tzinfo) -> ParsedDate | None:
    """Epoch seconds (10 digits) or milliseconds (13), or a date and clock without separators."""
    if len(text) in {10, 13}:
        seconds = int(text) / (1 if len(text) == 10 else 1000)
        return ParsedDate(datetime.fromtimestamp(seconds, UTC), "second", True)
    moment = _read(text) if len(text) in _DIGITS else None
    return ParsedDate(moment.replace(tzinfo=zone), _DIGITS[len(text)], False) if moment else None


def _absolute(text: str, now: datetime, zone: tzinfo, month_first: bool) -> Iterator[tuple[int, ParsedDate]]:
    """Plausible dates of the calendar with the place where each begins."""
    end = 0
    for day in days_in(text, now.year, month_first=month_first):
        if not end <= day.start <= _LOOK_AT:
            continue
        clock = clock_beside(text, day.start, day.end, machine=day.year_first)
        read = _dated(text, day, clock, now, zone)
        if read is None:
            continue
        end = day.end
        if plausible(read.moment, now) and (clock or not day.needs_clock):
            yield min(day.start, clock.start if clock else day.start), read


def _dated(text: str, day: Day, clock: Clock | None, now: datetime, zone: tzinfo) -> ParsedDate | None:
    ctime = _YEAR_AT_END.match(text, clock.end) if clock and not day.has_year else None
    folded = f"{day.folded}/{ctime[1]}" if ctime else day.folded
    if clock:
        folded += f" {clock.folded}"
    elif day.year_first and (named := zone_after(text, day.end, machine=True)[0]):
        folded += f" 0:00 {named}"
    read = _read(folded, day_first=day.day_first)
    if read is None:
        return None
    moment = read if read.tzinfo else read.replace(tzinfo=zone)
    if not (day.has_year or ctime):
        moment = _latest(moment, now)
    moment += timedelta(days=clock.days if clock else 0)
    return ParsedDate(moment, clock.precision if clock else "day", read.tzinfo is not None)


def _latest(moment: datetime, now: datetime) -> datetime:
    """The latest such day of any year that is not in the future."""
    latest = now.astimezone(moment.tzinfo).year + 1
    years = (year for year in range(latest, latest - 10, -1) if isleap(year) or f"{moment:%m%d}" != "0229")
    return next(dated for year in years if (dated := moment.replace(year=year)) <= now + _SLIP)


def _back(told: Distance, now: datetime, zone: tzinfo) -> ParsedDate:
    """The moment so far back from `now`: by the wall clock of the zone that the text names, else of `zone`."""
    read = _read(told.clock.folded) if told.clock else None
    local = (read and read.tzinfo) or zone
    moment = now.astimezone(local) - told.back
    if told.clock and read:
        moment = datetime.combine(moment, read.time(), local) + timedelta(days=told.clock.days)
    elif told.precision == "day":
        moment = datetime.combine(moment, time(), local)
    else:
        moment = moment.replace(second=moment.second if told.precision == "second" else 0, microsecond=0)
    return ParsedDate(moment, told.precision, bool(read and read.tzinfo))


def _bare(told: Distance, now: datetime, zone: tzinfo) -> ParsedDate:
    """A clock alone is today's, or yesterday's when that is still to come."""
    today = _back(told, now, zone)
    ahead = today.moment > now + _FEW_MINUTES
    return _back(told._replace(back=timedelta(days=1)), now, zone) if ahead else today


_URL_DATES = (
    re.compile(r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d\d?)[/-](?P<day>\d\d?)(?=$|[/_-])"),
    re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>[a-z]{3,9})/(?P<day>\d\d?)(?=$|[/_-])"),
    re.compile(r"/(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?=/|[-_][^\W\d_])"),
    re.compile(r"/(?P<year>(?:19|20)\d\d)[/-]?(?P<month>\d\d)/(?P<day>\d\d)(?=$|[/_-])"),
    re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>\d\d)(?P<day>\d\d)(?=$|[/_-])"),
    re.compile(r"/(?P<day>\d\d?)[/-](?P<month>\d\d?)[/-](?P<year>(?:19|20)\d\d)(?=$|[/_-])"),
    re.compile(r"-(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?=$|[/._-][^\W\d_]|/)"),
)


def date_in_url(url: str, *, zone: tzinfo = UTC) -> ParsedDate | None:
    """The day that a URL's path names: /2026/11/20/, /20261120/, /2026-11-20-slug, /20/11/2026/, /2026/nov/20/.

    Eight digits are a day only as a folder or before a slug: as the last part of a path they may be an id.
    Day-first folders are never read month-first. The query is not looked at.
    """
    try:
        path = urlsplit(url).path.lower()
    except ValueError:
        return None
    for match in (match for pattern in _URL_DATES for match in pattern.finditer(path)):
        day = _read(f"{match['year']}-{match['month']}-{match['day']}")
        if day and day.year >= EARLIEST.year:
            return ParsedDate(day.replace(tzinfo=zone), "day", False)
    return None
