"""Closing lines that name a source: "Источник: РИА Новости", "ria.ru", "/ТАСС/", "© 2019 The Associated Press".

A photo credit ("Фото: РИА Новости") says nothing about the text and is no sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crawler.attribution.addresses import ADDRESS, URL, article_url, house_at
from crawler.attribution.sign import House, Sign
from crawler.attribution.weights import CLOSING_PARAGRAPHS, CLOSING_WORDS

if TYPE_CHECKING:
    from crawler.agencies import Agencies

_PICTURE = re.compile(
    r"\b(?:(?:фото|видео|відео|кадр|иллюстраци|ілюстраці|изображени|зображенн|скриншот|скріншот|світлин|инфографик|коллаж)\w*"
    r"|photo\w*|images?|pictures?|video\w*|getty|foto\w*|bild\w*|screenshot|graphic|cartoon|credits?)\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:[\w-]+\s*)?(?:™\s*&\s*)?(?:©|\([cс]\)|copyright\b)\s*(?:©|\([cс]\))?\s*(?:19|20)\d\d(?:\s*[-–]\s*\d{4})?[,\s]*(?:by\s+)?",
    re.IGNORECASE,
)
_COPYRIGHT_SIGN = re.compile(r"(?:©|\([cс]\)|copyright\b)\s*(?:©\s*)?(?:by\s+)?", re.IGNORECASE)
# The comma tells it from the credit of a picture: "© AFP 2019 / John Smith".
_YEAR_BEHIND = re.compile(
    r"[»\"“”]?\s*,\s*(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?\s*(?:гг?\.?)?\s*(?:$|[.;])"
)
_HOLDER_ENDS = re.compile(r"\s*(?:$|[.,;)|–—-]|all\b|inc\b|llc\b|ltd\b|via\b)", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:"
    r"(?:перво)?источник[аи]?(?:\s+(?:информации|новости|материала|публикации|статьи))?"
    r"|оригинал(?:\s+(?:статьи|публикации|материала|новости))?|автор[ыи]?|материал|текст"
    r"|по\s+(?:материалам|сообщени(?:ю|ям)|информации|данным)|взято\s+(?:с|из)|перепечатка\s+(?:с|из)"
    r"|(?:першо)?джерел[оа]|за\s+(?:матеріалами|інформацією|повідомленням|даними)"
    r"|(?:original\s+)?sources?|via|courtesy(?:\s+of)?|by|from|quellen?"
    r"|(?:this\s+(?:article|story|piece|report|content)\s+)?(?:was\s+|has\s+been\s+)?(?:originally\s+|first\s+)?"
    r"(?:published|appeared|appears|reported|posted|provided|produced)(?:\s+(?:by|on|in|at))?"
    r")(?P<mark>\s*[:—–-]+\s*|\s+)(?:на\s+сайте\s+)?",
    re.IGNORECASE,
)
_READ_MORE = re.compile(
    r"(?:подробнее|чита(?:йте|ть)\s+(?:далее|полностью|подробнее|также|оригинал)|полный\s+текст|оригинал|ссылка(?:\s+на\s+\w+)?"
    r"|детальніше|докладніше|чита(?:йте|ти)\s+(?:далі|повністю)|via|read\s+more|read\s+the\s+(?:full|original)\s+\w+"
    r"|full\s+(?:story|article|text)|continue\s+reading|more|link)\s*(?:на\s+сайте|на|at|on|in|here)?\s*[:—–-]*\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;|&+]|\s(?:и|та|and|und)\s)\s*", re.IGNORECASE)
_DATE_OR_DESK = re.compile(
    r"(?:от\s+)?\d[\d.:/ ]*(?:[а-яіїєa-z]{3,10}\.?)?\s*(?:\d{4})?\s*(?:г(?:\.|ода)?)?|[a-zа-я]{2,4}|[A-ZА-Я]{2,6}"
)
_LINE_EDGES = " \t«»\"“”'()[]*•·—–-.,|_>"


def mark_signs(source_lines: Sequence[str], body: Sequence[str], agencies: Agencies) -> Iterator[Sign]:
    """Signs of closing lines: those set apart already, and short last paragraphs of the body."""
    for line in dict.fromkeys([*source_lines, *_closing(body)]):
        yield from line_signs(line, agencies)


def _closing(body: Sequence[str]) -> list[str]:
    last = body[-CLOSING_PARAGRAPHS:]
    return [line for line in last if len(line.split()) <= CLOSING_WORDS or _COPYRIGHT.match(line)]


def line_signs(line: str, agencies: Agencies) -> list[Sign]:
    """Every house that one closing line names as the source of the text; the text of each is the whole line."""
    bare = line.strip(_LINE_EDGES)
    if _PICTURE.search(URL.sub(" ", bare)):
        return []
    if owner := _copyright(bare, agencies):
        return [Sign("mark_name", owner, line)]
    if (address := _address_alone(bare, agencies)) is not None:
        return [Sign("mark_url", house, line, url) for house, url in address]
    if label := _LABEL.match(bare):
        complete = not re.search("[:—–-]", label["mark"])
        return [
            Sign("mark_label", *_with(found, line))
            for found in _named(bare[label.end() :], agencies, complete)
        ]
    return [Sign("mark_name", *_with(found, line)) for found in _named(bare, agencies, complete=True)]


def _with(found: tuple[House, str | None], line: str) -> tuple[House, str, str | None]:
    return found[0], line, found[1]


def _copyright(line: str, agencies: Agencies) -> House | None:
    """The holder of "© 2019 NAME" or "© NAME, 2019"; with a slash behind it is the credit of a picture."""
    for begins, ends in ((_COPYRIGHT, _HOLDER_ENDS), (_COPYRIGHT_SIGN, _YEAR_BEHIND)):
        found = begins.match(line)
        named = agencies.name_at(line, found.end(), mark_position=True) if found else None
        if named and ends.match(line, named[1]):
            return House.of(named[0])
    return None


def _address_alone(line: str, agencies: Agencies) -> list[tuple[House, str | None]] | None:
    """The house of a line that is an address, or "Read more" and an address; None when it is no such line."""
    more = _READ_MORE.match(line)
    address = line[more.end() :] if more else line
    if not ADDRESS.fullmatch(address):
        return None
    house = house_at(address, agencies)
    if (house is None or house.owner is None) and agencies.by_name(address, mark_position=True):
        return None  # "Газета.Ru" is a name that looks like an address
    return [(house, article_url(address, agencies))] if house else []


def _named(text: str, agencies: Agencies, complete: bool) -> list[tuple[House, str | None]]:
    """Houses in a list of names and addresses; with `complete`, none unless every part is understood."""
    found: list[tuple[House, str | None]] = []
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        houses = _part(part, agencies)
        if complete and not houses and not _DATE_OR_DESK.fullmatch(part):
            return []
        found += houses
    return found


def _part(part: str, agencies: Agencies) -> list[tuple[House, str | None]]:
    if agency := agencies.by_name(part, mark_position=True):
        return [(House.of(agency), None)]
    if address := URL.search(part) or ADDRESS.fullmatch(part.strip(_LINE_EDGES)):
        house = house_at(address.group(), agencies)
        return [(house, article_url(address.group(), agencies))] if house else []
    return _joined(part, agencies)


def _joined(part: str, agencies: Agencies) -> list[tuple[House, str | None]]:
    """Names joined by a slash or hyphen, with the desk's initials: "Reuters/nh", "AFP-JIJI", "AP/Reuters"."""
    pieces = [piece.strip() for piece in re.split("[/-]", part) if piece.strip()]
    named = [agencies.by_name(piece, mark_position=True) for piece in pieces]
    understood = all(
        agency or _DATE_OR_DESK.fullmatch(piece) for agency, piece in zip(named, pieces, strict=True)
    )
    return [(House.of(agency), None) for agency in named if agency] if understood else []
