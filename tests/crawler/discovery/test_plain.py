from __future__ import annotations

import pytest

from crawler.discovery.plain import fold, plain_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \n\u00a0 b\t", "a b"),
        ("<p>a</p><p>b</p>", "a b"),
        ("<a href='/x'>a</a>b<BR/>c<br >d", "ab c d"),
        ("<Видео> 5 < 6 > 4 <3 <unknown>", "<Видео> 5 < 6 > 4 <3 <unknown>"),
        ("AT&T &copy 2022 &amp;amp; &quot;x&quot; &#1046; &#x416;", 'AT&T &copy 2022 & "x" Ж Ж'),
        ("&amp;lt;b&amp;gt;", "<b>"),
        ("&nosuch; &#99999999;", "&nosuch; &#99999999;"),
        ("<b></b>&nbsp;", None),
        ("", None),
    ],
)
def test_plain_text(text: str, expected: str | None) -> None:
    assert plain_text(text) == expected


def test_fold_leaves_markup_alone() -> None:
    assert fold(" <b>  &amp; ") == "<b> &amp;"
    assert fold(" \u2003\n") is None
