from __future__ import annotations

import pytest

from crawler.extraction.blocks import read_blocks
from crawler.extraction.byline import authors_of, organisations_of, split_names
from crawler.extraction.json_ld import article_node, read_nodes, text_of
from crawler.extraction.metadata import Metadata, image_of, language_of, read_metadata, tags_of
from crawler.extraction.section import section_of
from crawler.extraction.tree import Unreadable, parse

URL = "https://paper.example/news/1.html"


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def metadata(head: str, *, attributes: str = "", body: str = "<p>Text</p>") -> Metadata:
    return read_metadata(parse(f"<html {attributes}><head>{head}</head><body>{body}</body></html>"), URL)


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "Ferry"}',
        '[{"@type": "WebPage"}, {"@type": "NewsArticle", "headline": "Ferry"}]',
        '{"@graph": [{"@type": "Organization"}, {"@type": ["Thing", "NewsArticle"], "headline": "Ferry"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Ferry"}}',
        '{"@type": "http://schema.org/NewsArticle", "headline": "Ferry"}',
        '<!-- {"@type": "NewsArticle", "headline": "Ferry"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Ferry"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Ferry",}',
        '{"@type": "NewsArticle", "headline": "Ferry", "description": "two\nlines\tand a tab"};',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Ferry&quot;}",
    ],
)
def test_json_ld_shapes(text: str) -> None:
    nodes = read_nodes(parse(f"<html><head>{ld(text)}</head><body>x</body></html>"))
    assert text_of(article_node(nodes, None).get("headline")) == "Ferry"


def test_a_broken_script_does_not_hide_the_next() -> None:
    head = ld('{"@type": "NewsArticle", "headline": ') + ld('{"@type": "NewsArticle", "headline": "Ferry"}')
    assert text_of(metadata(head).article.get("headline")) == "Ferry"


def test_the_article_with_the_pages_title_is_taken() -> None:
    head = '<meta property="og:title" content="Ferry">' + ld(
        '[{"@type": "NewsArticle", "headline": "Bridge"}, {"@type": "NewsArticle", "headline": "FERRY!"}]'
    )
    assert metadata(head).article["headline"] == "FERRY!"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a  b&amp;c", "a b&c"),
        ({"@value": "x"}, "x"),
        ({"name": "x"}, "x"),
        ([None, {"name": ""}, "y"], "y"),
        (5, "5"),
        (True, None),
        (None, None),
        ([], None),
        ([[["deep"]]], None),
    ],
)
def test_text_of_a_value(value: object, text: str | None) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("head", "attributes", "language"),
    [
        ("", 'lang="ru-RU"', "ru"),
        ("", 'lang="EN"', "en"),
        ("", 'xml:lang="uk"', "uk"),
        ('<meta property="og:locale" content="de_DE">', "", "de"),
        (ld('{"@type": "Article", "inLanguage": {"name": "kk"}}'), 'lang="ru"', "kk"),
        ("", 'lang="russian"', None),
        ("", 'lang=""', None),
        ("", "", None),
    ],
)
def test_language(head: str, attributes: str, language: str | None) -> None:
    assert language_of(metadata(head, attributes=attributes)) == language


def test_tags_keep_their_order_once_each() -> None:
    head = '<meta property="article:tag" content="Порт"><meta property="article:tag" content="порт">'
    assert tags_of(metadata(head + ld('{"@type": "Article", "keywords": ["Лёд"]}'))) == ["Порт", "Лёд"]
    assert tags_of(metadata('<meta name="keywords" content="a, b ,, a">')) == ["a", "b"]
    assert tags_of(metadata("")) == []


