"""The content of the sample sites: whole, linked, harmless, and as `expected.json` says."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import pytest
import Stemmer
from lxml import etree

import crawler.demo
from crawler.agencies import load_agencies
from crawler.demo.article import SampleArticle
from crawler.demo.content import CLOCKS, LAYERS, Edition, paragraphs_of, read_editions, read_hosts
from crawler.demo.page import Page, Request
from crawler.demo.server import SampleSites
from crawler.outcome import OUTCOMES
from crawler.site import Site, load_sites
from index.day import at_noon

DEMO = Path(crawler.demo.__file__).parent
RUNS = ("first", "second")
EXPECTED: dict[str, Any] = json.loads((DEMO / "expected.json").read_text("utf-8"))
SITES, FAULTS = load_sites(DEMO / "sites")
WORD = re.compile(r"[^\W_]+")


@cache
def editions() -> list[Edition]:
    return read_editions(DEMO)


@cache
def articles(run: str) -> dict[str, SampleArticle]:
    hosts = read_hosts(DEMO, LAYERS[: RUNS.index(run) + 1])
    return {article.url: article for host in hosts for article in host.articles}


def paragraphs(run: str, url: str) -> list[str]:
    article = articles(run)[url]
    return ([article.lead] if article.lead else []) + paragraphs_of(article, articles("second"))


def page(run: str, url: str) -> Page:
    found = editions()[RUNS.index(run)].pages[url]
    assert isinstance(found, Page)
    return found


def expected_articles(run: str) -> dict[str, dict[str, str]]:
    """The rows of `expected.json` after a run, with what the first run left."""
    rows: dict[str, dict[str, str]] = dict(EXPECTED["first"]["articles"])
    return rows if run == "first" else rows | EXPECTED["second"]["articles"]


def expected_stories(run: str) -> dict[str, list[str]]:
    """Copies by canonical article after a run."""
    named = [story for each in RUNS[: RUNS.index(run) + 1] for story in EXPECTED[each]["stories"]]
    return {story["canonical"]: story["copies"] for story in named}


def found_links(run: str, site: Site) -> set[str]:
    """Article links of a site's sources, read in the plainest way, tracking parameters dropped."""
    links: set[str] = set()
    for url in [*site.feeds, *site.sitemaps]:
        links |= _xml_links(run, url)
    for listing in site.listings:
        links |= _listed(run, listing.url)
    return {link.partition("?utm_")[0] for link in links}


def _xml_links(run: str, url: str) -> set[str]:
    body = page(run, url).data
    body = gzip.decompress(body) if url.endswith(".gz") else body
    if b"<html" in body:
        return set()
    tree = etree.fromstring(body, etree.XMLParser(recover=True))
    if etree.QName(tree).localname == "sitemapindex":
        children = strings(tree, "//*[local-name()='loc']/text()")
        return set().union(*(_xml_links(run, child) for child in children))
    found = "//*[local-name()='item']/*[local-name()='link']/text() | //*[local-name()='entry']/*/@href"
    return set(strings(tree, f"{found} | //*[local-name()='url']/*[local-name()='loc']/text()"))


def strings(tree: etree._Element, xpath: str) -> list[str]:
    found = tree.xpath(xpath)
    assert isinstance(found, list)
    return [str(each) for each in found]


def _listed(run: str, url: str) -> set[str]:
    tree = etree.HTML(page(run, url).data)
    links = strings(tree, "//a[@class='news']/@href | //ul[@class='stories']//a/@href")
    more = strings(tree, "//a[@class='next']/@href")
    return {urljoin(url, link) for link in links}.union(*(_listed(run, urljoin(url, link)) for link in more))


@cache
def words(text: str) -> list[str]:
    """Stemmed words, Russian and English by the Snowball rules, ё as е."""
    stemmers = [Stemmer.Stemmer("russian"), Stemmer.Stemmer("english")]
    plain = WORD.findall(text.lower().replace("ё", "е"))
    return [stemmers[word[0] < "а"].stemWord(word) for word in plain]


