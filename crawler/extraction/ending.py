"""Where an article ends: after its source mark, before the teasers of other articles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.extraction.matching import Line
from crawler.extraction.source_lines import is_closing_mark

if TYPE_CHECKING:
    from crawler.extraction.blocks import Block

_ELLIPSIS = re.compile(r"(?:\.\.\.|…)[\"'»”)]*$")
_SENTENCE_END = re.compile(r"""[.!?…][)"'»”’\]]*$""")
_HEADLINE = (15, 220)  # letters of a teaser's headline
_LEAST_LEFT = 0.3  # share of the text that must stay: a digest of linked headlines is an article of its own
_LOOK_AHEAD = 3  # blocks after the text in which its source mark may stand


def with_closing_mark(lines: list[Line], blocks: list[Block]) -> list[Line]:
    """The lines and the source mark right after them, which extractors drop as a link or as too short."""
    last = next((line.block.index for line in reversed(lines) if line.block), None)
    if last is None:
        return lines
    after = blocks[last + 1 : last + 1 + _LOOK_AHEAD]
    mark = next((block for block in after if is_closing_mark(block.text) and _may_close(block)), None)
    return [*lines, Line(mark.text, mark)] if mark else lines


def _may_close(block: Block) -> bool:
    """No item of a list (the footer's links to the house's other sites), nothing hidden, no box."""
    return block.tag != "li" and block.place.hidden is None and block.place.box is None


def cut_teasers(lines: list[Line], blocks: list[Block]) -> list[Line]:
    """The lines up to the run of teasers that closes them: two or more, or any after a source mark.

    A teaser is a line that breaks off in an ellipsis, or one that stands under a headline which is a link.
    """
    end, teasers = len(lines), 0
    while end and (_is_teaser(lines[end - 1], blocks) or _is_label(lines[end - 1])):
        end -= 1
        teasers += _is_teaser(lines[end], blocks)
    marked = end and is_closing_mark(lines[end - 1].text)
    kept = sum(len(line.text) for line in lines[:end])
    enough = kept >= _LEAST_LEFT * sum(len(line.text) for line in lines)
    return lines[:end] if enough and (teasers >= 2 or (marked and teasers)) else lines


def _is_teaser(line: Line, blocks: list[Block]) -> bool:
    if _ELLIPSIS.search(line.text) and len(line.text) > _HEADLINE[0]:
        return True
    if line.block is None or line.block.index == 0:
        return False
    above = blocks[line.block.index - 1]
    return above.link_share > 0.9 and _HEADLINE[0] <= len(above.text) <= _HEADLINE[1]


def _is_label(line: Line) -> bool:
    """A short line without a sentence's end: a box's heading, a date, a section's name."""
    return len(line.text) <= 60 and not _SENTENCE_END.search(line.text) and not is_closing_mark(line.text)
