from __future__ import annotations

import codecs

import pytest

from crawler.extraction.binary import NotText, refuse_binary


@pytest.mark.parametrize(
    "html", [b"%PDF-1.4", b"\x1f\x8b\x08\x00", b"PK\x03\x04rest", b"\x00\x01\x02\x03" * 40]
)
def test_binary_data_is_refused(html: bytes) -> None:
    with pytest.raises(NotText, match="binary"):
        refuse_binary(html)


@pytest.mark.parametrize(
    "html",
    [
        b"",
        "<p>Ёлка</p>".encode("koi8-r"),
        "<p>tree</p>".encode("utf-16-be"),
        codecs.BOM_UTF16_LE + "tree".encode("utf-16-le"),
        "<p>新聞の記事です。</p>".encode("iso2022_jp"),
        b"<p>a stray \x00 and a \x07 in a page that is long enough for them</p>",
    ],
)
def test_text_in_any_encoding_is_let_through(html: bytes) -> None:
    refuse_binary(html)
