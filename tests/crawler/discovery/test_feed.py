from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.discovery.feed import read_feed
from crawler.discovery.link import Link, NotReadable

URL = "https://news.example.ru/rss/all.xml"
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


def rss(*items: str, channel: str = "") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel>{channel}{body}</channel></rss>'.encode()


def atom(*entries: str, attributes: str = "") -> bytes:
    body = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{body}</feed>'.encode()


def only(body: bytes) -> Link:
    (link,) = read_feed(body, URL).links
    return link


@pytest.mark.parametrize(
    ("item", "address"),
    [
        ("<link>https://a.ru/1</link>", "https://a.ru/1"),
        ("<link>\n  https://a.ru/1\n </link>", "https://a.ru/1"),
        ("<link><![CDATA[https://a.ru/?a=1&b=2]]></link>", "https://a.ru/?a=1&b=2"),
        ("<link><![CDATA[https://a.ru/?a=1&amp;b=2]]></link>", "https://a.ru/?a=1&b=2"),
        ("<link>https://a.ru/1#comments</link>", "https://a.ru/1"),
        ("<link>HTTPS://a.ru/1</link>", "https://a.ru/1"),
        ("<link>/news/1</link>", "https://news.example.ru/news/1"),
        ("<link>1.html</link>", "https://news.example.ru/rss/1.html"),
        ("<link>//a.ru/1</link>", "https://a.ru/1"),
        ("<link>www.a.ru/1</link>", "https://www.a.ru/1"),
        ("<link>https://a.ru/две ноги</link>", "https://a.ru/две%20ноги"),
        ("<link>https://новости.рф/1</link>", "https://новости.рф/1"),
        ("<link/>https://a.ru/1<title>t</title>", "https://a.ru/1"),
        ("<link></link><guid>https://a.ru/1</guid>", "https://a.ru/1"),
        ("<guid isPermaLink='true'>https://a.ru/1</guid>", "https://a.ru/1"),
        ("<link>mailto:a@a.ru</link><guid>https://a.ru/1</guid>", "https://a.ru/1"),
        ("<link>https://a.ru/1</link><guid>https://a.ru/guid</guid>", "https://a.ru/1"),
        (
            "<link>https://feeds.a.ru/~r/1</link><feedburner:origLink>https://a.ru/1</feedburner:origLink>",
            "https://a.ru/1",
        ),
        ('<atom:link rel="self" href="https://a.ru/x"/><link>https://a.ru/1</link>', "https://a.ru/1"),
        ('<atom:link href="https://a.ru/1"/>', "https://a.ru/1"),
        (
            "<media:content><media:title>m</media:title></media:content><link>https://a.ru/1</link>",
            "https://a.ru/1",
        ),
        ('<enclosure url="https://a.ru/1.mp3"/><link>https://a.ru/1</link>', "https://a.ru/1"),
    ],
)
def test_address_of_an_rss_item(item: str, address: str) -> None:
    assert only(rss(item)).url == address


@pytest.mark.parametrize(
    "item",
    [
        "<title>no link</title>",
        "<guid isPermaLink='false'>https://a.ru/1</guid>",
        "<guid>12345</guid>",
        "<link>javascript:void(0)</link>",
        "<link>ftp://a.ru/1</link>",
        "<link>https:///1</link>",
        "<link>https://[::1/1</link>",
        "<link>https://a.ru:99999/1</link>",
        "<link>https://bad host/1</link>",
        '<enclosure url="https://a.ru/1.mp3"/>',
        '<link rel="self" href="https://a.ru/1"/>',
        "",
    ],
)
def test_items_without_a_web_address_are_left_out(item: str) -> None:
    feed = read_feed(rss(item, "<link>https://a.ru/ok</link>"), URL)
    assert [link.url for link in feed.links] == ["https://a.ru/ok"]


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ('<link href="https://a.ru/1"/>', "https://a.ru/1"),
        (
            '<link rel="self" href="https://a.ru/s"/><link rel="alternate" href="https://a.ru/1"/>',
            "https://a.ru/1",
        ),
        (
            '<link type="application/json" href="https://a.ru/j"/><link type="text/html" href="https://a.ru/1"/>',
            "https://a.ru/1",
        ),
        (
            '<link rel="http://www.iana.org/assignments/relation/alternate" href="https://a.ru/1"/>',
            "https://a.ru/1",
        ),
        ('<link rel="replies" href="https://a.ru/r"/><id>https://a.ru/1</id>', "https://a.ru/1"),
        ('<link xml:base="https://b.ru/x/" href="1"/>', "https://b.ru/x/1"),
    ],
)
def test_address_of_an_atom_entry(entry: str, address: str) -> None:
    assert only(atom(entry)).url == address


