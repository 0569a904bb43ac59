"""The site file's selectors applied to a page: which layout fits, what it drops and what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from crawler.extraction.text import fold_space
from crawler.site import compile_selector

if TYPE_CHECKING:
    from datetime import date

    from crawler.extraction.blocks import Block
    from crawler.site import Layout, Site


def fitting_layout(root: HtmlElement, site: Site | None, day: date | None) -> Layout | None:
    """The site's newest layout that the page is in, None when it is in none.

    A layout fits when its body selector finds text, or when it has no body selector. One that ended (`until`)
    before the page's own day is passed over.
    """
    for layout in site.layouts if site else ():
        ended = layout.until is not None and day is not None and day > layout.until
        if not ended and (layout.body is None or any(map(_has_text, select(root, layout.body)))):
            return layout
    return None


def select(root: HtmlElement, selector: str | None) -> list[HtmlElement]:
    """Elements that a selector finds; attribute and text results of an XPath are left out."""
    found = compile_selector(selector)(root) if selector else []
    return [item for item in found if isinstance(item, HtmlElement)] if isinstance(found, list) else []


def select_texts(root: HtmlElement, selector: str | None) -> list[str]:
    """Texts of what a selector finds, the empty ones left out."""
    found = compile_selector(selector)(root) if selector else []
    items = found if isinstance(found, list) else [found]
    texts = (item.text_content() if isinstance(item, HtmlElement) else str(item) for item in items)
    return [text for text in map(fold_space, texts) if text]


def drop(root: HtmlElement, layout: Layout | None) -> None:
    """Remove what the layout's drop selectors find; the text after an element stays."""
    for selector in layout.drop if layout else ():
        for element in select(root, selector):
            if element is not root and element.getparent() is not None:
                element.drop_tree()


def blocks_inside(blocks: list[Block], elements: list[HtmlElement]) -> list[Block]:
    """The blocks that stand in any of these elements."""
    wanted = set(elements)
    return [
        block
        for block in blocks
        if block.owner in wanted or any(up in wanted for up in block.owner.iterancestors())
    ]


def _has_text(element: HtmlElement) -> bool:
    return bool(element.text_content().strip())
