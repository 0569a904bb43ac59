"""The overview as visitors meet it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from index.backend import Backend, Republished
from index.engine import look_at_index, open_index
from index.web.options import Limits
from index.web.server import served
from tests.index.web.browser import Answer, Browser
from tests.index.web.conftest import UNHURRIED, options_for
from tests.index.web.newsroom import COPIES, NOW, WIRE, fill
from tests.make import make_article, make_run


def section(page: Answer, id: str) -> Answer:
    """The part of the page under a heading."""
    heading = page.tree.get_element_by_id(id)
    part = next(each for each in heading.iterancestors() if each.get("aria-labelledby") == id)
    from lxml import etree

    return Answer(page.status, page.headers, etree.tostring(part, encoding="utf-8", with_tail=False))


def test_totals_and_days(browser: Browser) -> None:
    page = browser.get("/overview")
    assert page.status == 200
    assert page.texts("h1") == ["Overview"]
    assert page.texts(".totals > div") == [
        "Stories 4",
        "Articles 7",
        "Sites 5",
        "Newest story 20 Nov 2026, 10:00",
    ]
    assert page.texts("figcaption span") == ["22 October 2026", "By day (UTC)", "20 November 2026"]
    bars = page.tree.cssselect(".chart a")
    assert [bar.get("aria-label") for bar in bars] == [
        "11 November 2026: 1 story",
        "18 November 2026: 1 story",
        "19 November 2026: 1 story",
        "20 November 2026: 1 story",
    ]
    assert page.tree.cssselect(".chart svg")[0].get("viewbox") == "0 0 300 48", "thirty days, empty ones too"
    assert browser.get(bars[-1].get("href")).texts(".hit h2") == [WIRE.title]
    assert browser.get(page.link("4 stories")).texts("h1") == ["4 stories"]


def test_sources_are_searches_that_find_what_is_counted(browser: Browser) -> None:
    lines = section(browser.get("/overview"), "sources")
    assert len(lines.texts("li")) == 4
    for line, link in zip(lines.texts("li"), lines.links("li a"), strict=True):
        assert browser.get(link).texts("h1") == [line.split()[-1] + " story"], line


def test_who_republishes_whom(browser: Browser) -> None:
    pairs = section(browser.get("/overview"), "pairs")
    assert pairs.texts("tbody tr") == ["a.example Лента 1", "b.example Лента 1", "c.example Лента 1"]
    found = browser.get(pairs.links("tbody a")[0])
    assert found.texts("h1") == ["1 article"]
    assert found.links(".hit h2 a") == [f"/article/{COPIES[0].id}"]


@pytest.mark.parametrize("list_of", ["last_24_hours", "last_7_days"])
def test_most_republished(browser: Browser, list_of: str) -> None:
    top = section(browser.get("/overview?zone=Europe/Moscow&lang=en"), list_of)
    assert top.texts("h3") == [WIRE.title]
    assert top.texts(".about") == ["3 copies wire.example Лента 20 Nov 2026, 13:00"]
    story, site, source = top.links("a")
    assert story == f"/story/{_story(browser)}?zone=Europe%2FMoscow&lang=en"
    assert browser.get(site).texts("h1") == ["1 story"]
    assert browser.get(source).texts("h1") == ["1 story"]


def _story(browser: Browser) -> str:
    found: str = browser.get(f"/api/stories/{WIRE.id}").json["story_id"]
    return found


def test_other_days(browser: Browser) -> None:
    page = browser.get("/overview/2026-11-19")
    assert page.texts(".chart ~ *, .desk .summary .total a")[0] == "3 stories"
    assert "Newest story of these days no date, seen 19 Nov 2026" in page.texts(".totals")[0]
    assert page.texts("h2")[1] == "Most republished on the last of these days"
    assert not page.tree.cssselect("#silent")
    today = browser.get(page.link("Later"))
    assert today.texts(".totals") == browser.get("/overview").texts(".totals")
    assert page.link("Earlier") == "/overview/2026-10-20"
    assert browser.get("/overview/2026-11-20").texts("h2") == browser.get("/overview").texts("h2")


def test_days_without_stories_lead_to_the_newest_that_have_some(index_address: str) -> None:
    options = replace(options_for(index_address), clock=lambda: NOW + timedelta(days=300))
    with served(options) as base:
        page = Browser(base).get("/overview")
    assert page.status == 200
    (told,) = page.texts(".fault")
    assert told.startswith("The days you asked for have no stories. ")
    assert told.endswith(": 22 October 2026 – 20 November 2026.")
    assert section(page, "that_week").texts("h3") == [WIRE.title]
    assert page.texts(".summary .total a") == ["4 stories"]


@pytest.mark.parametrize("last", ["x", "2026-02-30", "9999-12-31", "0001-01-01", "%00", "2026-11-20%0a"])
def test_a_day_that_is_none_is_no_page(browser: Browser, last: str) -> None:
    assert browser.get(f"/overview/{last}").status == 404


def test_an_empty_index_says_what_to_do(empty_address: str) -> None:
    with served(options_for(empty_address)) as base:
        page = Browser(base).get("/overview")
    assert page.status == 200
    assert "svodka crawl" in page.text
    assert page.texts(".totals > div") == ["Stories 0", "Articles 0", "Sites 0"]


def test_silent_sites_are_those_without_a_late_article(make_address: Callable[[], str]) -> None:
    address = make_address()
    with closing(open_index(address)) as backend:
        fill(backend)
        for site, age in (("courier.example", 9), ("a.example", 0)):
            backend.put_run(make_run(site, NOW, newest_published_at=NOW - timedelta(days=age)))
        backend.put_run(make_run("mute.example", NOW, newest_published_at=None))
    with served(options_for(address)) as base:
        page = Browser(base).get("/overview")
    assert section(page, "silent").texts("li") == ["mute.example –", "courier.example 9 days ago"]


def test_figures_are_kept_for_a_while(make_address: Callable[[], str]) -> None:
    address = make_address()
    with closing(open_index(address)) as backend:
        fill(backend)
        limits = Limits(rate=1e6, burst=1_000_000, kept=3_600)
        with served(options_for(address, limits)) as base, served(options_for(address)) as anew:
            before = Browser(base).get("/overview").texts(".totals")
            backend.put([make_article(url="https://a.example/new", published_at=NOW)])
            assert Browser(base).get("/overview?lang=en").texts(".totals") == before
            assert "Articles 8" in Browser(anew).get("/overview").texts(".totals")[0]


def test_the_page_says_how_old_its_figures_are(browser: Browser) -> None:
    page = browser.get("/overview")
    assert page.texts(".summary .total")[0].endswith("at most once a minute; as of 20 Nov 2026, 15:00")
    assert UNHURRIED.kept == 0
    assert Limits().kept == 60, "as the page says"


def test_links_carry_zone_and_language(browser: Browser) -> None:
    page = browser.get("/overview?zone=Asia/Vladivostok&lang=ru")
    assert page.tree.get("lang") == "ru"
    links = [link for link in page.links("main a, header a") if not link.startswith("#")]
    assert len(links) > 15
    assert all("zone=Asia%2FVladivostok" in link and "lang=" in link for link in links)
    assert all("T00:00Z" in link for link in page.links(".chart a")), "days are UTC's"


def test_looking_only(index_address: str) -> None:
    with closing(look_at_index(index_address)) as backend:
        before = backend.stats()
    with served(options_for(index_address)) as base:
        assert Browser(base).get("/overview", method="POST").status == 405
    with closing(look_at_index(index_address)) as backend:
        assert backend.stats() == before


@pytest.mark.parametrize("path", ["/", "/overview", "/health", "/api"])
def test_the_navigation_marks_where_one_is(browser: Browser, path: str) -> None:
    page = browser.get(path)
    marked = page.tree.cssselect("header nav a[aria-current=page]")
    assert [each.get("href") for each in marked] == [path]
    assert page.texts("header nav.pages-of a") == ["Search", "Overview", "Crawl health", "API"]


@dataclass
class Counted:
    """An index that counts how often it was asked who republishes whom, which the overview asks for once."""

    backend: Backend
    asked: list[object]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.backend, name)

    def republished(self, *period: datetime) -> list[Republished]:
        self.asked.append(period)
        return self.backend.republished(*period)


def test_days_without_stories_are_not_counted_each(index_address: str) -> None:
    asked: list[object] = []
    options = options_for(index_address, Limits(rate=1e6, burst=1_000_000, kept=3_600))
    opening = lambda: cast(Backend, Counted(look_at_index(index_address), asked))  # noqa: E731 - of one line
    with served(replace(options, open=opening)) as base:
        browser = Browser(base)
        pages = [browser.get(f"/overview/{year}-01-01") for year in range(1990, 2010)]
        shown = {tuple(page.texts(".summary .total a") + page.texts(".fault")) for page in pages}
        assert len(shown) == 1
        assert len(asked) == 1
        assert browser.get("/overview/2026-11-19").status == 200
        assert len(asked) == 2, "other stories"
