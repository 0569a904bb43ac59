from __future__ import annotations

import gzip
import random
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.link import Link, NotReadable
from crawler.discovery.sitemap import Child, Sitemap, read_sitemap

pack = partial(gzip.compress, mtime=0)  # the time of packing would be in the names of the tests

URL = "https://news.example.ru/sitemap.xml"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(*entries: str, attributes: str = XMLNS) -> bytes:
    body = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {attributes}>{body}</urlset>'.encode()


def urls(body: bytes) -> list[str]:
    return [link.url for link in read_sitemap(body, URL).links]


def test_urlset() -> None:
    body = urlset(
        "<loc> https://a.ru/1?x=1&amp;y=2 </loc><lastmod>2022-01-18</lastmod><priority>0.5</priority>",
        "\n<loc>https://a.ru/2#top</loc>\n",
        "<loc>https://a.ru/1?x=1&amp;y=2</loc><lastmod>2020</lastmod>",
    )
    assert read_sitemap(body, URL) == Sitemap(
        [Link("https://a.ru/1?x=1&y=2", "sitemap", modified="2022-01-18"), Link("https://a.ru/2", "sitemap")],
        [],
    )


def test_index() -> None:
    body = (
        f"<sitemapindex {XMLNS}><sitemap><loc>/news.xml.gz</loc><lastmod>2022-01-18T10:00+03:00</lastmod></sitemap>"
        f"<sitemap><loc>https://a.ru/2.xml</loc></sitemap><sitemap><loc>{URL}</loc></sitemap>"
        "<sitemap><loc>https://a.ru/2.xml</loc><lastmod>2020</lastmod></sitemap><sitemap/></sitemapindex>"
    )
    assert read_sitemap(body.encode(), URL) == Sitemap(
        [],
        [Child("https://news.example.ru/news.xml.gz", "2022-01-18T10:00+03:00"), Child("https://a.ru/2.xml")],
    )


@pytest.mark.parametrize("attributes", [f"{XMLNS} {NEWS}", XMLNS, NEWS, NEWS.replace("http:", "https:"), ""])
def test_news(attributes: str) -> None:
    entry = (
        "<loc>https://a.ru/1</loc><news:news><news:publication><news:name>А</news:name></news:publication>"
        "<news:publication_date>2022-01-18T10:00:00+03:00</news:publication_date>"
        "<news:title><![CDATA[Снег &laquo;пошёл&raquo;  в мае]]></news:title></news:news><lastmod>2022-01-19</lastmod>"
    )
    assert read_sitemap(urlset(entry, attributes=attributes), URL).links == [
        Link("https://a.ru/1", "sitemap", "Снег «пошёл» в мае", "2022-01-18T10:00:00+03:00", "2022-01-19")
    ]


def test_pictures_videos_and_translations_are_no_links() -> None:
    body = urlset(
        "<image:image><image:loc>https://a.ru/1.jpg</image:loc></image:image>"
        '<xhtml:link rel="alternate" hreflang="en" href="https://a.ru/en/1"/>'
        "<video:video><video:content_loc>https://a.ru/1.mp4</video:content_loc></video:video><loc>https://a.ru/1</loc>",
        attributes=XMLNS
        + ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
        ' xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"',
    )
    assert urls(body) == urls(body.replace(b" xmlns:", b" data-")) == ["https://a.ru/1"]


@pytest.mark.parametrize(
    "body",
    [
        urlset("<loc>https://a.ru/1</loc>", attributes=""),
        urlset("<loc>https://a.ru/1</loc>", attributes='xmlns="http://www.google.com/schemas/sitemap/0.84"'),
        urlset(
            "<loc>https://a.ru/1</loc>", attributes='xmlns="https://www.sitemaps.org/schemas/sitemap/0.9/"'
        ),
        urlset("<loc>https://a.ru/1</loc>", attributes='xmlns="http://nowhere.example/"'),
        f"<s:urlset {XMLNS.replace('=', ':s=', 1)}><s:url><s:loc>https://a.ru/1</s:loc></s:url></s:urlset>".encode(),
        b"<URLSET><URL><LOC>https://a.ru/1</LOC></URL></URLSET>",
        b"\n\n\xef\xbb\xbf " + urlset("<loc>https://a.ru/1</loc>"),
        urlset("<loc>https://a.ru/1</loc>").decode().replace("UTF-8", "utf-16").encode("utf-16"),
        urlset("<loc><![CDATA[https://a.ru/1]]></loc>"),
    ],
)
def test_spellings(body: bytes) -> None:
    assert urls(body) == ["https://a.ru/1"]


