"""Whole crawls: real `svodka crawl` processes against a loopback web."""

from __future__ import annotations

import time

import pytest

from crawler.demo.page import Page, Request
from crawler.demo.server import SampleSites
from index.search.query import Query
from index.search.results import Hit
from tests.desk import Desk, article, feed

LATER = "2026-11-20T12:05:00+00:00"
AN_HOUR_LATER = "2026-11-20T13:00:00+00:00"


@pytest.fixture
def two_articles(desk: Desk) -> Desk:
    desk.site()
    desk.web = {
        "http://a.example/rss": feed("/1", "/2"),
        "http://a.example/1": article("Мост через Быструю открыли"),
        "http://a.example/2": article("Музей получил картину", "Городской музей получил в дар картину, написанную"
                                      " сто лет назад местным художником, и покажет её зимой."),
    }  # fmt: skip
    return desk


def test_new_articles_are_stored_and_exit_code_is_0(two_articles: Desk) -> None:
    done = two_articles.crawl()
    assert (done.code, done.outcomes()) == (0, {"indexed": 2})


def test_known_articles_are_not_fetched_again(two_articles: Desk) -> None:
    two_articles.crawl()
    two_articles.web["http://a.example/rss"] = feed("/1", "/2", "/1?utm_source=rss")
    assert two_articles.crawl(now=LATER).outcomes() == {"known": 2}
    assert two_articles.requests == ["http://a.example/robots.txt", "http://a.example/rss"]


def test_an_unchanged_feed_is_answered_with_304_and_not_read(two_articles: Desk) -> None:
    two_articles.crawl()
    site = two_articles.crawl(now=LATER).site("a.example")
    assert [source["status"] for source in site["sources"]] == ["not_modified"]
    assert two_articles.statuses[-1] == 304


def test_a_feed_without_validators_is_known_by_its_body(two_articles: Desk) -> None:
    two_articles.web["http://a.example/rss"] = Page(feed("/1", "/2"), validators=False)
    two_articles.crawl()
    site = two_articles.crawl(now=LATER).site("a.example")
    assert [source["status"] for source in site["sources"]] == ["not_modified"]
    assert two_articles.statuses[-1] == 200


def test_a_304_that_lies_is_found_out_by_the_full_fetch(two_articles: Desk) -> None:
    two_articles.crawl()
    lies = {"ETag": '"always the same"'}

    def feed_that_lies(request: Request) -> Page:
        if "if-none-match" in request.headers:
            return Page(b"", 304, validators=False)
        return Page(feed("/1", "/2", "/3"), headers=lies, validators=False)

    two_articles.web |= {
        "http://a.example/rss": feed_that_lies,
        "http://a.example/3": article("Третья новость"),
    }
    assert two_articles.crawl(now=LATER).outcomes() == {}
    assert two_articles.crawl(now="2026-11-20T19:00:00+00:00").outcomes()["indexed"] == 1


def test_a_young_article_is_looked_at_again_and_an_edit_is_a_revision(two_articles: Desk) -> None:
    two_articles.crawl()
    two_articles.web["http://a.example/1"] = article("Мост через Быструю открыли и закрыли")
    assert two_articles.crawl(now=AN_HOUR_LATER).outcomes() == {"revised": 1, "unchanged": 1}
    index = two_articles.open()
    titles = {
        each.title: each.revision for each in index.get([hit.id for hit in _all(two_articles)]).values()
    }
    index.close()
    assert titles == {"Мост через Быструю открыли и закрыли": 2, "Музей получил картину": 1}


def _all(desk: Desk) -> list[Hit]:
    index = desk.open()
    hits = index.search(Query(copies=True, limit=100)).hits
    index.close()
    return list(hits)


def test_every_way_out_is_counted_once(desk: Desk) -> None:
    desk.site(articles={"min_words": 8, "deny": ["^/video/"]})
    desk.web = {
        "http://a.example/robots.txt": "User-agent: *\nDisallow: /private/\n",
        "http://a.example/rss": feed(
            "/1",
            "/404",
            "/private/1",
            "/video/1",
            "http://b.example/1",
            "/short",
            "/moved",
            "/photo.jpg",
            "/empty",
        ),
        "http://a.example/1": article(),
        "http://a.example/private/1": article("Тайное"),
        "http://a.example/short": article("Молния", "Мост открыт сегодня."),
        "http://a.example/moved": Page(b"", 302, {"Location": "http://b.example/elsewhere"}),
        "http://a.example/photo.jpg": Page(b"\xff\xd8\xff", headers={"Content-Type": "image/jpeg"}),
        "http://a.example/empty": Page(b"", headers={"Content-Type": "text/html"}),
        "http://b.example/elsewhere": article("Чужое"),
    }
    done = desk.crawl()
    assert done.outcomes() == {
        "indexed": 1, "http_error": 1, "robots": 1, "outside_site": 3, "too_short": 1, "not_an_article": 2,
    }  # fmt: skip
    assert done.code == 0
    assert "http://a.example/private/1" not in desk.requests
    assert done.site("a.example")["reasons"]["http_error: HTTP status 404"] == 1


