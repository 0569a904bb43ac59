"""Canonical address and the machine-readable pointers to an original elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.extraction.address import host_of, registrable_domain
from crawler.extraction.extracted import SourceLink
from crawler.extraction.json_ld import urls_of
from crawler.extraction.text import first_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.extraction.metadata import Metadata
    from crawler.site import Site

# Google News' tags of 2010 (original-source, syndication-source) are still written by many sites.
_SOURCE_METAS = (
    "original-source",
    "syndication-source",
    "article:original_source",
    "dc.source",
    "dcterms.source",
)
_SOURCE_FIELDS = ("isBasedOn", "isBasedOnUrl", "citation")
# A canonical link into an archive or cache says nothing of the text's origin.
_ARCHIVES = (
    "web.archive.org",
    "archive.org",
    "archive.is",
    "archive.today",
    "webcache.googleusercontent.com",
)


def canonical_of(metadata: Metadata) -> str | None:
    """rel=canonical as an absolute address; og:url where the link is missing; None when neither is usable."""
    for address in (*metadata.links.get("canonical", ()), *metadata.every("og:url")):
        found = metadata.absolute(address)
        if found and not _in_archive(found):
            return found.partition("#")[0]
    return None


def source_links_of(metadata: Metadata, site: Site | None = None) -> list[SourceLink]:
    """Pointers to the original on another house's site, strongest first, each once."""
    links = [SourceLink("source_link", url) for url in _declared(metadata)]
    links += [
        SourceLink("foreign_canonical", url)
        for address in metadata.links.get("canonical", ())
        if (url := metadata.absolute(address))
    ]
    return first_of_each(
        (link for link in links if _is_foreign(link.url, metadata.url, site)), lambda link: link.url
    )


def _declared(metadata: Metadata) -> Iterator[str]:
    given = metadata.every(*_SOURCE_METAS)
    for name in _SOURCE_FIELDS:
        given += urls_of(metadata.article.get(name))
    for address in given:
        if address.startswith(("http://", "https://", "//")) and (url := metadata.absolute(address)):
            yield url


def _is_foreign(url: str, page: str, site: Site | None) -> bool:
    host, own = host_of(url), host_of(page)
    if not host or _in_archive(url) or registrable_domain(host) == registrable_domain(own):
        return False
    return not (site and site.owns(host))


def _in_archive(url: str) -> bool:
    host = host_of(url)
    return any(host == each or host.endswith("." + each) for each in _ARCHIVES)
