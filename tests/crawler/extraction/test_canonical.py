from __future__ import annotations

import pytest
from lxml.html import HtmlElement

from crawler.extraction.address import host_of, path_of, registrable_domain
from crawler.extraction.canonical import canonical_of, source_links_of
from crawler.extraction.metadata import Metadata, read_metadata
from crawler.extraction.tree import parse
from crawler.site import Site

URL = "https://m.paper.example/news/1.html"


def head(inner: str) -> HtmlElement:
    return parse(f"<html><head>{inner}</head><body><p>Text</p></body></html>")


def ld(fields: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "Article", {fields}}}</script>'


def metadata(inner: str, url: str = URL) -> Metadata:
    return read_metadata(head(inner), url)


@pytest.mark.parametrize(
    ("inner", "canonical"),
    [
        ('<link rel="canonical" href="/news/1">', "https://m.paper.example/news/1"),
        (
            '<link rel="alternate canonical" href="https://paper.example/news/1#top">',
            "https://paper.example/news/1",
        ),
        ('<link rel="canonical" href="//paper.example/n">', "https://paper.example/n"),
        ('<meta property="og:url" content="https://paper.example/og">', "https://paper.example/og"),
        (
            '<link rel="canonical" href=""><meta property="og:url" content="/og">',
            "https://m.paper.example/og",
        ),
        ('<link rel="canonical" href="https://web.archive.org/web/2020/https://paper.example/1">', None),
        ('<link rel="canonical" href="javascript:void(0)">', None),
        ('<link rel="canonical" href="http://[">', None),
        ("", None),
    ],
)
def test_canonical(inner: str, canonical: str | None) -> None:
    assert canonical_of(metadata(inner)) == canonical


@pytest.mark.parametrize(
    ("inner", "links"),
    [
        (
            '<link rel="canonical" href="https://wire.example/a">',
            [("foreign_canonical", "https://wire.example/a")],
        ),
        ('<link rel="canonical" href="https://www.paper.example/a">', []),
        ('<link rel="canonical" href="https://amp.paper.example/a">', []),
        ('<link rel="canonical" href="https://web.archive.org/web/1/https://wire.example/a">', []),
        (
            '<meta name="original-source" content="https://wire.example/a">',
            [("source_link", "https://wire.example/a")],
        ),
        (
            '<meta name="syndication-source" content="//wire.example/a">',
            [("source_link", "https://wire.example/a")],
        ),
        ('<meta name="original-source" content="Wire">', []),
        (
            ld(
                '"isBasedOn": {"@id": "https://wire.example/a"}, "citation": ["https://other.example/b", "a book"]'
            ),
            [("source_link", "https://wire.example/a"), ("source_link", "https://other.example/b")],
        ),
        (
            '<meta name="original-source" content="https://wire.example/a"><link rel="canonical" href="https://wire.example/a">',
            [("source_link", "https://wire.example/a")],
        ),
    ],
)
def test_source_links(inner: str, links: list[tuple[str, str]]) -> None:
    assert [(link.kind, link.url) for link in source_links_of(metadata(inner))] == links


def test_another_domain_of_the_same_house_is_not_foreign() -> None:
    site = Site(
        name="paper.example",
        title="The Paper",
        domains=["paper.example", "paper.press"],
        time_zone="UTC",
        feeds=["https://paper.example/rss"],
    )
    found = metadata('<link rel="canonical" href="https://www.paper.press/a">')
    assert source_links_of(found, site) == []
    assert len(source_links_of(found)) == 1


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("m.ria.ru", "ria.ru"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("news.com.ua", "news.com.ua"),
        ("ria.ru", "ria.ru"),
        ("x", "x"),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_broken_addresses_have_no_parts() -> None:
    assert (host_of("http://["), path_of("http://[")) == ("", "")
    assert (host_of("https://Paper.example:8080/a/b/"), path_of("https://paper.example/a/b/?q#f")) == (
        "paper.example",
        "a/b",
    )
