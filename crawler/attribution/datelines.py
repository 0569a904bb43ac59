"""Datelines: "МОСКВА, 18 янв — РИА Новости.", "МОСКВА, 18 января. /ТАСС/.", "WASHINGTON (AP) -".

A dateline is place and date (either may be missing), the agency in a frame, and a stop. The frame is what
tells it from a sentence that opens with an agency's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crawler.attribution.sign import House, Sign
from crawler.attribution.weights import DATELINE_CHARACTERS

if TYPE_CHECKING:
    from crawler.agencies import Agencies

_MONTH = (
    r"(?:янв|февр?|мар|апр|мая|май|июн|июл|авг|сент?|окт|нояб?|дек|січ|лют|бер|квіт|трав|чер|лип|серп|вер|жовт|лист"
    r"|груд|jan|feb|march|apr|may|jun|jul|aug|sept?|oct|nov|dec|januar|märz|mai|okt|dez|enero?|ago|dic)\w*\.?"
)
_DATE = re.compile(
    rf"(?:\d{{1,2}}\.?\s*{_MONTH}|{_MONTH}\s*\d{{1,2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})(?:,?\s*\d{{4}})?(?:\s*г(?:ода|\.)?)?",
    re.IGNORECASE,
)
_PLACE_WORD = r"(?:[A-ZА-ЯЁІЇЄҐӘҒҚҢӨҰҮҺÀ-Þ][\w'’.-]*|de|del|la|of|the|and|di|am|на|sur)"
_PLACE = re.compile(
    rf"{_PLACE_WORD}(?:[\s/]+(?!(?i:{_MONTH})\s*\d){_PLACE_WORD}){{0,5}}|\[[A-Z][\w\s.,]{{1,30}}\]"
)
_BREAK = re.compile(r"[\s,.:;—–-]*")
_DASHES = "—–−-"
_CORRESPONDENT = re.compile(
    r"\s*(?:(?:Спец)?(?:корр|кор)\.?\s+|корреспондент\s+|(?:ИА|МИА|АМИ)\s+)?[«\"]?", re.IGNORECASE
)
# Inside a frame: a second agency, desk or writer. Behind a bare name: a desk; an author, town or date.
_WITH = re.compile(r"[»\"]?(?:\s*[/&,|]\s*[\w .-]{2,40}?|\s+[А-ЯЁ][\w-]+\s+[А-ЯЁ][\w-]+)?\s*")
_AUTHOR = re.compile(
    rf"[»\"]?(?:\s*/\s*[\w-]+)?(?:,\s*(?:[А-ЯЁA-Z][\w-]+(?:\s+[А-ЯЁA-Z][\w-]+){{0,2}}|(?i:{_DATE.pattern}))(?=\s*[.—–]))?"
)
_STOP = re.compile(rf"\s*(?:[.:]\s*[{_DASHES}]*|[{_DASHES}]{{1,2}}|/)(?=\s|$|[«\"“A-ZА-ЯЁІЇЄ])")
_OPENS_SENTENCE = re.compile(r"\s*(?:[«\"“]?[A-ZА-ЯЁІЇЄҐ0-9]|$)")
_CLOSING = {"(": ")", "/": "/", "[": "]"}


def dateline_signs(openings: Sequence[str], agencies: Agencies) -> Iterator[Sign]:
    """A sign for the dateline that a paragraph opens with; its text is the prefix to cut from the prose."""
    for opening in openings:
        head = opening[:DATELINE_CHARACTERS]
        if found := _dateline(head, agencies):
            yield Sign("dateline", found[0], head[: found[1]].rstrip())
            return


def _dateline(head: str, agencies: Agencies) -> tuple[House, int] | None:
    """The agency in a frame somewhere in or behind place and date, and the end of the dateline."""
    ends, dated = _place_and_date(head)
    for start in _frame_starts(head, ends):
        if closing := _CLOSING.get(head[start : start + 1]):
            found = _enclosed(head, start + 1, closing, agencies)
        else:
            found = _bare(head, start, dated, agencies)
        # "The Associated Press (AP) Managing Editor" is no dateline.
        if found and not agencies.by_name(head[:start], mark_position=True):
            return found
    return None


def _place_and_date(head: str) -> tuple[list[int], bool]:
    """Where the parts of place and date end at the beginning of a text, and whether one is a date."""
    ends, dated = [0], False
    for _ in range(6):  # "15 ноября, Минск", "BAKU, Azerbaijan, Nov. 15", "New Delhi [India], Nov 15"
        start = _skip(_BREAK, head, ends[-1])
        date = _DATE.match(head, start)
        part = date or _PLACE.match(head, start)
        if part is None:
            break
        dated = dated or date is not None
        ends.append(part.end())
    return ends, dated


def _frame_starts(head: str, ends: Sequence[int]) -> list[int]:
    """Where the agency may stand, in order: behind each part and each stop, and where brackets open.

    A place is read greedily and may have swallowed the agency ("АСТАНА. КАЗИНФОРМ").
    """
    behind = {_skip(_BREAK, head, end) for end in ends}
    stops = {found.end() for found in re.finditer(r"[.—–:,-]\s*", head[: max(behind)])}
    brackets = {found.start() for found in re.finditer(r"[(/\[]", head[: max(behind) + 1])}
    return sorted({0} | behind | stops | brackets)


def _enclosed(head: str, start: int, closing: str, agencies: Agencies) -> tuple[House, int] | None:
    """An agency in brackets or slashes: "(AP) —", "/ТАСС/.", "/Корр. БЕЛТА/."."""
    named = agencies.dateline_at(head, _skip(_CORRESPONDENT, head, start))
    close = head.find(closing, named[1]) if named else -1
    if named is None or close < 0 or not _WITH.fullmatch(head, named[1], close):
        return None
    stop = _STOP.match(head, close + 1)
    if stop is None and not _OPENS_SENTENCE.match(head, close + 1):
        return None
    return House.of(named[0]), stop.end() if stop else close + 1


def _bare(head: str, start: int, dated: bool, agencies: Agencies) -> tuple[House, int] | None:
    """An agency between dashes or points: "— РИА Новости.", "КАЗИНФОРМ –", "УНН.", "Nov 15 — AFP".

    Behind a comma it needs a date: "HARRISBURG, PA —" is a town in Pennsylvania.
    """
    named = agencies.dateline_at(head, _skip(_CORRESPONDENT, head, start))
    if named is None or (head[:start].rstrip().endswith(",") and not dated):
        return None
    agency, end = named
    stop = _STOP.match(head, _skip(_AUTHOR, head, end))
    if stop and _OPENS_SENTENCE.match(head, stop.end()):
        return House.of(agency), stop.end()
    if stop is None and dated and _OPENS_SENTENCE.match(head, end):
        return House.of(agency), end
    return None


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
