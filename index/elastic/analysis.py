"""The analysis of `index.search.analysis` as Elasticsearch settings: the same words, so the same hits.

`news` makes stems, `exact` words as written; both read with the standard tokenizer what two char filters have
made of the text. `folded` is `fold_value` as a normalizer. A test compares every character on a real node.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import Any

from index.elastic.english import overrides
from index.search.analysis import fold

# Parts of words, joints between them or emoji to Lucene (Unicode 12.1), no word characters to us; found by
# comparing every assigned character alone, between letters and between digits.
_SEPARATORS = (
    ":\u05f4\ufe13\ufe55\uff1a\u2024\ufe52\uff0e"  # colons and full stops
    "\u0589\u060c\u060d\u066b\u066c\u07f8\u2044\ufe10\ufe14\ufe50\ufe54\uff0c\uff1b"  # in numbers
    "\u202f\u203f\u2040\u2054\ufe33\ufe34\ufe4d\ufe4e\ufe4f\uff3f"  # narrow blank, ties
    "\u055b\u055c\u055e\u05f3\ufff9\ufffa\ufffb\u30a0"
    "©®‼⁉™↔↕↖↗↘↙↩↪⌚⌛⌨⎈⏏▪▫▶◀◻◼◽◾⤴⤵⬅⬆⬇⬛⬜⭐⭕〰〽㊗㊙"
)
_SEPARATOR_RANGES = (
    (0x2C2, 0x2C5), (0x2D2, 0x2D7), (0x2DE, 0x2DF), (0x2ED, 0x2ED), (0x2EF, 0x2FF),
    (0x23E9, 0x23FA), (0x24B6, 0x24E9), (0x2600, 0x2775), (0x2794, 0x27BF),
    (0x2E80, 0x2FD5), (0x32D0, 0x32FE), (0x3300, 0x3357), (0xA720, 0xA721), (0xA789, 0xA78A), (0xAB5B, 0xAB5B),
    # First halves of the UTF-16 pairs of U+1F000 to U+1FBFF; second halves alone are nothing to the tokenizer.
    (0xD83C, 0xD83E),
)  # fmt: skip
_BLANKS = r"[\t-\r\x1c-\x20\x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+"
_LONGEST_TOKEN = 8191  # UTF-16 units; Lucene refuses terms over 32,766 bytes, and no query is as long


def _foldings() -> Iterator[tuple[str, str]]:
    """What lower case alone does not fold: characters, and letters with marks of their own after them."""
    for code in (*range(0x80, 0xAC00), *range(0xFB00, 0x10000)):
        character = chr(code)
        if fold(character) != character.lower():
            yield character, fold(character)
        if len(unicodedata.normalize("NFD", character)) > 1:
            yield from ((spelt, fold(character)) for spelt in _spellings(character))


def _spellings(character: str) -> Iterator[str]:
    """All ways to write a composed character with combining marks."""
    letter, *marks = list(unicodedata.normalize("NFD", character))
    for order in permutations(marks):
        if unicodedata.normalize("NFC", letter + "".join(order)) == character:
            for count in range(len(order)):
                start = unicodedata.normalize("NFC", letter + "".join(order[:count]))
                yield start + "".join(order[count:])


def _separators() -> Iterator[tuple[str, str]]:
    for first, last in [*((ord(each), ord(each)) for each in _SEPARATORS), *_SEPARATOR_RANGES]:
        yield from ((chr(code), " ") for code in range(first, last + 1))


def _mapping(rules: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A mapping char filter. It trims blanks around its rules and reads UTF-16 units: all is escaped."""
    mappings = [f"{_escaped(found)} => {_escaped(made)}" for found, made in dict(rules).items()]
    return {"type": "mapping", "mappings": mappings}


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(character):04X}" for character in text)


ANALYSIS: dict[str, Any] = {
    "char_filter": {
        "separators": _mapping(_separators()),
        "foldings": _mapping(_foldings()),
        "blanks": {"type": "pattern_replace", "pattern": _BLANKS, "replacement": " "},
    },
    "tokenizer": {"words": {"type": "standard", "max_token_length": _LONGEST_TOKEN}},
    "filter": {
        "russian_stems": {"type": "stemmer", "language": "russian"},
        "newer_english": {"type": "stemmer_override", "rules": overrides()},
        "english_stems": {
            "type": "stemmer",
            "language": "porter2",
        },  # Snowball's; `english` is Porter's older one
    },
    "analyzer": {
        "news": {
            "char_filter": ["separators", "foldings"],
            "tokenizer": "words",
            "filter": ["lowercase", "russian_stems", "newer_english", "english_stems"],
        },
        "exact": {"char_filter": ["separators", "foldings"], "tokenizer": "words", "filter": ["lowercase"]},
    },
    "normalizer": {"folded": {"char_filter": ["foldings", "blanks"], "filter": ["lowercase", "trim"]}},
}
"""Settings `analysis` of the index of articles."""
