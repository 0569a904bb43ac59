"""Takes out of the extracted lines what is not the article: repeated headline, boxes, cue lines, teasers.

Each rule is a function from lines to lines; `clean` runs them in order.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from crawler.extraction.blocks import HEADINGS
from crawler.extraction.cues import CREDIT_LINE, PLEA_LINE, READ_ALSO_LINE
from crawler.extraction.ending import cut_teasers, with_closing_mark
from crawler.extraction.source_lines import is_source_line
from crawler.extraction.stamp import is_stamp
from crawler.extraction.text import compare_key
from crawler.extraction.title import same_headline, title_block

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

    from crawler.extraction.blocks import Block, Place
    from crawler.extraction.matching import Line

_SHORT = 160  # letters; a cue line is a label or one headline, never a paragraph
_LABEL = 40  # letters; so short a cue is a box's heading
_BOX_SHARE = 0.2
_BELOW_SHARE = 0.6  # of the text must stand below a heading for it to be the headline
_SENTENCE_END = re.compile(r"""[.!?…:;][)"'»”’\]]*$""")
_NO_LETTERS = re.compile(r"^[\W\d_]+$")


def clean(lines: list[Line], title: str | None, blocks: list[Block]) -> list[Line]:
    """The lines that belong to the article."""
    lines = drop_hidden(lines)
    lines = drop_places(lines, lambda place: place.box)
    lines = drop_places(lines, lambda place: place.caption)
    lines = drop_repeated(lines)
    lines = drop_above_headline(lines, title, blocks)
    lines = drop_headline(lines, title)
    lines = [line for line in lines if not is_cue(line.text, _link_share(line)) and not _is_link_only(line)]
    return drop_tail(drop_stamps(with_closing_mark(cut_teasers(lines, blocks), blocks)))


def drop_above_headline(lines: list[Line], title: str | None, blocks: list[Block]) -> list[Line]:
    """Without what stands above the headline, unless that is a good part of the text."""
    head = title_block(blocks, title, len(blocks))
    if head is None:
        return lines
    below = [line for line in lines if line.block is None or line.block.index >= head.index]
    kept = sum(len(line.text) for line in below)
    return below if kept >= _BELOW_SHARE * sum(len(line.text) for line in lines) else lines


def drop_places(lines: list[Line], kind: Callable[[Place], HtmlElement | None]) -> list[Line]:
    """Without the lines inside a box or caption, unless that element holds a good part of the whole text."""
    total = sum(len(line.text) for line in lines)
    inside: Counter[HtmlElement] = Counter()
    for line in lines:
        element = kind(line.block.place) if line.block else None
        if element is not None:
            inside[element] += len(line.text)
    boxes = {element for element, letters in inside.items() if letters <= _BOX_SHARE * total}
    return [line for line in lines if not line.block or kind(line.block.place) not in boxes]


def drop_hidden(lines: list[Line]) -> list[Line]:
    """Without invisible lines, when most of the text is visible; a page that is hidden whole is shown by script."""
    visible = [line for line in lines if not line.block or line.block.place.hidden is None]
    shown = sum(len(line.text) for line in visible)
    return visible if shown >= 0.4 * sum(len(line.text) for line in lines) else lines


def drop_repeated(lines: list[Line]) -> list[Line]:
    """Each longer line once: a second one in another container is a copy (for print, for phones, a pull quote)."""
    seen: dict[str, HtmlElement | None] = {}
    kept = []
    for line in lines:
        key = compare_key(line.text)
        parent = line.block.owner.getparent() if line.block else None
        if len(key) < _LABEL or seen.get(key, parent) is parent:
            kept.append(line)
        seen.setdefault(key, parent)
    return kept


def drop_headline(lines: list[Line], title: str | None) -> list[Line]:
    """Without the headline where it is repeated: any equal line, and a similar h1 or opening line."""
    key = compare_key(title or "")
    if not key:
        return lines
    kept = []
    for number, line in enumerate(lines):
        equal = compare_key(line.text) == key
        heading = line.block is not None and line.block.tag in HEADINGS
        near = number < 3 and heading and same_headline(line.text, title or "")
        if not (equal or near):
            kept.append(line)
    return kept


def drop_stamps(lines: list[Line]) -> list[Line]:
    """Without the time stamp under the headline; further down, stamps tell what a run of lines is."""
    return [line for number, line in enumerate(lines) if number > 2 or not is_stamp(line.text)]


def is_cue(text: str, link_share: float = 0.0) -> bool:
    """Whether a line leads to another article, asks for something or credits a picture."""
    text = text.casefold().lstrip(" \t•*-–—>»[(|")
    if len(text) > _SHORT or not text:
        return not text
    if PLEA_LINE.match(text) or CREDIT_LINE.match(text):
        return True
    if not READ_ALSO_LINE.match(text):
        return False
    return link_share > 0.3 or len(text) <= _LABEL or ":" in text[:_LABEL] or not _SENTENCE_END.search(text)


def _link_share(line: Line) -> float:
    return line.block.link_share if line.block else 0.0


def _is_link_only(line: Line) -> bool:
    """A line that is nothing but links, as another article's headline or a row of tags is; no source mark."""
    block = line.block
    if block is None or block.link_share < 0.9 or len(line.text) > _SHORT:
        return False
    return not is_source_line(line.text)


def drop_tail(lines: list[Line]) -> list[Line]:
    """Without headings, teasers and labels after the last paragraph."""
    end = len(lines)
    while end and _is_tail(lines[end - 1]):
        end -= 1
    return lines[:end] or lines


def _is_tail(line: Line) -> bool:
    heading = line.block is not None and line.block.tag in HEADINGS
    return heading or bool(_NO_LETTERS.match(line.text))
