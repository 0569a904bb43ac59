"""A search as an Atom feed (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from index.search.results import as_html
from index.timestamp import timestamp
from index.web.asked import PAGE
from index.web.links import web_link
from index.web.xml import Maker, document

if TYPE_CHECKING:
    from lxml.etree import _Element

    from index.search.results import Hit, Results
    from index.web.asked import Asked
    from index.web.visit import Visit

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_OWN = UUID("6f2c8d0e-52f1-4e0c-9a53-1b1c7a1f5d7e")  # drawn once: ids made under it are Svodka's
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # an empty feed is the same at each poll
ENTRIES = 50  # unless the address says otherwise
_MAKE = Maker("http://www.w3.org/2005/Atom")


def feed(results: Results, visit: Visit, base: str) -> bytes:
    """The hits as entries. Ids depend on the search and the articles alone, not on where they are served."""
    asked = visit.asked
    updated = max((changed_at(hit) for hit in results.hits), default=_NEVER)
    heading = f"{visit.t('site.name')}: {asked.text or visit.t('search.newest')}"
    root = _MAKE(
        "feed",
        _MAKE("id", _id("search", asked.text, str(asked.copies), asked.sort or "")),
        _MAKE("title", heading),
        _MAKE("updated", timestamp(updated, "seconds")),
        _MAKE(
            "link",
            rel="self",
            type="application/atom+xml",
            href=base + _own_address(asked),
        ),
        _MAKE("link", rel="alternate", type="text/html", href=base + asked.link("/", limit=PAGE)),
        _MAKE("author", _MAKE("name", visit.t("site.name"))),
        *map(_entry, results.hits),
    )
    return document(root)


def _own_address(asked: Asked) -> str:
    """A feed has another default for `limit` than pages have, and one order only."""
    address = asked.link("/search.atom", page=asked.page, limit=PAGE, sort=None)
    if asked.limit == ENTRIES:
        return address
    return f"{address}{'&' if '?' in address else '?'}limit={asked.limit}"


def changed_at(hit: Hit) -> datetime:
    """When a story last changed for a reader: its publication, or that of its latest copy."""
    return max(filter(None, (hit.published_at, hit.last_copy_at)))


def _entry(hit: Hit) -> _Element:
    """An entry; RFC 4287 wants a link or else a content (4.1.2), and a hostile address makes no link."""
    names = hit.authors or [hit.source_name]
    link = web_link(hit.url)
    entry = _MAKE(
        "entry",
        _MAKE("id", _id("article", hit.id)),
        _MAKE("title", hit.title),
        _MAKE("published", timestamp(hit.published_at, "seconds")),
        _MAKE("updated", timestamp(changed_at(hit), "seconds")),
        *(_MAKE("author", _MAKE("name", name)) for name in names),
        *(_MAKE("category", term=term) for term in (hit.section,) if term),
        _MAKE("summary" if link else "content", _summary(hit), type="html"),
    )
    if hit.language != "und":
        entry.set(_XML_LANG, hit.language)
    if link:
        entry.append(_MAKE("link", rel="alternate", href=link))
    return entry


def _summary(hit: Hit) -> str:
    return "\n".join(f"<p>{as_html(passage)}</p>" for passage in hit.highlights)


def _id(*parts: str) -> str:
    return f"urn:uuid:{uuid5(_OWN, chr(0).join(parts))}"
