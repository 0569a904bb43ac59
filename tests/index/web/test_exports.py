"""Atom, CSV and OpenSearch of a search."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from unicodedata import category

import feedparser
import pytest
from lxml import etree

from index.engine import open_index
from index.web.csv_rows import COLUMNS, defused
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
        "self": f"{browser.base}/search.atom?copies=1",
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
    assert (bool(feed.bozo), feed.entries, feed.feed.updated) == (False, [], "1970-01-01T00:00:00Z")


def test_a_feed_is_always_the_newest_first(browser: Browser) -> None:
    newest = browser.get("/search.atom?q=мост&copies=1")
    assert browser.get("/search.atom?q=мост&copies=1&sort=copies").body == newest.body
    times = [entry.published for entry in feedparser.parse(newest.body).entries]
    assert times == sorted(times, reverse=True)


def test_pages_announce_the_feed_of_their_search(browser: Browser) -> None:
    page = browser.get("/?q=мост&copies=1&lang=ru&sort=copies&limit=20&page=2")
    assert page.links("link[rel=alternate]") == ["/search.atom?q=мост&copies=1&lang=ru"]
    assert "/search.atom?q=мост&copies=1&lang=ru" in page.links(".bottom a")


def test_a_feed_is_sent_once(browser: Browser) -> None:
    path = "/search.atom?q=мост"
    answer = browser.get(path, Accept_Encoding="gzip")
    tag = answer.headers["etag"]
    assert (answer.headers["cache-control"], tag[:3]) == ("no-cache", 'W/"')
    for condition in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
        again = browser.get(path, If_None_Match=condition)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag), condition
    assert browser.get(path, If_None_Match='"x"').status == 200
    assert browser.get("/search.atom?q=паромы", If_None_Match=tag).status == 200


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
        "'\t'=1",
        ' "=x',
        "Обычный, с запятой",
        "Две\nстроки",
    }


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("Итоги;=1+1", "Итоги;'=1+1"),
        ("Итоги; \u00a0@x; дела", "Итоги; \u00a0'@x; дела"),
        ("Итоги\t-1", "Итоги\t'-1"),
        ("Итоги\r\n+7", "Итоги\r\n'+7"),
        ("Итоги\u2028=x", "Итоги\u2028'=x"),
        ('Итоги;"=x"', 'Итоги;"\'=x"'),
        ("\u00a0=1", "'\u00a0=1"),
        ("\u200b\ufeff=1", "'\u200b\ufeff=1"),
        ("\u3164＝1", "'\u3164＝1"),
        ("А - Б; В-Г", "А - Б; В-Г"),
        ("", ""),
    ],
)
def test_nothing_in_a_cell_runs_either(cell: str, safe: str) -> None:
    assert defused(cell) == safe


def test_nothing_unseen_hides_a_formula() -> None:
    unseen = [c for c in map(chr, range(sys.maxunicode + 1)) if category(c) in {"Zs", "Zl", "Zp", "Cc", "Cf"}]
    assert len(unseen) > 200
    assert [c for c in unseen if not defused(f"{c}=1").startswith("'")] == []
    assert [c for c in unseen if "'" not in defused(f"x;{c}=1")] == []


def test_a_table_is_not_paged(browser: Browser) -> None:
    whole = browser.get("/search.csv?copies=1")
    assert browser.get("/search.csv?copies=1&page=9999&limit=100").body == whole.body


def test_head_of_a_table_tells_no_wrong_length(browser: Browser) -> None:
    for path in ("/search.csv", "/search.csv?q=zzz"):
        for encoding in ("identity", "gzip"):
            head = browser.get(path, method="HEAD", Accept_Encoding=encoding)
            assert (head.status, head.body, "content-length" in head.headers) == (200, b"", False)
            assert head.headers["content-type"].startswith("text/csv")


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


def test_a_feed_has_fifty_entries_unless_told(long: Browser) -> None:
    def told(path: str) -> tuple[int, str]:
        root = etree.fromstring(long.get(path).body)
        own = root.find(f"{ATOM}link[@rel='self']")
        assert own is not None
        return len(root.findall(f"{ATOM}entry")), own.get("href", "").removeprefix(long.base)

    for path in ("/search.atom", "/search.atom?limit=10", "/search.atom?q=мост&limit=100"):
        count, own = told(path)
        assert (count, own) == (int(path.partition("limit=")[2] or 50), path)
    assert told("/search.atom?limit=50")[0] == 50
    assert told("/search.atom?q=мост&page=2") == (50, "/search.atom?q=мост&page=2")
