"""Ways in which links, articles or failures could get lost between two runs; each was a fault once."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import closing

import pytest

from crawler.demo.page import Page
from crawler.demo.server import SampleSites
from index.search.query import Query
from index.sqlite.backend import SqliteBackend
from tests.desk import NOON, Desk, article, feed

LATER = "2026-11-20T12:05:00+00:00"
AN_HOUR_LATER = "2026-11-20T13:00:00+00:00"


def stored(desk: Desk) -> int:
    with closing(desk.open()) as index:
        return index.stats()["articles"]


def test_half_a_surrogate_pair_costs_neither_the_article_nor_its_neighbours(desk: Desk) -> None:
    data = '{"@type": "NewsArticle", "articleSection": "Спорт \\ud83d", "keywords": ["a\\udc00"], "image": "x\\ud83d"}'
    desk.site()
    desk.web = {
        "http://a.example/rss": feed("/1", "/2"),
        "http://a.example/1": article(head=f'<script type="application/ld+json">{data}</script>'),
        "http://a.example/2": article("Вторая новость"),
    }
    done = desk.crawl()
    assert (done.code, done.outcomes()) == (0, {"indexed": 2})


def test_a_link_deferred_by_since_is_found_by_the_next_plain_run(desk: Desk) -> None:
    item = "<item><link>http://a.example/1</link><pubDate>Mon, 16 Nov 2026 10:00:00 GMT</pubDate></item>"
    desk.site()
    desk.web = {
        "http://a.example/rss": f"<rss version='2.0'><channel>{item}</channel></rss>",
        "http://a.example/1": article(),
    }
    assert desk.crawl("--since", "2026-11-20").outcomes() == {}
    assert desk.crawl(now=LATER).outcomes() == {"indexed": 1}


def test_a_mended_site_file_reads_the_unchanged_feed_again(desk: Desk) -> None:
    desk.site(articles={"min_words": 8, "allow": ["^/wrong/"]})
    desk.web = {"http://a.example/rss": feed("/1"), "http://a.example/1": article()}
    assert desk.crawl().outcomes() == {"outside_site": 1}
    desk.site(articles={"min_words": 8, "allow": ["^/\\d"]})
    assert desk.crawl(now=LATER).outcomes() == {"indexed": 1}


def test_a_list_page_that_failed_is_asked_for_again(desk: Desk) -> None:
    desk.site(
        listings=[{"url": "http://a.example/news", "links": "a.card", "next": "a.next", "max_pages": 2}]
    )
    desk.web = {
        "http://a.example/news": '<a class="card" href="/1">один</a><a class="next" href="/p2">дальше</a>',
        "http://a.example/p2": Page(b"down", 404),
        "http://a.example/1": article("Первая новость"),
        "http://a.example/2": article("Вторая новость"),
    }
    assert desk.crawl().code == 1
    desk.web["http://a.example/p2"] = '<a class="card" href="/2">два</a>'
    assert desk.crawl(now=LATER).outcomes()["indexed"] == 1


def test_a_killed_run_loses_no_link_that_the_feed_has_dropped_since(desk: Desk) -> None:
    paths = [f"/{number}" for number in range(20)]
    desk.site(delay=0.2)
    desk.web = {f"http://a.example{path}": article(f"Новость номер {path}") for path in paths}
    desk.web["http://a.example/rss"] = feed(*paths)
    with SampleSites.from_pages(desk.web) as server:
        process = desk.start_crawl(server)
        deadline = time.monotonic() + 30
        while server.requests["http://a.example/2"] == 0 and time.monotonic() < deadline:
            time.sleep(0.02)  # waits for the crawl to be that far, not for a time
        process.kill()
        process.communicate()
    desk.site(delay=0)
    desk.web["http://a.example/rss"] = feed("/19")
    desk.crawl(now=LATER)
    assert stored(desk) == 20


def test_a_304_to_a_request_without_a_condition_is_a_failed_source(desk: Desk) -> None:
    desk.site()
    desk.web = {"http://a.example/rss": Page(b"", 304, validators=False)}
    done = desk.crawl()
    assert done.code == 1
    assert "304" in done.site("a.example")["sources"][0]["reason"]


def test_a_site_of_which_no_page_answers_fails(desk: Desk) -> None:
    desk.site()
    desk.web = {"http://a.example/rss": feed("/1", "/2"), "http://a.example/1": Page(b"", 500)}
    done = desk.crawl()
    assert (done.code, done.outcomes()) == (1, {"http_error": 2})
    assert "no page answered" in done.site("a.example")["errors"][0]


def test_a_retry_after_of_a_century_holds_for_a_day(desk: Desk) -> None:
    desk.site()
    desk.web = {"http://a.example/rss": Page(b"", 503, {"Retry-After": "4000000000"})}
    assert desk.crawl().code == 1
    desk.web = {"http://a.example/rss": feed("/1"), "http://a.example/1": article()}
    assert desk.crawl(now="2026-11-21T12:00:01+00:00").outcomes() == {"indexed": 1}


def test_another_hosts_robots_txt_leaves_the_sites_clean_params_alone(desk: Desk) -> None:
    desk.site(feeds=["http://feeds.example/rss"])
    desk.web = {
        "http://a.example/robots.txt": "User-agent: *\nClean-param: place /\n",
        "http://feeds.example/robots.txt": "User-agent: *\nAllow: /\n",
        "http://feeds.example/rss": feed("http://a.example/1?place=top"),
        "http://a.example/1": article(),
    }
    desk.crawl()
    desk.web["http://feeds.example/rss"] = feed("http://a.example/1?place=side")
    assert desk.crawl(now=LATER).outcomes() == {"known": 1}


def test_a_visit_that_was_left_over_ends_with_the_article_that_is_known(desk: Desk) -> None:
    desk.site()
    desk.web = {"http://a.example/rss": feed("/1"), "http://a.example/1": article()}
    desk.crawl()
    desk.web["http://a.example/1"] = Page(b"", 404)
    assert desk.crawl(now=AN_HOUR_LATER).outcomes() == {"http_error": 1}
    desk.web = {"http://a.example/rss": feed()}
    desk.crawl(now="2026-12-20T12:00:00+00:00")
    assert desk.crawl(now="2026-12-21T12:00:00+00:00").outcomes() == {}


def test_a_quiet_feed_is_asked_conditionally_for_good(desk: Desk) -> None:
    desk.site()
    desk.web = {"http://a.example/rss": feed("/1"), "http://a.example/1": article()}
    last = []
    for hour in ("12", "13", "19", "20"):
        desk.crawl(now=f"2026-11-20T{hour}:30:00+00:00")
        last.append(desk.statuses[desk.requests.index("http://a.example/rss")])
    assert last == [200, 304, 200, 304]


@pytest.mark.parametrize("method", ["put", "link", "candidates", "young", "known"])
def test_a_fault_of_our_own_is_told_by_the_exit_code(
    desk: Desk, method: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A method of the real engine raises, in a process of its own."""
    import multiprocessing

    desk.site()
    desk.web = {"http://a.example/rss": feed("/1"), "http://a.example/1": article()}
    context = multiprocessing.get_context("spawn")
    with SampleSites.from_pages(desk.web) as server:
        process = context.Process(
            target=_crawl_with_a_fault, args=(desk.index, f"{desk.folder}", server.address, method)
        )
        process.start()
        process.join(timeout=60)
    assert process.exitcode == 1
    report = json.loads((desk.folder / "report.json").read_text(encoding="utf-8"))
    site = report["sites"][0]
    assert sum(site["outcomes"].values()) == site["found"]


