"""Searching as people do it: typing, narrowing, paging."""

from __future__ import annotations

import re

import pytest

from tests.browser.visitor import Visitor
from tests.index.web.newsroom import ARTICLES, COPIES, ENGLISH, WIRE

pytestmark = pytest.mark.xdist_group("browser-search")


def count(text: str) -> int:
    """The number that a line begins or ends with."""
    found = re.search(r"^\d+|\d+$", text)
    assert found, text
    return int(found[0])


def test_type_and_enter(reader: Visitor) -> None:
    reader.open("/")
    assert reader.texts("h1") == ["Newest stories"]
    reader.search("паромы")
    assert reader.texts("h1") == ["1 story"]
    assert reader.texts(".hit h2") == [WIRE.title]
    assert reader.texts(".passage mark") == ["Паромы"]
    assert reader.asked() == {"q": "паромы", "zone": ""}
    assert reader.page.input_value("#q") == "паромы"
    assert reader.page.title() == "паромы · Svodka"


def test_the_button_searches_with_what_is_set(reader: Visitor) -> None:
    reader.open("/?lang=ru&sort=date")
    reader.page.fill("#q", "мост")
    reader.page.check("[name=copies]")
    reader.page.fill("[name=zone]", "Asia/Vladivostok")
    reader.click("button[type=submit]")
    assert reader.asked() == {
        "q": "мост", "lang": "ru", "sort": "date", "copies": "1", "zone": "Asia/Vladivostok"
    }  # fmt: skip
    assert count(reader.texts("h1")[0]) == len(ARTICLES) - 1, "all but the English one"
    assert reader.texts(".hit h2")[0] == COPIES[2].title
    assert reader.texts(".hit time")[0] == "20 ноя 2026, 23:00"
    hover = reader.page.locator(".hit time").first.get_attribute("title")
    assert hover == "20 ноября 2026, 23:00:00 (Asia/Vladivostok, UTC+10:00)"


def test_a_facet_narrows_and_its_chip_widens(reader: Visitor) -> None:
    reader.open("/?copies=1")
    facet = reader.page.locator(".facets li", has_text="a.example").first
    expected = count(facet.inner_text())
    reader.click(facet.locator("a"))
    assert reader.asked()["q"] == "site:a.example"
    assert len(reader.texts(".hit")) == expected == 2
    assert set(reader.texts(".hit .site")) == {"a.example"}
    chip = reader.page.get_by_role("link", name="Remove site:a.example")
    assert chip.inner_text() == "site:a.example"
    reader.click(chip)
    assert "q" not in reader.asked()
    assert len(reader.texts(".hit")) == len(ARTICLES)
    assert reader.texts(".chips") == []


def test_a_facet_of_two_words_and_the_facet_once_more(reader: Visitor) -> None:
    reader.open("/")
    reader.click(reader.page.locator(".facets a", has_text="The Courier"))
    assert reader.asked()["q"] == 'source:"The Courier"'
    assert reader.texts(".hit h2") == [ENGLISH.title]
    reader.click(reader.page.locator(".facets a[aria-current]"))
    assert reader.texts("h1") == ["Newest stories"]


def test_a_bar_of_the_histogram_shows_its_day(reader: Visitor) -> None:
    reader.open("/?copies=1")
    bars = reader.page.locator(".chart svg a")
    name = bars.last.get_attribute("aria-label")
    assert name == "20 November 2026: 4 articles"
    reader.click(bars.last.locator(".room"))  # the room above a low bar counts as the bar
    assert reader.asked()["q"] == "after:2026-11-20 before:2026-11-21"
    assert reader.texts("h1") == ["4 articles"]
    reader.page.go_back()
    reader.click(bars.first.locator(".bar"))
    assert reader.texts(".hit h2") == [ENGLISH.title]


def test_pages_forth_and_back(reader: Visitor) -> None:
    reader.open("/?copies=1&limit=3")
    first = reader.texts(".hit h2")
    assert reader.texts(".pages span") == ["Page 1 of 3"]
    reader.click("a[rel=next]")
    assert reader.page.locator("ol.hits").get_attribute("start") == "4"
    reader.click("a[rel=next]")
    assert len(reader.texts(".hit")) == 1
    assert reader.page.locator("a[rel=next]").count() == 0
    reader.click("a[rel=prev]")
    reader.page.go_back()
    reader.page.go_back()
    reader.page.go_back()
    assert reader.texts(".hit h2") == first


def test_sorting(reader: Visitor) -> None:
    reader.open("/?q=мост")
    assert reader.texts(".sorts [aria-current]") == ["Best match"]
    reader.click("text=Most copied")
    assert reader.texts(".hit h2")[0] == WIRE.title
    assert reader.texts(".sorts [aria-current]") == ["Most copied"]
    assert reader.asked() == {"q": "мост", "sort": "copies"}


def test_copies_are_fetched_into_the_page(reader: Visitor) -> None:
    reader.open("/?q=паромы")
    reader.page.click("summary:has-text('3 copies')")
    reader.page.wait_for_selector(".copies li")
    assert reader.texts(".copies .headline") == [each.title for each in COPIES]
    assert reader.texts(".copies .site") == ["a.example", "b.example", "c.example"]
    assert reader.asked()["q"] == "паромы"
    reader.page.click("summary:has-text('3 copies')")
    assert not reader.page.locator(".copies li").first.is_visible()


def test_a_mistake_is_explained_and_can_be_mended(reader: Visitor) -> None:
    reader.open("/")
    reader.search("мост )")
    assert reader.texts("h1") == ["This search cannot be understood"]
    assert reader.texts(".place mark") == [")"]
    box = reader.page.get_by_role("searchbox")
    assert box.get_attribute("aria-invalid") == "true"
    described = reader.page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert "closes nothing" in described.inner_text()
    assert reader.page.locator(".help dl").is_visible()
    reader.search("мост")
    assert count(reader.texts("h1")[0]) == 3


def test_no_hits_lead_to_wider_searches(reader: Visitor) -> None:
    reader.open("/")
    reader.search("паромы site:courier.example")
    assert reader.texts("h1") == ["Nothing found"]
    assert "courier.example" in reader.texts(".nothing > p")[0]
    expected = reader.texts(".wider li .n")[0]
    reader.click(reader.page.locator(".wider a").first)
    assert reader.texts("h1") == [expected]


def test_the_help_searches(reader: Visitor) -> None:
    reader.open("/")
    reader.page.click(".help summary")
    reader.click(".help dt a >> nth=0")
    assert reader.texts(".hit h2") == [WIRE.title]
    assert reader.page.input_value("#q") == "мост ремонт"
