from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.address import absolute

BASE = "https://news.example.ru/politics/index.html?page=1"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://a.ru", "https://a.ru"),
        ("HTTP://A.ru/Я", "http://A.ru/Я"),
        ("https://a.ru:8080/1?a=1&b=2#c", "https://a.ru:8080/1?a=1&b=2"),
        ("https://a.ru/\n\t1 2", "https://a.ru/1%202"),
        ("../1", "https://news.example.ru/1"),
        ("?page=2", "https://news.example.ru/politics/index.html?page=2"),
        ("www.a.ru", "https://www.a.ru"),
        ("www.pdf", "https://news.example.ru/politics/www.pdf"),
        ("https://[2001:db8::1]/1", "https://[2001:db8::1]/1"),
        ("#top", None),
        ("", None),
        ("https://", None),
        ("https://:80/", None),
        ("https://a b/", None),
        ("https://a.ru:0/", None),
        ("https://a.ru:port/", None),
        ("https://[1/", None),
        ("https://a\u2100.ru/", None),
        ("mailto:a@a.ru", None),
        ("about:blank", None),
    ],
)
def test_absolute(href: str, url: str | None) -> None:
    assert absolute(BASE, href) == url


@given(
    st.sampled_from([BASE, "http://a.ru", "x:", ""]),
    st.text(max_size=40) | st.text("ht:/p.w[]@#?%\\ \t", max_size=20),
)
def test_whatever_is_given_is_a_web_address_or_none(base: str, href: str) -> None:
    url = absolute(base, href)
    if url is not None:
        assert urlsplit(url).scheme in ("http", "https")
        assert urlsplit(url).hostname
        assert "#" not in url
        assert absolute(base, url) == url
