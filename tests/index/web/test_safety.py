"""Whatever articles, queries and clients hold, pages stay what they are."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier, Event
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from lxml import etree

from index.article import Article, Evidence, Source
from index.backend import Backend, IndexUnreachable
from index.engine import look_at_index, open_index
from index.web.headers import POLICY
from index.web.options import Limits
from index.web.server import served
from tests.index.contract.stories import fold_into_one_story
from tests.index.web.browser import Answer, Browser
from tests.index.web.conftest import UNHURRIED, options_for
from tests.index.web.newsroom import NOW
from tests.make import make_article, make_run

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></textarea></style><svg onload=alert(1)>",
    "<!--<iframe src=//evil.example>-->",
    "]]><x xmlns='evil'/>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "&lt;script&gt;alert(1)",
    "\u202eevil\u2066 \u0000\u0008\ue000мост\ue001",
    "=HYPERLINK(\"http://evil.example\")",
    "<a href='data:text/html,x' style='position:fixed'>мост</a>",
)  # fmt: skip
URLS = (
    "javascript:alert(document.domain)//мост",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://[::1",
    "//evil.example/x",
    'https://a.example/"onclick="alert(1)',
    "https://a.example/<script>",
    "vbscript:x",
)
ELEMENTS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "span", "nav", "main", "form", "label",
    "div", "input", "button", "datalist", "option", "details", "summary", "dl", "dt", "dd", "code", "p", "section", "h1",
    "h2", "h3", "ol", "ul", "li", "article", "bdi", "time", "mark", "aside", "figure", "figcaption", "svg", "rect",
    "footer", "pre", "table", "thead", "tbody", "tr", "th", "td", "strong", "del", "ins", "path",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "rel", "href", "type", "title", "src", "defer", "class", "id", "tabindex",
    "hreflang", "role", "action", "method", "for", "value", "maxlength", "autocomplete", "autocapitalize", "spellcheck",
    "placeholder", "list", "size", "checked", "open", "start", "datetime", "data-from", "scope", "download",
    "viewbox", "preserveaspectratio", "x", "y", "width", "height", "d",
}  # fmt: skip


def hostile_articles() -> Iterator[Article]:
    for n, text in enumerate(HOSTILE):
        sign = Evidence(kind="own_site", name=text, domain="a.example", text=text, confidence=1.0)
        yield make_article(
            id=f"{n:032x}",
            url=URLS[n % len(URLS)],
            site="a.example" if n % 2 else text,
            domain="a.example",
            title=f"мост {text}",
            lead=text,
            body=f"{text} мост {text}\n\n{text}",
            authors=[text],
            section=text,
            source=Source(name=text, domain="a.example", confidence=1.0, evidence=[sign]),
            content_hash=f"{n:032x}",
        )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A page over articles that attack it."""
    address = f"sqlite:///{tmp_path_factory.mktemp('hostile')}/svodka.db"
    with closing(open_index(address)) as backend:
        articles = list(hostile_articles())
        backend.put(articles)
        fold_into_one_story(backend, *backend.get([article.id for article in articles[:6]]).values())
    with served(options_for(address)) as base:
        yield Browser(base)


def assert_harmless(page: Answer, base: str) -> None:
    """Only our own elements and attributes, and links to nothing but this server, articles and the catalogue."""
    for element in page.tree.iter():
        assert element.tag in ELEMENTS, etree.tostring(element)[:300]
        names = {name.lower() for name in element.attrib}
        strange = {name for name in names - ATTRIBUTES if not name.startswith("aria-")}
        assert not strange, (element.tag, strange)
        for name in ("href", "src", "action", "data-from"):
            value = element.get(name, "")
            if element.tag == "a" and value.startswith(("http://", "https://")):
                assert urlsplit(value).netloc == "a.example"
            else:
                assert not urlsplit(value).scheme, value
                assert not value.startswith("//"), value
    assert Counter(page.tree.iter("script")) == {page.tree.cssselect("head > script")[0]: 1}
    assert not page.tree.cssselect("script")[0].text


