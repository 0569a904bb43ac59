"""Plain text in one form, its length in words, and the hash that tells a changed text."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028]")
_PARAGRAPH_MARK = re.compile("\u2029")
# Control characters, soft hyphen, zero-width and direction marks, byte order mark, half surrogates and private
# use (icon fonts; the index marks found words with U+E000 and U+E001): none of it is text.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ue000-\uf8ff\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
_SPACES = re.compile(r"[^\S\n]+")
_MANY_BREAKS = re.compile(r"\n{3,}")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_STYLE = str.maketrans(
    {
        **dict.fromkeys("«»„“”‟‹›\u2033\uff02", '"'),
        **dict.fromkeys("‘’‚‛`´ʼ\u2032", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "ё": "е",
        "Ё": "Е",
    }
)


def normal_text(text: str) -> str:
    """NFC text with one kind of blank, trimmed lines and paragraphs parted by one blank line.

    A single line break stays; control, zero-width and private-use characters go.
    """
    text = _PARAGRAPH_MARK.sub("\n\n", _BREAKS.sub("\n", text))
    text = unicodedata.normalize("NFC", _NOT_TEXT.sub("", text))
    lines = (line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip("\n")


def word_count(text: str) -> int:
    """Number of words; one with a hyphen or apostrophe inside (кто-то, don't) is one."""
    return sum(1 for _ in _WORD.finditer(text))


def content_hash(title: str, lead: str | None, body: str) -> str:
    """128-bit BLAKE2b, 32 hex digits, of what a reader reads: another hash means a revision.

    White space, paragraph breaks, the style of quotes, apostrophes, dashes and dots, ё written as е, and where
    the lead ends do not count: they change with a layout. A mended typo, a letter's case or a comma does.
    """
    text = " ".join(f"{lead or ''} {body}".split())
    folded = normal_text(f"{' '.join(title.split())}\n{text}").translate(_STYLE)
    return blake2b(folded.encode(), digest_size=16).hexdigest()
