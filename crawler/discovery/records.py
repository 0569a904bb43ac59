"""Reading the repeated elements of an XML document (item, entry, url), damaged ones too.

Three attempts, each only when the one before met an error: as it stands; with the usual slips mended (bare
ampersands, HTML entities, control characters); record by record, so that one broken record costs no other and
a document cut short keeps every whole one. Entities are never defined nor fetched: the text given here begins at
the root tag, so no DOCTYPE is ever parsed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.discovery.link import NotReadable

MAX_SALVAGED = 50_000  # records of a broken document, as many as a sitemap may hold (sitemaps.org protocol)
_LONGEST_ROOT_TAG = 8_192  # characters repeated for every record; a longer tag is reduced to its name
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
_SLIP = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<!--.*?(?:-->|\Z)"
    r"|<(?:br|hr|img|wbr)(?=[\s/>])[^<>]*>"
    r"|<(?!/?[A-Za-z_]|\?\w)"
    r"|&(?:#\w{1,8};|[A-Za-z]\w{1,31};)?",
    re.S,
)
_OPEN_ADDRESS = re.compile(r"<(?:\w+:)?(?:link|guid|id|loc)(?=[\s>])[^<>]*(?<!/)>\s*<!\[CDATA\[[^<]*\Z")
# Namespaces without scheme and closing slash, in lower case: people write them all ways. '' is the vocabulary
# of feeds and sitemaps itself, where the prefix says nothing.
_PREFIXES = {
    "www.w3.org/2005/atom": "",
    "purl.org/atom/ns": "",
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "www.sitemaps.org/schemas/sitemap/0.9": "",
    "www.google.com/schemas/sitemap/0.84": "",
    "www.google.com/schemas/sitemap/0.9": "",
    "www.google.com/schemas/sitemap-news/0.9": "news:",
    "purl.org/dc/elements/1.1": "dc:",
    "purl.org/dc/elements/1.0": "dc:",
    "purl.org/dc/terms": "dcterms:",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf:",
}
# Escapes as numbers, since libxml2 drops named ones, &amp; included, after the first error (xmlParseReference).
_NUMERIC = {ord(character): f"&#{ord(character)};" for character in "&<>\"'"}
Fields = dict[str, list[etree._Element]]


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a document and what surrounds them."""

    root: etree._Element
    items: list[etree._Element]
    damaged: bool


def read_records(text: str, url: str, names: frozenset[str]) -> Records:
    """Elements with these local names, in document order; `text` begins with the root tag.

    Raises `NotReadable` when not even the root tag is whole.
    """
    if ">" not in text:
        raise NotReadable("broken off within its first tag")
    root, faults = _parse(text, url)
    if not faults and root is not None:
        return Records(root, _find(root, names), damaged=False)
    mended = _mend(text)
    root, faults = _parse(mended, url)
    if root is None:
        raise NotReadable("its first tag cannot be read")
    items = _find(root, names)
    if _is_broken(faults):
        parent = items[0].getparent() if items else None
        items = list(_salvage(mended, url if parent is None else parent.base or url, names))
    return Records(root, items, damaged=True)


def fields(element: etree._Element) -> Fields:
    """Children by name: lower case, with the customary prefix for foreign vocabularies ('dc:date')."""
    found: Fields = {}
    for child in element:
        found.setdefault(name_of(child), []).append(child)
    return found


def name_of(element: etree._Element) -> str:
    """Name of an element whatever prefix or namespace spelling the document uses."""
    namespace, _, local = str(element.tag).lower().rpartition("}")
    if not namespace:  # an undeclared prefix stays part of the name: 'dc:date'
        return local.removeprefix("atom:")
    prefix = _PREFIXES.get(namespace.rpartition("://")[2].rstrip("/#"))
    if prefix is None:
        prefix = f"{element.prefix}:".lower() if element.prefix else ""
    return prefix + local


def text_of(element: etree._Element) -> str:
    """Text of an element and everything in it."""
    if not len(element):
        return element.text or ""
    return "".join(part for part in element.itertext() if isinstance(part, str))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
    )


def _parse(text: str, url: str) -> tuple[etree._Element | None, etree._ListErrorLog]:
    parser = _parser()
    data = text.encode("utf-8", "ignore")
    try:
        root = etree.fromstring(data, parser, base_url=url)
    except etree.XMLSyntaxError:
        root = None
    return root, parser.error_log.filter_from_errors()


def _is_broken(faults: etree._ListErrorLog) -> bool:
    """An undeclared prefix is a fault too, but it hides nothing."""
    return any(fault.domain_name != "NAMESPACE" for fault in faults)


def _find(root: etree._Element, names: frozenset[str]) -> list[etree._Element]:
    return [element for element in root.iter(etree.Element) if name_of(element) in names]


def _mend(text: str) -> str:
    return _SLIP.sub(_mend_slip, _ILLEGAL.sub("", text))


def _mend_slip(match: re.Match[str]) -> str:
    slip = match[0]
    if slip.startswith("<![CDATA["):
        return slip
    if slip.startswith("<") and slip != "<":  # a comment, or an HTML tag that is never closed
        return " "
    return _ILLEGAL.sub("", html.unescape(slip)).translate(_NUMERIC)


def _salvage(text: str, url: str, names: frozenset[str]) -> Iterator[etree._Element]:
    root_tag = text[: text.find(">") + 1].replace("/>", ">")
    if len(root_tag) > _LONGEST_ROOT_TAG:
        root_tag = re.split(r"[\s/>]", root_tag, maxsplit=1)[0] + ">"
    for number, fragment in enumerate(_fragments(text, names)):
        root, _ = _parse(root_tag + fragment, url)
        if root is not None:
            yield from _find(root, names)[:1]
        if number + 1 == MAX_SALVAGED:
            return


def _fragments(text: str, names: frozenset[str]) -> Iterator[str]:
    """Text of one record after another: to its end tag, to the next record, or to where the document was cut."""
    tag = re.compile(
        rf"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?P<end>/?)(?:[\w.-]{{1,40}}:)?(?:{'|'.join(sorted(names))})(?=[\s/>])[^<>]*+>",
        re.S | re.I,
    )
    start: int | None = None
    for match in tag.finditer(text):
        if match["end"] is None:
            continue
        if start is not None:
            yield text[start : match.end() if match["end"] else match.start()]
        start = None if match["end"] else match.start()
    if start is not None:
        yield _OPEN_ADDRESS.sub("", text[start : text.rfind(">") + 1])
