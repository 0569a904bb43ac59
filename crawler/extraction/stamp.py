"""Tells a line that is nothing but a time stamp: "Опубликовано 18 января 2022, 14:05 МСК", "Nov 20, 13:15 GMT"."""

from __future__ import annotations

import re

from crawler.extraction.date_words import DAYS_AGO, LEADS, MONTH_NUMBERS, UNITS, ZONES

_WORDS = LEADS.union(
    MONTH_NUMBERS,
    DAYS_AGO,
    UNITS,
    map(str.casefold, ZONES),
    ("ago", "назад", "тому", "vor", "am", "pm", "th", "st"),
)
_LONGEST = 80  # characters; label, day, clock and zone take no more
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def is_stamp(text: str) -> bool:
    """Whether a line holds a number and no word but those that dates are written in."""
    if len(text) > _LONGEST or not re.search(r"\d", text):
        return False
    return all(word in _WORDS for word in _WORD.findall(text.casefold()))