def test_robots_txt_that_forbids_the_feed_fails_the_site(desk: Desk) -> None:
    desk.site()
    desk.web = {
        "http://a.example/robots.txt": "User-agent: *\nDisallow: /\n",
        "http://a.example/rss": feed("/1"),
    }
    done = desk.crawl()
    assert done.code == 1
    assert done.site("a.example")["sources"][0]["reason"] == "robots.txt forbids it"


def test_a_failed_link_is_tried_again_though_the_feed_dropped_it(desk: Desk) -> None:
    desk.site()
    desk.web = {"http://a.example/rss": feed("/1"), "http://a.example/1": Page(b"down", 503)}
    assert desk.crawl().outcomes() == {"http_error": 1}
    desk.web = {"http://a.example/rss": feed(), "http://a.example/1": article()}
    assert desk.crawl(now=LATER).outcomes() == {}
    assert desk.crawl(now=AN_HOUR_LATER).outcomes() == {"indexed": 1}


def test_limit_leaves_the_rest_for_the_next_run(two_articles: Desk) -> None:
    assert two_articles.crawl("--limit", "1").outcomes() == {"indexed": 1, "deferred": 1}
    assert two_articles.crawl(now=LATER).outcomes()["indexed"] == 1


def test_dry_run_fetches_and_keeps_nothing(two_articles: Desk) -> None:
    done = two_articles.crawl("--dry-run")
    assert done.site("a.example")["would_fetch"] == ["http://a.example/1", "http://a.example/2"]
    assert "http://a.example/1" not in two_articles.requests
    assert two_articles.crawl(now=LATER).outcomes() == {"indexed": 2}


def test_two_links_to_one_article_make_one_article(desk: Desk) -> None:
    canonical = '<link rel="canonical" href="http://a.example/news/1">'
    desk.site()
    desk.web = {
        "http://a.example/rss": feed("/1?utm_source=x", "/1?utm_source=y", "/amp/1"),
        "http://a.example/1": article(head=canonical),
        "http://a.example/amp/1": article(head=canonical),
    }
    assert desk.crawl().outcomes() == {"indexed": 1, "unchanged": 1}
    desk.web["http://a.example/rss"] = feed("/1", "/amp/1", "/news/1")
    assert desk.crawl(now=LATER).outcomes() == {"known": 1}


def test_sitemap_index_children_and_old_entries(desk: Desk) -> None:
    desk.site(sitemaps=["http://a.example/sitemap.xml"])
    ns = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    desk.web = {
        "http://a.example/sitemap.xml": f"<sitemapindex {ns}>"
        "<sitemap><loc>http://a.example/new.xml</loc><lastmod>2026-11-20</lastmod></sitemap>"
        "<sitemap><loc>http://a.example/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap></sitemapindex>",
        "http://a.example/new.xml": f"<urlset {ns}>"
        "<url><loc>http://a.example/1</loc><lastmod>2026-11-20T10:00:00Z</lastmod></url>"
        "<url><loc>http://a.example/2</loc><lastmod>2025-01-01</lastmod></url></urlset>",
        "http://a.example/1": article(),
    }
    done = desk.crawl()
    assert done.outcomes() == {"indexed": 1}
    assert [source["older"] for source in done.site("a.example")["sources"]] == [0, 1]
    assert "http://a.example/old.xml" not in desk.requests
    desk.web["http://a.example/2"] = article("Старая новость")
    assert desk.crawl("--since", "2024-01-01", now=LATER).outcomes()["indexed"] == 1


def test_listing_pages_are_turned(desk: Desk) -> None:
    listing = {"url": "http://a.example/news", "links": "a.card", "next": "a.next", "max_pages": 2}
    desk.site(listings=[listing])
    desk.web = {
        "http://a.example/news": '<a class="card" href="/1">один</a><a class="next" href="/news?p=2">дальше</a>',
        "http://a.example/news?p=2": '<a class="card" href="/2">два</a><a class="next" href="/news?p=3">дальше</a>',
        "http://a.example/1": article("Первая новость"),
        "http://a.example/2": article("Вторая новость"),
    }
    assert desk.crawl().outcomes() == {"indexed": 2}
    assert "http://a.example/news?p=3" not in desk.requests


