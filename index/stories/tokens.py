"""Words and numbers of a text, written alike however the page wrote them."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u0301\u200b-\u200d\u2060\ufeff]"
)  # soft hyphen, stress mark, zero-width characters
_FOLDED = str.maketrans("ёЁ\u02bc", "еЕ'")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")
# 12 345 and 12,345; 1,5. What stands before is looked at second: a search for a digit or comma is quick.
_GROUPED = re.compile(r"\d(?<![\d.,]\d)\d{0,2}(?:[ ,]\d{3})+(?!\d)")
_DECIMAL_COMMA = re.compile(r",(?<=\d,)(?=\d)")


def _joined(match: re.Match[str]) -> str:
    return match[0].replace(" ", "").replace(",", "")


def cased_tokens(text: str) -> list[str]:
    """Words and numbers in order, with their capitals.

    Compatibility forms and spaces are folded (NFKC), stress marks, soft hyphens, quotes and dashes dropped, the
    apostrophe that Unicode takes for a letter (U+02BC, Ukrainian) is one like the others, ё is е, `12 345` and `12,345` are `12345`, `1,5` is `1.5`.
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_FOLDED)
    return _TOKEN.findall(_DECIMAL_COMMA.sub(".", _GROUPED.sub(_joined, plain)))


def tokens(text: str) -> list[str]:
    """`cased_tokens` in lower case."""
    return [token.lower() for token in cased_tokens(text)]


def is_number(token: str) -> bool:
    """Whether a token is a number: tokens never mix letters and digits."""
    return token[0].isdigit()
