"""Machine-readable pointers to the original: source links, and a canonical link to another house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.attribution.addresses import article_url, house_at
from crawler.attribution.sign import Sign

if TYPE_CHECKING:
    from crawler.agencies import Agencies
    from crawler.extraction.extracted import Extracted


def link_signs(extracted: Extracted, agencies: Agencies) -> Iterator[Sign]:
    """Signs of original-source, isBasedOn and their like, and of canonical links.

    A canonical link counts when it leads to an article: front pages and sections are mistakes of templates.
    """
    for link in extracted.source_links:
        house, original = house_at(link.url, agencies), article_url(link.url, agencies)
        if house and (original or link.kind == "source_link"):
            yield Sign(link.kind, house, link.url, original)
    if extracted.canonical_url:
        house = house_at(extracted.canonical_url, agencies)
        original = article_url(extracted.canonical_url, agencies)
        if house and original:
            yield Sign("foreign_canonical", house, extracted.canonical_url, original)
