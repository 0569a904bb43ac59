"""Who wrote it: people and houses of the byline, as written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.extraction.json_ld import listed, text_of, types
from crawler.extraction.text import compare_key, first_of_each, fold_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from crawler.extraction.metadata import Metadata

_ORGANISATION_TYPES = frozenset(("Organization", "NewsMediaOrganization", "Corporation", "NewsAgency"))
_META_AUTHORS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
)
_META_AUTHORS_LATE = (
    "citation_author",
    "cxenseparse:author",
    "mediator_author",
    "byl",
    "article:author_name",
)
# Words before the name.
_LEADS = re.compile(
    r"^(?:by|written by|reported by|posted by|author|authors|von|par|por|di|text|autor(?:in)?|verfasst von|"
    r"автор(?:ы|а)?(?: (?:статьи|текста|материала))?|текст|беседовал[аи]?|подготовил[аи]?|корреспондент)\b\s*:?\s+",
    re.I,
)
_CUTS = re.compile(r"\s*[;,|•·/\n]\s*|\s+(?:and|und|et|y|и|та|with|&)\s+|\s+[-–—]\s+", re.I)
# A name with one of these is no author: credits of pictures, accounts, dates.
_NOT_AUTHORS = re.compile(
    r"https?:|www\.|@|\d{2}|^(?:фото|photo|foto|image|video|редакция|admin(?:istrator)?|staff|editor|null|none|"
    r"undefined|unknown|anonymous|guest|автор|author|home|news|about|follow|contact|share|gast)\b",
    re.I,
)
_BYLINE_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:by-?line(?:[_-]*(?:name|author))?|author[_-]*name|authors?|article[_-]*authors?)(?:$|\s)",
    re.I,
)
_LONGEST = 60
_AGENCY_WORDS = re.compile(
    r"\b(?:ТАСС|TASS|РИА|RIA|Интерфакс|Interfax|Reuters|AFP|AP|dpa|Associated Press|Press|News|Agency|агентство|"
    r"Редакция|Новости|редакции|Staff|Redaktion|Bloomberg|epd|KNA|UPI|EFE|ANSA)\b"
)


def authors_of(root: HtmlElement, metadata: Metadata, selected: list[str] | None = None) -> list[str]:
    """Names of the byline, each once: site selector, JSON-LD, meta, marked elements; the first that gives any."""
    sources = (
        selected or [],
        _json_ld_people(metadata),
        _usable_metas(metadata, _META_AUTHORS),
        _marked(root, metadata),
        _usable_metas(metadata, _META_AUTHORS_LATE),
    )
    for source in sources:
        names = split_names(source)
        if names:
            return names
    return []


def organisations_of(metadata: Metadata) -> list[str]:
    """Houses that the page names as the text's source or author, not as its publisher."""
    article = metadata.article
    found = [text_of(item) for item in listed(article.get("sourceOrganization"))]
    for name in ("author", "creator", "provider", "copyrightHolder"):
        found += [text_of(item) for item in listed(article.get(name)) if _is_organisation(item)]
    metas = _usable_metas(metadata, ("article:author", "author", "dc.source", "source", "news_source"))
    found += [name for name in metas if _AGENCY_WORDS.search(name)]
    return first_of_each((name for name in found if name), compare_key)


def split_names(texts: Iterable[str]) -> list[str]:
    """Single names out of bylines: 'By Ann Lee and Bo Ray, BBC' -> ['Ann Lee', 'Bo Ray', 'BBC']."""
    names: dict[str, str] = {}
    for text in texts:
        for part in _CUTS.split(_LEADS.sub("", fold_space(text))):
            name = _LEADS.sub("", part).strip(" .:,-–—|()")
            key = compare_key(name)
            if (
                len(key) > 1
                and len(name) <= _LONGEST
                and len(name.split()) <= 6
                and not _NOT_AUTHORS.search(name)
            ):
                names.setdefault(key, name)
    return list(names.values())[:20]


def _is_organisation(item: Any) -> bool:
    return isinstance(item, dict) and bool(types(item) & _ORGANISATION_TYPES)


def _json_ld_people(metadata: Metadata) -> list[str]:
    for name in ("author", "creator"):
        items = listed(metadata.article.get(name))
        people = [item for item in items if not _is_organisation(item)] or items
        found = [text for item in people if (text := text_of(item))]
        if found:
            return found
    return []


def _usable_metas(metadata: Metadata, names: tuple[str, ...]) -> list[str]:
    """Values of the first of these metas that has one which is a name, not an address."""
    for name in names:
        values = [value for value in metadata.every(name) if not _NOT_AUTHORS.search(value)]
        if values:
            return values
    return []


def _marked(root: HtmlElement, metadata: Metadata) -> Iterator[str]:
    """Elements marked as the byline: itemprop author, rel=author, byline classes."""
    elements = (
        metadata.itemprops.get("author", [])[:4] or root.xpath("//a[@rel='author']")[:4] or _by_class(root)
    )
    for element in elements:
        inner = element.xpath(".//*[@itemprop='name']/@content | .//*[@itemprop='name'][not(@content)]")
        for part in inner or [element]:
            text = part if isinstance(part, str) else fold_space(part.get("content") or part.text_content())
            if len(text) <= 2 * _LONGEST:
                yield text


def _by_class(root: HtmlElement) -> list[HtmlElement]:
    candidates = root.xpath("//*[self::span or self::div or self::p or self::a or self::address][@class]")
    return [element for element in candidates if _BYLINE_CLASSES.search(element.get("class"))][:2]