@pytest.mark.parametrize(
    "path", ["/", "/?copies=1&limit=50", "/?q=мост&copies=1&limit=50&lang=ru", "/?q=alert"]
)
def test_articles_put_no_element_or_attribute_into_a_page(hostile: Browser, path: str) -> None:
    page = hostile.get(path)
    assert page.status == 200
    assert page.texts(".hit")
    assert_harmless(page, hostile.base)


def test_articles_and_runs_put_nothing_into_overview_and_health(tmp_path: Path, hostile: Browser) -> None:
    overview = hostile.get("/overview")
    assert len(overview.texts("#sources ~ ul li")) >= 6
    assert_harmless(overview, hostile.base)
    address = f"sqlite:///{tmp_path}/svodka.db"
    with closing(open_index(address)) as backend:
        backend.put(list(hostile_articles()))
        for text in HOSTILE:
            faulty = {"ok": False, "exit": 1, "problems": [text], "version": text, "host": text}
            backend.put_run(make_run(f"x{text}", NOW, **faulty))
    with served(options_for(address)) as base:
        health = Browser(base).get("/health?lang=ru")
        assert len(health.texts(".site-line")) == len(HOSTILE)
        assert_harmless(health, base)
        assert_harmless(Browser(base).get("/overview"), base)


def test_articles_put_nothing_into_the_page_of_copies(hostile: Browser) -> None:
    page = hostile.get(f"/story/{0:032x}/copies")
    assert len(page.texts("#copies li")) == 5
    assert_harmless(page, hostile.base)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_articles_put_nothing_into_their_own_pages(hostile: Browser, number: int) -> None:
    pages = [hostile.get(f"/article/{number:032x}")]
    if number < 6:
        pages.append(hostile.get(f"/story/{0:032x}/compare/{number:032x}/{(number + 1) % 6:032x}"))
    for page in pages:
        assert page.status == 200
        assert_harmless(page, hostile.base)


def test_articles_put_nothing_into_the_page_of_their_story(hostile: Browser) -> None:
    page = hostile.get(f"/story/{0:032x}")
    assert len(page.texts(".line-of-time > li")) == 6
    assert_harmless(page, hostile.base)


@pytest.mark.parametrize("text", HOSTILE)
def test_queries_and_parameters_put_nothing_into_a_page(hostile: Browser, text: str) -> None:
    assert_harmless(hostile.search(text), hostile.base)
    assert_harmless(hostile.search(f"мост section:«{text}»"), hostile.base)
    for name in ("zone", "lang", "sort", "page", "x"):
        assert_harmless(hostile.search("", **{name: text}), hostile.base)
    assert_harmless(hostile.get("/" + text.replace("\x00", "")), hostile.base)


def test_every_facet_value_of_hostile_articles_filters(hostile: Browser) -> None:
    page = hostile.get("/?copies=1&limit=50")
    links = page.tree.cssselect(".facets li a")
    assert len(links) > len(HOSTILE)
    for link in links:
        found = hostile.get(link.get("href"))
        assert found.status == 200, link.text_content()
        assert found.texts("h1") != ["Nothing found"], link.get("href")


def test_a_hostile_feed_is_still_xml_and_links_only_to_pages(hostile: Browser) -> None:
    root = etree.fromstring(hostile.get("/search.atom?copies=1&limit=50").body)
    links = [link.get("href", "") for link in root.iter("{*}link")]
    assert len(root.findall("{*}entry")) == len(HOSTILE)
    assert all(link.startswith((hostile.base, "https://a.example/")) for link in links)


@pytest.mark.parametrize("path", ["/", "/?q=)", "/nowhere", "/static/style.css", "/api", "/api/stats", "/search.csv",
                                  "/search.atom", "/opensearch.xml", "/api/openapi.json", "/?q=zzz"])  # fmt: skip
