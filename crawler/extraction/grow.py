"""Completes the extracted lines with paragraphs that the page sets like them: decks, split containers."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from crawler.extraction.clean import is_cue
from crawler.extraction.matching import Line
from crawler.extraction.text import compare_key
from crawler.extraction.title import title_block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.extraction.blocks import Block

_PROSE = 60  # letters from which a block can be a paragraph of its own
_SENTENCE_END = re.compile(r"""[.!?…:;][)"'»”’\]]*$""")
_DECK_TAGS = frozenset(("p", "div", "h2", "h3", "section", "header", "blockquote"))
_CLUSTER = 2.5  # times the extracted letters that the best container must hold to be taken instead


def is_prose(block: Block) -> bool:
    """A block that reads like a paragraph: long enough, ends a sentence, few links, no caption, no box."""
    return (
        len(block.text) >= _PROSE
        and block.link_share < 0.35
        and _SENTENCE_END.search(block.text) is not None
        and block.place.caption is None
        and block.place.hidden is None
        and not is_cue(block.text, block.link_share)
    )


def opening(lines: list[Line], blocks: list[Block], title: str | None, summary: str | None) -> list[Line]:
    """Paragraphs between the headline and the first line, which extractors lose most often."""
    texts = [line.block for line in lines if line.block and is_prose(line.block)]
    texts = texts or [line.block for line in lines if line.block]
    if not texts:
        return []
    first = texts[0].index
    head = title_block(blocks, title, first + 1)
    if head is None:
        return _described(blocks[:first], summary)
    frame = set(head.owner.iterancestors())
    return [
        Line(block.text, block)
        for block in blocks[head.index + 1 : first]
        if block.tag in _DECK_TAGS
        and is_prose(block)
        and (block.place.box is None or block.place.box in frame)
    ]


def _described(above: list[Block], summary: str | None) -> list[Line]:
    """The block above the text that the page's own description quotes."""
    key = compare_key(summary or "")[:_PROSE]
    found = [block for block in above if len(key) == _PROSE and block.key.startswith(key) and is_prose(block)]
    return [Line(block.text, block) for block in found[-1:]]


def inner(lines: list[Line], blocks: list[Block]) -> list[Line]:
    """Paragraphs that stand in the same containers as the lines, or in ones of the same make, and were lost."""
    own = {line.block.index for line in lines if line.block}
    if not own:
        return []
    parents, makes = _containers(lines)
    boxes = {line.block.place.box for line in lines if line.block}
    found = []
    for block in blocks[min(own) + 1 :]:
        if block.index in own or block.tag != "p" or not is_prose(block):
            continue
        if block.place.box is not None and block.place.box not in boxes:
            continue
        parent = block.owner.getparent()
        if parent in parents or (_make(parent) in makes):
            found.append(Line(block.text, block))
    return found


def _containers(lines: list[Line]) -> tuple[set[HtmlElement], set[tuple[str, str]]]:
    inside = [line.block.owner.getparent() for line in lines if line.block and line.block.tag == "p"]
    counts = Counter(parent for parent in inside if parent is not None)
    return set(counts), {_make(parent) for parent in counts} - {("", "")}


def _make(element: HtmlElement | None) -> tuple[str, str]:
    """Tag and class of a container; ('', '') where the class says nothing."""
    names = (element.get("class") or "").strip() if element is not None else ""
    return (str(element.tag), names) if element is not None and names else ("", "")


def merge(lines: list[Line], found: list[Line]) -> list[Line]:
    """Lines with the found ones put where the page has them."""
    if not found:
        return lines
    position, placed = -1, []
    for number, line in enumerate(lines):
        position = line.block.index if line.block else position
        placed.append((position, 1, number, line))
    placed += [(line.block.index, 0, 0, line) for line in found if line.block]
    return [line for *_, line in sorted(placed, key=lambda entry: entry[:3])]


def cluster(lines: list[Line], blocks: list[Block]) -> list[Line]:
    """The lines, or the paragraphs of the container with the most prose when the lines are a fraction of it."""
    inside: dict[HtmlElement, list[Block]] = {}
    for block in blocks:
        parent = block.owner.getparent()
        if parent is not None and block.place.box is None and is_prose(block):
            inside.setdefault(parent, []).append(block)
    best = max(inside.values(), key=_letters, default=[])
    if _letters(best) <= max(_CLUSTER * sum(len(line.text) for line in lines), 2 * _PROSE):
        return lines
    return [Line(block.text, block) for block in best]


def _letters(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)
