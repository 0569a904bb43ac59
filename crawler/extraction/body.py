"""The text of an article: trafilatura's choice of lines, found again in the page, completed and cleaned.

Measured on the saved pages of benchmarks/extraction.py: trafilatura's fast mode finds the right place; what it
loses (decks, containers split by boxes) and what it keeps too much (headline, cue lines, captions) is mended here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.extraction.clean import clean
from crawler.extraction.deck import split_lead
from crawler.extraction.grow import cluster, inner, merge, opening
from crawler.extraction.layout import blocks_inside, select, select_texts
from crawler.extraction.matching import Line, match_lines
from crawler.extraction.text import compare_key

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.extraction.blocks import Block
    from crawler.site import Layout


# trafilatura's time grows with the square of the paragraphs (measured: 2,000 take 0.7 s, 8,000 take 10 s).
# Fuller pages are read by the container with the most prose alone.
_MAX_BLOCKS = 3_000
_MAX_LETTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Body:
    """Text of a page: the lead when the page sets one apart, and the lines after it."""

    lead: str | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        """The text without the lead."""
        return [line.text for line in self.lines]


def read_body(
    root: HtmlElement, blocks: list[Block], title: str | None, summary: str | None, layout: Layout | None
) -> Body:
    """The article's text; `summary` is the page's own description, which decks often repeat."""
    if layout and layout.body:
        return _selected(root, blocks, title, layout)
    lines = cluster(_generic(root, blocks), blocks)
    found = opening(lines, blocks, title, summary)
    lines = merge(lines, found)
    lines = clean(merge(lines, inner(lines, blocks)), title, blocks)
    recovered = {line.block.index for line in found if line.block}
    lead, lines = split_lead(lines, recovered, summary)
    chosen = select_texts(root, layout.lead) if layout else []
    return Body(_joined(chosen) or lead, _without(lines, chosen))


def _selected(root: HtmlElement, blocks: list[Block], title: str | None, layout: Layout) -> Body:
    inside = blocks_inside(blocks, select(root, layout.body))
    leads = select_texts(root, layout.lead)
    lines = clean([Line(block.text, block) for block in inside if block.key], title, blocks)
    return Body(_joined(leads), _without(lines, leads))


def _generic(root: HtmlElement, blocks: list[Block]) -> list[Line]:
    """Lines that trafilatura takes for the main text (https://trafilatura.readthedocs.io), with their blocks;
    none on a page that is too full for it."""
    if len(blocks) > _MAX_BLOCKS or sum(len(block.text) for block in blocks) > _MAX_LETTERS:
        return []
    from trafilatura import bare_extraction

    document = bare_extraction(root, fast=True, include_comments=False)
    text: str | None = getattr(document, "text", None)
    return match_lines((text or "").splitlines(), blocks)


def _joined(texts: list[str]) -> str | None:
    return "\n\n".join(texts) or None


def _without(lines: list[Line], texts: list[str]) -> list[Line]:
    keys = {compare_key(text) for text in texts}
    return [line for line in lines if compare_key(line.text) not in keys]