def has(text: list[str], phrase: list[str]) -> bool:
    return any(text[at : at + len(phrase)] == phrase for at in range(len(text)))


def search(run: str, query: str, copies: bool) -> list[str]:
    """Titles that a query finds: every word or phrase in one article, `source:` by the expected source."""
    rows = expected_articles(run)
    hidden = {url for urls in expected_stories(run).values() for url in urls}
    parts = [words(quoted or word) for quoted, word in re.findall(r'"([^"]+)"|(\S+)', query)]
    titles = []
    for url, row in rows.items():
        text = words(" . ".join([row["title"], *paragraphs(run, url)]))
        matches = row["source"] == query.removeprefix("source:") or all(has(text, part) for part in parts)
        if matches and (copies or url not in hidden):
            titles.append(row["title"])
    return titles


def test_the_site_files_are_sound_and_complete() -> None:
    assert FAULTS == []
    assert set(SITES) == {path.name for path in (DEMO / "pages").iterdir()}
    assert {path.name for path in (DEMO / "second").iterdir()} <= set(SITES)
    for name, site in SITES.items():
        assert site.domains == [name]
        assert (site.delay, site.allow_private, site.verified) == (0, True, True)


def test_the_agencies_are_known_to_attribution() -> None:
    agencies = load_agencies(DEMO / "sites" / "agencies.toml")
    for host in ("svodnaya.example", "meridian-wire.example"):
        agency = agencies.by_host(host)
        assert agency
        stories = [url for url in articles("second") if urlsplit(url).netloc == host]
        assert all(agency.is_article(url) for url in stories)
        assert not agency.is_article(f"http://{host}/about/")


def test_there_is_enough_to_read() -> None:
    assert len(articles("first")) == 53
    assert len(articles("second")) == 58


@pytest.mark.parametrize("url", sorted(articles("second")))
def test_articles_are_of_realistic_length(url: str) -> None:
    article = articles("second")[url]
    count = sum(len(WORD.findall(part)) for part in paragraphs("second", url))
    if "/molniya-" in url:
        assert count < SITES["svodnaya.example"].articles.min_words
    elif article.paragraphs:
        assert count >= 40
    else:
        assert 80 <= count <= 350
        assert 4 <= len(paragraphs("second", url)) <= 8


@pytest.mark.parametrize("run", RUNS)
def test_dates_lie_in_the_days_before_the_clock(run: str) -> None:
    clock = CLOCKS[RUNS.index(run)]
    for article in articles(run).values():
        for moment in (article.published, article.modified):
            assert moment is None or clock - timedelta(days=5) < moment < clock


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", sorted(SITES))
def test_the_links_found_are_those_expected(name: str, run: str) -> None:
    wanted = Counter(url for urls in EXPECTED["first"]["links"][name].values() for url in urls)
    if run == "second":
        wanted |= Counter(EXPECTED["second"]["links"].get(name, {}).get("indexed", []))
    assert max(wanted.values()) == 1
    assert found_links(run, SITES[name]) == set(wanted)


@pytest.mark.parametrize("name", sorted(SITES))
def test_every_link_answers_as_its_outcome_says(name: str) -> None:
    with SampleSites(editions()) as server:
        for outcome, urls in EXPECTED["first"]["links"][name].items():
            assert outcome in OUTCOMES
            for url in urls:
                status = server.answer(Request("GET", url)).status
                assert (status >= 400) == (
                    outcome == "http_error" or not SITES[name].owns(urlsplit(url).netloc)
                )


@pytest.mark.parametrize("run", RUNS)
def test_every_article_is_linked(run: str) -> None:
    found = set().union(*(found_links(run, site) for site in SITES.values()))
    assert set(articles(run)) <= found


