"""Atom, CSV and OpenSearch of a search."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

import feedparser
import pytest
from lxml import etree

from index.engine import open_index
from index.web.csv_rows import COLUMNS
from index.web.options import Limits
from index.web.server import served
from tests.index.web.browser import Answer, Browser
from tests.index.web.conftest import options_for
from tests.index.web.newsroom import ARTICLES, COPIES, UNDATED, WIRE
from tests.make import make_article

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def rows(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))


def test_a_feed_lists_the_newest_hits(browser: Browser) -> None:
    answer = browser.get("/search.atom?q=мост")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.body)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert [entry.title for entry in feed.entries] == [WIRE.title, UNDATED.title, "Музей реки открыт"]
    assert feed.entries[0].link == WIRE.url
    assert feed.entries[0].published == "2026-11-20T10:00:00Z"
    assert feed.entries[0].updated == "2026-11-20T13:00:00Z", "its latest copy"
    assert "&lt;mark&gt;мост&lt;/mark&gt;" in answer.text, "HTML in a text"
    assert feed.feed.updated == feed.entries[0].updated


def test_a_feed_has_what_rfc_4287_asks_for(browser: Browser) -> None:
    root = etree.fromstring(browser.get("/search.atom?copies=1").body)
    for element in [root, *root.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert element.findall(f"{ATOM}author/{ATOM}name")
        moment = element.findtext(f"{ATOM}updated")
        assert moment is not None
        assert datetime.fromisoformat(moment).tzinfo is not None
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "self": f"{browser.base}/search.atom?copies=1&sort=date",
        "alternate": f"{browser.base}/?copies=1&sort=date",
    }
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == len(ARTICLES)


def test_ids_of_a_feed_are_the_same_wherever_it_is_read(browser: Browser, index_address: str) -> None:
    def ids(one: Browser, path: str) -> list[str | None]:
        return [each.text for each in etree.fromstring(one.get(path).body).iter(f"{ATOM}id")]

    here = ids(browser, "/search.atom?q=мост")
    with served(options_for(index_address)) as base:
        assert ids(Browser(base, "ru"), "/search.atom?q=мост") == here
    assert ids(browser, "/search.atom?q=паромы")[0] != here[0], "another search is another feed"
    assert set(ids(browser, "/search.atom?q=паромы")[1:]) < set(here), "an article is one entry in all"


def test_an_empty_feed_is_a_feed(browser: Browser) -> None:
    feed = feedparser.parse(browser.get("/search.atom?q=zzz").body)
    assert (bool(feed.bozo), feed.entries, feed.feed.updated) == (False, [], "2026-11-20T15:00:00Z")


def test_the_table_has_every_hit(browser: Browser) -> None:
    answer = browser.get("/search.csv?copies=1&sort=date")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert "attachment" in answer.headers["content-disposition"]
    found = rows(answer)
    assert list(found[0]) == list(COLUMNS)
    assert {row["url"] for row in found} == {article.url for article in ARTICLES}
    wire = next(row for row in found if row["id"] == WIRE.id)
    assert (wire["copies"], wire["outlets"]) == ("3", "a.example; b.example; c.example; wire.example")
    assert (wire["source"], wire["published_at"], wire["authors"]) == (
        "Лента",
        "2026-11-20T10:00:00Z",
        "Вера Лугова",
    )
    assert all(line.endswith(b"\r\n") for line in answer.body.splitlines(keepends=True))


def test_cells_run_nothing(empty_address: str) -> None:
    titles = ["=1+1", "+7 495", "-5 градусов", "@дмин", "\t=1", ' "=x', "Обычный, с запятой", "Две\nстроки"]
    with closing(open_index(empty_address)) as backend:
        backend.put([make_article(url=f"https://x/{n}", title=title) for n, title in enumerate(titles)])
    with served(options_for(empty_address)) as base:
        found = {row["title"] for row in rows(Browser(base).get("/search.csv"))}
    assert found == {
        "'=1+1",
        "'+7 495",
        "'-5 градусов",
        "'@дмин",
        "'\t=1",
        ' "=x',
        "Обычный, с запятой",
        "Две\nстроки",
    }


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """1,300 articles, of which a table may hold 1,200."""
    address = f"sqlite:///{tmp_path_factory.mktemp('long')}/svodka.db"
    with closing(open_index(address)) as backend:
        backend.put([make_article(url=f"https://x.example/{n}", title=f"Мост {n}") for n in range(1_300)])
    limits = Limits(rate=1e6, burst=1_000, export=1_200)
    with served(options_for(address, limits)) as base:
        yield Browser(base)


def test_a_long_table_comes_in_pieces_and_ends_where_it_must(long: Browser) -> None:
    answer = long.get("/search.csv?q=мост")
    assert "content-length" not in answer.headers, "sent as it is found"
    found = [row["id"] for row in rows(answer)]
    assert len(found) == len(set(found)) == 1_200


def test_a_bad_query_is_told_before_anything_is_sent(browser: Browser) -> None:
    for path in ("/search.csv?q=)", "/search.atom?q=)", "/search.json?q=)", "/api/search?q=)"):
        answer = browser.get(path)
        assert answer.status == 400, path
        assert "closes nothing" in answer.text
    assert browser.get("/search.json?q=)").json["error"]["status"] == 400


def test_a_browser_can_add_the_search(browser: Browser) -> None:
    (link,) = browser.get("/").links("link[rel=search]")
    answer = browser.get(link)
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    root = etree.fromstring(answer.body)
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    name, description = root.findtext(f"{OPENSEARCH}ShortName"), root.findtext(f"{OPENSEARCH}Description")
    assert 0 < len(name or "") <= 16
    assert 0 < len(description or "") <= 1_024
    urls = {each.get("type"): each.get("template", "") for each in root.findall(f"{OPENSEARCH}Url")}
    assert set(urls) == {"text/html", "application/atom+xml", "application/json"}
    for template in urls.values():
        path = (
            template.removeprefix(browser.base).replace("{searchTerms}", "мост").replace("{startPage?}", "")
        )
        assert browser.get(path).status == 200
    assert browser.get("/opensearch.xml", Host="localhost:99").text.count("http://localhost:99/") == 4


def test_the_pages_lead_to_the_ways_out(browser: Browser) -> None:
    page = browser.search("паромы", copies="1")
    links = page.links(".bottom a")
    assert [browser.get(link).status for link in links] == [200, 200, 200]
    assert len(rows(browser.get(links[2]))) == len(COPIES) + 1
