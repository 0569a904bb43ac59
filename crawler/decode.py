"""From bytes to text when nobody can be trusted about the encoding: feeds, sitemaps, listings and pages.

Order of belief: byte order mark; valid UTF-8 (Cyrillic or accented text in an eight-bit encoding is hardly ever
valid UTF-8, RFC 3629, section 1, so no label outweighs it); the label of the HTTP header; the document's own
labels; the letters themselves. An eight-bit label is believed only while the text it gives could have been
written by people, because every byte string "decodes" as windows-1251.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABEL = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']?([\w.:-]{2,40})"""
    rb"""|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.I,
)
_HEAD = 8192  # bytes searched for labels; the HTML standard prescans 1024, comments and scripts come before
# Encodings of web documents by their Python names. Not UTF-16, which is told by its bytes: documents that call
# themselves so in ASCII letters are a well-known fault of one XML writer. Not UTF-7, HZ and ISO-2022-KR, which
# can hide markup (WHATWG Encoding standard, section 14.1, "replacement").
_TEXT_CODEC = re.compile(
    r"utf-8|ascii|cp(125\d|1125|437|7\d\d|8[56]\d|874|9\d\d)|iso8859-\d+|tis-620|koi8-[rtu]|kz1048|ptcp154|mac-\w+"
    r"|gb(2312|k|18030)|big5(hkscs)?|euc_(kr|ji?\w+)|shift_jis\w*|iso2022_jp\w*"
)
# Labels that mean a larger set in practice (WHATWG Encoding standard, section 4.2).
_WIDER = dict.fromkeys(("ascii", "iso8859-1"), "cp1252") | dict.fromkeys(("gb2312", "gbk"), "gb18030")
_WIDER |= {"iso8859-9": "cp1254", "tis-620": "cp874"}
_WIDER |= {"euc_kr": "cp949", "shift_jis": "cp932", "big5": "big5hkscs"}
_COMMON = ["cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic", "cp1252"]
# Not those of DOS and the Macintosh, which English with a few quotation marks is taken for.
_RARER = ["cp1250", "iso8859_2", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_u"]
_RARER += ["gb18030", "big5", "cp932", "euc_jp", "cp949"]
_CLEARLY = 0.15  # more coherence; French in windows-1252 and -1257 differs by less, Hebrew and KOI8-R by more
_SEARCHED = 524_288  # bytes that the sample is taken from
_SAMPLE = 32_768  # bytes of it that are weighed
_MARKUP = re.compile(rb"<(script|style)\b.*?(?:</\1|\Z)|</?[a-z][^<>]*>", re.I | re.S)
_ASCII = bytes(range(128))
_BROKEN_SHARE = 0.1  # of non-ASCII bytes: a cut character here and there is damage, more another encoding
# Cyrillic read as windows-1252, and accented letters read as Cyrillic ones.
_NO_WORD = re.compile("[¡-ÿ]{4}|[A-Za-z][А-яЁё]|[А-яЁё][A-Za-z]")
_NO_WORD_SHARE = 0.25  # of words with non-ASCII letters; in Russian more than half are long enough to show
_SWAPPED = re.compile("[а-яё][А-ЯЁ]{2}")  # KOI8-R read as windows-1251, and the other way round
_NORMAL = re.compile("[А-Яа-яЁё][а-яё]{2}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a document and how it was read."""

    text: str
    charset: str  # Python codec name
    damaged: bool = False  # characters were lost, or no label named this encoding
    doubt: str | None = None  # why the encoding is a guess, None when it is sure


def decode(body: bytes, charset: str | None = None) -> Decoded:
    """Decode a document; `charset` is the label of the HTTP header. Never raises."""
    form = unicode_form(body)
    if form:
        text = body[form[0] :].decode(form[1], "replace")
        return Decoded(text, form[1], damaged="\ufffd" in text)
    if body.isascii() and b"\x1b" not in body:
        return Decoded(body.decode("ascii"), "utf-8")
    labels = _labels(body, charset)
    # ISO-2022-JP is ASCII bytes with escapes: valid UTF-8 says nothing there.
    order = [*labels, "utf-8"] if body.isascii() else ["utf-8", *labels]
    if order[0] == "utf-8" and (decoded := _decode_whole(body, "utf-8", labels)):
        return decoded  # nearly every document: there is nothing to weigh
    sample = _sample(body)
    tried = (_decode_as(body, sample, codec, labels) for codec in order)
    return next(filter(None, tried), None) or _decode_guess(body, sample)


