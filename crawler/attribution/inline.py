"""Mentions inside the text: "сообщает ТАСС", "told Reuters". A report about, hardly a copy of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crawler.attribution.addresses import ADDRESS, house_at
from crawler.attribution.sign import House, Sign

if TYPE_CHECKING:
    from crawler.agencies import Agencies

_CUE = re.compile(
    r"\b(?:"
    r"сообща(?:ет|ют|ло|ла|л)|сообщил[аио]?|переда(?:[её]т|ют|л[аио]?)|пиш(?:ет|ут)|написал[аио]?"
    r"|информиру(?:ет|ют)|цитиру(?:ет|ют)|уточня(?:ет|ют)|отмеча(?:ет|ют)|рассказал[аио]?|заявил[аио]?"
    r"|со\s+ссылкой\s+на|ссылаясь\s+на|по\s+(?:данным|информации|сообщени(?:ю|ям)|словам|версии)"
    r"|в\s+(?:интервью|беседе\s+с|комментарии|разговоре\s+с)"
    r"|повідомля(?:є|ють)|повідоми(?:в|ла|ло|ли)|переда(?:є|ють)|пиш(?:е|уть)|інформу(?:є|ють)"
    r"|з\s+посиланням\s+на|за\s+(?:даними|інформацією|повідомленням)"
    r"|told|according\s+to|citing|cited\s+by|quoted\s+by|reported\s+by|reports?\s+by|quoted\s+as\s+telling"
    r")\s+(?:an?\s+|его\s+|об\s+этом\s+)?(?:корреспондент\w*\s+)?",
    re.IGNORECASE,
)


def inline_signs(paragraphs: Sequence[str], agencies: Agencies) -> Iterator[Sign]:
    """One sign for each house that the text names as the place where something was said or written."""
    seen: set[str] = set()
    for paragraph in paragraphs:
        for cue in _CUE.finditer(paragraph):
            house, end = _named(paragraph, cue.end(), agencies)
            if house and house.domain not in seen:
                seen.add(house.domain)
                yield Sign("inline", house, paragraph[cue.start() : end])


def _named(text: str, position: int, agencies: Agencies) -> tuple[House | None, int]:
    if named := agencies.name_at(text, position, mark_position=True):
        return House.of(named[0]), named[1]
    if address := ADDRESS.match(text, position):
        return house_at(address.group(), agencies), address.end()
    return None, position
