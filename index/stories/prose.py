"""The paragraphs of an article that are its text: without source marks, captions and site furniture."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.stories.parameters import FIGURES_IN_LINE, SHORT_PARAGRAPH
from index.stories.tokens import tokens

if TYPE_CHECKING:
    from index.article import Article

_MARK_LINES = frozenset({"mark_url", "mark_label", "mark_name", "sign_off"})
_FINAL = (".", "!", "?", "…", ":", ";")
_CLOSING = " \t\"'»”’)]"
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")  # a score, a time or a season is one number


def prose(article: Article, furniture: frozenset[str] = frozenset()) -> list[str]:
    """Paragraphs that count when texts are compared, in order.

    `furniture` holds `paragraph_hash` values of lines that the site repeats under its articles; the
    opening paragraph stays whatever they say.
    """
    marks = {sign.text.strip() for sign in article.source.evidence if sign.kind in _MARK_LINES}
    paragraphs = [part for part in _without_dateline(article) if part.strip() not in marks]
    text = [part for part in paragraphs if not is_caption(part)]
    if not furniture:
        return text
    return text[:1] + [part for part in text[1:] if paragraph_hash(part) not in furniture]


def paragraph_hash(paragraph: str) -> str:
    """Hash of a paragraph's words, 16 hex digits; the same on every machine."""
    return blake2b(" ".join(tokens(paragraph)).encode(), digest_size=8).hexdigest()


def is_caption(paragraph: str) -> bool:
    """A short line without final punctuation (headline of a teaser, caption, button), unless it is full of figures."""
    if paragraph.rstrip(_CLOSING).endswith(_FINAL) or len(paragraph.split()) >= SHORT_PARAGRAPH:
        return False
    return len(_NUMBER.findall(paragraph)) < FIGURES_IN_LINE


def _without_dateline(article: Article) -> list[str]:
    """All paragraphs, the dateline cut from the opening; with a deck above, the opening is the second one."""
    paragraphs = article.paragraphs
    datelines = [sign.text for sign in article.source.evidence if sign.kind == "dateline" and sign.text]
    for place, paragraph in enumerate(paragraphs[:2]):
        for dateline in datelines:
            if paragraph.startswith(dateline):
                return [*paragraphs[:place], paragraph[len(dateline) :].lstrip(), *paragraphs[place + 1 :]]
    return paragraphs
