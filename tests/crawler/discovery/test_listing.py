from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.link import Link, NotReadable
from crawler.discovery.listing import read_listing
from crawler.site import Listing

URL = "https://news.example.ru/politics/?page=1"


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def listing(links: str = "a", **parts: str) -> Listing:
    return Listing.model_validate({"url": URL, "links": links, **parts})


def links(body: str, how: Listing, head: str = "") -> list[Link]:
    return read_listing(page(body, head), URL, how).links


def urls(body: str, how: Listing | None = None, head: str = "") -> list[str]:
    return [link.url for link in links(body, how or listing(), head)]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://a.ru/1#comments", "https://a.ru/1"),
        ("/2022/1.html", "https://news.example.ru/2022/1.html"),
        ("1.html", "https://news.example.ru/politics/1.html"),
        ("?id=5&amp;x=1", "https://news.example.ru/politics/?id=5&x=1"),
        ("//a.ru/1", "https://a.ru/1"),
        (" /1\n", "https://news.example.ru/1"),
        ("/статья 1", "https://news.example.ru/статья%201"),
    ],
)
def test_addresses(href: str, url: str) -> None:
    assert urls(f'<a href="{href}">T</a>') == [url]


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@a.ru",
        "javascript:go('/1')",
        "JavaScript:x",
        "data:text/html,x",
        "tel:+7",
        "#top",
        "",
        "https://[",
        URL + "#x",
    ],
)
def test_what_is_no_other_web_page_is_dropped(href: str) -> None:
    assert urls(f'<a href="{href}">T</a><a href="/ok" rel="nofollow">T</a>') == ["https://news.example.ru/ok"]


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://m.example.ru/x/", "https://m.example.ru/x/1"),
        ("/y/", "https://news.example.ru/y/1"),
        ("about:blank", "https://news.example.ru/politics/1"),
    ],
)
def test_base(base: str, url: str) -> None:
    assert urls('<a href="1">T</a>', head=f'<base href="{base}">') == [url]


CARDS = """
<nav><a href="/politics/">Политика</a><a href="/about">О нас</a></nav>
<div class="list">
 <div class="card"><a href="/n/1"><img src="1.jpg"></a>
   <div><time datetime="2022-01-18T10:00+03:00">10:00</time></div><h2><a href="/n/1">Снег
     <b>по</b>шёл</a></h2><a class="more" href="/n/1#more">Далее</a><a href="/tag/5">погода</a></div>
 <div class="card"><a href="/n/2" title="Курс доллара"><img src="2.jpg"></a></div>
 <div class="card"><a href="/n/3"><span>12:30</span><span>Выборы</span><style>.x{}</style>
   <time datetime=" 2022-01-17 ">вчера</time><time datetime="2022-01-18">сегодня</time></a></div>
</div>
<aside><time datetime="1999-01-01"></time></aside>
"""


def test_cards() -> None:
    assert links(CARDS, listing(pattern=r"/n/\d+$")) == [
        Link("https://news.example.ru/n/1", "listing", "Снег пошёл", "2022-01-18T10:00+03:00"),
        Link("https://news.example.ru/n/2", "listing", "Курс доллара"),
        Link("https://news.example.ru/n/3", "listing", "12:30 Выборы вчера сегодня", "2022-01-17"),
    ]


@pytest.mark.parametrize("selector", ["h2 a", "h2", "h2 b", "//h2/a/@href", "//h2//b/text()", "(//h2)[1]"])
def test_the_link_an_element_stands_for(selector: str) -> None:
    (link,) = links(CARDS, listing(selector))
    assert (link.url, link.title, link.published) == (
        "https://news.example.ru/n/1",
        "Снег пошёл",
        "2022-01-18T10:00+03:00",
    )


def test_a_date_over_several_links_belongs_to_none() -> None:
    day = '<section><h3><time datetime="2022-01-18">18 января</time></h3><p><a href="/1">A</a></p><p><a href="/2">B</a></p></section>'
    assert [link.published for link in links(day, listing())] == [None, None]


def test_a_clock_on_the_page_is_no_date_of_its_only_link() -> None:
    assert (
        links('<time datetime="2022-01-18">now</time><main><p><a href="/1">A</a></p></main>', listing())[
            0
        ].published
        is None
    )


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<a class="next" href="?page=2">2</a>', "https://news.example.ru/politics/?page=2"),
        ('<a class="next" href="?page=1#list">1</a>', None),
        (
            '<a class="next" href="?page=1">1</a><a class="next" href="?page=2">2</a>',
            "https://news.example.ru/politics/?page=2",
        ),
        ('<span class="next"><a href="/p/2">2</a></span>', "https://news.example.ru/p/2"),
        ('<a class="next" href="javascript:next()">2</a>', None),
        ('<a class="next">2</a>', None),
        ("", None),
    ],
)
def test_next_page(markup: str, url: str | None) -> None:
    body = page('<a href="/n/1">T</a>' + markup)
    assert read_listing(body, URL, listing(next=".next")).next_url == url
    assert read_listing(body, URL, listing()).next_url is None


