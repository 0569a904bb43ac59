"""schema.org data in `<script type="application/ld+json">`, as sites really write it."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from crawler.extraction.text import compare_key, fold_space

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

Node = dict[str, Any]

# https://schema.org/Article and its subtypes that news sites use.
ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "AskPublicNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReviewNewsArticle",
        "AdvertiserContentArticle",
        "SatiricalArticle",
        "Report",
        "BlogPosting",
        "LiveBlogPosting",
        "SocialMediaPosting",
        "TechArticle",
        "ScholarlyArticle",
        "Review",
        "Recipe",
        "DiscussionForumPosting",
    ]
)
PAGE_TYPES = frozenset(("WebPage", "ItemPage", "AboutPage"))
_MAX_SCRIPT = 2 * 2**20  # characters; larger ones hold a site's state, not an article
_MAX_NODES = 2_000
_WRAPPERS = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def read_nodes(root: HtmlElement) -> list[Node]:
    """Every object of the page's JSON-LD, lists and @graph opened, in page order; broken scripts give none."""
    nodes: list[Node] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").casefold() and script.text:
            nodes += _open(_parse(script.text[:_MAX_SCRIPT]))
    return nodes[:_MAX_NODES]


def _parse(text: str) -> Any:
    """The JSON value, with the usual faults mended (comment wrappers, trailing commas, HTML entities)."""
    bare = _WRAPPERS.sub("", text).strip().rstrip(";")
    for attempt in (bare, _TRAILING_COMMA.sub(r"\1", bare), html.unescape(bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _open(value: Any) -> list[Node]:
    nodes: list[Node] = []
    queue = [value]
    while queue and len(nodes) < _MAX_NODES:
        item = queue.pop(0)
        if isinstance(item, list):
            queue = item + queue
        elif isinstance(item, dict):
            nodes.append(item)
            queue += [item[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in item]
    return nodes


def article_node(nodes: list[Node], title: str | None) -> Node:
    """The node of the page's own article: the one with the page's title, else the first; {} when there is none."""
    articles = [node for node in nodes if types(node) & ARTICLE_TYPES]
    key = compare_key(title or "")
    own = (node for node in articles if key and compare_key(text_of(node.get("headline")) or "") == key)
    return next(own, articles[0] if articles else {})


def page_node(nodes: list[Node]) -> Node:
    """The WebPage node, {} when there is none."""
    return next((node for node in nodes if types(node) & PAGE_TYPES), {})


def types(node: Node) -> set[str]:
    """The node's types without their namespace."""
    return {str(name).rpartition("/")[2].rpartition(":")[2] for name in listed(node.get("@type"))}


def listed(value: Any) -> list[Any]:
    """A value as a list: JSON-LD allows one, many or none everywhere."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text_of(value: Any) -> str | None:
    """Plain text of a value: the text itself, `@value` or `name` of an object, the first of a list."""
    for item in listed(value):
        plain = item.get("@value") or item.get("name") if isinstance(item, dict) else item
        if isinstance(plain, (str, int, float)) and not isinstance(plain, bool):
            text = fold_space(html.unescape(str(plain)))
            if text:
                return text
    return None


def urls_of(value: Any) -> Iterator[str]:
    """Addresses in a value: texts, or `url` and `@id` of objects."""
    for item in listed(value):
        address = item.get("url") or item.get("@id") if isinstance(item, dict) else item
        if isinstance(address, str) and address.strip():
            yield address.strip()
