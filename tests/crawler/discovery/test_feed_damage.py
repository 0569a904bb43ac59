"""Damaged and mislabelled feeds against feedparser.

`same`: feedparser reads the very bytes. `whole`: it reads the undamaged feed, because it drops or garbles what
this damage does; ours has to give what stands in the undamaged one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import feedparser
import pytest

from crawler.discovery.feed import read_feed

URL = "https://news.example.ru/rss/all.xml"
HEADLINES = [
    "Синоптики предупредили о сильном снегопаде в Петербурге",
    "Курс доллара вырос до максимума с начала года",
    "В Думе рассказали о новых правилах для водителей",
    "Учёные нашли древнее поселение на берегу Байкала",
    "Minister signs a decree on the city budget",
]


def rss2() -> str:
    items = "\n".join(
        f"<item>\n <title>{title}</title>\n <link>https://news.example.ru/{n}?a=1&amp;b=2</link>"
        f"<guid isPermaLink='false'>id-{n}</guid>\n <pubDate>Tue, 18 Jan 2022 10:0{n}:00 +0300</pubDate>"
        f"<description><![CDATA[<p>{title} & <b>ещё</b></p>]]></description></item>"
        for n, title in enumerate(HEADLINES)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Новости дня</title>'
        f"<link>https://news.example.ru/</link><language>ru</language>\n{items}\n</channel></rss>"
    )


def rss091() -> str:
    items = "".join(
        f"<item><title>{title}</title><link>https://news.example.ru/{n}</link></item>"
        for n, title in enumerate(HEADLINES)
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Новости</title>'
        f"<link>https://news.example.ru/</link><language>ru</language>{items}</channel></rss>"
    )


def rdf() -> str:
    items = "".join(
        f'<item rdf:about="https://news.example.ru/{n}"><title>{title}</title>'
        f"<link>https://news.example.ru/{n}</link><dc:date>2022-01-18T10:00:0{n}+03:00</dc:date></item>"
        for n, title in enumerate(HEADLINES)
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="https://news.example.ru/"><title>Новости</title><link>https://news.example.ru/</link>'
        f"<items><rdf:Seq><rdf:li/></rdf:Seq></items></channel>{items}</rdf:RDF>"
    )


def atom(namespace: str = "http://www.w3.org/2005/Atom", date: str = "published") -> str:
    entries = "".join(
        f'<entry><title type="html">{title}</title><id>urn:{n}</id>'
        f'<link rel="edit" href="https://news.example.ru/edit/{n}"/><link href="https://news.example.ru/{n}"/>'
        f"<{date}>2022-01-18T10:00:0{n}+03:00</{date}></entry>"
        for n, title in enumerate(HEADLINES)
    )
    return f'<?xml version="1.0"?><feed xmlns="{namespace}"><title>Новости</title>{entries}</feed>'


FORMATS = {
    "rss 0.91": rss091(),
    "rss 1.0": rdf(),
    "rss 2.0": rss2(),
    "atom 0.3": atom("http://purl.org/atom/ns#", "issued"),
    "atom 1.0": atom(),
}


def declared(text: str, label: str) -> str:
    """The feed with another encoding in its XML declaration."""
    return re.sub(r"<\?xml[^>]*>", f'<?xml version="1.0" encoding="{label}"?>', text, count=1)


def oracle(body: bytes) -> list[tuple[str, str]]:
    parsed = feedparser.parse(body, response_headers={"content-location": URL})
    return [(entry.link, plain(entry.title)) for entry in parsed.entries if entry.get("link")]


def plain(title: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", "", title)).split())


def ours(body: bytes, charset: str | None = None) -> list[tuple[str, str]]:
    return [(link.url, link.title or "") for link in read_feed(body, URL, charset).links]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("cp1251", "windows-1251"),
        ("koi8-r", "KOI8-R"),
        ("iso8859-5", "ISO-8859-5"),
        ("cp866", "IBM866"),
        ("mac-cyrillic", "x-mac-cyrillic"),
    ],
)
def test_formats_in_declared_encodings(name: str, codec: str, label: str) -> None:
    body = declared(FORMATS[name], label).encode(codec)
    expected = oracle(FORMATS[name].encode())
    assert len(expected) == len(HEADLINES)
    if codec != "mac-cyrillic":  # a label that Python, and so feedparser, does not know
        assert oracle(body) == expected
    assert ours(body) == expected


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("codec", "label", "header"),
    [
        ("cp1251", "utf-8", None),
        ("cp1251", None, None),
        ("cp1251", None, "windows-1251"),
        ("cp1251", "windows-1251", "utf-8"),
        ("cp1251", "windows-1251", "iso-8859-1"),
        ("cp1251", "iso-8859-1", None),
        ("cp1251", "koi8-r", None),
        ("cp1251", "utf-16", "no-such-charset"),
        ("koi8-r", "utf-8", None),
        ("koi8-r", "windows-1251", None),
        ("koi8-r", None, None),
        ("utf-8", "windows-1251", None),
        ("utf-8", "utf-16", None),
        ("utf-8", "windows-1251", "koi8-r"),
        ("utf-8", None, "us-ascii"),
        ("utf-16-le", "utf-8", None),
        ("utf-16-be", None, "utf-8"),
    ],
)
def test_wrong_labels(name: str, codec: str, label: str | None, header: str | None) -> None:
    text = declared(FORMATS[name], label) if label else FORMATS[name].replace(' encoding="UTF-8"', "", 1)
    assert ours(text.encode(codec), header) == oracle(FORMATS[name].encode())


def in_title(text: str, inserted: str) -> str:
    return text.replace("Петербурге", f"Петербурге{inserted}", 1)


# How the feed is spoilt, which feed feedparser reads for comparison, what the first headline gains by it.
DAMAGES: dict[str, tuple[Callable[[str], str], str, str]] = {
    "script after the end": (lambda text: text + "<script>track()</script>", "same", ""),
    "control characters": (lambda text: in_title(text, "\x0b\x01 сегодня"), "whole", " сегодня"),
    "form feed": (lambda text: text.replace(" ", "\x0c ", 40), "whole", ""),
    "undefined entities": (
        lambda text: in_title(text, "&nbsp;&laquo;да&raquo; &mdash; мэр"),
        "same",
        " «да» — мэр",
    ),
    "unknown entity": (lambda text: in_title(text, " &nosuch; мэр"), "same", " &nosuch; мэр"),
    "number of no character": (lambda text: text.replace("<item>", "<item>&#0;&#x1F;", 1), "whole", ""),
    "bare ampersand in title": (lambda text: in_title(text, ": M&M и AT & T"), "same", ": M&M и AT & T"),
    "bare ampersand in link": (lambda text: text.replace("&amp;b", "&b"), "same", ""),
    "bare less-than": (lambda text: in_title(text, " при t < 5, <3"), "whole", " при t < 5, <3"),
    "tag of Cyrillic letters": (lambda text: in_title(text, " <ВИДЕО>"), "whole", " <ВИДЕО>"),
    "br never closed": (lambda text: in_title(text, "<br>"), "whole", ""),
    "b never closed": (lambda text: text.replace("<![CDATA[<p>", "<b><![CDATA[<p>", 1), "whole", ""),
    "item end tag missing": (lambda text: text.replace("</item>", "", 1), "whole", ""),
    "channel end tag missing": (lambda text: text.replace("</channel>", ""), "same", ""),
    "attribute twice": (lambda text: text.replace("<item>", '<item a="1" a="2">', 1), "same", ""),
    "undeclared prefix": (
        lambda text: text.replace("<guid", "<dc:creator>Иванов</dc:creator><guid"),
        "same",
        "",
    ),
    "comment with hyphens": (lambda text: text.replace("<item>", "<!-- a -- b --><item>", 1), "same", ""),
    "second declaration": (lambda text: text.replace("<item>", '<?xml version="1.0"?><item>', 1), "same", ""),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage(damage: str) -> None:
    spoil, reference, gained = DAMAGES[damage]
    body = spoil(rss2()).encode()
    expected = oracle(body if reference == "same" else rss2().encode())
    found = ours(body)
    assert [url for url, _ in found] == [url for url, _ in expected]
    assert [title for _, title in found] == [HEADLINES[0] + gained, *HEADLINES[1:]]
    feed = read_feed(body, URL)
    assert (feed.damaged, feed.title, feed.language) == (True, "Новости дня", "ru")


@pytest.mark.parametrize(
    "junk", ["\n\n  ", "\ufeff\ufeff", "<br />\n<b>Warning</b>: mysql in <b>/a.php</b>\n", "[debug] "]
)
def test_junk_in_front(junk: str) -> None:
    assert ours((junk + rss2()).encode()) == oracle(rss2().encode())


@pytest.mark.parametrize("cut", range(1, 800, 7))
def test_cut_short_keeps_every_item_with_a_whole_link(cut: int) -> None:
    body = rss2().encode()[:-cut]
    assert ours(body) == oracle(rss2().encode())[: body.count(b"</link>") - 1]


@pytest.mark.parametrize(
    "tail",
    ["<item><title>a</title><link>https://news.example.ru/trunc", "<item><link><![CDATA[https://news.e"],
)
def test_half_a_link_is_none(tail: str) -> None:
    body = (rss2().removesuffix("</channel></rss>") + tail).encode()
    assert ours(body) == oracle(rss2().encode())


def test_cut_within_a_character() -> None:
    text = rss2()
    body = text.encode()[: len(text[: text.index("Байкала") + 1].encode()) - 1]
    feed = read_feed(body, URL)
    assert feed.damaged
    assert [link.title for link in feed.links] == HEADLINES[:3]


def test_a_stray_byte_is_no_other_encoding() -> None:
    body = rss2().encode().replace("доллара".encode(), "доллара".encode()[:-1], 1)
    feed = read_feed(body, URL)
    assert feed.damaged
    assert feed.links[2].title == HEADLINES[2]
    assert feed.links[1].title == HEADLINES[1].replace("доллара", "доллар\ufffd")