def unicode_form(body: bytes) -> tuple[int, str] | None:
    """Length of the byte order mark and the codec it means; UTF-16 without one is told by a first '<'."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return len(mark), codec
    if body[:2] in (b"<\0", b"\0<"):
        return 0, "utf-16-le" if body[:1] == b"<" else "utf-16-be"
    return None


def codec_name(label: str) -> str | None:
    """Python's codec for a label as browsers understand it; None for unknown ones and those of no web document."""
    label = label.strip(" \"'")
    if not re.fullmatch(r"[\w.:-]{1,40}", label, re.ASCII):
        return None
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    return _WIDER.get(name, name) if _TEXT_CODEC.fullmatch(name) else None


def _labels(body: bytes, charset: str | None) -> list[str]:
    """Codecs named by the header and by the document, most trusted first."""
    header = codec_name(charset or "")
    own = [codec_name((a or b).decode("ascii", "ignore")) for a, b in _LABEL.findall(body[:_HEAD])]
    # ISO-8859-1 in a header is mostly a server's default setting, not somebody's statement.
    order = (*own, header) if header == "cp1252" else (header, *own)
    return list(dict.fromkeys(name for name in order if name))


def _sample(body: bytes) -> bytes:
    """Text outside of tags from its first non-ASCII byte on; scripts hold tables of accented letters."""
    text = b" ".join(_MARKUP.sub(b" ", body[:_SEARCHED]).split()).lstrip(_ASCII)
    return (text or body.lstrip(_ASCII) or body)[:_SAMPLE]


def _decode_whole(body: bytes, codec: str, labels: list[str]) -> Decoded | None:
    try:
        return Decoded(body.decode(codec), codec, damaged=bool(labels) and codec not in labels)
    except UnicodeDecodeError:
        return None


def _decode_as(body: bytes, sample: bytes, codec: str, labels: list[str]) -> Decoded | None:
    """The body in one encoding, some of it lost if need be; None when it cannot be that one."""
    trial = sample.decode(codec, "replace")
    if codec != "utf-8" and not _is_plausible(trial):
        return None
    if whole := _decode_whole(body, codec, labels):
        return whole
    weighed = len(sample.translate(None, _ASCII)) or len(sample)
    if trial.count("\ufffd") >= weighed * _BROKEN_SHARE:
        return None
    doubt = None if codec in labels else f"encoding not declared or wrong: read as a broken {codec}"
    return Decoded(body.decode(codec, "replace"), codec, damaged=True, doubt=doubt)


def _is_plausible(sample: str) -> bool:
    words = [word for word in sample.split() if not word.isascii()]
    if sum(bool(_NO_WORD.search(word)) for word in words) > len(words) * _NO_WORD_SHARE:
        return False
    return len(_SWAPPED.findall(sample)) <= len(_NORMAL.findall(sample))


def _decode_guess(body: bytes, sample: bytes) -> Decoded:
    """The body as its letters suggest; a rarer encoding has to make clearly more sense than the common ones."""
    common, sense = _detect(sample, _COMMON)
    rarer, more = _detect(sample, _RARER)
    codec = rarer if rarer and (common is None or more > sense + _CLEARLY) else common
    doubt = f"encoding not declared or wrong: detected as {codec}"
    if codec is None:
        codec, doubt = "utf-8", "no known encoding: read as UTF-8 with replacement marks"
    return Decoded(body.decode(codec, "replace"), codec, damaged=True, doubt=doubt)


def _detect(sample: bytes, among: list[str]) -> tuple[str | None, float]:
    """The best codec of charset-normalizer, and the share of its text that is like a language (coherence)."""
    found = (
        (codec_name(match.encoding), match.coherence) for match in from_bytes(sample, cp_isolation=among)
    )
    return next((pair for pair in found if pair[0]), (None, 0.0))