@pytest.mark.parametrize("run", RUNS)
def test_expected_articles_are_the_articles(run: str) -> None:
    rows = expected_articles(run)
    assert set(rows) == {url for url in articles(run) if "/molniya-" not in url}
    for url, row in rows.items():
        assert row["title"] == articles(run)[url].title
        assert datetime.fromisoformat(row["published_at"]) == _published(
            articles(run)[url], row.get("precision")
        )


def _published(article: SampleArticle, precision: str | None) -> datetime:
    if article.published is None:
        assert precision == "unknown"
        return CLOCKS[0]
    zone = ZoneInfo(SITES[article.host].time_zone)
    local = article.published.astimezone(zone)
    return at_noon(local.date()) if precision == "day" else local


@pytest.mark.parametrize("run", RUNS)
def test_expected_outcomes_and_counts_add_up(run: str) -> None:
    links = EXPECTED[run]["links"].values()
    indexed = {url for outcomes in links for url in outcomes.get("indexed", [])}
    revised = {url for outcomes in links for url in outcomes.get("revised", [])}
    assert set(EXPECTED[run]["articles"]) == indexed | revised
    rows, copies = expected_articles(run), sum(map(len, expected_stories(run).values()))
    assert EXPECTED[run]["counts"] == {
        "articles": len(rows),
        "copies": copies,
        "stories": len(rows) - copies,
        "revised": len(revised),
    }
    assert datetime.fromisoformat(EXPECTED[run]["clock"]) == CLOCKS[RUNS.index(run)]


@pytest.mark.parametrize("run", RUNS)
def test_expected_stories_are_the_copies(run: str) -> None:
    present = articles(run)
    copies = {url: each.copy_of for url, each in present.items() if each.copy_of in present}
    assert {url: top for top, urls in expected_stories(run).items() for url in urls} == copies


@pytest.mark.parametrize("run", RUNS)
def test_expected_sources_follow_the_marks(run: str) -> None:
    for url, row in expected_articles(run).items():
        article = articles(run)[url]
        marked = article.copy_of and (article.end or article.dateline)
        assert row["source"] == urlsplit(article.copy_of if marked else url).netloc


def test_the_edited_article_is_the_only_one_revised() -> None:
    revised = [url for sites in EXPECTED["second"]["links"].values() for url in sites.get("revised", [])]
    before, after = articles("first"), articles("second")
    assert revised == [url for url in before if before[url] != after[url]]
    assert paragraphs("first", revised[0]) != paragraphs("second", revised[0])


def test_only_copies_share_their_words() -> None:
    """Texts that are no copies have less than a third of their four-word runs in common, rates aside."""
    own = {
        url: _runs(paragraphs("second", url)) for url, each in articles("second").items() if not each.copy_of
    }
    for url, runs in own.items():
        for other, theirs in own.items():
            if url < other and not ("/rates/" in url and "/rates/" in other):
                assert len(runs & theirs) <= min(len(runs), len(theirs)) / 3, (url, other)


def _runs(text: Iterable[str]) -> set[tuple[str, ...]]:
    flat = words(" ".join(text))
    return set(zip(flat, flat[1:], flat[2:], flat[3:], strict=False))


def test_the_daily_template_differs_in_its_numbers_alone() -> None:
    texts = [paragraphs("first", url) for url in articles("first") if "/rates/" in url]
    assert len(texts) == 3
    skeletons = [re.sub(r"\d+|копе\w+|подорожал|подешевел", "#", "\n".join(text)) for text in texts]
    assert len(set(skeletons)) == 1
    assert len({tuple(text) for text in texts}) == 3


@pytest.mark.parametrize(
    ("run", "query", "copies", "titles"),
    [
        (run, each["query"], each["copies"], each["titles"])
        for run in RUNS
        for each in EXPECTED[run]["searches"]
    ],
)
def test_expected_searches_find_these_titles(run: str, query: str, copies: bool, titles: list[str]) -> None:
    assert Counter(search(run, query, copies)) == Counter(titles)