def test_xml_base_is_inherited() -> None:
    body = atom('<link href="1"/>', attributes='xml:base="https://b.ru/x/"')
    assert only(body).url == "https://b.ru/x/1"
    assert only(body.replace(b"<entry>", b'<entry xml:base="y/">')).url == "https://b.ru/x/y/1"
    assert only(body.removesuffix(b"</entry></feed>")).url == "https://b.ru/x/1"


def test_xml_base_of_the_channel_holds_in_a_feed_cut_short() -> None:
    body = rss("<link>1</link>").replace(b"<channel>", b'<channel xml:base="https://b.ru/x/">')
    assert only(body).url == only(body.removesuffix(b"</item></channel></rss>")).url == "https://b.ru/x/1"


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>A\n  B\u00a0 C</title>", "A B C"),
        ("<title>&quot;Ёлка&quot; &#8212; M&amp;M</title>", '"Ёлка" — M&M'),
        ("<title>&amp;laquo;Ёлка&amp;raquo; &amp;amp;mdash; да</title>", "«Ёлка» — да"),
        ("<title><![CDATA[A <b>bold</b><br/>move &amp; so]]></title>", "A bold move & so"),
        ("<title>A &lt;i class='x'&gt;new&lt;/i&gt; day</title>", "A new day"),
        ("<title>5 &lt; 6 and &lt;Видео&gt;</title>", "5 < 6 and <Видео>"),
        ("<title>A <b>bold</b> move</title>", "A bold move"),
        ("<title/><dc:title>T</dc:title>", "T"),
        ("<media:title>M</media:title><title>T</title>", "T"),
        ("<atom:title type='text'>The &lt;b&gt; tag</atom:title>", "The <b> tag"),
        ("<atom:title type='html'>The &lt;b&gt;bold&lt;/b&gt;</atom:title>", "The bold"),
        ("<atom:title type='xhtml'><xhtml:div>A <xhtml:b>b</xhtml:b></xhtml:div></atom:title>", "A b"),
        ("<title>  </title>", None),
        ("", None),
    ],
)
def test_title(markup: str, title: str | None) -> None:
    assert only(rss(markup + "<link>https://a.ru/1</link>")).title == title


@pytest.mark.parametrize(
    ("markup", "published", "modified"),
    [
        ("<pubDate> Вт, 18 янв 2022\n 10:00 МСК </pubDate>", "Вт, 18 янв 2022 10:00 МСК", None),
        ("<pubdate>18.01.2022</pubdate>", "18.01.2022", None),
        ("<dc:date>2022-01-18</dc:date>", "2022-01-18", None),
        ("<dc:date>2022-01-18</dc:date><pubDate>Tue</pubDate>", "Tue", None),
        ("<pubDate/><dc:date>2022-01-18</dc:date>", "2022-01-18", None),
        ("<atom:published>2021</atom:published><atom:updated>2022</atom:updated>", "2021", "2022"),
        ("<atom:updated>2022</atom:updated>", "2022", "2022"),
        ("<atom:issued>2021</atom:issued><atom:modified>2022</atom:modified>", "2021", "2022"),
        ("", None, None),
    ],
)
def test_dates_stay_as_written(markup: str, published: str | None, modified: str | None) -> None:
    link = only(rss(markup + "<link>https://a.ru/1</link>"))
    assert (link.kind, link.published, link.modified) == ("feed", published, modified)


def test_an_address_counts_once_and_the_first_item_wins() -> None:
    item = "<link>https://a.ru/1#{0}</link><title>{0}</title>"
    feed = read_feed(rss(item.format("a"), "<link>https://a.ru/2</link>", item.format("b")), URL)
    assert [(link.url, link.title) for link in feed.links] == [
        ("https://a.ru/1", "a"),
        ("https://a.ru/2", None),
    ]


def test_the_address_of_an_rdf_item_is_its_about_when_it_has_no_link() -> None:
    body = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b'<channel rdf:about="https://a.ru/"/><item rdf:about="https://a.ru/1"><title>T</title></item></rdf:RDF>'
    )
    assert only(body) == Link("https://a.ru/1", "feed", "T")


@pytest.mark.parametrize(
    "body",
    [
        '<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:entry><atom:link href="https://a.ru/1"/></atom:entry></atom:feed>',
        '<atom:feed><atom:entry><atom:link href="https://a.ru/1"/></atom:entry></atom:feed>',
        '<feed xmlns="https://www.w3.org/2005/Atom/"><entry><link href="https://a.ru/1"/></entry></feed>',
        '<feed><entry><link href="https://a.ru/1"/></entry></feed>',
        '<rss xmlns="http://backend.userland.com/rss2"><channel><item><link>https://a.ru/1</link></item></channel></rss>',
        "<RSS><Channel><Item><Link>https://a.ru/1</Link></Item></Channel></RSS>",
        "<rss><item><link>https://a.ru/1</link></item></rss>",
    ],
)
def test_vocabulary_however_its_namespace_is_written(body: str) -> None:
    assert only(body.encode()).url == "https://a.ru/1"


