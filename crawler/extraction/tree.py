"""Text of a page to one lxml tree, within bounds that no page can break."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

MAX_BYTES = 16 * 2**20  # the largest saved news page seen measured 4 MB; beyond this it is no article
MAX_TAGS = 200_000  # 1,500 to 6,000 on a news page; every rule's time grows with them
MAX_DEPTH = 2_000  # libxml2 >= 2.14 stops at 2,048 itself; older ones recurse when such a tree is copied


class Unreadable(ValueError):
    """A page that cannot or must not be parsed; the message says why."""


class EmptyPage(Unreadable):
    """A page without anything on it: no article, and nobody's fault here."""


def parse(text: str) -> HtmlElement:
    """The page as a tree, comments and processing instructions left out.

    Raises EmptyPage, and Unreadable for a page that is larger, fuller or deeper than the bounds above.
    """
    if len(text) > MAX_BYTES:
        raise Unreadable(f"page of {len(text):,} characters, more than the {MAX_BYTES:,} that are read")
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise Unreadable(f"page of {tags:,} tags, more than the {MAX_TAGS:,} that are read")
    if not text.strip("\x00 \t\r\n"):
        raise EmptyPage("empty page")
    root = _parse(text)
    return root if root is not None else _parse_deep(text)


def _parse(text: str, *, huge: bool = False) -> HtmlElement | None:
    """The tree; None where libxml2 cut the page short at 256 levels or 10 MB of text in one element."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=huge)
    try:
        root = document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, AssertionError, ValueError) as error:
        raise Unreadable(f"not HTML: {error}") from None
    last = parser.error_log.last_error
    return None if last is not None and last.type_name == "ERR_RESOURCE_LIMIT" and not huge else root


def _parse_deep(text: str) -> HtmlElement:
    root = _parse(text, huge=True)
    if root is None or _depth(root, MAX_DEPTH) > MAX_DEPTH:
        raise Unreadable(f"tags nested deeper than {MAX_DEPTH:,}")
    return root


def _depth(root: HtmlElement, limit: int) -> int:
    """Greatest depth of nesting; counting stops just above the limit."""
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        deepest = max(deepest, depth)
        if depth > limit:
            break
    return deepest
