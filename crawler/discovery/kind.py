"""What a downloaded document is, told from its first tags, so that a refusal can say what came instead."""

from __future__ import annotations

import re

from crawler.discovery.link import NotReadable

FEED_ROOTS = frozenset({"rss", "rdf", "feed"})
SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})
_ROOT = re.compile(
    r"<(?:[\w.-]{1,40}:)?(rss|rdf|feed|urlset|sitemapindex|html|body|!doctype html)(?=[\s/>])", re.I
)
_JSON = re.compile(r"\s*[\[{]\s*[\"\[{\]}]")
_HTML_TAG = re.compile(
    r"<(?:head|title|meta|script|link|div|p|a|table|ul|span|h1|article|section|main)(?=[\s/>])", re.I
)
_ANY_TAG = re.compile(r"<([A-Za-z][\w:.-]{0,60})(?=[\s/>])")
_MAGIC = (
    (b"\x1f\x8b", "gzip data"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a zip archive"),
)
_NAMES = {
    "rss": "an RSS feed",
    "rdf": "an RSS 1.0 feed (RDF)",
    "feed": "an Atom feed",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap index",
}


def refuse_binary(body: bytes, wanted: str) -> None:
    """Raise `NotReadable` for an empty body and for file formats that hold no markup."""
    if not body.strip(b" \t\r\n\0"):
        raise NotReadable(f"not {wanted}: the body is empty")
    for magic, name in _MAGIC:
        if body.startswith(magic):
            raise NotReadable(f"not {wanted}: it is {name}")


def root_of(text: str) -> tuple[str, int]:
    """Lower-case local name of the first root tag known here and where it starts; ('', 0) without one.

    What stands before the root is of no use to a reader of links: byte order marks, blank lines, warnings of a
    PHP script, the XML declaration, a DOCTYPE with its entity definitions.
    """
    found = None if _JSON.match(text) else _ROOT.search(text)
    return (found[1].lower(), found.start()) if found else ("", 0)


def describe(text: str) -> str:
    """What a document is, in words for an error message: 'an HTML page'."""
    root, _ = root_of(text)
    if root:
        return _NAMES.get(root, "an HTML page")
    if _JSON.match(text):
        return "JSON"
    tag = _ANY_TAG.search(text)
    if tag and "<?xml" in text[: tag.start()]:
        return f"XML with the root <{tag[1]}>"
    return "an HTML page" if _HTML_TAG.search(text) else "text without any tag known here"
