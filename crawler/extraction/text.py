"""Plain text as `Extracted` promises it: NFC, one kind of space, no invisible characters."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

# Soft hyphen, zero-width marks, directional marks, byte order mark: never part of a word.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_NOT_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def fold_space(text: str) -> str:
    """One line of NFC text: runs of white space become a blank, invisible and control characters go."""
    text = " ".join(text.split())
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return " ".join(unicodedata.normalize("NFC", text).split())


def compare_key(text: str) -> str:
    """Letters and digits only, case folded, ё as е: equal for two spellings of one line."""
    return _NOT_WORD.sub("", text).casefold().replace("ё", "е")


def count_words(text: str) -> int:
    """Number of words, as runs of letters and digits."""
    return sum(1 for _ in _WORD.finditer(text))


def first_of_each(items: Iterable[T], key: Callable[[T], str]) -> list[T]:
    """The items in order, without those whose key came before or is empty."""
    seen: dict[str, T] = {}
    for item in items:
        if key(item):
            seen.setdefault(key(item), item)
    return list(seen.values())