def test_every_answer_is_guarded(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", ["/", "/api", "/nowhere", "/api/stats", "/search.csv", "/static/style.css"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_but_reading(browser: Browser, path: str, method: str) -> None:
    answer = browser.get(path, method=method, body=b"q=x")
    assert answer.status == (404 if path == "/nowhere" else 405)
    assert answer.headers["content-security-policy"] == POLICY
    if path.startswith("/api/"):
        assert answer.json["error"]["status"] == 405


@pytest.mark.parametrize(
    "path", ["/", "/?q=мост", "/search.csv", "/search.atom", "/static/keys.js", "/api/stats"]
)
def test_head_is_get_without_a_body(browser: Browser, path: str) -> None:
    head, get = browser.get(path, method="HEAD"), browser.get(path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "<script>", "127.0.0.1.", "10.0.0.1",
                                  "localhost:80@evil.example", "127.0.0.1/x", "", "localhost, evil.example"])  # fmt: skip
def test_another_name_is_not_answered(browser: Browser, host: str) -> None:
    page = browser.get("/", Host=host)
    assert page.status == (200 if host == "127.0.0.1." else 400)
    if page.status == 400:
        assert page.texts("h1") == ["This cannot be answered"]
        assert_harmless(page, browser.base)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9", "127.0.0.1", "[::1]:8000"])
def test_loopback_is_answered_by_any_port(browser: Browser, host: str) -> None:
    assert browser.get("/", Host=host).status == 200


def test_a_client_that_asks_too_often_has_to_wait(index_address: str) -> None:
    with served(options_for(index_address, Limits(rate=0.01, burst=3))) as base:
        browser = Browser(base)
        assert [browser.get("/").status for _ in range(4)] == [200, 200, 200, 429]
        told = browser.get("/")
        assert told.texts("h1") == ["Too many requests"]
        assert 90 <= int(told.headers["retry-after"]) <= 100
        assert browser.get("/api/stats").json["error"]["status"] == 429
        assert browser.get("/static/style.css").status == 200, "costs nothing"


def test_long_addresses_and_queries_are_refused(browser: Browser) -> None:
    assert "longer than 1,000" in browser.search("м" * 1_001).text
    long = browser.get("/?q=" + "x" * 8_001)
    assert (long.status, "too long" in long.text) == (400, True)
    huge = browser.get("/?q=" + "x" * 70_000)
    assert huge.status in {400, 431}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/" + "x" * 2_001, {}, 400),
        ("/article/" + "%41" * 700, {}, 400),
        ("/article/" + "x" * 1_900, {}, 404),
        ("/static/" + "x" * 17_000, {}, 400),
        ("/", {"X_Long": "x" * 40_000}, 431),
        ("/static/style.css", {"X_Long": "x" * 40_000}, 431),
        ("/", {f"X_{n}": "x" * 1_000 for n in range(17)}, 431),
        ("/", {"X_Long": "x" * 15_000}, 200),
    ],
)
def test_long_paths_and_heads_are_refused(
    browser: Browser, path: str, headers: dict[str, Any], status: int
) -> None:
    page = browser.get(path, **headers)
    assert page.status == status
    assert page.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("path", ["/", "/overview", "/search.csv", "/static/style.css", "/api/stats"])
@pytest.mark.parametrize(
    ("site", "mode", "dest", "answered"),
    [
        ("cross-site", "no-cors", "image", False),
        ("cross-site", "cors", "empty", False),
        ("cross-site", "navigate", "iframe", False),
        ("same-site", "no-cors", "script", False),
        ("cross-site", "navigate", "document", True),
        ("same-origin", "no-cors", "style", True),
        ("same-origin", "cors", "empty", True),
        ("none", "navigate", "document", True),
    ],
)
def test_other_pages_may_link_and_nothing_else(
    browser: Browser, path: str, site: str, mode: str, dest: str, answered: bool
) -> None:
    page = browser.get(path, Sec_Fetch_Site=site, Sec_Fetch_Mode=mode, Sec_Fetch_Dest=dest)
    assert page.status == (200 if answered else 403)


