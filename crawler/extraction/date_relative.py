"""Moments told by their distance from now: "вчера, 14:05", "два часа назад", "vor 5 Minuten"; dateutil reads none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from crawler.extraction.date_phrases import Clock, Precision, clock_beside, clocks_in
from crawler.extraction.date_words import COUNTS, DAYS_AGO, JUST_NOW, LEADS, UNITS


class Distance(NamedTuple):
    """So far back from now, or on that day by the `clock`; what tells it ends at `end` of the text."""

    back: timedelta
    precision: Precision
    clock: Clock | None
    end: int


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_DAY_WORD = re.compile(rf"(?<!\w)(?:{'|'.join(DAYS_AGO)})(?!\w)", re.IGNORECASE)
_JUST_NOW = re.compile(rf"(?<!\w)(?:{'|'.join(JUST_NOW)})(?!\w)", re.IGNORECASE)
_PART = re.compile(
    rf"(half\s)?(?:((?<!\d)\d+|(?<![^\W\d_])(?:{_any(COUNTS)}))\W{{0,3}})?(?<![^\W\d_])({_any(UNITS)})(?!\w)",
)
_AGO = re.compile(r"(?<!\w)(?:(?P<before>назад|тому|ago)(?!\w)|vor\s)")
_BEFORE = re.compile(rf"(?:{_PART.pattern}\W{{0,3}}(?:(?:и|and|та|і)\s)?)+(?<!\w)$")
_BEHIND = re.compile(rf"(?=\d|{_any(COUNTS)}){_PART.pattern}")
_DAY, _YEAR = 86400, 366 * 86400  # seconds
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’ʼ][^\W\d_]+)?")
_APART = re.compile(r"[:|•·,;—–(]\s*$")
_ENDS = re.compile(r"\s*(?:$|[|•·,;.()—–])")


def distance(text: str) -> Distance | None:
    """How far back a text says that something was: "два часа назад", "just now", "вчера в 9:30"."""
    return _ago(text) or _just_now(text) or _day_word(text)


def bare_clock(text: str) -> Distance | None:
    """A clock and nothing else, as listings print it for today."""
    clock = next((clock for clock in clocks_in(text) if clock.colon), None)
    if clock is None or not _only_leads(text[: clock.start] + " " + text[clock.end :]):
        return None
    return Distance(timedelta(), clock.precision, clock, clock.end)


def _just_now(text: str) -> Distance | None:
    match = _JUST_NOW.search(text)
    if match is None or not _only_leads(text[: match.start()]):
        return None
    return Distance(timedelta(), "minute", None, match.end())


def _day_word(text: str) -> Distance | None:
    for match in _DAY_WORD.finditer(text):
        if match[0].lower() not in DAYS_AGO:  # "yeſterday": the pattern ignores more than case
            continue
        clock = clock_beside(text, *match.span())
        start, end = match.span()
        if clock:
            start, end = min(start, clock.start), max(end, clock.end)
        apart = clock and _APART.search(text, 0, start)
        if (apart or _only_leads(text[:start])) and (clock or _ENDS.match(text, end)):
            back = timedelta(days=DAYS_AGO[match[0].lower()])
            return Distance(back, clock.precision if clock else "day", clock, end)
    return None


def _ago(text: str) -> Distance | None:
    """ "N units ago". Hours are kept as the minute they point to; a number of days names a day."""
    text = (
        text.lower().replace("’", "'").replace("ʼ", "'")
    )  # not IGNORECASE, which takes "ſ" for "s": then no table has the word
    for match in _AGO.finditer(text):
        told = _BEFORE.search(text, 0, match.start()) if match["before"] else _BEHIND.match(text, match.end())
        parts = _PART.findall(told[0]) if told else []
        seconds = sum(UNITS[unit] * _count(count) / (2 if half else 1) for half, count, unit in parts)
        if told and seconds < _YEAR:
            smallest = UNITS[parts[-1][2]]
            precision: Precision = "second" if smallest == 1 else "day" if smallest >= _DAY else "minute"
            return Distance(timedelta(seconds=seconds), precision, None, max(match.end(), told.end()))
    return None


def _count(word: str) -> float:
    return int(word[:6]) if word.isdecimal() else COUNTS[word] if word else 1


def _only_leads(text: str) -> bool:
    """Whether a text holds nothing but words that announce a date ("Опубликовано:")."""
    return all(token.lower() in LEADS for token in _TOKEN.findall(text))
