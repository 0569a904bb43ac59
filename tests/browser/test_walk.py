"""From page to page, as somebody goes who wants to know what became of a text."""

from __future__ import annotations

import pytest

from index.web.story_page import COPIES
from tests.browser.visitor import Visit, Visitor
from tests.browser.walk import MORE, WIDE
from tests.index.web.newsroom import COPIES as COPIED
from tests.index.web.newsroom import WIRE
from tests.index.web.told import FIRST, SECOND

pytestmark = pytest.mark.xdist_group("browser-walk")


@pytest.fixture
def walker(visit: Visit, site: str) -> Visitor:
    """A visitor of the newsroom with a zone and a language of their own, which no page may lose."""
    return begun(visit(site))


@pytest.fixture
def stroller(visit: Visit, walked: str) -> Visitor:
    """The same where there is more to see."""
    return begun(visit(walked))


def begun(reader: Visitor) -> Visitor:
    """On the first page."""
    reader.open("/?zone=Europe/Moscow&lang=en")
    return reader


def kept(reader: Visitor) -> dict[str, str]:
    """The zone and language that the page's address has."""
    return {name: value for name, value in reader.asked().items() if name in {"zone", "lang"}}


MINE = {"zone": "Europe/Moscow", "lang": "en"}


def test_from_a_search_to_what_a_copy_changed_and_back(walker: Visitor) -> None:
    walker.search("паромы")
    walker.click(".hit h2 a >> nth=0")
    assert walker.texts("h1") == [WIRE.title]
    walker.click(".facts a[href*='/story/']")
    assert walker.texts("h1") == [WIRE.title]
    assert walker.texts(".line-of-time h3")[1:] == [each.title for each in COPIED]
    walker.click(".changes a >> nth=0")
    assert walker.texts("h1") == ["What the copy changed"]
    assert walker.texts(".sides h2")[0].startswith("Original")
    assert kept(walker) == MINE
    for heading in (WIRE.title, WIRE.title, "1 story"):
        walker.page.go_back()
        assert walker.texts("h1") == [heading]
    assert walker.page.input_value("#q") == "паромы"
    assert walker.asked() == MINE | {"q": "паромы"}


def test_a_copy_leads_to_its_original(walker: Visitor) -> None:
    walker.open(f"/article/{COPIED[1].id}?zone=Europe/Moscow&lang=en")
    walker.click(".facts a:text-is('What the copy changed')")
    assert walker.texts("h1") == ["What the copy changed"]
    walker.click(".sides h2 a >> nth=0")
    assert walker.texts("h1") == [WIRE.title]
    assert kept(walker) == MINE


def test_a_long_story_has_pages(stroller: Visitor) -> None:
    stroller.search("ледоход")
    assert stroller.texts("h1") == ["1 story"]
    stroller.page.click(".copies summary")
    stroller.click(".to-story")
    assert len(stroller.texts(".line-of-time > li")) == 1 + COPIES, "and the original"
    stroller.click("a[rel=next]")
    assert stroller.texts(".line-of-time li h3") == [each.title for each in WIDE[-MORE:]]
    assert kept(stroller) == MINE
    stroller.click("a[rel=prev]")
    assert stroller.texts("h1") == [WIDE[0].title]


def test_versions_of_an_article(stroller: Visitor) -> None:
    stroller.search(f'title:"{SECOND.title}"')
    stroller.click(".hit h2 a >> nth=0")
    assert stroller.texts("h1") == [SECOND.title]
    stroller.click(".versions a >> nth=0")
    assert stroller.texts("h1") == ["What was edited"]
    assert FIRST.title.split()[0] in stroller.texts("del")[0]
    assert kept(stroller) == MINE
    stroller.page.go_back()
    assert stroller.texts("h1") == [SECOND.title]


def test_from_the_overview_to_a_day_and_a_story(walker: Visitor) -> None:
    walker.click("nav a:text-is('Overview')")
    assert kept(walker) == MINE
    bars = walker.page.locator(".chart svg a")
    label = bars.last.get_attribute("aria-label") or ""
    walker.click(bars.last.locator(".room"))
    assert walker.texts("h1")[0].split()[0] in label.replace(":", " ").split()
    assert walker.asked()["q"].startswith("after:2026-11-20")
    assert kept(walker) == MINE
    walker.page.go_back()
    title = walker.texts(".tops h3")[0]
    walker.click(".tops h3 a >> nth=0")
    assert walker.texts("h1") == [title]
    assert "/story/" in walker.page.url
    assert kept(walker) == MINE


def test_from_crawl_health_to_the_articles_of_a_site(stroller: Visitor) -> None:
    stroller.click("nav a:text-is('Crawl health')")
    site = stroller.texts(".sites h3 bdi")[0]
    stroller.click(".sites h3 a >> nth=0")
    assert stroller.asked()["q"].startswith(f"site:{site}")
    assert stroller.page.input_value("#q") == stroller.asked()["q"]
    assert stroller.texts(".hit h2") == [WIDE[0].title]
    assert kept(stroller) == MINE


def test_a_search_begins_on_any_page(walker: Visitor) -> None:
    for address in ("/overview", "/health", "/api", "/nowhere", f"/article/{WIRE.id}"):
        walker.open(f"{address}?zone=Europe/Moscow&lang=en")
        walker.search("паромы")
        assert walker.texts(".hit h2") == [WIRE.title]
        assert walker.asked() == MINE | {"q": "паромы"}


def test_a_zone_is_mended_in_its_field(walker: Visitor) -> None:
    walker.open("/?q=паромы&zone=Europe/Moskow")
    field = walker.page.get_by_label("Time zone")
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("europe/moscow ")
    with walker.page.expect_navigation():
        field.press("Enter")
    assert walker.texts(".hit h2") == [WIRE.title]
    assert walker.page.input_value("[name=zone]") == "Europe/Moscow"