@pytest.mark.parametrize(
    ("head", "image"),
    [
        ('<meta property="og:image" content="/i.jpg">', "https://paper.example/i.jpg"),
        (
            ld('{"@type": "Article", "image": [{"@type": "ImageObject", "url": "//cdn.example/i.jpg"}]}'),
            "https://cdn.example/i.jpg",
        ),
        ('<meta property="og:image" content="data:image/png;base64,AA">', None),
        (
            '<meta name="twitter:image" content="https://cdn.example/a b.jpg">',
            "https://cdn.example/a%20b.jpg",
        ),
        ("", None),
    ],
)
def test_image(head: str, image: str | None) -> None:
    assert image_of(metadata(head)) == image


CRUMBS = '{"@type": "BreadcrumbList", "itemListElement": [{"name": "Главная"}, {"item": {"name": "Город"}}, {"name": "Лёд сошёл"}]}'


@pytest.mark.parametrize(
    ("head", "body", "section"),
    [
        (ld('{"@type": "Article", "articleSection": ["Город", "Река"]}'), "", "Город"),
        ('<meta property="article:section" content="Город">', "", "Город"),
        (ld(CRUMBS), "", "Город"),
        ("", '<nav aria-label="Breadcrumbs"><a href="/">Главная</a> › <a href="/c">Город</a></nav>', "Город"),
        ("", '<div><a href="/">Главная</a><a href="/c">Город</a> Лёд сошёл</div>', "Город"),
        ("", '<div class="breadcrumb"><a href="/">Главная</a></div>', None),
        ("", '<div><a href="/">Главная</a><a href="/c">Город</a></div>', None),
    ],
)
def test_section(head: str, body: str, section: str | None) -> None:
    root = parse(f"<html><head>{head}</head><body>{body}<h1>Лёд сошёл</h1></body></html>")
    assert section_of(root, read_metadata(root, URL), "Лёд сошёл", read_blocks(root)) == section


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (
            ld('{"@type": "Article", "author": [{"@type": "Person", "name": "Ann Lee"}, "Bo Ray"]}'),
            "",
            ["Ann Lee", "Bo Ray"],
        ),
        ('<meta name="author" content="By Ann Lee and Bo Ray">', "", ["Ann Lee", "Bo Ray"]),
        (
            '<meta name="author" content="https://paper.example/ann">',
            '<a rel="author">Ann Lee</a>',
            ["Ann Lee"],
        ),
        (
            "",
            '<span itemprop="author"><b itemprop="name">Анна Лугова</b>, корреспондент</span>',
            ["Анна Лугова"],
        ),
        ("", '<div class="article-author">Автор: Анна Лугова</div>', ["Анна Лугова"]),
        ("", '<p class="byline">By Ann Lee</p>', ["Ann Lee"]),
        ('<meta name="author" content="ТАСС">', "", ["ТАСС"]),
        ("", '<div class="photo-author">Фото: Анна Лугова</div>', []),
    ],
)
def test_authors(head: str, body: str, authors: list[str]) -> None:
    root = parse(f"<html><head>{head}</head><body>{body}<p>Text</p></body></html>")
    assert authors_of(root, read_metadata(root, URL)) == authors


def test_names_are_split_and_cleaned() -> None:
    assert split_names(["Авторы: Анна Лугова, Пётр Самарин и Олег Лапин", "Анна Лугова"]) == [
        "Анна Лугова",
        "Пётр Самарин",
        "Олег Лапин",
    ]
    assert split_names(["", "x", "12:30", "mail@example.org", "w " * 40]) == []


def test_organisations_leave_the_publisher_out() -> None:
    head = ld(
        '{"@type": "Article", "author": {"@type": "Organization", "name": "Wire"}, "sourceOrganization": {"name": "Agency"},'
        ' "publisher": {"@type": "Organization", "name": "The Paper"}}'
    )
    assert organisations_of(metadata(head + '<meta property="article:author" content="РИА Новости">')) == [
        "Agency",
        "Wire",
        "РИА Новости",
    ]


@pytest.mark.parametrize("text", ["", "  ", "<" * 300_000, "<div>" * 100_000, "x" * 17_000_000])
def test_bounds_of_the_tree(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text)