def _crawl_with_a_fault(index: str, folder: str, proxy: str, method: str) -> None:
    import os
    import sys
    from contextlib import redirect_stdout
    from pathlib import Path

    def broken(*arguments: object, **options: object) -> Sequence[object]:
        raise ValueError("a fault made for this test")

    os.environ |= {"http_proxy": proxy, "no_proxy": "", "SVODKA_NOW": NOON, "SVODKA_SITES": f"{folder}/sites"}
    from crawler.cli import main

    setattr(SqliteBackend, method, broken)
    with (Path(folder) / "report.json").open("w", encoding="utf-8") as file, redirect_stdout(file):
        code = main(["crawl", "--json", "--index", index])
    sys.exit(code)


def test_one_link_is_counted_once_though_its_article_is_stored_meanwhile(desk: Desk) -> None:
    """The second source is read when the first batch is stored already."""
    paths = [f"/{number}" for number in range(60)]
    canonical = '<link rel="canonical" href="http://a.example/news{}">'
    desk.site(feeds=["http://a.example/rss"], sitemaps=["http://a.example/slow.xml"])
    desk.web = {
        f"http://a.example{path}": article(f"Новость {path}", head=canonical.format(path)) for path in paths
    }
    asked: list[object] = []

    def slow(request: object) -> Page:
        asked.append(request)
        time.sleep(1.5)
        return Page(
            "<urlset>"
            + "".join(f"<url><loc>http://a.example{path}</loc></url>" for path in paths)
            + "</urlset>"
        )

    desk.web |= {"http://a.example/rss": feed(*paths), "http://a.example/slow.xml": slow}
    done = desk.crawl()
    assert done.outcomes() == {"indexed": 60}
    with closing(desk.open()) as index:
        assert index.search(Query(copies=True, limit=100)).total == 60
