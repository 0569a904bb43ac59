"""Tells the deck, the paragraph that the page sets apart under its headline, from the text that follows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.extraction.text import compare_key

if TYPE_CHECKING:
    from crawler.extraction.blocks import Block
    from crawler.extraction.matching import Line

# Class and itemprop names that sites give their deck.
_DECK_NAMES = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|deck|dek|stand-?first|sub-?(?:title|head(?:line|ing)?)|summary|announce|anons|"
    r"intro(?:duction|text)?|excerpt|description|abstract|preamble|vorspann|einleitung|chapeau|sapo|entradilla)(?:$|[\s_-])",
    re.I,
)
_SHORTEST = 20  # letters
_LEVELS = 2  # the deck's own element or the one around it bears the name


def split_lead(lines: list[Line], recovered: set[int], summary: str | None) -> tuple[str | None, list[Line]]:
    """The lead, when the first line is one, and the lines after it.

    A first line is the lead when it stands in an element that is named so, when it had to be recovered from
    above the text (`recovered`: block indices), or when it repeats the page's description and stands in
    another element than the second line. A text of one line has no lead.
    """
    first = lines[0].block if lines else None
    if first is None or len(lines) < 2 or len(first.text) < _SHORTEST:
        return None, lines
    second = lines[1].block
    apart = second is None or first.owner.getparent() is not second.owner.getparent()
    if first.index in recovered or _named(first) or (apart and _repeats(first, summary)):
        return first.text, lines[1:]
    return None, lines


def _named(block: Block) -> bool:
    around = [block.owner, *block.owner.iterancestors()][:_LEVELS]
    names = (f"{element.get('class', '')} {element.get('itemprop', '')}" for element in around)
    return any(_DECK_NAMES.search(name) for name in names)


def _repeats(block: Block, summary: str | None) -> bool:
    key = compare_key(summary or "")
    return bool(key) and (key == block.key or (len(key) > 80 and block.key.startswith(key[:80])))
