"""From bytes to text when nobody can be trusted about the encoding.

Order of belief: byte order mark; valid UTF-8 (Cyrillic or accented text in an eight-bit encoding is not valid
UTF-8 by accident, so no label outweighs it); the label of the HTTP header; the document's own label; the
letters themselves. An eight-bit label is believed only while the text it gives could have been written by
people, because every byte string "decodes" as windows-1251.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf_8_sig"),
    (codecs.BOM_UTF32_LE, "utf_32"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
_LABEL = re.compile(
    rb"<\?xml[^>]*?encoding\s*=\s*[\"']?([\w.:-]+)|<meta[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I
)
_LABEL_WINDOW = 4096  # bytes; the HTML standard prescans 1024, comments and scripts push the tag further down
# Encodings of web documents by their Python names. UTF-16 is told by its bytes, never by its label: documents
# that call themselves UTF-16 in ASCII letters are a well-known fault of one XML writer.
_TEXT_CODEC = re.compile(
    r"utf-8|ascii|cp(125\d|866|855|874|932|949|950)|iso8859-\d+|koi8-[rtu]|kz1048|mac-(cyrillic|roman)"
    r"|gb(2312|k|18030)|big5(hkscs)?|euc_(jp|kr)|shift_jis|iso2022_jp"
)
# Labels that mean a larger set in practice (WHATWG Encoding standard, section 4.2).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_GUESSES = ["cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic", "cp1252"]
_SAMPLE = 16_384  # bytes that are weighed, from the first non-ASCII one on: about a dozen items of a feed
_ASCII = bytes(range(128))
_HIGH = bytes(range(128, 256))
_BROKEN_SHARE = (
    0.1  # of the non-ASCII bytes: a cut character here and there is damage, more is another encoding
)
_ACCENT_RUN = re.compile("[À-ÿ]{4}")  # four accented letters in a row stand in no Latin-script word
_SWAPPED = re.compile("[а-яё][А-ЯЁ]{2}")  # KOI8-R read as windows-1251, and the other way round
_NORMAL = re.compile("[А-Яа-яЁё][а-яё]{2}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a document and how it was read."""

    text: str
    charset: str  # Python codec name
    damaged: bool  # characters were lost, or no label named this encoding


def decode(body: bytes, charset: str | None = None) -> Decoded:
    """Decode a document; `charset` is the label of the HTTP header. Never raises."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _lossy(body, codec)
    if body[:2] in (b"<\0", b"\0<"):
        return _lossy(body, "utf_16_le" if body[:1] == b"<" else "utf_16_be")
    if body.isascii() and b"\x1b" not in body:
        return Decoded(body.decode("ascii"), "utf-8", damaged=False)
    labels = _labels(body, charset)
    sample = body.lstrip(_ASCII)[:_SAMPLE]
    # ISO-2022-JP is ASCII bytes with escapes: valid UTF-8 says nothing there.
    for codec in [*labels, "utf-8"] if body.isascii() else ["utf-8", *labels]:
        decoded = _decode_as(body, sample, codec, labels)
        if decoded:
            return decoded
    return _decode_guess(body, sample)


def codec_name(label: str) -> str | None:
    """The Python codec for an encoding label; None for unknown ones and for codecs that are no text encoding."""
    if not re.fullmatch(r"[\w.:-]{1,40}", label, re.ASCII):
        return None
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    return _WIDER.get(name, name) if _TEXT_CODEC.fullmatch(name) else None


def _labels(body: bytes, charset: str | None) -> list[str]:
    """Codecs named by the header and by the document, most trusted first."""
    header = codec_name(charset.strip(" \"'")) if charset else None
    found = _LABEL.search(body[:_LABEL_WINDOW])
    own = codec_name((found[1] or found[2]).decode("ascii", "ignore")) if found else None
    # ISO-8859-1 in a header is mostly a server's default setting, not somebody's statement.
    order = (own, header) if header == "cp1252" else (header, own)
    return [name for name in order if name]


def _decode_as(body: bytes, sample: bytes, codec: str, labels: list[str]) -> Decoded | None:
    """The body in one encoding; None when it cannot be that one."""
    if codec != "utf-8" and not _is_plausible(sample.decode(codec, "replace")):
        return None
    try:
        return Decoded(body.decode(codec), codec, damaged=bool(labels) and codec not in labels)
    except UnicodeDecodeError:
        high = len(sample) - len(sample.translate(None, _HIGH))
        broken = sample.decode(codec, "replace").count("\ufffd")
    return _lossy(body, codec) if broken < high * _BROKEN_SHARE else None


def _is_plausible(sample: str) -> bool:
    if _ACCENT_RUN.search(sample):
        return False
    return len(_SWAPPED.findall(sample)) <= len(_NORMAL.findall(sample))


def _decode_guess(body: bytes, sample: bytes) -> Decoded:
    best = from_bytes(sample, cp_isolation=_GUESSES).best()
    codec = best.encoding if best else "utf-8"
    return Decoded(body.decode(codec, "replace"), codec, damaged=True)


def _lossy(body: bytes, codec: str) -> Decoded:
    text = body.decode(codec, "replace")
    return Decoded(text, codec, damaged="\ufffd" in text)
