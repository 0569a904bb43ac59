"""The paragraphs of an article that are its text: without source marks, captions and site furniture."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from index.stories.parameters import FIGURES_IN_LINE, SHORT_PARAGRAPH
from index.stories.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.article import Article

LeftOut = Literal["dateline", "mark", "caption", "furniture"]
"""Why a paragraph is no prose: a source mark at the opening or the end, a headline or caption, a line the site repeats."""

_MARK_LINES = frozenset({"mark_url", "mark_label", "mark_name", "sign_off"})
_FINAL = (".", "!", "?", "…", ":", ";")
_CLOSING = " \t\"'»”’)]"
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")  # a score, a time or a season is one number


def prose(article: Article, furniture: frozenset[str] = frozenset()) -> list[str]:
    """Paragraphs that count when texts are compared, in order.

    `furniture` holds `paragraph_hash` values of lines that the site repeats under its articles, or above them; of
    a text that is nothing else the opening stays.
    """
    return [part for part, why in sorted_out(article, furniture) if why is None]


def sorted_out(article: Article, furniture: frozenset[str]) -> list[tuple[str, LeftOut | None]]:
    """Every paragraph in order, the dateline apart, with why it is no `prose`; None: it is."""
    parts = list(_sorted_out(article))
    text = [place for place, (_, why) in enumerate(parts) if why is None]
    repeated = [place for place in text if furniture and paragraph_hash(parts[place][0]) in furniture]
    for place in repeated[1:] if repeated == text else repeated:
        parts[place] = parts[place][0], "furniture"
    return parts


def _sorted_out(article: Article) -> Iterator[tuple[str, LeftOut | None]]:
    marks = {sign.text.strip() for sign in article.source.evidence if sign.kind in _MARK_LINES}
    for part, is_dateline in _dateline_apart(article):
        if is_dateline:
            yield part, "dateline"
        elif part.strip() in marks:
            yield part, "mark"
        else:
            yield part, "caption" if is_caption(part) else None


def paragraph_hash(paragraph: str) -> str:
    """Hash of a paragraph's words, 16 hex digits; the same on every machine."""
    return words_hash(tokens(paragraph))


def words_hash(words: Iterable[str]) -> str:
    """`paragraph_hash` of a paragraph whose tokens are at hand."""
    return blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


def is_caption(paragraph: str) -> bool:
    """A short line without final punctuation (headline of a teaser, caption, button), unless it is full of figures."""
    if paragraph.rstrip(_CLOSING).endswith(_FINAL) or len(paragraph.split()) >= SHORT_PARAGRAPH:
        return False
    return len(_NUMBER.findall(paragraph)) < FIGURES_IN_LINE


def _dateline_apart(article: Article) -> Iterator[tuple[str, bool]]:
    """All paragraphs, the dateline cut from the opening (True); with a deck above, the opening is the second one."""
    paragraphs = article.paragraphs
    datelines = [sign.text for sign in article.source.evidence if sign.kind == "dateline" and sign.text]
    for place, paragraph in enumerate(paragraphs):
        dateline = next((each for each in datelines if place < 2 and paragraph.startswith(each)), "")
        if dateline:
            datelines = []  # one is cut
            yield dateline, True
        yield paragraph[len(dateline) :].lstrip() if dateline else paragraph, False
