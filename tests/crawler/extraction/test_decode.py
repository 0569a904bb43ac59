from __future__ import annotations

import codecs

import pytest

from crawler.extraction.decode import NotText, decode, known_codec

RUSSIAN = (
    "<html><head>{meta}</head><body><p>Жители посёлка собрались на берегу и смотрели, как уходит лёд. "
    "Паводок в этом году начался раньше обычного, сообщили гидрологи области.</p></body></html>"
)


def page(meta: str = "") -> str:
    return RUSSIAN.format(meta=meta)


@pytest.mark.parametrize(
    ("written", "meta", "charset", "read", "sure"),
    [
        ("utf-8", "", None, "utf-8", True),
        ("utf-8", '<meta charset="windows-1251">', "windows-1251", "utf-8", True),
        ("cp1251", "", "windows-1251", "cp1251", True),
        ("cp1251", '<meta charset="windows-1251">', None, "cp1251", True),
        (
            "cp1251",
            '<META http-equiv="Content-Type" content="text/html; charset=windows-1251">',
            None,
            "cp1251",
            True,
        ),
        ("cp1251", "", "utf-8", "cp1251", False),
        ("cp1251", '<meta charset="utf-8">', None, "cp1251", False),
        ("cp1251", "", "iso-8859-1", "cp1251", False),
        ("koi8-r", '<meta charset="koi8-r">', None, "koi8-r", True),
        ("koi8-r", "", "no-such-charset", "koi8-r", False),
        ("iso8859_5", '<meta charset="iso-8859-5">', None, "iso8859-5", True),
    ],
)
def test_encoding(written: str, meta: str, charset: str | None, read: str, sure: bool) -> None:
    text = page(meta)
    found = decode(text.encode(written), charset)
    assert found.text == text
    assert found.encoding == read
    assert (found.doubt is None) == sure


@pytest.mark.parametrize(
    "mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE]
)
def test_byte_order_mark_wins_over_every_declaration(mark: bytes) -> None:
    names = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    encoded = mark + page().encode(names.get(mark, "utf-32-le"))
    assert decode(encoded, "koi8-r").text == page()


def test_a_few_broken_bytes_do_not_change_the_declared_encoding() -> None:
    html = (page() * 20).encode("utf-8").replace("лёд".encode(), "лёд".encode() + b"\xff", 1)
    found = decode(html, "utf-8")
    assert (found.encoding, found.doubt) == ("utf-8", None)
    assert found.text.count("\ufffd") == 1


def test_iso_2022_jp_is_not_taken_for_ascii() -> None:
    html = "<p>新聞の記事です。</p>".encode("iso2022_jp")
    assert decode(html, "iso-2022-jp").text == "<p>新聞の記事です。</p>"


@pytest.mark.parametrize(
    "html", [b"%PDF-1.4", b"\x1f\x8b\x08\x00", b"PK\x03\x04rest", b"\x00\x01\x02\x03" * 40]
)
def test_binary_data_is_refused(html: bytes) -> None:
    with pytest.raises(NotText, match="binary"):
        decode(html)


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("Windows-1251", "cp1251"),
        (" utf8 ", "utf-8"),
        ("latin1", "cp1252"),
        ("gb2312", "gb18030"),
        ("utf-7", None),
        ("rot13", None),
        ("base64", None),
        ("no-such", None),
        ("", None),
        ("a\x00b", None),
    ],
)
def test_labels(label: str, codec: str | None) -> None:
    assert known_codec(label) == codec
