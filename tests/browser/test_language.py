"""The reader's language: the browser's, or the one chosen."""

from __future__ import annotations

import pytest

from tests.browser.pages import PAGES, Shown
from tests.browser.visitor import Visit

pytestmark = pytest.mark.xdist_group("browser-search")


@pytest.mark.parametrize(
    ("locale", "lang"), [("ru-RU", "ru"), ("en-US", "en"), ("de-DE", "en"), ("uk-UA", "en")]
)
def test_the_browsers_language(visit: Visit, sqlite_site: str, locale: str, lang: str) -> None:
    reader = visit(sqlite_site, locale=locale)
    reader.open("/")
    assert reader.page.locator("html").get_attribute("lang") == lang
    assert reader.texts("button[type=submit]") == [{"ru": "Найти", "en": "Search"}[lang]]


def test_the_other_language_is_chosen_and_kept(visit: Visit, site: str) -> None:
    reader = visit(site, locale="ru")
    reader.open("/?q=мост&copies=1&page=2&limit=2")
    reader.click(".languages a[lang=en]")
    assert reader.asked() == {"q": "мост", "copies": "1", "page": "2", "limit": "2", "lang": "en"}
    assert reader.page.locator("html").get_attribute("lang") == "en"
    reader.search("паромы")
    reader.click(".facets a >> nth=0")
    assert reader.page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_each_page_has_both(visit: Visit, sqlite_site: str, shown: Shown) -> None:
    reader = visit(sqlite_site)
    reader.open(shown.path)
    english = reader.page.title(), reader.texts("h1")
    reader.click(".languages a[lang=ru]")
    assert reader.page.locator("html").get_attribute("lang") == "ru"
    assert (reader.page.title(), reader.texts("h1")) != english