@pytest.mark.parametrize("run", RUNS)
def test_pages_without_a_date_have_none_anywhere(run: str) -> None:
    undated = [url for url, each in articles(run).items() if each.published is None]
    assert len(undated) == 2
    for url in undated:
        assert not re.search(r"(19|20)\d\d", page(run, url).data.decode())
        assert "Опубликовано <span></span>" in page(run, url).data.decode()


@pytest.mark.parametrize("run", RUNS)
def test_nothing_names_a_host_of_the_real_network(run: str) -> None:
    vocabularies = {"schema.org", "www.w3.org", "www.sitemaps.org", "www.google.com", "purl.org"}
    for url, answer in editions()[RUNS.index(run)].pages.items():
        assert isinstance(answer, Page)
        body = gzip.decompress(answer.data) if url.endswith(".gz") else answer.data
        for host in re.findall(r"//([a-z0-9.-]+\.[a-z]+)", body.decode("latin-1")):
            assert host.endswith(".example") or host in vocabularies, (url, host)


@pytest.mark.parametrize("run", RUNS)
def test_no_template_word_is_left_over(run: str) -> None:
    for url in articles(run):
        assert not re.search(r"\$[a-z]|<!-- (each|end)", page(run, url).data.decode("latin-1")), url


@pytest.mark.parametrize("run", RUNS)
def test_each_page_has_its_title_and_text(run: str) -> None:
    encodings: Mapping[str, str] = {host.name: host.encoding for host in read_hosts(DEMO)}
    for url, article in articles(run).items():
        text = html.unescape(page(run, url).data.decode(encodings[article.host]))
        assert article.title in text
        assert all(part in text for part in paragraphs(run, url))


def test_json_ld_is_json() -> None:
    for url in articles("second"):
        for script in strings(
            etree.HTML(page("second", url).data), "//script[@type='application/ld+json']/text()"
        ):
            data = json.loads(script)
            assert articles("second")[url].title in {
                each.get("headline") for each in data.get("@graph", [data])
            }


@pytest.mark.parametrize("name", ["svodnaya.example/rss.xml", "svodnaya.example/news-sitemap.xml"])
def test_sound_xml_is_sound(name: str) -> None:
    for run in RUNS:
        assert len(etree.fromstring(page(run, f"http://{name}").data)) > 0


def test_the_damaged_feed_is_damaged() -> None:
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(page("first", "http://tech-kvartal.example/feed.xml").data)


@pytest.mark.parametrize(
    "table", ['path = "/a"\ntitle = "A"\ntext = "x"\ncolour = "red"', 'path = "/a"\ntext = "x"']
)
def test_a_mistake_in_an_article_is_named(tmp_path: Path, table: str) -> None:
    _host(tmp_path, table)
    with pytest.raises(ValueError, match=r"a\.example /a: needs path and title"):
        read_editions(tmp_path)


def test_an_article_without_text_is_named(tmp_path: Path) -> None:
    _host(tmp_path, 'path = "/a"\ntitle = "A"')
    with pytest.raises(ValueError, match=r"http://a\.example/a: no text"):
        read_editions(tmp_path)


def test_markup_in_a_text_is_escaped(tmp_path: Path) -> None:
    _host(tmp_path, 'path = "/a"\ntitle = "A < \\"B\\" & $C"\ntext = "1 < 2"')
    body = read_editions(tmp_path)[0].pages["http://a.example/a"]
    assert isinstance(body, Page)
    assert body.data.decode() == '<h1 title="A &lt; &quot;B&quot; &amp; $C"></h1><p>1 &lt; 2</p>'


def _host(folder: Path, table: str) -> None:
    host = folder / "pages" / "a.example"
    host.mkdir(parents=True)
    (host / "article.html").write_text('<h1 title="$title"></h1>$body', "utf-8")
    (host / "articles.toml").write_text(f"[[article]]\n{table}\n", "utf-8")
