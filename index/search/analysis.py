"""How text becomes search terms: the one analysis of stored texts and of queries.

Tokens follow the word boundaries of Unicode Standard Annex 29, as Elasticsearch's `standard` tokenizer
does: runs of letters, digits, marks and underscores; one `.` or apostrophe between two letters and one
`.`, `,`, `;` or apostrophe between two digits stay inside (`ria.ru`, `don't`, `1,5`, `п'ять`); each Han
and Hiragana character is a token. Then lower case, ё as е, typographic apostrophes as `'`, and without
stress marks (за́мок). Other diacritics stay. Where this differs from `standard`:

- a colon always separates (`Видео:Reuters` is two words; Annex 29 dropped that joint in Unicode 15.1,
  Lucene keeps it), so an Elasticsearch analyzer needs a char filter `":" => " "`;
- emoji are no tokens; South-East Asian scripts are cut at blanks and punctuation only;
- tokens are never cut at 255 characters.

The same char filter has to fold `ё`, `’`, `ʼ` and U+0300, U+0301, U+00AD, U+200C, U+200D, U+2060 and U+FEFF.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import Stemmer

# Combining marks belong to the letter before them; Python's \w leaves them out.
_MARK_CODES = [code for code in range(0x300, 0x10000) if unicodedata.category(chr(code)).startswith("M")]
_MARKS = "".join(
    f"{chr(run[0])}-{chr(run[-1])}"
    for _, each in groupby(enumerate(_MARK_CODES), lambda pair: pair[1] - pair[0])
    for run in [[code for _, code in each]]
)
_EACH = "\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # one token a character
# \w for Python, no word characters for Annex 29: superscripts, fractions, circled numbers.
_NO_WORD = "²³¹¼-¾\u2070\u2074-\u2079\u2080-\u2089\u2150-\u215f\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
_IN_WORD = f"[^\\W{_EACH}{_NO_WORD}]"
_LETTER = f"[^\\W\\d_{_EACH}{_NO_WORD}]"
_RUN = f"{_IN_WORD}+(?:[{_MARKS}]+{_IN_WORD}*)*"
_JOINT = f"(?:(?<={_LETTER}|[{_MARKS}])[.'·\u2027](?={_LETTER})|(?<=\\d)[.,;'](?=\\d))"
_TOKEN = re.compile(f"{_RUN}(?:{_JOINT}{_RUN})*|[{_EACH}][{_MARKS}]*")

# Inside a word but no part of it: soft hyphen, joiners, BOM; what composition leaves of stress marks and
# of the dot of a lowered İ.
_DROPPED = "\u00ad\u200c\u200d\u2060\ufeff\u0300\u0301\u0307"
_FOLD = {"ё": "е", "ς": "σ", "\u2019": "'", "\u02bc": "'", "\uff07": "'"} | dict.fromkeys(_DROPPED, "")
_FOLDED = re.compile(f"[{''.join(_FOLD)}]")
_SHIFTING = re.compile(f"[{_DROPPED}İ]")  # in composed text only these change its length when folded
_CLUSTER = re.compile(f"(?s).[{_MARKS}\u1160-\u11ff]*")  # what may compose: a letter and its marks, jamo

_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z]")

# What FTS5's unicode61 tokenizer (Unicode 6.1 tables, own case folding) hands back as it is; found by
# feeding it every character of the basic plane. All else is written as two private-use letters.
_FOREIGN_TO_FTS5 = re.compile("[^ 0-9a-zß-öø-\u017e\u0180-\u024fа-\u052f]")
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
    """Snowball stem of a folded word by its script: Cyrillic as Russian, Latin as English, else as it is."""
    if _CYRILLIC.search(word):
        return str(_STEMMERS.russian.stemWord(word))
    return str(_STEMMERS.english.stemWord(word)) if _LATIN.search(word) else word


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
