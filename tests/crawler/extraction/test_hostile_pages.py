from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import extract

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://paper.example/news/page.html"
TITLE = "Городской архив открыл новый читальный зал"
LINES = [
    f"Абзац номер {number} рассказывает о работе архива и о людях, которые в нём служат."
    for number in range(8)
]
PAGE = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{''.join(f'<p>{line}</p>' for line in LINES)}"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x00" * 500, "binary"),
        (bytes(range(256)) * 100, "binary"),
        (b"%PDF-1.7 and so on", "binary"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (b"<div>" * 1_000_000 + b"x", "tags"),
        (b"<div>" * 150_000 + b"x", "nested"),
        (b"<html><body><h1>t</h1>" + "<p>Длинная страница.</p>".encode() * 1_400_000, "characters"),
        (b"a " * 40_000_000, "bytes"),
    ],
    ids=["empty", "blank", "nul", "binary", "pdf", "png", "million tags", "deep", "50 MB", "80 MB"],
)
def test_unreadable_page_fails_with_a_reason_and_at_once(html: bytes, reason: str) -> None:
    start = time.process_time()
    found = extract(html, URL, now=NOW)
    assert found.rejected == ("not_an_article" if reason == "empty" else "failed")
    assert found.reason is not None
    assert reason in found.reason
    assert found.body == ""
    assert time.process_time() - start < 20  # a guard against hanging, far above what it takes


@pytest.mark.parametrize(
    "html",
    [
        b"<html><body><p>" + b"word " * 1_000_000,
        b"<html><body>" + b'<a href="/x">Link text here</a> ' * 20_000,
        b"<p " + b"a=b " * 200_000 + b">",
        b"<" * 100_000,
        b'<script type="application/ld+json">' + b"[" * 500_000 + b"</script>",
        b"<html><body>"
        + b"".join(b"<p class='c%d'>Line number %d of a very long page.</p>" % (i, i) for i in range(20_000)),
    ],
    ids=["one line", "links", "attributes", "angles", "deep JSON", "paragraphs"],
)
def test_full_page_takes_bounded_time(html: bytes) -> None:
    start = time.process_time()
    extract(html, URL, now=NOW)
    assert time.process_time() - start < 4


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "cp866", "utf-16", "utf-8-sig"])
def test_undeclared_encodings_are_read(encoding: str) -> None:
    found = extract(PAGE.encode(encoding), URL, now=NOW)
    assert found.title == TITLE
    assert found.body.split("\n\n") == LINES
    assert found.rejected is None
    guessed = found.reason is not None and "encoding" in found.reason
    assert guessed == (encoding in ("cp1251", "koi8-r", "cp866"))


def test_bytes_in_no_known_encoding_give_a_best_effort_with_a_doubt() -> None:
    found = extract(PAGE.encode("cp1251") + bytes([0x98, 0x81, 0x8D, 0x8F, 0x90]) * 400, URL, now=NOW)
    assert found.reason is not None
    assert "encoding" in found.reason


def test_deep_but_bounded_page_is_read() -> None:
    found = extract(("<div>" * 1500 + PAGE).encode(), URL, now=NOW)
    assert found.body.split("\n\n") == LINES


@pytest.mark.parametrize(
    "html", [b"<title>Only a title</title>", b"<html><body><h1>Only a title</h1></body></html>"]
)
def test_title_alone_is_no_article(html: bytes) -> None:
    found = extract(html, URL, now=NOW)
    assert found.title == "Only a title"
    assert found.rejected in ("not_an_article", "too_short")
    assert found.reason
    assert found.body == ""


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "null",
        "[]",
        "[null, 1, 'x']",
        '{"@graph": null}',
        '{"@type": null, "headline": null, "datePublished": null, "author": null}',
        '{"@type": "NewsArticle", "headline": 5, "author": [null, {}, {"name": null}, []], "datePublished": [null]}',
        '{"@type": ["NewsArticle"], "datePublished": "0000-00-00T00:00:00Z", "image": {"url": null}, "keywords": 7}',
        '{"@type": "NewsArticle", "datePublished": "3000-01-01T00:00:00Z", "isBasedOn": [{"url": "http://["}]}',
        '{"@type": "NewsArticle", "mainEntityOfPage": {"@type": "WebPage", "mainEntity": {"@type": 7}}}',
        '<!-- {"@type": "NewsArticle", "articleBody": 9,} -->',
    ],
)
def test_odd_json_ld_takes_nothing_from_the_page(script: str) -> None:
    page = PAGE.replace("<head>", f'<head><script type="application/ld+json">{script}</script>')
    found = extract(page.encode(), URL, now=NOW)
    assert found.title == TITLE
    assert found.body.split("\n\n") == LINES
    assert found.published is None
    assert found.rejected is None


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_an_answer(html: bytes) -> None:
    found = extract(html, URL, now=NOW)
    assert found.rejected is not None
    assert found.reason
    assert "extraction failed" not in found.reason


@given(st.lists(st.sampled_from(["<p>", "</p>", "<h1>", "<table>", "<td>", "<a href=x>", "<time datetime=1>", "text. ", "<br>",
       "<script>", "</script>", "<!--", "-->", "<template>", "<form>", "<frameset>", "<svg>", "<title>", "<meta charset=x>", "&#0;", "\x0b"]),
       max_size=40))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_markup_gives_an_answer(parts: list[str]) -> None:
    found = extract("".join(parts).encode(), URL, now=NOW)
    assert "extraction failed" not in (found.reason or "")


@pytest.mark.parametrize(
    "url", ["", "not a url", "http://[", "https://paper.example/" + "x" * 5000, "ftp://host/x"]
)
def test_odd_addresses_do_not_matter(url: str) -> None:
    assert extract(PAGE.encode(), url, now=NOW).body.split("\n\n") == LINES