def test_damage() -> None:
    body = urlset(
        "<loc>https://a.ru/?a=1&b=2</loc>", "<loc>https://a.ru/2", "<loc>https://a.ru/\x033</loc>", "<loc>"
    )
    assert urls(body) == ["https://a.ru/?a=1&b=2", "https://a.ru/2", "https://a.ru/3"]


@pytest.mark.parametrize("cut", range(1, 120, 5))
def test_cut_short(cut: int) -> None:
    body = urlset(*(f"<loc>https://a.ru/{n}</loc>" for n in range(6)))[:-cut]
    assert urls(body) == [f"https://a.ru/{n}" for n in range(body.count(b"</loc>"))]


def test_empty_sets_are_valid() -> None:
    assert read_sitemap(urlset(), URL) == read_sitemap(b"<sitemapindex/>", URL) == Sitemap([], [])


def test_plain_text() -> None:
    body = "\ufeffhttps://a.ru/1\r\n\r\n  https://a.ru/две#x \nnot an address\nhttps://a.ru/1\n".encode()
    assert urls(body) == ["https://a.ru/1", "https://a.ru/две"]


def test_feed_in_place_of_a_sitemap() -> None:
    body = b"<rss><channel><item><link>/1</link><title>T</title><pubDate>Tue</pubDate></item></channel></rss>"
    assert read_sitemap(pack(body), URL).links == [Link("https://news.example.ru/1", "sitemap", "T", "Tue")]


def test_gzip_once_and_twice() -> None:
    body = urlset("<loc>https://a.ru/1</loc>")
    packed = pack(body)
    assert urls(packed) == urls(pack(packed)) == ["https://a.ru/1"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not a sitemap: the body is empty"),
        (pack(b""), "not a sitemap: the body is empty"),
        (b"<!doctype html><title>404</title>", "not a sitemap: it is an HTML page"),
        (
            b"User-agent: *\nDisallow: /\nSitemap: https://a.ru/s.xml\n",
            "not a sitemap: it is text without any tag known here",
        ),
        (b'{"a": 1}', "not a sitemap: it is JSON"),
        (
            b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
            "not a sitemap: it is XML with the root <Error>",
        ),
        (pack(pack(pack(b"<urlset/>"))), "packed by gzip more than twice"),
        (pack(b" " * (50 * 1024 * 1024 + 1)), "larger than 52428800 bytes uncompressed"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(NotReadable) as refusal:
        read_sitemap(body, URL)
    assert str(refusal.value) == reason


SAMPLE = urlset("<loc>https://a.ru/1</loc><lastmod>2022</lastmod>", "<loc>/2</loc>", "<loc>https://[/3</loc>")


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(SAMPLE)),
    st.integers(0, len(SAMPLE)),
    st.binary(max_size=20) | st.sampled_from([b"<url>", b"<sitemap>", b"&", b"<![CDATA["]),
    st.booleans(),
    st.integers(0, 30),
)
def test_damage_never_raises_anything_else(
    start: int, stop: int, inserted: bytes, packed: bool, cut: int
) -> None:
    body = SAMPLE[:start] + inserted + SAMPLE[stop:]
    if packed:
        body = pack(body)[: -cut or None]
    with suppress(NotReadable):
        sitemap = read_sitemap(body, URL)
        found = [link.url for link in sitemap.links] + [child.url for child in sitemap.children]
        assert all(url.startswith(("https://", "http://")) and "#" not in url for url in found)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200), st.sampled_from([b"", b"\x1f\x8b\x08", b"<urlset><url>", b"https://a.ru/1\n"])
)
def test_random_bytes_never_raise_anything_else(noise: bytes, head: bytes) -> None:
    with suppress(NotReadable):
        assert isinstance(read_sitemap(head + noise, URL), Sitemap)


def test_gzip_damage_is_told_or_survived() -> None:
    noise = random.Random(1)
    body = urlset(*(f"<loc>https://a.ru/{noise.getrandbits(64)}</loc>" for _ in range(3_000)))
    packed = pack(body)
    found = urls(packed[: len(packed) // 2])
    assert 1_000 < len(found) < 2_000
    assert found == urls(body)[: len(found)]
    spoilt = urls(packed[:-8] + b"\0" * 8)  # a wrong check sum
    assert len(spoilt) > 2_500
    assert spoilt == urls(body)[: len(spoilt)]
    with pytest.raises(NotReadable, match="damaged gzip data"):
        read_sitemap(b"\x1f\x8b\x09" + packed[3:], URL)
