"""Addresses in marks: which house a URL or bare domain belongs to, and whether it is an article's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from crawler.attribution.sign import House

if TYPE_CHECKING:
    from crawler.agencies import Agencies

URL = re.compile(r"https?://[^\s<>\"«»“”()]+", re.IGNORECASE)
ADDRESS = re.compile(
    rf"{URL.pattern}|(?:[\w-]+\.)+[a-zа-я]{{2,24}}(?:/[^\s<>\"«»“”()]*)?(?![\w@]|\.\w)", re.IGNORECASE
)
_ARTICLE_PATH = re.compile(r"\d{3,}|[^/?]+[-_][^/?]+[-_][^/?]+|\.s?html?(?:$|\?)|[?&](?:id|p|nid|article)=\d")


def split_url(address: str) -> SplitResult | None:
    """The parts of a URL or of an address without a scheme; None when it is not one."""
    text = address.strip().rstrip(".,;:!?)]»”\"'")
    try:
        parts = urlsplit(text if re.match(r"https?://", text, re.IGNORECASE) else f"//{text}")
        return parts if parts.hostname else None
    except ValueError:  # brackets that enclose no IPv6 address
        return None


def house_at(address: str, agencies: Agencies) -> House | None:
    """The house whose address this is; None for platforms, local names and what is no address."""
    parts = split_url(address)
    host = (parts.hostname or "") if parts else ""
    if not host or agencies.is_platform(host):
        return None
    if agency := agencies.by_host(host):
        return House.of(agency)
    domain = agencies.registrable(host)
    return House(domain, domain) if domain else None


def article_url(address: str, agencies: Agencies) -> str | None:
    """The address as a URL when its path looks like an article's: by the agency table, else by its form."""
    parts = split_url(address)
    if parts is None or (parts.path in {"", "/"} and not parts.query):
        return None
    url = parts._replace(scheme=parts.scheme or "https").geturl()
    agency = agencies.by_host(parts.hostname or "")
    known = agency.is_article(url) if agency else None
    if known is None:
        known = _ARTICLE_PATH.search(f"{parts.path}?{parts.query}".removesuffix("?")) is not None
    return url if known else None
