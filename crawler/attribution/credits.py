"""Credit: the author, creator or source organisation that a page names is a house."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.attribution.addresses import ADDRESS, house_at
from crawler.attribution.sign import House, Sign

if TYPE_CHECKING:
    from crawler.agencies import Agencies
    from crawler.extraction.extracted import Extracted

_PARTS = re.compile(r"\s*(?:[,;/|]|\s(?:and|und|и|та|for|для)\s)\s*", re.IGNORECASE)
_AROUND = re.compile(
    r"^(?:by|from|von|автор:?|корр(?:еспондент)?\.?)\s+"
    r"|[\s,]+(?:staff(?:\s+writers?)?|writers?|reporters?|correspondents?|newswire|wire|with\s+.*)$",
    re.IGNORECASE,
)


def credit_signs(extracted: Extracted, agencies: Agencies) -> Iterator[Sign]:
    """A sign for each house among the authors and organisations: 'By The Associated Press', 'Reuters Staff'."""
    for credit in [*extracted.authors, *extracted.organisations]:
        for part in {credit: None, **dict.fromkeys(_PARTS.split(credit))}:
            if house := _house(part, agencies):
                yield Sign("credit", house, credit)
                break


def _house(part: str, agencies: Agencies) -> House | None:
    bare = _AROUND.sub("", _AROUND.sub("", part.strip()))
    if agency := agencies.by_name(bare, mark_position=True):
        return House.of(agency)
    return house_at(bare, agencies) if ADDRESS.fullmatch(bare) else None
