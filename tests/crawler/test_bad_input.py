"""What the world sends that it should not: one clear line or one counted outcome, and the other sites go on."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from crawler.demo.page import Page
from index.search.query import Query
from tests.desk import Desk, article, feed

HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def beside(desk: Desk) -> Desk:
    """A desk with a sound site b.example, to see that it goes on."""
    desk.site("b.example")
    desk.web = {
        "http://b.example/rss": feed("/1", host="b.example"),
        "http://b.example/1": article("Соседняя новость"),
    }
    return desk


def with_page(desk: Desk, page: Page | str | bytes) -> Desk:
    """Site a.example with one article that is `page`."""
    desk.site()
    desk.web |= {"http://a.example/rss": feed("/1"), "http://a.example/1": page}
    return desk


def sound(desk: Desk) -> bool:
    """Whether the index is consistent and the neighbour's article is in it."""
    index = desk.open()
    try:
        titles = [hit.title for hit in index.search(Query(copies=True, limit=50)).hits]
        return not index.check().faults and "Соседняя новость" in titles
    finally:
        index.close()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name = ", "is not TOML"),
        ('name = "c.example"\ncolour = "red"', "colour"),
        (b'title = "\xcd\xe0\xe7\xe2\xe0\xed\xe8\xe5"', "UTF-8"),
        ("", "name"),
    ],
)
def test_a_broken_site_file(beside: Desk, text: str | bytes, reason: str) -> None:
    beside.write("c.example.toml", text)
    done = beside.crawl()
    assert done.code == 1
    assert done.outcomes("b.example") == {"indexed": 1}
    assert any("c.example.toml" in fault and reason in fault for fault in done.report["faults"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (Page("<!doctype html><html><body><h1>Сайт переехал</h1></body></html>", headers=HTML), "HTML"),
        (Page(b""), "empty"),
        (Page(b"gone", 404), "HTTP status 404"),
    ],
)
def test_a_feed_that_is_none(beside: Desk, body: Page, reason: str) -> None:
    beside.site()
    beside.web["http://a.example/rss"] = body
    done = beside.crawl()
    assert done.code == 1
    source = done.site("a.example")["sources"][0]
    assert source["status"] == "failed"
    assert reason in source["reason"]
    assert done.outcomes("b.example") == {"indexed": 1}


def test_a_site_that_is_down(beside: Desk) -> None:
    beside.site()  # the web knows no a.example
    done = beside.crawl()
    assert done.code == 1
    assert done.outcomes("b.example") == {"indexed": 1}


HUGE = gzip.compress(b"<html><body><p>" + b"x " * 100_000_000, compresslevel=1)
GARBLED = (
    b"<html><body><h1>" + bytes(random.Random(2).choices(range(128, 256), k=2000)) + b"</h1></body></html>"
)
NOISE = random.Random(1).randbytes(50_000)


@pytest.mark.parametrize(
    ("page", "outcomes"),
    [
        pytest.param(Page(b"", headers=HTML), {"not_an_article"}, id="empty page"),
        pytest.param(Page(HUGE, headers=HTML | {"Content-Encoding": "gzip"}), {"failed"}, id="200 MB, compressed"),
        pytest.param(Page(b"<p>" + b"x " * 6_000_000, headers=HTML | {"Content-Encoding": "identity"}), {"failed"},
                     id="12 MB, plain"),
        pytest.param(Page(b"<html><body>" + b"<div>" * 1_000_000 + b"text", headers=HTML), {"failed"},
                     id="a million nested tags"),
        pytest.param(Page(NOISE, headers={"Content-Type": "text/html"}), {"failed"}, id="binary"),
        pytest.param(Page(GARBLED, headers={"Content-Type": "text/html"}), {"failed"}, id="no known encoding"),
        pytest.param(Page("<html><head><title>Только заголовок</title></head><body><h1>Только заголовок</h1></body>"
                          "</html>", headers=HTML), {"not_an_article", "too_short"}, id="title only"),
        pytest.param(Page(article("Книга", "Слова отчёта о мосте. " * 25_000), headers=HTML), {"not_an_article"}, id="a book"),
    ],
)  # fmt: skip
def test_a_page_that_is_no_article(beside: Desk, page: Page, outcomes: set[str]) -> None:
    done = with_page(beside, page).crawl()
    assert len(done.outcomes()) == 1
    assert set(done.outcomes()) <= outcomes
    assert done.code == (1 if "failed" in done.outcomes() else 0)
    assert done.outcomes("b.example") == {"indexed": 1}
    assert sound(beside)


@pytest.mark.parametrize(
    "date", ["0000-00-00T00:00:00Z", "3000-01-01T00:00:00Z", "0001-01-01", "when it is ready"]
)
def test_a_date_that_cannot_be(beside: Desk, date: str) -> None:
    page = article().replace("2026-11-20T14:30:00+03:00", date)
    assert with_page(beside, page).crawl().outcomes() == {"indexed": 1}
    index = beside.open()
    hit = next(hit for hit in index.search(Query(copies=True, limit=5)).hits if hit.site == "a.example")
    index.close()
    assert hit.published_origin == "first_seen"
    assert hit.published_precision == "unknown"


def test_two_texts_with_one_id(beside: Desk) -> None:
    head = '<link rel="canonical" href="http://a.example/news/1">'
    beside.site()
    beside.web |= {
        "http://a.example/rss": feed("/1", "/2"),
        "http://a.example/1": article("Мост через Быструю открыли", head=head),
        "http://a.example/2": article("Мост через Быструю открыли для грузовиков", head=head),
    }
    assert beside.crawl().outcomes() == {"indexed": 1, "revised": 1}
    assert sound(beside)


@pytest.mark.parametrize("index", ["sqlite:////proc/news.db", "sqlite:////proc/version", "sqlite:////dev"])
def test_an_index_that_cannot_be_written(beside: Desk, index: str) -> None:
    done = beside.crawl(index=index)
    assert done.code == 3
    assert done.out == ""
    assert len(done.err.strip().splitlines()) == 1
    assert beside.requests == []  # nothing is fetched that could not be kept


def test_a_full_disk_loses_nothing(beside: Desk, tmp_path: Path) -> None:
    paths = [f"/{number}" for number in range(120)]
    beside.site()
    beside.web["http://a.example/rss"] = feed(*paths)
    long = [
        " ".join(f"объявлены{number * 7 % 1000}ы{step}" for step in range(400)) + "." for number in range(120)
    ]
    beside.web |= {
        f"http://a.example{path}": article(f"Новость {path}", text, text[::-1])
        for path, text in zip(paths, long, strict=True)
    }
    beside.open().close()
    beside.largest_file = 1_000_000
    full = beside.crawl()
    assert full.code == 3
    assert full.outcomes()["failed"] > 0
    beside.largest_file = None
    index = beside.open()
    assert not index.check().faults
    index.close()
    again = beside.crawl(now="2026-11-20T18:00:00+00:00")
    assert again.code == 0
    index = beside.open()
    assert index.stats()["articles"] == 121
    assert not index.check().faults
    index.close()