def test_another_page_does_not_use_up_the_rate(index_address: str) -> None:
    with served(options_for(index_address, Limits(rate=0.01, burst=3))) as base:
        hidden: dict[str, Any] = {
            "Sec_Fetch_Site": "cross-site",
            "Sec_Fetch_Mode": "no-cors",
            "Sec_Fetch_Dest": "image",
        }
        assert [Browser(base).get("/", **hidden).status for _ in range(9)] == [403] * 9
        assert Browser(base).get("/").status == 200


def test_rubbish_instead_of_http_is_refused(browser: Browser) -> None:
    place = urlsplit(browser.base)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=10) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\r\n\r\n")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 400")
    assert browser.get("/").status == 200


@dataclass
class Slow:
    """An index whose searches last until they are let go."""

    backend: Backend
    entered: Barrier
    leave: Event

    def stats(self) -> dict[str, int]:
        self.entered.wait(30)
        assert self.leave.wait(30)
        return {"articles": 0}

    def close(self) -> None:
        self.backend.close()


def test_searches_at_a_time_are_bounded_and_the_rest_is_told_so(index_address: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    entered, leave = Barrier(3), Event()
    limits = replace(UNHURRIED, readers=2, waiting=0)

    def slow() -> Backend:
        return cast(Backend, Slow(look_at_index(index_address), entered, leave))  # as much of one as is used

    options = replace(options_for(index_address, limits), open=slow)
    with served(options) as base, ThreadPoolExecutor(2) as pool:
        browser = Browser(base)
        running = [pool.submit(browser.get, "/api/stats") for _ in range(2)]
        entered.wait(30)
        busy = browser.get("/")
        static = browser.get("/static/style.css")
        leave.set()
        assert [each.result().status for each in running] == [200, 200]
    assert (busy.status, busy.headers["retry-after"]) == (503, "5")
    assert "Too many searches" in busy.text
    assert static.status == 200, "what needs no index is not held up"


def test_an_index_that_does_not_answer_is_told_with_its_reason(index_address: str) -> None:
    def away() -> Backend:
        raise IndexUnreachable("https://es.example does not answer <b>: refused")

    with served(replace(options_for(index_address), open=away)) as base:
        browser = Browser(base)
        page = browser.get("/")
        assert page.status == 503
        assert page.texts("pre") == ["https://es.example does not answer <b>: refused"]
        assert_harmless(page, base)
        told = browser.get("/api/stats")
        assert told.status == 503
        assert "refused" in told.json["error"]["message"]


def test_an_index_that_comes_back_is_used_again(index_address: str) -> None:
    answers = iter([False, True])

    def sometimes() -> Backend:
        if not next(answers):
            raise IndexUnreachable("away")
        return look_at_index(index_address)

    with served(replace(options_for(index_address, replace(UNHURRIED, readers=1)), open=sometimes)) as base:
        assert [Browser(base).get("/").status for _ in range(3)] == [503, 200, 200]


def test_a_fault_of_ours_shows_no_trace(index_address: str, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Backend:
        raise RuntimeError("secret detail")

    with served(replace(options_for(index_address), open=broken)) as base:
        for path in ("/", "/api/stats"):
            answer = Browser(base).get(path)
            assert answer.status == 500
            assert "secret" not in answer.text
            assert "Traceback" not in answer.text
            assert answer.headers["content-security-policy"] == POLICY
    assert "secret detail" in caplog.text, "but the one who runs it is told"


def test_serving_writes_nothing(index_address: str) -> None:
    path = Path(index_address.removeprefix("sqlite:///"))
    before = {each.name for each in path.parent.iterdir()}, path.read_bytes()
    with served(options_for(index_address)) as base:
        Browser(base).search("мост")
        Browser(base).get("/search.csv")
    after = {each.name for each in path.parent.iterdir()}, path.read_bytes()
    assert after == before
