"""The section of the site that an article stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.extraction.json_ld import listed, text_of, types
from crawler.extraction.text import compare_key, fold_space

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.extraction.blocks import Block
    from crawler.extraction.metadata import Metadata

_LONGEST = 60  # letters of a section's name
_ARROWS = " /\\|>»›→-–—·•"


def section_of(root: HtmlElement, metadata: Metadata, title: str | None, blocks: list[Block]) -> str | None:
    """The section: JSON-LD articleSection, article:section, else the last breadcrumb above the article."""
    given = (text_of(metadata.article.get("articleSection")), metadata.first("article:section", "og:section"))
    named = next((name for name in given if name and len(name) <= _LONGEST), None)
    return (
        named
        or _above(_declared_crumbs(metadata), title)
        or _above(_shown_crumbs(root, title, blocks), title)
    )


def _above(crumbs: list[str], title: str | None) -> str | None:
    """The crumb next to the article's own; the first one is the front page."""
    own = compare_key(title or "")
    inner = [crumb for crumb in crumbs[1:] if compare_key(crumb) != own and len(crumb) <= _LONGEST]
    return inner[-1] if inner else None


def _declared_crumbs(metadata: Metadata) -> list[str]:
    for node in metadata.nodes:
        if "BreadcrumbList" in types(node):
            items = [item for item in listed(node.get("itemListElement")) if isinstance(item, dict)]
            return [
                name for item in items if (name := text_of(item.get("name")) or text_of(item.get("item")))
            ]
    return []


def _shown_crumbs(root: HtmlElement, title: str | None, blocks: list[Block]) -> list[str]:
    """Link texts of the first element that is named as breadcrumbs, or of a line that ends in the headline."""
    named = "contains(translate(concat(@class,' ',@id,' ',@aria-label), 'BC-_', 'bc'), 'breadcrumb')"
    frames = root.xpath(
        f"(//*[self::nav or self::div or self::ul or self::ol or self::p or self::section][{named}])[1]"
    )
    frames = frames or [block.owner for block in blocks if _leads_to(title, block)][:1]
    return list(_texts(frames[0].iter("a"))) if frames else []


def _leads_to(title: str | None, block: Block) -> bool:
    own = compare_key(title or "")
    return bool(own) and block.linked > 0 and block.key != own and block.key.endswith(own)


def _texts(elements: Iterator[HtmlElement]) -> Iterator[str]:
    for element in elements:
        text = fold_space(element.text_content()).strip(_ARROWS)
        if text:
            yield text
