"""Finds the blocks of the page that an extractor's lines of text were taken from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from crawler.extraction.text import compare_key

if TYPE_CHECKING:
    from crawler.extraction.blocks import Block

_START = 24  # letters of a line that tell it from the page's other lines
_PART = 5  # letters below which a line says too little to be found inside a block
_NEAR = 10  # blocks in which the one around a part is looked for
_LIST_MARK = re.compile(r"^(?:[-–•*]|\d+\.)\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text: its block, or None where the page has no such block."""

    text: str
    block: Block | None


def match_lines(lines: list[str], blocks: list[Block]) -> list[Line]:
    """The blocks that hold these lines, in page order; a line that fits none keeps its own words.

    A line may span several blocks (an extractor joins what a line break parts). Of equal blocks the first
    after the previous match is taken, so a repeated text is matched where it is read.
    """
    starts: dict[str, list[int]] = {}
    for block in blocks:
        if block.key:
            starts.setdefault(block.key[:_START], []).append(block.index)
    found: set[int] = set()
    strays: list[tuple[int, int, Line]] = []
    after = 0
    for line in _cells(lines):
        index, key = _first_fit(line, starts, blocks, after)
        if index is not None:
            after = _take(key, index, blocks, found)
        elif key:
            strays.append((after, 0, Line(line, _around(key, blocks[max(0, after - 1) : after + _NEAR]))))
    ordered = [(index, 1, Line(blocks[index].text, blocks[index])) for index in found]
    return [line for *_, line in sorted([*ordered, *strays], key=itemgetter(0, 1))]


def _around(key: str, blocks: list[Block]) -> Block | None:
    """The block that a line is a part of: inline elements that an extractor sets on lines of their own."""
    return next((block for block in blocks if len(key) >= _PART and key in block.key), None)


def _cells(lines: list[str]) -> list[str]:
    """Table rows ('a | b |') cut into cells."""
    return [cell.strip() for line in lines for cell in (line.split("|") if line.startswith("|") else [line])]


def _first_fit(
    line: str, starts: dict[str, list[int]], blocks: list[Block], after: int
) -> tuple[int | None, str]:
    """Index of the block that the line begins in, and the line's key; list marks may be the extractor's own."""
    key = compare_key(line)
    bare = compare_key(_LIST_MARK.sub("", line))
    for each in dict.fromkeys((key, bare)):
        index = _find(each, starts, blocks, after) if each else None
        if index is not None:
            return index, each
    return None, key


def _find(key: str, starts: dict[str, list[int]], blocks: list[Block], after: int) -> int | None:
    places = starts.get(key[:_START], [])
    fits = [place for place in places if _overlap(key, blocks[place].key)]
    if not fits:
        fits = _shorter(key, starts)
    return next((place for place in fits if place >= after), fits[0] if fits else None)


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _shorter(key: str, starts: dict[str, list[int]]) -> list[int]:
    """Blocks shorter than _START letters with which a longer line begins."""
    for length in range(min(_START, len(key)) - 1, 5, -1):
        if key[:length] in starts:
            return starts[key[:length]]
    return []


def _take(key: str, index: int, blocks: list[Block], found: set[int]) -> int:
    """Mark the block, and those after it that the line goes on into; the index to look on from."""
    while True:
        block = blocks[index]
        found.add(index)
        key = key[len(block.key) :]
        index += 1
        while index < len(blocks) and not blocks[index].key:
            index += 1
        if not key or index >= len(blocks) or not key.startswith(blocks[index].key):
            return index
