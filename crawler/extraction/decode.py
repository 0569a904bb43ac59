"""Bytes to text: byte order mark, UTF-8 as it proves itself, then HTTP and meta charset, then detection."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# The Encoding Standard reads these labels as their Windows or larger relatives (WHATWG, section 4.2).
_RELATIVES = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
# Codecs that are no character sets of pages, or that were given up because they hide markup.
_REFUSED = frozenset(
    ("utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "mbcs", "oem", "undefined")
)
_STATEFUL = ("iso2022", "hz")  # written in ASCII bytes with escapes
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_XML = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.I)
_HEAD = 8192  # bytes searched for a meta tag; browsers look at 1,024, many sites put it later
_SAMPLE = 32_768  # bytes shown to the detector
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.I | re.S)
_BAD_SHARE = 0.01  # undecodable characters that a right encoding may still have (damaged embeds)
_BINARY = re.compile(
    rb"^\s*(?:%PDF-|\x89PNG|GIF8[79]a|\xff\xd8\xff|PK\x03\x04|\x1f\x8b|RIFF|OggS|ID3|\x00\x00\x01\x00)"
)
_CYRILLIC_UPPER = re.compile("[А-ЯЁ]")
_CYRILLIC = re.compile("[А-яЁё]")
_LATIN_HIGH = re.compile("[À-ÿ]")
_LETTER = re.compile(r"[^\W\d_]")


class NotText(ValueError):
    """The bytes are no text at all; the message says what they look like."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a page; `doubt` says why the encoding is a guess, None when it is sure."""

    text: str
    encoding: str
    doubt: str | None = None


def decode(html: bytes, charset: str | None = None) -> Decoded:
    """Text of a page.

    `charset` is the one of the HTTP header. Bytes that are valid UTF-8 beyond ASCII are UTF-8 whatever is
    declared: other encodings hardly ever look so (Yergeau, RFC 3629, section 1). A declared single-byte
    encoding is taken unless its text is visibly wrong; then, as when nothing is declared, the detector of
    charset-normalizer decides. Raises NotText for binary data.
    """
    marked = next((pair for pair in _MARKS if html.startswith(pair[0])), None)
    if marked:
        return Decoded(html[len(marked[0]) :].decode(marked[1], "replace"), marked[1])
    _refuse_binary(html)
    if html.isascii():
        stateful = next((name for name in _declared(html, charset) if name.startswith(_STATEFUL)), "ascii")
        return Decoded(html.decode(stateful, "replace"), stateful)
    try:
        return Decoded(html.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    for name in _declared(html, charset):
        text = html.decode(name, "replace")
        if _plausible(text):
            return Decoded(text, name)
    return _detect(html)


def _refuse_binary(html: bytes) -> None:
    if _BINARY.match(html[:64]):
        raise NotText("binary data, not a page")
    sample = html[:_SAMPLE]
    controls = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 27)))
    if controls > len(sample) * 0.05:
        raise NotText(f"binary data: {controls} control characters in the first {len(sample)} bytes")


def _declared(html: bytes, charset: str | None) -> list[str]:
    """Codec names that the header and the page give, in that order, known ones only."""
    head = html[:_HEAD]
    found = [match[1].decode("ascii", "ignore") for match in (_META.search(head), _XML.search(head)) if match]
    names = (known_codec(label) for label in (charset, *found) if label)
    return list(dict.fromkeys(name for name in names if name))


def known_codec(label: str) -> str | None:
    """Python's codec for a charset label as browsers understand it, None for an unknown one."""
    try:
        info = codecs.lookup(label.strip().strip("'\"").casefold())
    except (LookupError, ValueError):
        return None
    if info.name in _REFUSED or not info._is_text_encoding:
        return None
    return _RELATIVES.get(info.name, info.name)


def _plausible(text: str) -> bool:
    """Whether text decoded with a declared encoding reads like text.

    Too many replacement marks; Cyrillic that is mostly capitals (koi8-r read as cp1251 swaps the case);
    Latin text made of accented letters (cp1251 read as Latin-1).
    """
    if text.count("\ufffd") > len(text) * _BAD_SHARE:
        return False
    sample = text[: 4 * _SAMPLE]
    cyrillic = len(_CYRILLIC.findall(sample))
    if cyrillic > 200 and len(_CYRILLIC_UPPER.findall(sample)) > 0.6 * cyrillic:
        return False
    letters = _MARKUP_TEXT.sub(" ", sample)
    accented = len(_LATIN_HIGH.findall(letters))
    return accented < 50 or accented < 0.4 * len(_LETTER.findall(letters))


_MARKUP_TEXT = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.I | re.S)


def _detect(html: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    words = b" ".join(part for part in _MARKUP.sub(b" ", html[: 16 * _SAMPLE]).split() if not part.isascii())
    best = from_bytes(words[:_SAMPLE]).best() if words else None
    if best is None:
        text = html.decode("utf-8", "replace")
        return Decoded(text, "utf-8", "no known encoding: read as UTF-8 with replacement marks")
    name = known_codec(best.encoding) or "utf-8"
    return Decoded(html.decode(name, "replace"), name, f"encoding not declared or wrong: detected as {name}")
