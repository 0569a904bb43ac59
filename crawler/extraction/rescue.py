"""JSON-LD `articleBody` where the page itself shows no text.

It is no first choice: on saved pages of three collections it is cut short or a teaser more often than not
(recall .75 to .88).
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from crawler.extraction.matching import Line
from crawler.extraction.text import count_words, fold_space

if TYPE_CHECKING:
    from crawler.extraction.body import Body
    from crawler.extraction.json_ld import Node

_TAG = re.compile(r"<[^<>]{1,300}>")
_BREAK = re.compile(r"\n+|<(?:/p|br|/div|/li|/h\d)\b[^<>]*>", re.I)
_SPARSE = 0.3  # a page that shows less than this share of articleBody is built by script


def rescued(body: Body, article: Node) -> list[Line] | None:
    """The lines of articleBody when the page shows only a fraction of it, else None."""
    given = article.get("articleBody")
    if not isinstance(given, str):
        return None
    texts = [fold_space(_TAG.sub(" ", part)) for part in _BREAK.split(html.unescape(given[:500_000]))]
    whole = sum(map(count_words, texts))
    shown = sum(map(count_words, (body.lead or "", *body.paragraphs)))
    return [Line(text, None) for text in texts if text] if shown < _SPARSE * whole else None
