"""Headlines as plain text: markup off, entities decoded, whitespace folded."""

from __future__ import annotations

import html
import re

# Named tags only: "<Видео>" and "5 < 6 > 4" are words of a headline.
_BREAK = r"address|blockquote|br|div|h[1-6]|hr|li|ol|p|table|td|tr|ul"
_INLINE = r"a|abbr|acronym|b|big|cite|code|del|em|font|i|img|ins|mark|nobr|q|s|small|span|strike|strong|sub|sup|tt|u|wbr"
_BREAK_TAG = re.compile(rf"</?(?:{_BREAK})(?:\s[^<>]*)?/?>", re.I)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?/?>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")


def fold(text: str) -> str | None:
    """Runs of whitespace as one blank, none at the ends; None when nothing is left."""
    return " ".join(text.split()) or None


def plain_text(text: str) -> str | None:
    """A headline that may hold HTML; entities are decoded twice, since feeds escape twice."""
    if "<" in text:
        text = _INLINE_TAG.sub("", _BREAK_TAG.sub(" ", text))
    for _ in range(2):
        if "&" in text:
            text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return fold(text)