def test_what_the_feed_says_of_itself() -> None:
    feed = read_feed(
        rss(
            channel="<title> A &amp;amp; B </title><language>ru-RU</language><image><title>I</title></image>"
        ),
        URL,
    )
    assert (feed.links, feed.damaged, feed.title, feed.language) == ([], False, "A & B", "ru-RU")
    assert read_feed(atom(attributes='xml:lang="en"'), URL).language == "en"
    assert read_feed(rss(channel="<dc:language>uk</dc:language>"), URL).language == "uk"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not a feed: the body is empty"),
        (b" \r\n\0", "not a feed: the body is empty"),
        (b"<!DOCTYPE html><html><body><rss></rss></body></html>", "not a feed: it is an HTML page"),
        (b"<div class='e404'>Not found</div>", "not a feed: it is an HTML page"),
        (b'{"items": ["<rss>"]}', "not a feed: it is JSON"),
        (b"[]", "not a feed: it is JSON"),
        (b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "not a feed: it is a sitemap"),
        (b"<sitemapindex></sitemapindex>", "not a feed: it is a sitemap index"),
        (b'<?xml version="1.0"?><opml version="1.0"/>', "not a feed: it is XML with the root <opml>"),
        (b"Service unavailable", "not a feed: it is text without any tag known here"),
        (b"\x1f\x8b\x08\0", "not a feed: it is gzip data"),
        (b"%PDF-1.4", "not a feed: it is a PDF file"),
        (b"<rss version='2.0", "broken off within its first tag"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(NotReadable) as refusal:
        read_feed(body, URL)
    assert str(refusal.value) == reason


LAUGHS = '<!DOCTYPE rss [<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
)
HOSTILE = {
    "billion laughs": LAUGHS + "]>",
    "quadratic blow-up": f'<!DOCTYPE rss [<!ENTITY a11 "{"a" * 50_000}">]>',
    "external entity": '<!DOCTYPE rss [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>',
    "external subset": '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
    "parameter entity": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_entities_are_neither_expanded_nor_fetched(name: str) -> None:
    item = "<title>" + "&a11;" * 2_000 + "</title><link>https://a.ru/1</link>"
    body = HOSTILE[name].encode() + rss(item).partition(b"?>")[2]
    started = time.process_time()
    link = only(body)
    assert time.process_time() - started < 1
    assert link == Link("https://a.ru/1", "feed", "&a11;" * 2_000)


@pytest.mark.parametrize(
    "piece",
    [
        "<item>",
        "<item ",
        "<![CDATA[",
        "<!--",
        "&",
        "<",
        "<link>",
        "<a:item",
        "<link><![CDATA[",
        "<a ",
        "]]>",
        "\x01",
    ],
)
def test_repeated_pieces_take_linear_time(piece: str) -> None:
    body = b"<rss><channel>" + piece.encode() * 20_000
    started = time.process_time()
    assert read_feed(body, URL).links == []
    assert time.process_time() - started < 5


SAMPLE = rss(
    "<title>Заголовок</title><link>https://a.ru/1</link><pubDate>Tue, 18 Jan 2022 10:00:00 +0300</pubDate>",
    "<title><![CDATA[A & <b>B</b>]]></title><guid>https://a.ru/2</guid>",
    "<title>&amp;laquo;</title><atom:link href='/3'/>",
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.integers(0, len(SAMPLE)),
    stop=st.integers(0, len(SAMPLE)),
    inserted=st.binary(max_size=30)
    | st.sampled_from([b"<", b"&", b"]]>", b"<item>", b"</item>", b"\xff\xfe", b"<![CDATA["]),
    label=st.none()
    | st.sampled_from(["utf-8", "koi8-r", "utf-16", "idna", "zlib", "gb2312", "iso-2022-jp"])
    | st.text(),
)
def test_damage_never_raises_anything_else(start: int, stop: int, inserted: bytes, label: str | None) -> None:
    body = SAMPLE[:start] + inserted + SAMPLE[stop:]
    with suppress(NotReadable):
        feed = read_feed(body, URL, label)
        assert all(
            link.url.startswith(("https://", "http://")) and "#" not in link.url for link in feed.links
        )
        assert len({link.url for link in feed.links}) == len(feed.links)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<rss>", b"<feed><entry>", b"\xff\xfe", b"<rdf:RDF><item>"]),
)
def test_random_bytes_never_raise_anything_else(noise: bytes, head: bytes) -> None:
    with suppress(NotReadable):
        assert isinstance(read_feed(head + noise, URL).links, list)