def test_crawl_delay_of_robots_txt_is_kept(two_articles: Desk) -> None:
    two_articles.web["http://a.example/robots.txt"] = "User-agent: *\nCrawl-delay: 0.5\n"
    moments: list[float] = []
    page = two_articles.web["http://a.example/1"]

    def timed(request: Request) -> Page:
        moments.append(time.monotonic())
        return Page(str(page))

    two_articles.web |= {"http://a.example/1": timed, "http://a.example/2": timed}
    two_articles.crawl()
    assert moments[1] - moments[0] >= 0.25  # Scrapy spreads a delay over 0.5 to 1.5 times its length


def test_clean_param_of_robots_txt_names_parameters_that_do_not_matter(desk: Desk) -> None:
    desk.site()
    desk.web = {
        "http://a.example/robots.txt": "User-agent: *\nClean-param: place /\n",
        "http://a.example/rss": feed("/1?place=top", "/1?place=side"),
        "http://a.example/1": article(),
    }
    assert desk.crawl().outcomes() == {"indexed": 1}


def test_a_short_retry_after_is_waited_for(desk: Desk) -> None:
    asked: list[float] = []

    def busy_once(request: Request) -> Page:
        asked.append(time.monotonic())
        return Page(b"busy", 429, {"Retry-After": "1"}) if len(asked) == 1 else Page(article())

    desk.site()
    desk.web = {"http://a.example/rss": feed("/1"), "http://a.example/1": busy_once}
    assert desk.crawl().outcomes() == {"indexed": 1}
    assert asked[1] - asked[0] >= 0.5


def test_a_long_retry_after_ends_the_run_and_keeps_the_next_ones_away(two_articles: Desk) -> None:
    two_articles.web["http://a.example/1"] = Page(b"busy", 503, {"Retry-After": "7200"})
    done = two_articles.crawl()
    assert done.code == 1
    assert "asks for a pause of 7200 s" in done.site("a.example")["errors"][0]
    assert done.outcomes().get("deferred", 0) >= 1
    two_articles.web["http://a.example/1"] = article()
    held = two_articles.crawl(now=AN_HOUR_LATER)
    assert (held.code, two_articles.requests) == (1, [])
    assert two_articles.crawl(now="2026-11-20T14:30:00+00:00").code == 0
    assert len(_all(two_articles)) == 2


def test_a_private_address_is_refused_unless_the_site_allows_it(desk: Desk) -> None:
    desk.site(allow_private=False)
    desk.web = {
        "http://a.example/rss": feed("/1"),
        "http://a.example/1": Page(b"", 302, {"Location": "http://127.0.0.1:9200/_cat/indices"}),
    }
    done = desk.crawl()
    assert done.outcomes() == {"outside_site": 1}
    assert not any("9200" in url for url in desk.requests)


def test_sigterm_stores_what_was_fetched_and_leaves_the_rest_for_the_next_run(desk: Desk) -> None:
    paths = [f"/{number}" for number in range(30)]
    desk.site(delay=0.3)
    desk.web = {"http://a.example/rss": feed(*paths)}
    desk.web |= {f"http://a.example{path}": article(f"Новость номер {path}") for path in paths}
    with SampleSites.from_pages(desk.web) as server:
        process = desk.start_crawl(server)
        deadline = time.monotonic() + 30
        while server.requests["http://a.example/2"] == 0 and time.monotonic() < deadline:
            time.sleep(0.02)  # waits for the crawl to be under way, not for a time
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "stopping:" in errors
    index = desk.open()
    stored = index.stats()["articles"]
    assert not index.check().faults
    index.close()
    assert 2 <= stored < 30
    desk.site(delay=0)
    assert desk.crawl(now=LATER).outcomes()["indexed"] == 30 - stored


def test_scrapys_own_commands_know_the_sites(two_articles: Desk) -> None:
    import os
    import subprocess
    import sys

    environment = os.environ | {
        "SVODKA_SITES": f"{two_articles.folder}/sites",
        "SVODKA_INDEX": two_articles.index,
    }
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], env=environment, capture_output=True, text=True, check=True)
    assert listed.stdout.split() == ["a.example"]
    with SampleSites.from_pages(two_articles.web) as server:
        environment |= {"http_proxy": server.address, "no_proxy": ""}
        subprocess.run([*scrapy, "crawl", "a.example"], env=environment, capture_output=True, check=True)
    assert len(_all(two_articles)) == 2
