"""How text becomes search terms: the one analysis of stored texts and of queries.

Tokens follow the word boundaries of Unicode Standard Annex 29, as Elasticsearch's `standard` tokenizer
does: runs of letters, digits, marks and underscores; one `.` or apostrophe between two letters and one
`.`, `,`, `;` or apostrophe between two digits stay inside (`ria.ru`, `don't`, `1,5`, `п'ять`); each Han
and Hiragana character is a token. Then lower case, ё as е, typographic apostrophes as `'`, and without
stress marks (за́мок). Other diacritics stay. `index.elastic.analysis` says the same to Elasticsearch, but for:

- a colon always separates (`Видео:Reuters` is two words; Annex 29 dropped that joint in Unicode 15.1);
- emoji and numbers that are no digits (²  ½ ①) are no tokens;
- Katakana and South-East Asian letters are parted from others only by blanks and punctuation.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import Stemmer


def _class(codes: Iterable[int]) -> str:
    """Code points as ranges for a character class of a regular expression."""
    runs = groupby(enumerate(codes), lambda pair: pair[1] - pair[0])
    return "".join(
        f"{chr(run[0])}-{chr(run[-1])}" for run in ([code for _, code in each] for _, each in runs)
    )


# Combining marks belong to the letter before them; Python's \w leaves them out.
_MARKS = _class(code for code in range(0x300, 0x10000) if unicodedata.category(chr(code)).startswith("M"))
_EACH = "\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # one token a character
# \w for Python, no word characters for Annex 29: superscripts, fractions, circled numbers.
_NO_WORD = _class(code for code in range(0x20000) if unicodedata.category(chr(code)) == "No")
_IN_WORD = f"[^\\W{_EACH}{_NO_WORD}]"
_LETTER = f"[^\\W\\d_{_EACH}{_NO_WORD}]"
_RUN = f"{_IN_WORD}+(?:[{_MARKS}]+{_IN_WORD}*)*"
_JOINT = f"(?:(?<={_LETTER}|[{_MARKS}])[.'·\u2027](?={_LETTER})|(?<=\\d)[.,;'](?=\\d))"
_TOKEN = re.compile(f"{_RUN}(?:{_JOINT}{_RUN})*|[{_EACH}][{_MARKS}]*")

# Inside a word but no part of it: soft hyphen, joiners, direction marks, keycaps, variation selectors, BOM; and
# what composition leaves of stress marks and of the dot of a lowered İ.
_DROPPED_CODES = (
    *(0xAD, 0x61C, 0x180E, *range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)),
    *(0x20E3, 0xFE0E, 0xFE0F, 0xFEFF, 0x300, 0x301, 0x307),
)
_DROPPED = "".join(map(chr, _DROPPED_CODES))
_APOSTROPHES = "\u2018\u2019\u02bc\uff07"
_FOLD = {"ё": "е", "ς": "σ"} | dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_DROPPED, "")
_FOLDED = re.compile(f"[{''.join(_FOLD)}]")
_SHIFTING = re.compile(f"[{_DROPPED}İ]")  # in composed text only these change its length when folded
_CLUSTER = re.compile(f"(?s).[{_MARKS}\u1160-\u11ff]*")  # what may compose: a letter and its marks, jamo

_CYRILLIC = re.compile("[\u0400-\u052f]")
_ENGLISH = re.compile("[a-z']")

# What FTS5's unicode61 tokenizer (Unicode 6.1 tables, own case folding) hands back as it is; found by
# feeding it every character of the basic plane. All else is written as two private-use letters.
_FOREIGN_TO_FTS5 = re.compile("[^ 0-9a-zß-öø-\u017e\u0180-\u024fа-\u052f]")
BARRIER = "\ue7ff"
"""A token of its own to FTS5 that `sealed` writes for no text: it parts what no phrase may span."""
_MEMO = 20_000  # distinct words kept stemmed, about 5 MB; more gains nothing (measured)


class _Stemmers(threading.local):
    """A PyStemmer object serves one thread. Its own cache (second argument) is slower than none (measured)."""

    def __init__(self) -> None:
        self.russian = Stemmer.Stemmer("russian", 0)
        self.english = Stemmer.Stemmer("english", 0)


_STEMMERS = _Stemmers()


class Token(NamedTuple):
    """A word in its text: `text[start:end]`, and its folded form."""

    start: int
    end: int
    word: str


def tokens_with_offsets(text: str) -> list[Token]:
    """Every token of a text with its place, for highlighting and for reading queries."""
    if text.isascii() or (unicodedata.is_normalized("NFC", text) and not _SHIFTING.search(text)):
        return [Token(*match.span(), match[0]) for match in _found(fold(text))]
    folded, starts, ends = _folded_by_cluster(text)
    return [Token(starts[match.start()], ends[match.end() - 1], match[0]) for match in _found(folded)]


def _found(folded: str) -> Iterator[re.Match[str]]:
    """Matches of tokens; underscores alone are none."""
    return (match for match in _TOKEN.finditer(folded) if match[0][0] != "_" or match[0].strip("_"))


def _folded_by_cluster(text: str) -> tuple[str, list[int], list[int]]:
    """The folded text, and for each of its characters where the cluster it came from starts and ends."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        pieces.append(fold(cluster[0]))
        starts += [cluster.start()] * len(pieces[-1])
        ends += [cluster.end()] * len(pieces[-1])
    return "".join(pieces), starts, ends


def words(text: str) -> list[str]:
    """Folded words as written, for prefixes; sealed for FTS5, see `sealed`."""
    return _sealed_all(_plain_words(text))


def stems(text: str) -> list[str]:
    """Stemmed words, for words and phrases; sealed for FTS5, see `sealed`."""
    return _sealed_all([stem(word) for word in _plain_words(text)])


def _plain_words(text: str) -> list[str]:
    return [match[0] for match in _found(fold(text))]


def _sealed_all(tokens: list[str]) -> list[str]:
    return sealed(" ".join(tokens)).split()  # one pass over all of them is three times as quick


def fold(text: str) -> str:
    """Lower case, composed (NFC), ё as е, plain apostrophes, no stress marks or invisible characters."""
    if text.isascii():
        return text.lower()
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _FOLDED.sub(lambda match: _FOLD[match[0]], text.lower())


@lru_cache(maxsize=_MEMO)
def stem(word: str) -> str:
    """Snowball stem of a folded word: Cyrillic as Russian, then Latin as English; other scripts as they are.

    A word of both scripts (a Cyrillic look-alike in a Latin word) meets both stemmers, one after the other.
    """
    if _CYRILLIC.search(word):
        word = str(_STEMMERS.russian.stemWord(word))
    return str(_STEMMERS.english.stemWord(word)) if _ENGLISH.search(word) else word


def sealed(text: str) -> str:
    """The text in letters that FTS5 keeps as they are, so that it reads back exactly the tokens written.

    unicode61 would split `ria.ru` and fold `µ`: such characters become pairs of private-use letters
    (U+E000 and up), which are letters to it. Prefixes stay prefixes.
    """
    return _FOREIGN_TO_FTS5.sub(_private, text)


def _private(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0xE000 + (code >> 10)) + chr(0xE800 + (code & 0x3FF))


def fold_value(value: str) -> str:
    """How values of `site: source: lang: section:` compare: lower case, ё as е, single blanks."""
    return " ".join(fold(value).split())
