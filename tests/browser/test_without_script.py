"""Everything but keys and copies that unfold works in a browser that runs no script."""

from __future__ import annotations

import pytest

from tests.browser.visitor import Visit, Visitor
from tests.index.web.newsroom import COPIES, ENGLISH, WIRE

pytestmark = pytest.mark.xdist_group("browser-search")


@pytest.fixture
def reader(visit: Visit, site: str) -> Visitor:
    """A visitor without scripts."""
    reader = visit(site, java_script_enabled=False)
    reader.open("/")
    reader.page.keyboard.press("/")
    assert reader.page.evaluate("document.activeElement.id") != "q", "no script of ours runs"
    return reader


def test_search_narrow_and_page(reader: Visitor) -> None:
    reader.open("/?copies=1&limit=3")
    reader.click("a[rel=next]")
    assert reader.page.locator("ol.hits").get_attribute("start") == "4"
    reader.click(reader.page.locator(".facets a", has_text="courier.example"))
    assert reader.texts(".hit h2") == [ENGLISH.title]
    reader.click(".chips a")
    reader.click(reader.page.locator(".chart svg a").first.locator(".room"))
    assert reader.texts(".hit h2") == [ENGLISH.title]
    reader.search("паромы")
    assert set(reader.texts(".hit mark")) >= {"Паромы"}


def test_copies_are_a_page_of_their_own(reader: Visitor) -> None:
    reader.open("/?q=паромы&lang=ru")
    reader.page.click(".copies summary")
    reader.click(".copies p a")
    assert reader.texts("h1") == [WIRE.title]
    assert reader.texts("#copies .headline") == [each.title for each in COPIES]
    assert reader.page.locator("html").get_attribute("lang") == "ru"


def test_the_help_unfolds(reader: Visitor) -> None:
    reader.open("/")
    assert not reader.page.locator(".help dl").is_visible()
    reader.page.click(".help summary")
    reader.click(".help dt a >> nth=0")
    assert reader.texts(".hit h2") == [WIRE.title]