def test_next_page_in_the_head() -> None:
    body = page('<a href="/n/1">T</a>', '<link rel="next" href="/politics/?page=2">')
    assert (
        read_listing(body, URL, listing(next="link[rel=next]")).next_url
        == "https://news.example.ru/politics/?page=2"
    )


@pytest.mark.parametrize(
    ("codec", "label", "header"),
    [
        ("cp1251", "windows-1251", None),
        ("cp1251", "utf-8", None),
        ("cp1251", None, "windows-1251"),
        ("koi8-r", None, None),
        ("utf-8", "windows-1251", None),
        ("utf-16", None, None),
    ],
)
def test_encodings(codec: str, label: str | None, header: str | None) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    body = f"<html><head>{meta}<title>Новости дня</title></head><body><a href='/статья'>Синоптики предупредили о снеге</a>"
    assert read_listing(body.encode(codec), URL, listing(), header).links == [
        Link("https://news.example.ru/статья", "listing", "Синоптики предупредили о снеге")
    ]


@pytest.mark.parametrize(
    ("body", "how", "reason"),
    [
        (b"", listing(), "not an HTML page: the body is empty"),
        (b"\x89PNG\r\n", listing(), "not an HTML page: it is a picture"),
        (b'{"html": "<a href=/1>"}', listing(), "not an HTML page: it is JSON"),
        (b"<rss><channel/></rss>", listing(), "not an HTML page: it is an RSS feed"),
        (b"just words", listing(), "not an HTML page: it is text without any tag known here"),
        (page("<a href=/1>T</a>"), listing(".card a"), "selector '.card a' matches nothing"),
        (page("<a href=/1>T</a>"), listing("//a/@title"), "selector '//a/@title' matches nothing"),
        (page("<a href=/1>T</a>"), listing("(count(//a))"), "selector '(count(//a))' matches nothing"),
        (
            page("<a href=/1>T</a>"),
            listing("//a/namespace::*"),
            "selector '//a/namespace::*' matches nothing",
        ),
        (
            page("<a href=/1>T</a>"),
            listing("//a[nosuch()]"),
            "selector '//a[nosuch()]' cannot be applied: Unregistered function",
        ),
        (
            page("<a href=/1>T</a><p>"),
            listing("p"),
            "selector 'p' matches 1 elements, none with a web address",
        ),
        (
            page("<a href=/1>T</a>"),
            listing(pattern=r"/n/\d"),
            r"selector 'a' matches 1 elements, none with a link that matches pattern '/n/\\d'",
        ),
    ],
)
def test_what_cannot_be_read_is_told(body: bytes, how: Listing, reason: str) -> None:
    with pytest.raises(NotReadable) as refusal:
        read_listing(body, URL, how)
    assert str(refusal.value) == reason


def test_unclosed_elements_hide_no_link() -> None:
    body = "".join(f"<div><font><a href='/{n}'>T</a>" for n in range(500))
    assert len(urls(body)) == 500


def test_hostile_nesting_takes_linear_time() -> None:
    body = "<div>" * 2_000 + "".join(f"<b><a href=/{n}><time datetime=x>" for n in range(3_000))
    started = time.process_time()
    read_listing(page(body), URL, listing("*"))
    assert time.process_time() - started < 5


SAMPLE = page(CARDS, '<base href="https://news.example.ru/">')


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(SAMPLE)),
    st.integers(0, len(SAMPLE)),
    st.binary(max_size=20)
    | st.sampled_from([b"<a href='", b"<base href='x:'>", b"\0", b"<!--", b"<template>"]),
    st.sampled_from(
        [listing(), listing("div", next="a"), listing("//a/@href", pattern="n"), listing("//text()")]
    ),
)
def test_damage_never_raises_anything_else(start: int, stop: int, inserted: bytes, how: Listing) -> None:
    with suppress(NotReadable):
        found = read_listing(SAMPLE[:start] + inserted + SAMPLE[stop:], URL, how)
        addresses = [link.url for link in found.links] + [found.next_url or "https://"]
        assert all(url.startswith(("https://", "http://")) and "#" not in url for url in addresses)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"<a href=/1>", b"<html><body>", b"\xff\xfe<\0"]))
def test_random_bytes_never_raise_anything_else(noise: bytes, head: bytes) -> None:
    with suppress(NotReadable):
        assert read_listing(head + noise, URL, listing()).links
