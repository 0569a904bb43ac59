"""The sign-off that Reuters sets under its texts: "(Reporting by A; Editing by B)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crawler.attribution.sign import House, Sign
from crawler.attribution.weights import CLOSING_PARAGRAPHS

if TYPE_CHECKING:
    from crawler.agencies import Agencies

_SIGN_OFF = re.compile(
    r"\(?(?:Additional\s+)?(?:Reporting|Writing|Compiled)(?:\s+and\s+(?:writing|editing))?\s+by\s+[A-Z]"
    r".{0,600}?\b(?:Editing|Writing|Edited)\s+by\s+[A-Z].{0,300}$"
    r"|Our Standards:\s*The Thomson Reuters Trust Principles\.?$",
    re.DOTALL,
)


def sign_off_signs(paragraphs: Sequence[str], agencies: Agencies) -> Iterator[Sign]:
    """A sign for a sign-off among the last paragraphs: the whole paragraph, or the end of one."""
    agency = agencies.by_host("reuters.com")
    house = House.of(agency) if agency else House("Reuters", "reuters.com")
    for paragraph in paragraphs[-CLOSING_PARAGRAPHS:]:
        if found := _SIGN_OFF.search(paragraph):
            yield Sign("sign_off", house, found.group())
